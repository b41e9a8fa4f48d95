//! One entry folded onto the state before it.

use super::{
    Chart, Entry, Gain, Instrument, InstrumentNo, Kind, Member, Place, Point, Reason, Refusal, State, Terms,
    arithmetic::{Overflow, add, div, mul, sub},
    lots::Lot,
    position::{Moved, Position},
    rules,
};
use rust_decimal::Decimal;

/// Adds `entry` to `state`. On refusal the state is of no further use.
pub(super) fn fold(state: &mut State, chart: &Chart, entry: &Entry) -> Result<Option<Gain>, Refusal> {
    rules::check(chart, entry)
        .and_then(|()| Fold { state, chart, entry }.run())
        .map_err(|reason| Refusal {
            number: entry.number,
            date: entry.trade_date,
            reason,
        })
}

struct Fold<'a> {
    state: &'a mut State,
    chart: &'a Chart,
    entry: &'a Entry,
}

impl Fold<'_> {
    fn run(mut self) -> Result<Option<Gain>, Reason> {
        if let Some(account) = self.entry.account {
            self.state.pay(account, self.entry.amount)?;
        }
        let gain = match &self.entry.kind {
            Kind::Buy => self.open().map(|()| None)?,
            Kind::Sell | Kind::Redemption => Some(self.close()?),
            Kind::Transfer { account, depository } => {
                if let Some(account) = account {
                    self.state.pay(*account, -self.entry.amount)?;
                }
                // Without a depository of its own, a commitment moves between accounts.
                let account = account.filter(|_| self.entry.depository.is_none());
                let other = depository.map(Place::Depository).or(account.map(Place::Account));
                self.transfer(other).map(|()| None)?
            }
            Kind::FxTrade { account, amount } => {
                self.state.pay(*account, *amount)?;
                None
            }
            Kind::CorporateAction { ratio } => self.multiply(*ratio).map(|()| None)?,
            Kind::CapitalCall(effect) | Kind::Distribution(effect) => {
                let key = self.key()?;
                let position = self.state.position_mut(self.chart, key, self.entry.trade_date);
                position.flow(self.entry, effect)?;
                None
            }
            Kind::Deposit | Kind::Withdrawal | Kind::Dividend | Kind::Coupon | Kind::Interest | Kind::Fee => {
                None
            }
        };
        self.note_price();
        Ok(gain)
    }

    fn key(&self) -> Result<(Place, InstrumentNo), Reason> {
        let place = self.entry.place().ok_or(Reason::Missing(Member::Depository))?;
        let instrument = self.entry.instrument.ok_or(Reason::Missing(Member::Instrument))?;
        Ok((place, instrument))
    }

    fn instrument(&self, number: InstrumentNo) -> Result<&Instrument, Reason> {
        self.chart
            .instrument(number)
            .ok_or(Reason::Unknown(Member::Instrument))
    }

    fn open(&mut self) -> Result<(), Reason> {
        let key = self.key()?;
        let cost = add(self.principal(key.1)?, self.entry.fees)?;
        let lot = Lot {
            opened_by: self.entry.number,
            acquired_on: self.entry.trade_date,
            quantity: self.entry.quantity,
            cost,
        };
        self.state
            .position_mut(self.chart, key, self.entry.trade_date)
            .open(lot)
    }

    fn close(&mut self) -> Result<Gain, Reason> {
        let key = self.key()?;
        let proceeds = sub(self.principal(key.1)?, self.entry.fees)?;
        let quantity = self.entry.quantity.abs();
        let entry = self.entry;
        let cost = self.held(key, quantity)?.close(entry, quantity)?;
        Ok(Gain {
            number: self.entry.number,
            date: self.entry.trade_date,
            amount: sub(proceeds, cost)?,
        })
    }

    /// The position that something leaves; what was never held is not opened.
    fn held(&mut self, key: (Place, InstrumentNo), wanted: Decimal) -> Result<&mut Position, Reason> {
        let held = Decimal::ZERO;
        if self.state.position(key.0, key.1).is_none() {
            return Err(Reason::NotHeld { held, wanted });
        }
        Ok(self.state.position_mut(self.chart, key, self.entry.trade_date))
    }

    fn transfer(&mut self, other: Option<Place>) -> Result<(), Reason> {
        if self.entry.instrument.is_none() {
            return Ok(());
        }
        let own = self.key()?;
        let quantity = self.entry.quantity.abs();
        let (from, to) = if self.entry.quantity.is_sign_negative() {
            (Some(own.0), other)
        } else {
            (other, Some(own.0))
        };
        let entry = self.entry;
        let moved = match from {
            Some(place) => self.held((place, own.1), quantity)?.take(entry, quantity)?,
            None => self.brought_in(own.1, quantity)?,
        };
        match to {
            Some(place) => self
                .state
                .position_mut(self.chart, (place, own.1), self.entry.trade_date)
                .receive(moved),
            None => Ok(()),
        }
    }

    /// A lot from outside the tenant: at its stated price, or at that of the latest trade.
    fn brought_in(&self, number: InstrumentNo, quantity: Decimal) -> Result<Moved, Reason> {
        let price = self
            .entry
            .price
            .or(self.state.traded(number).map(|point| point.value))
            .unwrap_or_default();
        let worth = per_unit(&self.instrument(number)?.terms, mul(quantity, price)?)?;
        let lot = Lot {
            opened_by: self.entry.number,
            acquired_on: self.entry.trade_date,
            quantity,
            cost: add(worth, self.entry.fees)?,
        };
        Ok(Moved {
            lots: vec![lot],
            flows: Vec::new(),
            is_stake: false,
        })
    }

    fn multiply(&mut self, ratio: Decimal) -> Result<(), Reason> {
        let instrument = self.entry.instrument.ok_or(Reason::Missing(Member::Instrument))?;
        let places = match self.entry.depository {
            Some(depository) => vec![Place::Depository(depository)],
            None => self.state.places_of(instrument),
        };
        for place in places {
            if self.state.position(place, instrument).is_some() {
                self.state
                    .position_mut(self.chart, (place, instrument), self.entry.trade_date)
                    .multiply(ratio)?;
            }
        }
        self.state.note_split(instrument, ratio, self.entry.trade_date)
    }

    /// What was traded, without fees and accrued interest, in the instrument's currency and without sign.
    fn principal(&self, number: InstrumentNo) -> Result<Decimal, Reason> {
        let instrument = self.instrument(number)?;
        let entry = self.entry;
        if matches!(instrument.terms, Terms::IndexLinkedBond(_)) && self.pays_in(instrument) {
            // Its price is quoted before indexation: only the money says what was paid.
            let clean = sub(entry.amount.abs(), entry.accrued_interest)?;
            let is_purchase = entry.quantity.is_sign_positive();
            return Ok(if is_purchase {
                sub(clean, entry.fees)?
            } else {
                add(clean, entry.fees)?
            });
        }
        let price = entry.price.ok_or(Reason::Missing(Member::Price))?;
        Ok(per_unit(&instrument.terms, mul(entry.quantity.abs(), price)?)?)
    }

    fn pays_in(&self, instrument: &Instrument) -> bool {
        let account = self.entry.account.and_then(|account| self.chart.account(account));
        account == Some(instrument.currency)
    }

    fn note_price(&mut self) {
        if let (Some(instrument), Some(value)) = (self.entry.instrument, self.entry.price) {
            let date = self.entry.trade_date;
            self.state.note_price(instrument, Point { date, value });
        }
    }
}

/// Money from quantity × price.
pub(super) fn per_unit(terms: &Terms, product: Decimal) -> Result<Decimal, Overflow> {
    match terms {
        Terms::Option { multiplier } => mul(product, *multiplier),
        terms if terms.is_quoted_in_per_cent() => div(product, Decimal::ONE_HUNDRED),
        _ => Ok(product),
    }
}
