//! Index factors of index-linked bonds, and the reference rates of loans.

use super::{FIRST, months};
use crate::{ledger::Point, sandbox::seed::Seed, store::market::instrument::Instrument};
use jiff::civil::Date;
use rust_decimal::Decimal;

/// Monthly inflation lies between these, in hundred-thousandths.
const INFLATION: (u32, u32) = (60, 330);

/// The factor of a bond, monthly, 1 in the month that it was issued in.
pub(super) fn index(instrument: &Instrument, year: i16) -> Vec<Point> {
    let issued = instrument
        .terms
        .get("dated_date")
        .and_then(|term| term.as_str()?.parse::<Date>().ok())
        .unwrap_or(FIRST);
    // The index is the currency's, so that bonds of one country move together.
    let mut seed = Seed::of("inflation").under(instrument.currency.as_str());
    let mut factor = Decimal::ONE;
    let mut points = Vec::new();
    for month in months(issued.first_of_month(), year) {
        points.push(Point {
            date: month,
            value: factor.round_dp(5),
        });
        let grown = Decimal::new(100_000 + i64::from(seed.between(INFLATION.0, INFLATION.1)), 5);
        factor = (factor * grown).round_dp(10);
    }
    points
}

/// The reference rate that a loan's interest is set by, on the first of every month.
pub(super) fn reference_rate(instrument: &Instrument, year: i16) -> Vec<Point> {
    let name = instrument
        .terms
        .get("reference_rate")
        .and_then(|term| term.as_str());
    let Some(name) = name else { return Vec::new() };
    let mut seed = Seed::of("reference rate").under(name);
    let mut basis_points = i64::from(seed.between(180, 260));
    months(FIRST, year)
        .map(|month| {
            basis_points = (basis_points + i64::from(seed.below(31)) - 14).clamp(25, 560);
            Point {
                date: month,
                value: Decimal::new(basis_points, 4),
            }
        })
        .collect()
}
