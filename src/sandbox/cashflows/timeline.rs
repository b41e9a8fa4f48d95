//! How much of an instrument was held over time in a part of its places.

use crate::ledger::{Chart, Entry, Fault, Held, InstrumentNo, Scope, Units};
use jiff::civil::Date;
use rust_decimal::Decimal;

/// What was held at the end of each day on which it changed, in order of the days.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Timeline(Vec<(Date, Held)>);

impl Timeline {
    /// What `entries`, which are in order of their days, come to of `instrument` in `scope`.
    ///
    /// # Errors
    /// When a sum leaves the range of 28 digits.
    pub(super) fn of(
        chart: &Chart,
        entries: &[&Entry],
        (scope, instrument): (&Scope, InstrumentNo),
    ) -> Result<Self, Fault> {
        let mut units = Units::default();
        let mut days: Vec<(Date, Held)> = Vec::new();
        for entry in entries {
            units.add(chart, entry).ok_or(Fault::Overflow)?;
            let sum = sum(&units, (scope, instrument)).ok_or(Fault::Overflow)?;
            match days.last_mut() {
                Some((day, last)) if *day == entry.trade_date => *last = sum,
                _ => days.push((entry.trade_date, sum)),
            }
        }
        Ok(Self(days))
    }

    /// The first day that anything was held at the end of.
    pub(super) fn first(&self) -> Option<Date> {
        let found = self.0.iter().find(|(_, held)| !held.quantity.is_zero());
        found.map(|(day, _)| *day)
    }

    /// What was held at the end of `day`.
    pub(super) fn on(&self, day: Date) -> Held {
        let later = self.0.partition_point(|(changed, _)| *changed <= day);
        self.0[..later]
            .last()
            .map_or_else(Held::default, |(_, held)| *held)
    }

    /// Whether anything was held at the end of a day from `first` to `last`, both included.
    pub(super) fn was_ever(&self, first: Date, last: Date) -> bool {
        let within = self.0.iter().filter(|(day, _)| (first..=last).contains(day));
        let is_held = |held: Held| !held.quantity.is_zero();
        is_held(self.on(first)) || within.into_iter().any(|(_, held)| is_held(*held))
    }
}

fn sum(units: &Units, (scope, instrument): (&Scope, InstrumentNo)) -> Option<Held> {
    let mut all = Held {
        quantity: Decimal::ZERO,
        original: Decimal::ZERO,
    };
    for ((place, of), held) in units.assets() {
        if of == instrument && scope.has(place, of) {
            all.quantity = all.quantity.checked_add(held.quantity)?;
            all.original = all.original.checked_add(held.original)?;
        }
    }
    Some(all)
}
