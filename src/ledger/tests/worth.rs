//! What instruments of the less common types are worth.

use super::{
    properties::world::{BOND, DOLLARS, FUND, chart, day, scope, under, usd},
    rules::{fifo, latest, rates, series, trade},
};
use crate::ledger::{
    AccountNo, Amounts, Currency, Entry, Forward, FundEffect, Holding, HoldingsQuery, Instrument,
    InstrumentNo, Kind, Ledger, Method, Quotes, Terms, TransactionNo,
};
use rust_decimal::Decimal;

fn amounts(row: &Holding) -> Amounts {
    row.amounts.unwrap()
}

#[test]
fn a_commitment_is_worth_its_calls_until_a_value_is_published_and_both_after() {
    let flow = |number, on, amount: i64| {
        let effect = Box::<FundEffect>::default();
        let kind = if amount < 0 {
            Kind::CapitalCall(effect)
        } else {
            Kind::Distribution(effect)
        };
        Entry {
            account: Some(DOLLARS),
            instrument: Some(FUND),
            amount: amount.into(),
            ..Entry::new(TransactionNo(number), day(on), kind)
        }
    };
    let ledger = fifo(vec![flow(1, 1, -500), flow(2, 20, 80)]);
    let mut market = rates();
    let quotes = Quotes {
        net_asset_values: series(&[(10, 60_000)]),
        ..Quotes::default()
    };
    market.set_quotes(FUND, quotes);
    let value = |on| amounts(&latest(&ledger, &market, on)[0]).market_value;
    assert_eq!(
        [value(5), value(15), value(25)],
        [500, 600, 520].map(Decimal::from)
    );
    assert_eq!(
        amounts(&latest(&ledger, &market, 25)[0]).cost_basis,
        Decimal::from(420)
    );
}

#[test]
fn two_accounts_share_the_value_of_a_commitment_by_what_they_paid() {
    let call = |number, account, amount: i64| Entry {
        account: Some(AccountNo(account)),
        instrument: Some(FUND),
        amount: amount.into(),
        ..Entry::new(TransactionNo(number), day(1), Kind::CapitalCall(Box::default()))
    };
    let ledger = fifo(vec![call(1, 0, -100), call(2, 1, -300)]);
    let mut market = rates();
    let quotes = Quotes {
        net_asset_values: series(&[(10, 80_000)]),
        ..Quotes::default()
    };
    market.set_quotes(FUND, quotes);
    let values: Vec<_> = latest(&ledger, &market, 15)
        .iter()
        .take(2)
        .map(|row| amounts(row).market_value)
        .collect();
    assert_eq!(values, [200, 600].map(Decimal::from));
}

#[test]
fn an_option_counts_its_multiplier() {
    let option = Entry {
        instrument: Some(InstrumentNo(2)),
        ..trade(1, 1, 3)
    };
    let ledger = fifo(vec![option]);
    let query = HoldingsQuery {
        as_of: day(2),
        currency: Currency::EUR,
        lots: false,
    };
    let rows = under(&ledger, &rates()).holdings(&scope(), query).unwrap();
    let row = amounts(&rows[0]);
    assert_eq!(
        (row.market_value, row.cost_basis),
        (Decimal::from(3000), Decimal::from(3000))
    );
}

#[test]
fn a_forward_is_worth_what_spot_exceeds_its_rate_by() {
    let mut chart = chart(Method::Fifo);
    let forward = chart.add_instrument(Instrument {
        currency: usd(),
        terms: Terms::FxForward(Forward {
            base: Currency::EUR,
            quote: usd(),
            notional: Decimal::from(10_000),
            rate: Decimal::new(120, 2),
            settlement: day(30),
        }),
    });
    let bought = Entry {
        instrument: Some(forward),
        price: Some(Decimal::ZERO),
        amount: Decimal::ZERO,
        ..trade(1, 1, 1)
    };
    let ledger = Ledger::load(chart, rates(), vec![bought]).unwrap();
    let row = latest(&ledger, &rates(), 2).remove(0);
    assert_eq!(
        (amounts(&row).market_value, row.price),
        (Decimal::from(500), Some(Decimal::new(125, 2)))
    );
    assert_eq!(
        (amounts(&row).cost_basis, amounts(&row).fx_rate),
        (Decimal::ZERO, Decimal::ONE)
    );
}

#[test]
fn an_index_linked_bond_multiplies_price_interest_and_cost() {
    let mut chart = chart(Method::Average);
    let Terms::Bond(coupons) = chart.instrument(BOND).unwrap().terms else {
        panic!("a bond")
    };
    let linker = chart.add_instrument(Instrument {
        currency: usd(),
        terms: Terms::IndexLinkedBond(coupons),
    });
    let bought = Entry {
        instrument: Some(linker),
        amount: Decimal::from(-1230),
        fees: Decimal::from(5),
        accrued_interest: Decimal::from(25),
        price: Some(Decimal::ONE_HUNDRED),
        ..trade(1, 1, 1000)
    };
    let ledger = Ledger::load(chart, rates(), vec![bought]).unwrap();
    let mut market = rates();
    let quotes = Quotes {
        prices: series(&[(0, 10_000)]),
        index_factors: series(&[(0, 120)]),
        ..Quotes::default()
    };
    market.set_quotes(linker, quotes);
    let row = amounts(&latest(&ledger, &market, 28)[0]);
    // 30 days of a quarter that pays 3.75 % a year on an indexed 1200: two of them in December's leap year.
    assert_eq!(row.market_value - row.accrued_interest, Decimal::from(1200));
    assert_eq!(row.cost_basis, Decimal::from(1205));
    let a_day = Decimal::from(45) / Decimal::from(366);
    assert_eq!(
        row.accrued_interest.round_dp(12),
        (a_day * Decimal::from(30)).round_dp(12)
    );
}
