//! What holds of every ledger, tried on generated ones.

mod extremes;
pub(super) mod world;

use crate::ledger::{
    Amounts, Currency, DepositoryNo, Entry, Holding, HoldingsQuery, Kind, Ledger, Market, Place,
    TransactionNo, Window,
};
use proptest::prelude::*;
use rust_decimal::Decimal;
use world::{
    BOND, Change, DAYS, DOLLARS, EUROS, STOCK, changes, chart, day, ledger, markets, methods, open_lots,
    scope, under,
};

/// Whether two figures differ by no more than what twenty-eight digits lose when they are multiplied and divided.
fn close(left: Decimal, right: Decimal) -> bool {
    (left - right).abs() <= Decimal::new(1, 12) * left.abs().max(Decimal::ONE)
}

fn holdings(ledger: &Ledger, number: u8) -> Vec<Holding> {
    let query = HoldingsQuery {
        as_of: day(number),
        currency: Currency::EUR,
        lots: false,
    };
    ledger.holdings(&scope(), query).unwrap()
}

fn sum(rows: &[Holding], of: impl Fn(&Amounts) -> Decimal) -> Decimal {
    rows.iter().map(|row| of(&row.amounts.unwrap())).sum()
}

fn window(from: u8, to: u8) -> Window {
    Window {
        from: day(from),
        to: day(to),
        currency: Currency::EUR,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn a_changed_ledger_equals_one_that_is_replayed_from_nothing(
        method in methods(),
        changes in changes(60),
        deletions in prop::collection::vec(any::<prop::sample::Index>(), 60),
    ) {
        let mut ledger = Ledger::every(chart(method), Market::new(), 4);
        for ((change, number), deleted) in changes.iter().zip(0..).zip(deletions) {
            let before = ledger.clone();
            let entry = change.entry(number, &open_lots(&ledger, change));
            let tried = ledger.trial(Vec::new(), Vec::new()).unwrap().insert(entry.clone());
            let tried = tried.map(|trial| trial.head().clone());
            let inserted = ledger.insert(entry).map(|()| ledger.head().clone());
            prop_assert_eq!(&tried, &inserted);
            if inserted.is_err() {
                prop_assert_eq!(before.entries(), ledger.entries());
                prop_assert_eq!(before.head(), ledger.head());
            } else if number % 3 == 0 {
                let number = ledger.entries()[deleted.index(ledger.entries().len())].number;
                let tried = ledger.trial(Vec::new(), Vec::new()).unwrap().delete(number);
                let tried = tried.map(|trial| trial.head().clone());
                prop_assert_eq!(tried, ledger.delete(number).map(|_| ledger.head().clone()));
            }
            let again = Ledger::load(chart(method), Market::new(), ledger.entries().to_vec()).unwrap();
            prop_assert_eq!(again.head(), ledger.head());
            let middle = day(DAYS / 2);
            prop_assert_eq!(again.state_at(middle).unwrap(), ledger.state_at(middle).unwrap());
            let closings = |ledger: &Ledger| ledger.closings(day(0), middle).unwrap();
            prop_assert_eq!(closings(&again), closings(&ledger));
        }
    }

    #[test]
    fn many_at_once_equal_one_by_one(method in methods(), changes in changes(40), half in 0_usize..40) {
        let one_by_one = ledger(method, &changes);
        let (first, second): (Vec<_>, Vec<_>) =
            one_by_one.entries().iter().cloned().partition(|entry| entry.number.0 < half as u64);
        let mut at_once = Ledger::every(chart(method), Market::new(), 4);
        // What the second half makes possible may be refused on its own; nothing has changed then.
        if at_once.extend(first.clone()).is_ok() && at_once.extend(second).is_ok() {
            prop_assert_eq!(one_by_one.head(), at_once.head());
        } else {
            prop_assert!(at_once.head() == Ledger::default().head() || at_once.entries().len() == first.len());
        }
    }

    #[test]
    fn lots_add_up_to_the_quantity(method in methods(), changes in changes(60)) {
        for position in ledger(method, &changes).head().positions() {
            let lots: Decimal = position.lots().map(|lot| lot.quantity).sum();
            prop_assert!(close(lots, position.quantity()));
            prop_assert_eq!(position.is_open(), !position.quantity().is_zero());
        }
    }

    #[test]
    fn independent_rows_of_a_day_may_come_in_any_order(
        method in methods(),
        market in markets(),
        rows in prop::collection::vec((1_i64..1000, 1_i64..1000), 6).prop_shuffle(),
        order in Just([0_u64, 1, 2, 3, 4, 5]).prop_shuffle(),
    ) {
        let build = |order: &[u64]| {
            let mut entries = Vec::new();
            for ((number, index), (quantity, price)) in order.iter().zip(0_u32..).zip(&rows) {
                entries.push(independent(*number, index, (*quantity).into(), (*price).into()));
            }
            Ledger::load(chart(method), market.clone(), entries).unwrap()
        };
        let (there, back) = (build(&[0, 1, 2, 3, 4, 5]), build(&order));
        prop_assert_eq!(holdings(&there, 9), holdings(&back, 9));
    }

    #[test]
    fn a_split_keeps_value_and_cost(method in methods(), buys in changes(8), ratio in 1_i64..90) {
        let entries = buys.iter().zip(0..).map(|(buy, number)| buy.purchase(number)).collect();
        let mut market = Market::new();
        market.set_rates(world::usd(), crate::ledger::Series::of(vec![crate::ledger::Point {
            date: day(0),
            value: Decimal::new(1085, 3),
        }]));
        let mut ledger = Ledger::load(chart(method), market, entries).unwrap();
        let before = holdings(&ledger, DAYS);
        let split = Kind::split(Decimal::new(ratio, 1));
        ledger.insert(Entry { instrument: Some(STOCK), ..Entry::new(TransactionNo(100), day(DAYS), split) }).unwrap();
        let after = holdings(&ledger, DAYS);
        prop_assert!(close(sum(&before, |row| row.market_value), sum(&after, |row| row.market_value)));
        prop_assert!(close(sum(&before, |row| row.cost_basis), sum(&after, |row| row.cost_basis)));
    }

    #[test]
    fn a_transfer_keeps_cost_and_dates(
        method in methods(),
        market in markets(),
        buys in changes(8),
        part in 1_i64..=100,
    ) {
        let first = Change { from: 0, ..buys[0].clone() };
        let entries = buys.iter().zip(1..).map(|(buy, number)| buy.purchase(number));
        let entries = entries.chain([first.purchase(0)]).collect();
        let mut ledger = Ledger::load(chart(method), market, entries).unwrap();
        let before = holdings(&ledger, DAYS);
        let held = ledger.head().position(Place::Depository(DepositoryNo(0)), STOCK).unwrap().quantity();
        let kind = Kind::Transfer { account: None, depository: Some(DepositoryNo(1)) };
        ledger.insert(Entry {
            depository: Some(DepositoryNo(0)),
            instrument: Some(STOCK),
            quantity: -(held * Decimal::new(part, 2)),
            ..Entry::new(TransactionNo(100), day(DAYS), kind)
        }).unwrap();
        let after = holdings(&ledger, DAYS);
        let units = |rows: &[Holding]| rows.iter().map(|row| row.quantity).sum();
        prop_assert!(close(units(&before), units(&after)));
        prop_assert!(close(sum(&before, |row| row.cost_basis), sum(&after, |row| row.cost_basis)));
        let received = ledger.head().position(Place::Depository(DepositoryNo(1)), STOCK).unwrap();
        prop_assert!(received.lots().all(|lot| lot.acquired_on < day(DAYS)));
    }

    #[test]
    fn the_return_of_a_window_without_flows_is_the_ratio_of_its_values(
        method in methods(),
        market in markets(),
        buys in changes(6),
        trades in changes(30),
    ) {
        let mut ledger = Ledger::new(chart(method), market);
        ledger.insert(Entry {
            account: Some(EUROS),
            amount: Decimal::from(50_000_000),
            ..Entry::new(TransactionNo(1000), day(0), Kind::Deposit)
        }).unwrap();
        for (buy, number) in buys.iter().zip(0..) {
            ledger.insert(buy.purchase(number)).unwrap();
        }
        for (trade, number) in trades.iter().zip(100..) {
            if !matches!(trade.kind, 10 | 14) {
                _ = ledger.insert(trade.entry(number, &open_lots(&ledger, trade)));
            }
        }
        let answer = ledger.performance(&scope(), window(1, DAYS)).unwrap();
        let value = |number| sum(&holdings(&ledger, number), |row| row.market_value);
        let ratio = value(DAYS) / value(0) - Decimal::ONE;
        prop_assert!(close(answer.summary.total_return.unwrap(), ratio));
        prop_assert!(answer.series.iter().all(|day| day.net_cash_flow.is_zero()));
    }

    #[test]
    fn a_deposit_that_is_withdrawn_on_its_day_changes_nothing(
        method in methods(),
        market in markets(),
        changes in changes(30),
        on in 0..DAYS,
        amount in 1_i64..1_000_000,
    ) {
        let mut ledger = under(&ledger(method, &changes), &market);
        let before = ledger.performance(&scope(), window(0, DAYS));
        for (number, kind, sign) in [(1000, Kind::Deposit, 1), (1001, Kind::Withdrawal, -1)] {
            ledger.insert(Entry {
                account: Some(DOLLARS),
                amount: Decimal::from(amount * sign),
                ..Entry::new(TransactionNo(number), day(on), kind)
            }).unwrap();
        }
        let after = ledger.performance(&scope(), window(0, DAYS));
        let (before, after) = (before.unwrap(), after.unwrap());
        for (before, after) in before.series.iter().zip(&after.series) {
            prop_assert_eq!(before.value, after.value);
            prop_assert!(close(before.net_cash_flow, after.net_cash_flow));
            prop_assert!(close(before.twr.unwrap(), after.twr.unwrap()));
            prop_assert!(close(before.cumulative_return, after.cumulative_return));
        }
    }
}

/// Six kinds of rows that have nothing to do with each other.
fn independent(number: u64, index: u32, quantity: Decimal, price: Decimal) -> Entry {
    let kind = match index {
        0 => Kind::Deposit,
        1 => Kind::Interest,
        2 => Kind::FxTrade {
            account: EUROS,
            amount: -quantity,
        },
        _ => Kind::Buy,
    };
    Entry {
        account: Some(DOLLARS),
        depository: Some(DepositoryNo(index % 3)),
        instrument: (index > 2).then_some(if index == 5 { BOND } else { STOCK }),
        amount: if index > 2 { -price } else { price },
        quantity,
        price: Some(price),
        ..Entry::new(TransactionNo(number), day(3), kind)
    }
}
