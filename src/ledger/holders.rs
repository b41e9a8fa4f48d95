//! Who holds what an entry is about: its money is earned, or borne, there.

use super::{
    Entry, Fault, InstrumentNo, Kind, Place, Position, Scope,
    arithmetic::{add, share},
    valuation::Valuation,
};
use rust_decimal::Decimal;

/// The places that hold an instrument, and how much each does.
#[derive(Debug)]
pub(super) struct Holders {
    places: Vec<(Place, Decimal)>,
    all: Decimal,
}

impl Holders {
    /// Of the instrument of `entry`: the depository that it names. An entry that names none is about all holdings of
    /// its client, by quantity; where it holds nothing any more, about those that it held last.
    pub(super) fn of(
        valuation: &Valuation<'_>,
        entry: &Entry,
        instrument: InstrumentNo,
    ) -> Result<Self, Fault> {
        let state = valuation.state;
        let named = match &entry.kind {
            _ if entry.depository.is_some() => entry.place(),
            Kind::Buy | Kind::Sell | Kind::Redemption => entry.place(),
            Kind::CapitalCall(_) | Kind::Distribution(_) => {
                state.stake_place(valuation.chart, entry, instrument)
            }
            _ => None,
        };
        if let Some(place) = named {
            return Ok(Self {
                places: vec![(place, Decimal::ONE)],
                all: Decimal::ONE,
            });
        }
        let client = entry.place().and_then(|place| valuation.chart.client(place));
        let own = || {
            state.positions().filter(move |position| {
                position.instrument == instrument && valuation.chart.client(position.place) == client
            })
        };
        let open: Vec<_> = own()
            .filter(|position| position.is_open())
            .map(|position| (position.place, position.quantity().abs()))
            .collect();
        let last = own().filter_map(|position| position.closed_on).max();
        let places = if open.is_empty() {
            own()
                .filter(|position| position.closed_on == last)
                .map(|position: &Position| (position.place, Decimal::ONE))
                .collect()
        } else {
            open
        };
        let mut all = Decimal::ZERO;
        for (_, quantity) in &places {
            all = add(all, *quantity)?;
        }
        Ok(Self { places, all })
    }

    /// The part of `amount` that belongs to what is held inside a scope. Where nobody ever held anything, it belongs
    /// to who is paid.
    pub(super) fn part(
        &self,
        amount: Decimal,
        (scope, instrument): (&Scope, InstrumentNo),
        paid: bool,
    ) -> Result<Decimal, Fault> {
        if self.all.is_zero() {
            return Ok(if paid { amount } else { Decimal::ZERO });
        }
        let mut inside = Decimal::ZERO;
        for (_, quantity) in self
            .places
            .iter()
            .filter(|(place, _)| scope.has(*place, instrument))
        {
            inside = add(inside, *quantity)?;
        }
        Ok(share(amount, inside, self.all)?)
    }
}

/// Where a corporate action finds units, and how many.
pub(super) fn affected(
    valuation: &Valuation<'_>,
    entry: &Entry,
    instrument: InstrumentNo,
) -> Vec<(Place, Decimal)> {
    let own = entry.depository.map(Place::Depository);
    let client = entry.place().and_then(|place| valuation.chart.client(place));
    valuation
        .state
        .positions()
        .filter(|position| position.instrument == instrument && !position.units.is_zero())
        .filter(|position| match own {
            Some(own) => position.place == own,
            None => client.is_none() || valuation.chart.client(position.place) == client,
        })
        .map(|position| (position.place, position.units))
        .collect()
}
