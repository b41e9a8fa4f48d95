//! Quarterly net asset values of private funds.

use super::{FIRST, Flow};
use crate::ledger::Point;
use jiff::civil::{Date, date};
use rust_decimal::Decimal;

/// What a year costs while a fund is young, and brings once it is not, in thousandths of what is invested.
const YOUNG: i64 = -70;
const GROWN: i64 = 145;

/// The value of the whole commitment at the end of every quarter since the first call: what was called and not given
/// back, worth less than it cost at first and more later.
pub(super) fn net_asset_values(flows: &[Flow], year: i16) -> Vec<Point> {
    let Some(first) = flows.first() else {
        return Vec::new();
    };
    quarters(first.day.max(FIRST), year)
        .map(|end| {
            let worth: Decimal = flows
                .iter()
                .filter(|flow| flow.day <= end)
                .map(|flow| flow.amount * growth(flow.day, end))
                .sum();
            let called: Decimal = flows
                .iter()
                .filter(|flow| flow.day <= end && flow.amount > Decimal::ZERO)
                .map(|flow| flow.amount)
                .sum();
            // A fund that has given back more than it called still holds something.
            let value = worth.max(called * Decimal::new(15, 2)).round_dp(2);
            Point { date: end, value }
        })
        .collect()
}

/// What one unit that was paid in on `from` is worth on `to`.
fn growth(from: Date, to: Date) -> Decimal {
    let days = i64::from((to - from).get_days());
    let (young, grown) = (days.min(365), (days - 365).max(0));
    let thousandths = Decimal::from(YOUNG * young + GROWN * grown) / Decimal::from(365);
    Decimal::ONE + thousandths / Decimal::ONE_THOUSAND
}

fn quarters(first: Date, year: i16) -> impl Iterator<Item = Date> {
    (first.year()..=year)
        .flat_map(|year| [(3, 31), (6, 30), (9, 30), (12, 31)].map(|(month, day)| date(year, month, day)))
        .filter(move |end| *end >= first)
}
