//! What is held of one instrument at one place, and what was.

use super::{
    AccountNo, Entry, FundEffect, InstrumentNo, Kind, Method, Place, Reason,
    arithmetic::{add, mul, sub},
    lots::{Lot, Lots, Named},
    rolling::Rolling,
    stamp::Stamp,
};
use jiff::civil::Date;
use rust_decimal::Decimal;

/// One instrument at one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Position {
    /// Where.
    pub place: Place,
    /// What.
    pub instrument: InstrumentNo,
    /// The day it was first held.
    pub opened_on: Date,
    /// The day it was last given away entirely; none while it is held.
    pub closed_on: Option<Date>,
    /// Units or nominal in lots.
    pub(super) units: Decimal,
    pub(super) method: Method,
    pub(super) lots: Lots,
    /// A commitment to a private fund, which has no units of its own.
    pub(super) stake: Option<Rolling>,
    /// Calls and distributions, in order.
    pub(super) flows: Vec<FundFlow>,
    pub(super) stamp: Stamp,
}

/// A call or distribution of a private fund.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FundFlow {
    pub(super) date: Date,
    pub(super) account: Option<AccountNo>,
    /// In the account's currency; calls are negative.
    pub(super) amount: Decimal,
    pub(super) is_call: bool,
    pub(super) effect: FundEffect,
}

impl Position {
    pub(super) fn new(place: Place, instrument: InstrumentNo, method: Method, day: Date) -> Self {
        Self {
            place,
            instrument,
            opened_on: day,
            closed_on: None,
            units: Decimal::ZERO,
            method,
            lots: Lots::new(method),
            stake: None,
            flows: Vec::new(),
            stamp: Stamp::fresh(),
        }
    }

    /// Units, or nominal; a commitment to a private fund counts as one unit.
    pub fn quantity(&self) -> Decimal {
        if self.units.is_zero() && self.stake.is_some() {
            Decimal::ONE
        } else {
            self.units
        }
    }

    /// Whether anything is held.
    pub fn is_open(&self) -> bool {
        self.closed_on.is_none()
    }

    /// The open lots, oldest first.
    pub fn lots(&self) -> impl Iterator<Item = &Lot> {
        self.lots.iter().chain(self.stake.iter().filter_map(Rolling::lot))
    }

    pub(super) fn open(&mut self, lot: Lot) -> Result<(), Reason> {
        self.units = add(self.units, lot.quantity)?;
        self.lots.open(lot)?;
        self.closed_on = None;
        Ok(())
    }

    /// Closes what the entry sells and returns what it had cost.
    pub(super) fn close(&mut self, entry: &Entry, quantity: Decimal) -> Result<Decimal, Reason> {
        if self.units.is_zero() && self.stake.is_some() {
            let sold = self.take_stake(entry.trade_date, quantity)?;
            let cost = sold.cost()?;
            // The calls and distributions so far stay with who made them.
            self.flows = sold.flows;
            return Ok(cost);
        }
        self.ensure_held(quantity)?;
        let cost = self.lots.close(quantity, self.named(entry))?;
        self.leave(entry.trade_date, quantity)?;
        Ok(cost)
    }

    /// Takes what the entry moves elsewhere; without named lots the oldest.
    pub(super) fn take(&mut self, entry: &Entry, quantity: Decimal) -> Result<Moved, Reason> {
        if self.units.is_zero() && self.stake.is_some() {
            return self.take_stake(entry.trade_date, quantity);
        }
        self.ensure_held(quantity)?;
        let lots = self.lots.take(quantity, self.named(entry))?;
        self.leave(entry.trade_date, quantity)?;
        Ok(Moved {
            lots,
            flows: Vec::new(),
            is_stake: false,
        })
    }

    /// Takes in what another place gave.
    pub(super) fn receive(&mut self, moved: Moved) -> Result<(), Reason> {
        self.closed_on = None;
        if !moved.is_stake {
            return moved.lots.into_iter().try_for_each(|lot| self.open(lot));
        }
        let stake = self.stake.get_or_insert_default();
        for lot in moved.lots {
            stake.open(lot)?;
        }
        self.flows.extend(moved.flows);
        self.flows.sort_by_key(|flow| flow.date);
        Ok(())
    }

    pub(super) fn multiply(&mut self, ratio: Decimal) -> Result<(), Reason> {
        self.units = mul(self.units, ratio)?;
        self.lots.multiply(ratio)?;
        Ok(())
    }

    /// A capital call or distribution.
    pub(super) fn flow(&mut self, entry: &Entry, effect: &FundEffect) -> Result<(), Reason> {
        let is_call = matches!(entry.kind, Kind::CapitalCall(_));
        let paid = if is_call && effect.affects_cost_basis {
            -entry.amount
        } else {
            Decimal::ZERO
        };
        self.closed_on = None;
        let first = self.stake.is_none();
        let stake = self.stake.get_or_insert_default();
        if first || !paid.is_zero() {
            stake.open(Lot {
                opened_by: entry.number,
                acquired_on: entry.trade_date,
                quantity: if first { Decimal::ONE } else { Decimal::ZERO },
                cost: paid,
            })?;
        }
        if !is_call && effect.affects_cost_basis {
            stake.return_cost(entry.amount)?;
        }
        self.flows.push(FundFlow {
            date: entry.trade_date,
            account: entry.account,
            amount: entry.amount,
            is_call,
            effect: effect.clone(),
        });
        Ok(())
    }

    fn take_stake(&mut self, day: Date, quantity: Decimal) -> Result<Moved, Reason> {
        if quantity != Decimal::ONE {
            return Err(Reason::NotHeld {
                held: Decimal::ONE,
                wanted: quantity,
            });
        }
        self.closed_on = Some(day);
        let mut stake = self.stake.take().unwrap_or_default();
        Ok(Moved {
            lots: stake.take(Decimal::ONE)?,
            flows: std::mem::take(&mut self.flows),
            is_stake: true,
        })
    }

    fn ensure_held(&self, quantity: Decimal) -> Result<(), Reason> {
        if quantity > self.units {
            return Err(Reason::NotHeld {
                held: self.units,
                wanted: quantity,
            });
        }
        Ok(())
    }

    fn named<'e>(&self, entry: &'e Entry) -> Named<'e> {
        match self.method {
            Method::SpecificId if !entry.lots.is_empty() => Named::These(&entry.lots),
            _ => Named::Oldest,
        }
    }

    fn leave(&mut self, day: Date, quantity: Decimal) -> Result<(), Reason> {
        self.units = sub(self.units, quantity)?;
        if self.units.is_zero() && self.stake.is_none() {
            self.closed_on = Some(day);
        }
        Ok(())
    }
}

/// What moves from one place to another.
#[derive(Clone, Debug)]
pub(super) struct Moved {
    pub(super) lots: Vec<Lot>,
    pub(super) flows: Vec<FundFlow>,
    pub(super) is_stake: bool,
}

impl Moved {
    fn cost(&self) -> Result<Decimal, Reason> {
        let mut cost = Decimal::ZERO;
        for lot in &self.lots {
            cost = add(cost, lot.cost)?;
        }
        Ok(cost)
    }
}
