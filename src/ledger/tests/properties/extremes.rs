//! Nothing panics, however large, small or senseless the figures are.

use super::world::{chart, day, methods, scope, usd};
use crate::ledger::{
    AccountNo, Currency, DepositoryNo, Entry, FundEffect, HoldingsQuery, InstrumentNo, Kind, Ledger, Market,
    Point, Quotes, Series, TransactionNo, Window,
};
use jiff::civil::Date;
use proptest::prelude::*;
use rust_decimal::Decimal;

/// Mostly ordinary decimals, and some at the ends of what a decimal can be.
fn decimals() -> impl Strategy<Value = Decimal> {
    prop_oneof![
        4 => (-1_000_000_i64..1_000_000, 0..8_u32).prop_map(|(mantissa, scale)| Decimal::new(mantissa, scale)),
        1 => (any::<u32>(), any::<u32>(), any::<u32>(), any::<bool>(), 0..=28_u32)
            .prop_map(|(low, middle, high, sign, scale)| Decimal::from_parts(low, middle, high, sign, scale)),
        1 => Just(Decimal::MAX),
        1 => Just(Decimal::MIN),
        1 => Just(Decimal::from_parts(1, 0, 0, false, 28)),
        1 => Just(Decimal::ZERO),
    ]
}

fn effects() -> impl Strategy<Value = Box<FundEffect>> {
    (decimals(), decimals(), any::<[bool; 5]>())
        .prop_map(|(effect, recallable, flags)| FundEffect {
            effect_on_commitment: flags[4].then_some(effect),
            recallable_amount: recallable,
            affects_multiples: flags[0],
            affects_irr: flags[1],
            affects_cost_basis: flags[2],
            affects_nav: flags[3],
        })
        .prop_map(Box::new)
}

fn kinds() -> impl Strategy<Value = Kind> {
    let other = (0..3_u32, 0..4_u32, any::<[bool; 2]>());
    let transfer = other.prop_map(|(account, depository, is_there)| Kind::Transfer {
        account: is_there[0].then_some(AccountNo(account)),
        depository: is_there[1].then_some(DepositoryNo(depository)),
    });
    prop_oneof![
        4 => Just(Kind::Buy),
        2 => Just(Kind::Sell),
        1 => Just(Kind::Redemption),
        1 => Just(Kind::Deposit),
        1 => Just(Kind::Withdrawal),
        1 => Just(Kind::Coupon),
        1 => Just(Kind::Interest),
        1 => Just(Kind::Fee),
        2 => transfer,
        1 => (0..3_u32, decimals()).prop_map(|(account, amount)| Kind::FxTrade { account: AccountNo(account), amount }),
        2 => decimals().prop_map(Kind::split),
        2 => effects().prop_map(Kind::CapitalCall),
        1 => effects().prop_map(Kind::Distribution),
    ]
}

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let handles = (0..3_u32, 0..4_u32, 0..5_u32, any::<[bool; 4]>());
    let figures = (decimals(), decimals(), decimals(), decimals(), decimals());
    let entry = (kinds(), 0..40_u8, handles, figures).prop_map(|(kind, on, handles, figures)| {
        let (account, depository, instrument, is_there) = handles;
        let (amount, quantity, price, fees, accrued_interest) = figures;
        // Three in four signs are put right, so that not everything is refused at the door.
        let (amount, quantity) = match (&kind, is_there[3]) {
            (Kind::Buy, true) => (-amount.abs(), quantity.abs()),
            (Kind::Sell | Kind::Redemption, true) => (amount.abs(), -quantity.abs()),
            (Kind::CapitalCall(_) | Kind::Fee | Kind::Withdrawal, true) => (-amount.abs(), quantity),
            (_, true) => (amount.abs(), quantity),
            _ => (amount, quantity),
        };
        Entry {
            account: Some(AccountNo(account)),
            depository: is_there[0].then_some(DepositoryNo(depository)),
            instrument: Some(InstrumentNo(instrument)),
            amount,
            quantity,
            price: is_there[1].then_some(price.abs()),
            fees: if is_there[2] { Decimal::ZERO } else { fees },
            accrued_interest,
            ..Entry::new(TransactionNo(0), day(on), kind)
        }
    });
    prop::collection::vec(entry, 1..40)
}

fn market(values: &[Decimal]) -> Market {
    let series = || {
        let points = values.iter().zip(0..).map(|(value, number)| Point {
            date: day(number),
            value: *value,
        });
        Series::of(points.collect())
    };
    let mut market = Market::new();
    market.set_rates(usd(), series());
    for instrument in 0..4 {
        let quotes = Quotes {
            prices: series(),
            net_asset_values: series(),
            index_factors: series(),
        };
        market.set_quotes(InstrumentNo(instrument), quotes);
    }
    market
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn nothing_panics(
        method in methods(),
        entries in entries(),
        values in prop::collection::vec(decimals(), 40),
        as_of in 0..60_u8,
    ) {
        let market = market(&values);
        let mut ledger = Ledger::new(chart(method), market);
        for (entry, number) in entries.into_iter().zip(0..) {
            let lots = [TransactionNo(number / 2), TransactionNo(number / 3)].into();
            _ = ledger.insert(Entry { number: TransactionNo(number), lots, ..entry });
        }
        let scope = scope();
        for currency in [Currency::EUR, usd(), Currency::new("XXX").unwrap()] {
            let query = HoldingsQuery { as_of: day(as_of), currency, lots: true };
            _ = ledger.holdings(&scope, query);
            _ = ledger.performance(&scope, Window { from: day(0), to: day(as_of), currency });
        }
        _ = ledger.private_markets(&scope, day(as_of));
        _ = ledger.expected_cashflows(&scope, day(as_of), Date::MAX);
        _ = ledger.performance(&scope, Window { from: Date::MIN, to: Date::MIN, currency: usd() });
        for number in (0..20).map(TransactionNo) {
            _ = ledger.delete(number);
        }
    }
}
