//! Rates of currencies, per 1 EUR.

use super::{FIRST, days};
use crate::{ledger::Point, sandbox::price::Curve};
use jiff::civil::date;
use rust_decimal::Decimal;

/// A currency, its rate in the middle of its moves in ten-thousandths, and how much calmer than a share it is.
type Quoted = (&'static str, i64, i64);

const QUOTED: [Quoted; 7] = [
    ("CHF", 9_580, 6),
    ("DKK", 74_580, 600),
    ("GBP", 8_560, 7),
    ("JPY", 1_583_000, 5),
    ("NOK", 115_200, 6),
    ("SEK", 111_400, 6),
    ("USD", 10_920, 5),
];

/// The currencies whose rate is published, beside the euro itself.
pub const CURRENCIES: [&str; 7] = ["CHF", "DKK", "GBP", "JPY", "NOK", "SEK", "USD"];

/// The rates of `currency` to the end of `year`.
pub(super) fn draw(currency: &str, year: i16) -> Vec<Point> {
    let Some((_, middle, damping)) = QUOTED.iter().find(|(code, ..)| *code == currency) else {
        return Vec::new();
    };
    let mut curve = Curve::calm(currency, Decimal::new(*middle, 4), *damping);
    days(FIRST, date(year, 12, 31))
        .map(|day| Point {
            date: day,
            value: curve.on(day),
        })
        .collect()
}
