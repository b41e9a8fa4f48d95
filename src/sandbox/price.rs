//! The made-up market: what a reference instrument costs on a day, the same whenever and wherever it is asked.

use super::seed::Seed;
use crate::store::market::instrument::{Instrument, InstrumentType};
use jiff::civil::Date;
use rust_decimal::Decimal;

/// The day that price series start from.
const ORIGIN: Date = jiff::civil::date(2021, 1, 1);

/// Waves that a price is a sum of: days between knots, and how far a knot lies from the middle at most, in
/// millionths.
const WAVES: [(i64, u32); 4] = [(181, 120_000), (47, 45_000), (11, 16_000), (1, 4_000)];

/// What a unit, or a hundred of par, of `instrument` costs at the end of `day`.
pub(super) fn on(instrument: &Instrument, day: Date) -> Decimal {
    let days = i64::from((day - ORIGIN).get_days());
    let seed = Seed::of(instrument.id.as_str());
    let (damping, growth) = temper(instrument.kind, &seed);
    let level: i64 = WAVES
        .iter()
        .map(|(step, reach)| wave(&seed, days, *step, *reach) / damping)
        .sum();
    let grown = growth * days / 365;
    let factor = Decimal::new(1_000_000 + level + grown, 6);
    (instrument.base_price * factor).round_dp(4)
}

/// How much smaller than a share's the moves of this instrument are, and how much it gains in a year in millionths.
fn temper(kind: InstrumentType, seed: &Seed) -> (i64, i64) {
    match kind {
        InstrumentType::Cash => (i64::MAX, 0),
        kind if kind.is_quoted_in_per_cent() => (8, 0),
        InstrumentType::Fund => (2, 45_000),
        _ => (1, i64::from(seed.under("growth").between(10_000, 110_000))),
    }
}

/// A line through pseudo-random knots, `step` days apart and within `reach` of zero.
fn wave(seed: &Seed, days: i64, step: i64, reach: u32) -> i64 {
    let (before, within) = (days.div_euclid(step), days.rem_euclid(step));
    let knot = |index: i64| {
        let drawn = seed.under(&format!("{step}:{index}")).below(2 * reach + 1);
        i64::from(drawn) - i64::from(reach)
    };
    let (from, to) = (knot(before), knot(before + 1));
    from + (to - from) * within / step
}
