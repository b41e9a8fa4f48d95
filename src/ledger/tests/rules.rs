//! Single rules of the ledger that the worked cases do not reach.

use super::properties::world::{BOND, DOLLARS, FUND, STOCK, chart, day, depository, scope, under, usd};
use crate::ledger::{
    Currency, DepositoryNo, Entry, HoldingsQuery, Instrument, InstrumentNo, Kind, Ledger, Market, Member,
    Method, Place, Point, Reason, Refusal, Scope, Series, Terms, TransactionNo, Window,
};
use rust_decimal::Decimal;

const HERE: DepositoryNo = DepositoryNo(0);
const THERE: DepositoryNo = DepositoryNo(1);

pub(super) fn trade(number: u64, on: u8, quantity: i64) -> Entry {
    let kind = if quantity > 0 { Kind::Buy } else { Kind::Sell };
    Entry {
        account: Some(DOLLARS),
        depository: Some(HERE),
        instrument: Some(STOCK),
        amount: Decimal::from(-10 * quantity),
        quantity: quantity.into(),
        price: Some(Decimal::TEN),
        ..Entry::new(TransactionNo(number), day(on), kind)
    }
}

pub(super) fn fifo(entries: Vec<Entry>) -> Ledger {
    Ledger::load(chart(Method::Fifo), Market::new(), entries).unwrap()
}

/// Whether an entry could be inserted.
fn tried(ledger: &Ledger, entry: &Entry) -> Result<(), Refusal> {
    let trial = ledger.trial(Vec::new(), Vec::new()).unwrap();
    trial.insert(entry.clone()).map(drop)
}

pub(super) fn rates() -> Market {
    let mut market = Market::new();
    market.set_rates(usd(), series(&[(0, 125)]));
    market
}

pub(super) fn series(points: &[(u8, i64)]) -> Series {
    let points = points.iter().map(|(on, value)| Point {
        date: day(*on),
        value: Decimal::new(*value, 2),
    });
    Series::of(points.collect())
}

pub(super) fn latest(ledger: &Ledger, market: &Market, on: u8) -> Vec<crate::ledger::Holding> {
    let query = HoldingsQuery {
        as_of: day(on),
        currency: usd(),
        lots: true,
    };
    under(ledger, market).holdings(&scope(), query).unwrap()
}

#[test]
fn a_back_dated_sale_that_starves_a_later_one_names_the_later_one() {
    let ledger = fifo(vec![trade(1, 1, 10), trade(2, 9, -8)]);
    let refusal = tried(&ledger, &trade(3, 5, -3)).unwrap_err();
    assert_eq!((refusal.number, refusal.date), (TransactionNo(2), day(9)));
    let (held, wanted) = (Decimal::from(7), Decimal::from(8));
    assert_eq!(refusal.reason, Reason::NotHeld { held, wanted });
    assert_eq!(refusal.reason.member(), Some(Member::Quantity));
}

#[test]
fn a_purchase_that_a_sale_needs_cannot_be_deleted() {
    let mut ledger = fifo(vec![trade(1, 1, 10), trade(2, 9, -8)]);
    assert_eq!(
        ledger.delete(TransactionNo(1)).unwrap_err().number,
        TransactionNo(2)
    );
    assert!(ledger.delete(TransactionNo(2)).unwrap().is_some());
    assert!(ledger.delete(TransactionNo(1)).unwrap().is_some());
    assert_eq!(ledger.delete(TransactionNo(1)), Ok(None));
}

#[test]
fn lots_must_be_named_open_and_large_enough_by_specific_id() {
    let entries = vec![trade(1, 1, 10), trade(2, 2, 10)];
    let ledger = Ledger::load(chart(Method::SpecificId), Market::new(), entries).unwrap();
    let reason = |lots: &[u64]| {
        let lots = lots.iter().map(|number| TransactionNo(*number)).collect();
        let sale = Entry {
            lots,
            ..trade(3, 3, -12)
        };
        tried(&ledger, &sale).map_err(|refusal| refusal.reason)
    };
    assert_eq!(reason(&[]), Err(Reason::LotsRequired));
    assert_eq!(reason(&[2, 7]), Err(Reason::LotNotOpen(TransactionNo(7))));
    let (held, wanted) = (Decimal::TEN, Decimal::from(12));
    assert_eq!(reason(&[2]), Err(Reason::LotsTooSmall { held, wanted }));
    assert_eq!(reason(&[2, 1]), Ok(()));
}

