//! The ledger at a moment: money of every account and what is held everywhere.

use super::{
    AccountNo, Chart, ClientNo, Entry, InstrumentNo, Place, Point, Reason, arithmetic::add,
    position::Position, stamp::Stamp, traded::Traded,
};
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::{collections::HashMap, sync::Arc};

/// The sum of all entries up to a point. Cloning shares the positions; a change copies the one that it touches.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    cash: Vec<Decimal>,
    positions: Vec<Arc<Position>>,
    index: Arc<HashMap<(Place, InstrumentNo), usize>>,
    traded: Vec<Traded>,
}

impl State {
    /// The money of an account, in its currency.
    pub fn cash(&self, account: AccountNo) -> Decimal {
        self.cash.get(account.index()).copied().unwrap_or_default()
    }

    /// Everything that is or was held, in order of first appearance.
    pub fn positions(&self) -> impl Iterator<Item = &Position> {
        self.positions.iter().map(Arc::as_ref)
    }

    /// What is or was held of an instrument at a place.
    pub fn position(&self, place: Place, instrument: InstrumentNo) -> Option<&Position> {
        let slot = self.index.get(&(place, instrument))?;
        self.positions.get(*slot).map(Arc::as_ref)
    }

    /// The price of the latest trade of an instrument as the holding at `place` sees it, with its day.
    pub(super) fn traded(&self, chart: &Chart, place: Place, instrument: InstrumentNo) -> Option<Point> {
        self.traded.get(instrument.index())?.price(chart, place)
    }

    /// The price of the latest trade of an instrument anywhere.
    pub(super) fn latest_traded(&self, instrument: InstrumentNo) -> Option<Point> {
        self.traded.get(instrument.index())?.latest()
    }

    pub(super) fn traded_mut(&mut self, instrument: InstrumentNo) -> &mut Traded {
        let index = instrument.index();
        if index >= self.traded.len() {
            self.traded.resize(index + 1, Traded::default());
        }
        &mut self.traded[index]
    }

    pub(super) fn pay(&mut self, account: AccountNo, amount: Decimal) -> Result<(), Reason> {
        let index = account.index();
        if index >= self.cash.len() {
            self.cash.resize(index + 1, Decimal::ZERO);
        }
        self.cash[index] = add(self.cash[index], amount)?;
        Ok(())
    }

    /// The position to change, opened where it is new.
    pub(super) fn position_mut(
        &mut self,
        chart: &Chart,
        (place, instrument): (Place, InstrumentNo),
        day: Date,
    ) -> &mut Position {
        let slot = self.index.get(&(place, instrument)).copied().unwrap_or_else(|| {
            let position = Position::new(place, instrument, chart.method(place), day);
            self.positions.push(Arc::new(position));
            let slot = self.positions.len() - 1;
            Arc::make_mut(&mut self.index).insert((place, instrument), slot);
            slot
        });
        let position = Arc::make_mut(&mut self.positions[slot]);
        position.stamp = Stamp::fresh();
        position
    }

    /// Where a capital call or distribution belongs: the place that it names, or the commitment that its client has.
    pub(super) fn stake_place(
        &self,
        chart: &Chart,
        entry: &Entry,
        instrument: InstrumentNo,
    ) -> Option<Place> {
        let own = entry.place()?;
        if entry.depository.is_some()
            || self
                .position(own, instrument)
                .is_some_and(|held| held.stake.is_some())
        {
            return Some(own);
        }
        let client = chart.client(own)?;
        // An account may commit money of its own; only what comes back is of a commitment for certain.
        let is_call = matches!(entry.kind, super::Kind::CapitalCall(_));
        let place = self
            .held_by(chart, client, instrument)
            .filter(|position| position.stake.is_some())
            .map(|position| position.place)
            .find(|place| !is_call || matches!(place, Place::Depository(_)));
        Some(place.unwrap_or(own))
    }

    /// What a client holds of an instrument, in order of first appearance.
    pub(super) fn held_by<'a>(
        &'a self,
        chart: &'a Chart,
        client: ClientNo,
        instrument: InstrumentNo,
    ) -> impl Iterator<Item = &'a Position> {
        self.positions().filter(move |position| {
            position.instrument == instrument
                && position.is_open()
                && chart.client(position.place) == Some(client)
        })
    }
}
