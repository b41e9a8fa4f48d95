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
    Curve::of(instrument).on(day)
}

/// A price as a function of the day. It remembers the last knots, so that a walk through the days draws each once.
#[derive(Clone, Debug)]
pub(super) struct Curve {
    seed: Seed,
    base: Decimal,
    damping: i64,
    growth: i64,
    waves: [Wave; WAVES.len()],
}

impl Curve {
    /// The price of an instrument.
    pub(super) fn of(instrument: &Instrument) -> Self {
        let seed = Seed::of(instrument.id.as_str());
        let (damping, growth) = temper(instrument.kind, &seed);
        Self::new(seed, instrument.base_price, (damping, growth))
    }

    /// Something that moves around `base`, `damping` times less than a share does.
    pub(super) fn calm(name: &str, base: Decimal, damping: i64) -> Self {
        Self::new(Seed::of("rate").under(name), base, (damping, 0))
    }

    fn new(seed: Seed, base: Decimal, (damping, growth): (i64, i64)) -> Self {
        Self {
            seed,
            base,
            damping,
            growth,
            waves: WAVES.map(|(step, reach)| Wave {
                step,
                reach,
                knots: None,
            }),
        }
    }

    /// The price at the end of `day`.
    pub(super) fn on(&mut self, day: Date) -> Decimal {
        let days = i64::from((day - ORIGIN).get_days());
        let level: i64 = self
            .waves
            .iter_mut()
            .map(|wave| wave.on(&self.seed, days) / self.damping)
            .sum();
        let grown = self.growth * days / 365;
        let factor = Decimal::new(1_000_000 + level + grown, 6);
        (self.base * factor).round_dp(4)
    }
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
#[derive(Clone, Debug)]
struct Wave {
    step: i64,
    reach: u32,
    /// The number of the last knot that was passed, its height, and that of the one after it.
    knots: Option<(i64, i64, i64)>,
}

impl Wave {
    fn on(&mut self, seed: &Seed, days: i64) -> i64 {
        let (before, within) = (days.div_euclid(self.step), days.rem_euclid(self.step));
        let (from, to) = match self.knots {
            Some((number, from, to)) if number == before => (from, to),
            Some((number, _, to)) if number + 1 == before => (to, self.knot(seed, before + 1)),
            _ => (self.knot(seed, before), self.knot(seed, before + 1)),
        };
        self.knots = Some((before, from, to));
        from + (to - from) * within / self.step
    }

    fn knot(&self, seed: &Seed, number: i64) -> i64 {
        let drawn = seed
            .under(&format!("{}:{number}", self.step))
            .below(2 * self.reach + 1);
        i64::from(drawn) - i64::from(self.reach)
    }
}
