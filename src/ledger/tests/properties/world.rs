//! Small tenants and the changes that are tried on them.

use crate::ledger::{
    Account, AccountNo, Chart, ClientNo, Coupons, Currency, DayCount, Depository, DepositoryNo, Entry,
    Frequency, Instrument, InstrumentNo, Kind, Ledger, Market, Method, Point, Quotes, Scope, Series, Terms,
    TransactionNo,
};
use jiff::{ToSpan, civil::Date};
use proptest::prelude::*;
use rust_decimal::Decimal;

pub(in crate::ledger::tests) const START: Date = jiff::civil::date(2024, 12, 2);
/// Days on which something happens.
pub(in crate::ledger::tests) const DAYS: u8 = 40;
pub(in crate::ledger::tests) const STOCK: InstrumentNo = InstrumentNo(0);
pub(in crate::ledger::tests) const BOND: InstrumentNo = InstrumentNo(1);
pub(in crate::ledger::tests) const FUND: InstrumentNo = InstrumentNo(3);
pub(in crate::ledger::tests) const EUROS: AccountNo = AccountNo(0);
pub(in crate::ledger::tests) const DOLLARS: AccountNo = AccountNo(1);

pub(in crate::ledger::tests) fn usd() -> Currency {
    Currency::new("USD").unwrap()
}

pub(in crate::ledger::tests) fn day(number: u8) -> Date {
    START.saturating_add(i64::from(number).days())
}

/// Two accounts, three depositories of a method, a stock, a bond, an option and a private fund.
pub(in crate::ledger::tests) fn chart(method: Method) -> Chart {
    let mut chart = Chart::new();
    for currency in [Currency::EUR, usd()] {
        chart.add_account(account(currency));
    }
    for _ in 0..3 {
        chart.add_depository(depository(method));
    }
    let coupons = Coupons {
        rate: Decimal::new(375, 4),
        frequency: Frequency::Quarterly,
        day_count: DayCount::ActualActual,
        dated: jiff::civil::date(2022, 8, 31),
        first_coupon: None,
        end_of_month: false,
        maturity: jiff::civil::date(2030, 8, 31),
    };
    let multiplier = Decimal::ONE_HUNDRED;
    let commitment = Decimal::from(1_000_000);
    for (currency, terms) in [
        (usd(), Terms::Stock),
        (usd(), Terms::Bond(coupons)),
        (
            Currency::EUR,
            Terms::Option {
                multiplier,
                expiry: None,
            },
        ),
        (usd(), Terms::PrivateMarketFund { commitment }),
    ] {
        chart.add_instrument(Instrument { currency, terms });
    }
    chart
}

/// An account of the only client, which is never short.
pub(in crate::ledger::tests) fn account(currency: Currency) -> Account {
    Account {
        currency,
        client: ClientNo(0),
        allows_short: false,
    }
}

/// A depository of the only client.
pub(in crate::ledger::tests) fn depository(method: Method) -> Depository {
    Depository {
        method,
        client: ClientNo(0),
    }
}

/// The same entries under another market.
pub(in crate::ledger::tests) fn under(ledger: &Ledger, market: &Market) -> Ledger {
    Ledger::load(ledger.chart().clone(), market.clone(), ledger.entries().to_vec()).unwrap()
}

pub(in crate::ledger::tests) fn scope() -> Scope {
    Scope::new([EUROS, DOLLARS], (0..3).map(DepositoryNo))
}

pub(in crate::ledger::tests) fn methods() -> impl Strategy<Value = Method> {
    prop_oneof![
        Just(Method::Fifo),
        Just(Method::Average),
        Just(Method::SpecificId)
    ]
}

/// Rates and prices that move every day.
pub(in crate::ledger::tests) fn markets() -> impl Strategy<Value = Market> {
    let moves = prop::collection::vec(800_i64..1200, 2 * usize::from(DAYS));
    moves.prop_map(|values| {
        let series = |scale| {
            let points = values.iter().zip(0..).map(|(value, number)| Point {
                date: day(number),
                value: Decimal::new(*value, scale),
            });
            Series::of(points.collect())
        };
        let mut market = Market::new();
        market.set_rates(usd(), series(3));
        for instrument in 0..3 {
            let quotes = Quotes {
                prices: series(1 + instrument % 2),
                ..Quotes::default()
            };
            market.set_quotes(InstrumentNo(instrument), quotes);
        }
        market
    })
}

