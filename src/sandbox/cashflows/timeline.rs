//! How much of an instrument was held over time in a part of its places.

use crate::ledger::{Entry, Fault, Kind, Place};
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::collections::HashMap;

/// What was held at the end of each day on which it changed, in order of the days.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Timeline(Vec<(Date, Decimal)>);

impl Timeline {
    /// What `entries`, which are in order of their days, come to in the places that are `inside`.
    ///
    /// # Errors
    /// When a sum leaves the range of 28 digits.
    pub(super) fn of(entries: &[&Entry], inside: impl Fn(Place) -> bool) -> Result<Self, Fault> {
        let mut held: HashMap<Place, Decimal> = HashMap::new();
        let mut days: Vec<(Date, Decimal)> = Vec::new();
        for entry in entries {
            book(&mut held, entry).ok_or(Fault::Overflow)?;
            let mut sum = Decimal::ZERO;
            for (_, quantity) in held.iter().filter(|(place, _)| inside(**place)) {
                sum = sum.checked_add(*quantity).ok_or(Fault::Overflow)?;
            }
            match days.last_mut() {
                Some((day, last)) if *day == entry.trade_date => *last = sum,
                _ => days.push((entry.trade_date, sum)),
            }
        }
        Ok(Self(days))
    }

    /// The first day that anything was held at the end of.
    pub(super) fn first(&self) -> Option<Date> {
        let found = self.0.iter().find(|(_, quantity)| !quantity.is_zero());
        found.map(|(day, _)| *day)
    }

    /// What was held at the end of `day`.
    pub(super) fn on(&self, day: Date) -> Decimal {
        let later = self.0.partition_point(|(changed, _)| *changed <= day);
        self.0[..later].last().map_or(Decimal::ZERO, |(_, held)| *held)
    }

    /// Whether anything was held at the end of a day from `first` to `last`, both included.
    pub(super) fn was_ever(&self, first: Date, last: Date) -> bool {
        let within = self.0.iter().filter(|(day, _)| (first..=last).contains(day));
        !self.on(first).is_zero() || within.into_iter().any(|(_, held)| !held.is_zero())
    }
}

fn book(held: &mut HashMap<Place, Decimal>, entry: &Entry) -> Option<()> {
    let place = entry.place();
    match &entry.kind {
        Kind::CorporateAction { ratio } => {
            let of = entry.depository.and(place);
            for (_, quantity) in held
                .iter_mut()
                .filter(|(place, _)| of.is_none_or(|of| of == **place))
            {
                *quantity = quantity.checked_mul(*ratio)?;
            }
        }
        Kind::Transfer { account, depository } => {
            let other = (*depository)
                .map(Place::Depository)
                .or((*account).map(Place::Account));
            for (place, quantity) in [(place, entry.quantity), (other, -entry.quantity)] {
                if let Some(place) = place {
                    add(held, place, quantity)?;
                }
            }
        }
        // What is committed to a private fund is no quantity.
        Kind::CapitalCall(_) | Kind::Distribution(_) => {}
        _ => {
            if let Some(place) = place {
                add(held, place, entry.quantity)?;
            }
        }
    }
    Some(())
}

fn add(held: &mut HashMap<Place, Decimal>, place: Place, quantity: Decimal) -> Option<()> {
    let sum = held.entry(place).or_default();
    *sum = sum.checked_add(quantity)?;
    Some(())
}
