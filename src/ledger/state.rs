//! The ledger at a moment: money of every account and what is held everywhere.

use super::{
    AccountNo, Chart, InstrumentNo, Method, Place, Point, Reason,
    arithmetic::{add, div},
    lots::Lots,
    position::Position,
    stamp::Stamp,
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
    without_lots: bool,
}

/// The price of the latest trade of an instrument anywhere.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Traded {
    point: Option<Point>,
    /// The day of the latest split, which several depositories report.
    split_on: Option<Date>,
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

    /// The price of the latest trade of an instrument, with its day.
    pub fn traded(&self, instrument: InstrumentNo) -> Option<Point> {
        self.traded.get(instrument.index())?.point
    }

    /// The same without lots, for those who go on from here and look at values alone.
    pub(super) fn without_lots(mut self) -> Self {
        for position in &mut self.positions {
            Arc::make_mut(position).lots = Lots::Untold;
        }
        self.without_lots = true;
        self
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
            let method = match place {
                Place::Depository(depository) => chart.depository(depository),
                Place::Account(_) => None,
            };
            let method = method.unwrap_or(Method::Average);
            let mut position = Position::new(place, instrument, method, day);
            if self.without_lots {
                position.lots = Lots::Untold;
            }
            self.positions.push(Arc::new(position));
            let slot = self.positions.len() - 1;
            Arc::make_mut(&mut self.index).insert((place, instrument), slot);
            slot
        });
        let position = Arc::make_mut(&mut self.positions[slot]);
        position.stamp = Stamp::fresh();
        position
    }

    /// Where an instrument is held.
    pub(super) fn places_of(&self, instrument: InstrumentNo) -> Vec<Place> {
        self.positions()
            .filter(|position| position.instrument == instrument && position.is_open())
            .map(|position| position.place)
            .collect()
    }

    pub(super) fn note_price(&mut self, instrument: InstrumentNo, point: Point) {
        self.traded_mut(instrument).point = Some(point);
    }

    /// Brings the latest traded price to new units, once a day however many depositories tell of the split.
    pub(super) fn note_split(
        &mut self,
        instrument: InstrumentNo,
        ratio: Decimal,
        day: Date,
    ) -> Result<(), Reason> {
        let traded = self.traded_mut(instrument);
        if traded.split_on == Some(day) {
            return Ok(());
        }
        traded.split_on = Some(day);
        if let Some(point) = &mut traded.point {
            point.value = div(point.value, ratio)?;
        }
        Ok(())
    }

    fn traded_mut(&mut self, instrument: InstrumentNo) -> &mut Traded {
        let index = instrument.index();
        if index >= self.traded.len() {
            self.traded.resize(index + 1, Traded::default());
        }
        &mut self.traded[index]
    }
}
