//! Reference series: what the made-up market publishes day by day for every tenant, the same whenever it is asked.
//!
//! A series is a function of its instrument and the day, so nothing is stored: it is drawn once per process, as far as
//! the latest sandbox clock needs it, and shared. Points after a sandbox's own today are in it; who shows a series
//! cuts it there.

mod factors;
mod funds;
mod rates;

use super::{demo, price::Curve};
use crate::{
    ledger::Point,
    store::market::instrument::{Instrument, InstrumentType},
};
use jiff::{
    ToSpan,
    civil::{Date, Weekday, date},
};
use rust_decimal::Decimal;
use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

pub use crate::store::tenant::points::Measure;
pub use rates::CURRENCIES;

/// The first day that anything is published for.
pub const FIRST: Date = date(2021, 1, 1);

/// The published points of an instrument, oldest first, at least to the end of `through`.
pub fn series(instrument: &Instrument, measure: Measure, through: Date) -> Arc<[Point]> {
    let key = Key::Instrument(instrument.id.as_str().to_owned(), measure);
    known(key, through, |year| draw(instrument, measure, year))
}

/// Units of `currency` for 1 EUR, oldest first, at least to the end of `through`; empty for a currency that is not
/// published.
pub fn rates(currency: &str, through: Date) -> Arc<[Point]> {
    let key = Key::Currency(currency.to_owned());
    known(key, through, |year| rates::draw(currency, year))
}

#[derive(PartialEq, Eq, Hash)]
enum Key {
    Instrument(String, Measure),
    Currency(String),
}

/// A series and the year to whose end it reaches.
type Drawn = (i16, Arc<[Point]>);

/// The series of before, if it reaches far enough; it is always drawn to the end of a year.
fn known(key: Key, through: Date, draw: impl FnOnce(i16) -> Vec<Point>) -> Arc<[Point]> {
    static DRAWN: LazyLock<Mutex<HashMap<Key, Drawn>>> = LazyLock::new(Mutex::default);
    let year = through.year();
    let mut drawn = DRAWN.lock().unwrap_or_else(PoisonError::into_inner);
    match drawn.get(&key) {
        Some((reach, points)) if *reach >= year => Arc::clone(points),
        _ => {
            let points: Arc<[Point]> = draw(year).into();
            drawn.insert(key, (year, Arc::clone(&points)));
            points
        }
    }
}

fn draw(instrument: &Instrument, measure: Measure, year: i16) -> Vec<Point> {
    use InstrumentType as T;
    match (measure, instrument.kind) {
        (
            Measure::Price,
            T::Stock | T::Bond | T::IndexLinkedBond | T::ZeroCouponBond | T::Loan | T::Option,
        )
        | (Measure::NetAssetValue, T::Fund) => daily(instrument, year),
        (Measure::NetAssetValue, T::PrivateMarketFund) => {
            funds::net_asset_values(&demo::calls(instrument), year)
        }
        (Measure::IndexFactor, T::IndexLinkedBond) => factors::index(instrument, year),
        (Measure::InterestRate, T::Loan) => factors::reference_rate(instrument, year),
        _ => Vec::new(),
    }
}

/// A price for every business day of the instrument's life.
fn daily(instrument: &Instrument, year: i16) -> Vec<Point> {
    let term = |name: &str| instrument.terms.get(name)?.as_str()?.parse::<Date>().ok();
    let born = term("dated_date").unwrap_or(FIRST).max(FIRST);
    let dies = term("maturity_date")
        .or_else(|| term("expiry"))
        .unwrap_or(Date::MAX);
    let mut curve = Curve::of(instrument);
    days(born, dies.min(date(year, 12, 31)))
        .map(|day| Point {
            date: day,
            value: curve.on(day),
        })
        .collect()
}

/// The business days from `first` to `last`, both included.
fn days(first: Date, last: Date) -> impl Iterator<Item = Date> {
    first
        .series(1.day())
        .take_while(move |day| *day <= last)
        .filter(|day| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday))
}

/// The first of every month from `first` on, to the end of `year`.
fn months(first: Date, year: i16) -> impl Iterator<Item = Date> {
    let start = first.first_of_month();
    start
        .series(1.month())
        .take_while(move |day| *day <= date(year, 12, 31))
        .filter(move |day| *day >= first)
}

/// A money flow between an investor and a private fund: calls positive, distributions negative.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Flow {
    /// The day.
    pub(super) day: Date,
    /// The amount, in the fund's currency.
    pub(super) amount: Decimal,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::price;

    fn instruments() -> Vec<Instrument> {
        demo::catalogue().instruments
    }

    #[test]
    fn a_series_says_what_trades_were_made_at() {
        let share = instruments().remove(0);
        let points = series(&share, Measure::Price, date(2025, 6, 30));
        assert!(points.is_sorted_by_key(|point| point.date));
        for point in points.iter().step_by(97) {
            assert_eq!(point.value, price::on(&share, point.date), "{}", point.date);
        }
    }

    #[test]
    fn a_longer_series_begins_as_the_shorter_one_did() {
        for instrument in instruments() {
            for measure in [
                Measure::Price,
                Measure::NetAssetValue,
                Measure::InterestRate,
                Measure::IndexFactor,
            ] {
                let short = draw(&instrument, measure, 2024);
                let long = draw(&instrument, measure, 2026);
                assert_eq!(long[..short.len()], short[..], "{} {measure:?}", instrument.name);
            }
        }
    }

    #[test]
    fn everything_that_can_be_held_has_a_value_on_the_last_day_of_the_demo() {
        for instrument in instruments() {
            let measure = match instrument.kind {
                InstrumentType::Fund | InstrumentType::PrivateMarketFund => Measure::NetAssetValue,
                InstrumentType::Cash | InstrumentType::FxForward => continue,
                _ => Measure::Price,
            };
            let points = series(&instrument, measure, date(2026, 6, 30));
            let last = points.iter().rev().find(|point| point.date <= date(2026, 6, 30));
            let last = last.unwrap_or_else(|| panic!("{} has no point", instrument.name));
            assert!(last.value > Decimal::ZERO, "{}", instrument.name);
        }
    }

    #[test]
    fn every_currency_of_the_demo_has_a_rate_for_every_business_day() {
        for currency in CURRENCIES {
            let points = rates(currency, date(2026, 12, 31));
            assert_eq!(points.len(), days(FIRST, points[points.len() - 1].date).count());
            assert!(
                points.iter().all(|point| point.value > Decimal::ZERO),
                "{currency}"
            );
        }
        assert!(rates("XYZ", date(2026, 1, 1)).is_empty());
    }
}