#[test]
fn a_history_without_named_lots_survives_a_change_to_specific_id() {
    let mut ledger = fifo(vec![trade(1, 1, 10), trade(2, 2, 10), trade(3, 3, -15)]);
    ledger
        .set_depositories(&[(HERE, depository(Method::SpecificId))])
        .unwrap();
    let lots = latest(&ledger, &rates(), 9).remove(0).lots;
    assert_eq!((lots.len(), lots[0].opened_by), (1, TransactionNo(2)));
}

#[test]
fn a_refused_change_of_terms_leaves_the_ledger_as_it_was() {
    let call = Kind::CapitalCall(Box::default());
    let called = Entry {
        account: Some(DOLLARS),
        instrument: Some(FUND),
        amount: Decimal::from(-500),
        ..Entry::new(TransactionNo(1), day(1), call)
    };
    let mut ledger = fifo(vec![called]);
    let stock = Instrument {
        currency: usd(),
        terms: Terms::Stock,
    };
    let before = ledger.head().clone();
    assert_eq!(
        ledger.set_instrument(FUND, stock).unwrap_err().reason,
        Reason::WrongInstrumentType
    );
    assert_eq!(*ledger.head(), before);
}

#[test]
fn a_transfer_over_the_border_of_a_scope_is_a_flow_and_no_return() {
    let kind = Kind::Transfer {
        account: None,
        depository: Some(THERE),
    };
    let moved = Entry {
        depository: Some(HERE),
        instrument: Some(STOCK),
        quantity: Decimal::from(-4),
        ..Entry::new(TransactionNo(2), day(5), kind)
    };
    let ledger = under(&fifo(vec![trade(1, 1, 10), moved]), &rates());
    let window = Window {
        from: day(3),
        to: day(6),
        currency: Currency::EUR,
    };
    let flows = |scope: Scope| -> Vec<Decimal> {
        let answer = ledger.performance(&scope, window).unwrap();
        assert!(answer.series.iter().all(|day| day.profit.is_zero()));
        answer.series.iter().map(|day| day.net_cash_flow).collect()
    };
    let scopes = [Scope::new([], [HERE]), Scope::new([], [THERE])];
    let at_once = ledger.performances(&scopes, window).unwrap();
    let apart = scopes.map(|scope| ledger.performance(&scope, window).unwrap());
    assert_eq!(at_once, apart);
    let of = |on_the_fifth: i64| [0, 0, on_the_fifth, 0].map(Decimal::from);
    assert_eq!(flows(Scope::new([], [HERE])), of(-32));
    assert_eq!(flows(Scope::new([], [THERE])), of(32));
    assert_eq!(flows(Scope::new([DOLLARS], [HERE, THERE])), of(0));
}

#[test]
fn a_bond_promises_its_coupons_and_its_principal() {
    let bought = Entry {
        instrument: Some(BOND),
        ..trade(1, 1, 8000)
    };
    let ledger = fifo(vec![bought]);
    let horizon = jiff::civil::date(2031, 1, 1);
    let expected = ledger.expected_cashflows(&scope(), day(1), horizon).unwrap();
    assert_eq!(expected.len(), 24);
    assert_eq!(expected[0].date, jiff::civil::date(2025, 2, 28));
    // From 30 November: 32 days in the leap year, 58 after it.
    let interest = Decimal::from(300)
        * (Decimal::from(32) / Decimal::from(366) + Decimal::from(58) / Decimal::from(365));
    assert_eq!(expected[0].amount.round_dp(10), interest.round_dp(10));
    let last = expected.last().unwrap();
    assert_eq!(
        (last.kind, last.amount),
        (crate::ledger::CashflowKind::Principal, Decimal::from(8000))
    );
    assert_eq!(last.place, Place::Depository(HERE));
}

#[test]
fn an_unknown_handle_is_refused() {
    let unknown = Entry {
        instrument: Some(InstrumentNo(9)),
        ..trade(2, 1, 3)
    };
    let reason = tried(&fifo(Vec::new()), &unknown).unwrap_err().reason;
    assert_eq!(reason, Reason::Unknown(Member::Instrument));
}