/// A change of a ledger, in numbers that [`Change::entry`] reads.
#[derive(Clone, Debug)]
pub(in crate::ledger::tests) struct Change {
    pub(in crate::ledger::tests) kind: u8,
    pub(in crate::ledger::tests) day: u8,
    pub(in crate::ledger::tests) instrument: u32,
    pub(in crate::ledger::tests) from: u32,
    pub(in crate::ledger::tests) to: u32,
    pub(in crate::ledger::tests) quantity: Decimal,
    pub(in crate::ledger::tests) price: Decimal,
}

pub(in crate::ledger::tests) fn changes(most: usize) -> impl Strategy<Value = Vec<Change>> {
    prop::collection::vec(change(), 1..most)
}

fn change() -> impl Strategy<Value = Change> {
    let figures = (1_i64..5000, 1_i64..100_000);
    (0..16_u8, 0..DAYS, 0..4_u32, 0..3_u32, 0..3_u32, figures).prop_map(
        |(kind, day, instrument, from, to, (quantity, price))| Change {
            kind,
            day,
            instrument,
            from,
            to,
            quantity: Decimal::new(quantity, 1),
            price: Decimal::new(price, 3),
        },
    )
}

impl Change {
    /// A purchase of the stock.
    pub(in crate::ledger::tests) fn purchase(&self, number: u64) -> Entry {
        Self {
            kind: 0,
            instrument: STOCK.0,
            ..self.clone()
        }
        .entry(number, &[])
    }

    /// The entry of this change; a few kinds make most of them.
    pub(in crate::ledger::tests) fn entry(&self, number: u64, lots: &[TransactionNo]) -> Entry {
        let (kind, sign) = self.kind();
        let amount = match kind {
            Kind::Buy | Kind::CapitalCall(_) | Kind::Fee | Kind::Withdrawal => -self.price,
            Kind::CorporateAction(_) | Kind::Transfer { .. } => Decimal::ZERO,
            _ => self.price,
        };
        let is_fund = matches!(kind, Kind::CapitalCall(_) | Kind::Distribution(_));
        Entry {
            account: Some(if self.instrument == 2 { EUROS } else { DOLLARS }),
            depository: (!is_fund).then_some(DepositoryNo(self.from)),
            instrument: Some(if is_fund {
                FUND
            } else {
                InstrumentNo(self.instrument)
            }),
            amount,
            quantity: self.quantity * sign,
            price: Some(self.price),
            lots: lots.into(),
            ..Entry::new(TransactionNo(number), day(self.day), kind)
        }
    }

    fn kind(&self) -> (Kind, Decimal) {
        let transfer = Kind::Transfer {
            account: None,
            depository: Some(DepositoryNo(self.to)),
        };
        let out = Kind::Transfer {
            account: None,
            depository: None,
        };
        let ratio = self.quantity / Decimal::from(7);
        match self.kind {
            0..=4 => (Kind::Buy, Decimal::ONE),
            5..=7 => (Kind::Sell, Decimal::NEGATIVE_ONE),
            8 => (transfer, Decimal::NEGATIVE_ONE),
            9 => (transfer, Decimal::ONE),
            10 => (out, Decimal::NEGATIVE_ONE),
            11 => (Kind::split(ratio), Decimal::ZERO),
            12 => (Kind::CapitalCall(Box::default()), Decimal::ZERO),
            13 => (Kind::Distribution(Box::default()), Decimal::ZERO),
            14 => (Kind::Deposit, Decimal::ZERO),
            _ => (Kind::Dividend, Decimal::ZERO),
        }
    }
}

/// A ledger of those changes that it accepts, each named after its place.
pub(in crate::ledger::tests) fn ledger(method: Method, changes: &[Change]) -> Ledger {
    let mut ledger = Ledger::new(chart(method), Market::new());
    for (change, number) in changes.iter().zip(0..) {
        let lots = open_lots(&ledger, change);
        _ = ledger.insert(change.entry(number, &lots));
    }
    ledger
}

/// The lots that a change could close at the end.
pub(in crate::ledger::tests) fn open_lots(ledger: &Ledger, change: &Change) -> Vec<TransactionNo> {
    let place = crate::ledger::Place::Depository(DepositoryNo(change.from));
    let position = ledger.head().position(place, InstrumentNo(change.instrument));
    position
        .map(|position| position.lots().map(|lot| lot.opened_by).collect())
        .unwrap_or_default()
}
