//! What is held of one instrument at one place, and what was.

use super::{
    AccountNo, Entry, FundEffect, InstrumentNo, Kind, Method, Place, Reason,
    arithmetic::{add, mul, share, sub},
    closing::{Closing, Closings},
    lots::{Closed, DealRate, Lot, Lots, Named, signed_like},
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
    /// Units or nominal in lots; negative where it is short.
    pub(super) units: Decimal,
    /// The nominal of the open lots as they were acquired: redemptions leave it as it is.
    pub(super) original: Decimal,
    pub(super) method: Method,
    pub(super) lots: Lots,
    /// A commitment to a private fund, which has no units of its own.
    pub(super) stake: Option<Rolling>,
    /// Calls and distributions, in order.
    pub(super) flows: Vec<FundFlow>,
    pub(super) stamp: Stamp,
}

/// A call or distribution of a private fund, or what a deal on the secondary market stands for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FundFlow {
    pub(super) date: Date,
    pub(super) account: Option<AccountNo>,
    /// In the account's currency; calls are negative.
    pub(super) amount: Decimal,
    pub(super) is_call: bool,
    /// Whether it changed hands between investors, so that the fund itself neither got nor paid anything.
    pub(super) is_secondary: bool,
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
            original: Decimal::ZERO,
            method,
            lots: Lots::new(method),
            stake: None,
            flows: Vec::new(),
            stamp: Stamp::fresh(),
        }
    }

    /// Units, or nominal; a commitment to a private fund counts as one unit.
    pub fn quantity(&self) -> Decimal {
        if self.is_stake() { Decimal::ONE } else { self.units }
    }

    /// The nominal that a loan's instalments are a fraction of.
    pub fn original_par(&self) -> Decimal {
        self.original
    }

    /// Whether anything is held.
    pub fn is_open(&self) -> bool {
        self.closed_on.is_none()
    }

    /// Whether it is a commitment alone.
    pub(super) fn is_stake(&self) -> bool {
        self.units.is_zero() && self.stake.is_some()
    }

    /// The open lots, oldest first.
    pub fn lots(&self) -> impl Iterator<Item = &Lot> {
        self.lots.iter().chain(self.stake.iter().filter_map(Rolling::lot))
    }

    /// Adds a lot of the sign that is held, or to nothing.
    fn open(&mut self, lot: Lot) -> Result<(), Reason> {
        self.units = add(self.units, lot.quantity)?;
        self.lots.open(lot)?;
        self.closed_on = None;
        Ok(())
    }

    /// Books what a trade, or a delivery from elsewhere, brings (positive) or takes (negative). What is held with the
    /// other sign is closed first, by the method; what is left opens a lot.
    pub(super) fn book(
        &mut self,
        mut lot: Lot,
        entry: &Entry,
        closings: &mut Closings,
    ) -> Result<(), Reason> {
        let is_opposite = self.units.is_sign_negative() != lot.quantity.is_sign_negative();
        if !self.units.is_zero() && is_opposite {
            let quantity = lot.quantity.abs().min(self.units.abs());
            self.close(&mut lot, quantity, (entry, closings))?;
        }
        if lot.quantity.is_zero() {
            // A part of a cost that has no units of its own joins the lot before it.
            return Ok(self.lots.open(lot)?);
        }
        self.original = add(self.original, lot.quantity.abs())?;
        self.open(lot)
    }

    /// Closes `quantity`, which has no sign, for its share of what `lot` costs or brings in.
    fn close(
        &mut self,
        lot: &mut Lot,
        quantity: Decimal,
        (entry, closings): (&Entry, &mut Closings),
    ) -> Result<(), Reason> {
        let (named, by_day) = (self.named(entry), closings.are_kept());
        let (place, instrument, deal) = (self.place, self.instrument, lot.deal);
        let mut tell = |closed: Closed| {
            let part = lot.split(closed.lot.quantity.abs())?;
            closings.push(|| {
                // A short lot was sold first and is paid for now.
                let is_short = closed.lot.quantity.is_sign_negative();
                Closing {
                    instrument,
                    place,
                    opened_by: closed.lot.opened_by,
                    acquired_on: closed.lot.acquired_on,
                    closed_by: entry.number,
                    closed_on: entry.trade_date,
                    quantity: closed.lot.quantity,
                    cost: if is_short { part.cost } else { closed.lot.cost },
                    proceeds: if is_short { -closed.lot.cost } else { -part.cost },
                    layers: closed.layers,
                    opened_at: closed.lot.deal,
                    closed_at: deal,
                }
            });
            Ok(())
        };
        self.lots.close(quantity, named, (by_day, &mut tell))?;
        self.leave(entry, quantity)
    }

    /// Takes units that the entry moves elsewhere; without named lots the oldest. `quantity` has no sign.
    pub(super) fn take(&mut self, entry: &Entry, quantity: Decimal) -> Result<Moved, Reason> {
        if self.is_stake() {
            return self.take_stake(entry.trade_date, quantity);
        }
        let lots = self.lots.take(quantity, self.named(entry))?;
        let before = self.original;
        self.leave(entry, quantity)?;
        Ok(Moved {
            lots,
            original: sub(before, self.original)?,
            flows: Vec::new(),
            is_stake: false,
        })
    }

    /// Takes everything out, short or not.
    pub(super) fn take_all(&mut self, day: Date) -> Result<Vec<Lot>, Reason> {
        let lots = self.lots.take(self.units.abs(), Named::Oldest)?;
        (self.units, self.original) = (Decimal::ZERO, Decimal::ZERO);
        if self.stake.is_none() {
            self.closed_on = Some(day);
        }
        Ok(lots)
    }

    /// Takes in what another place gave. What is short here is closed by it.
    pub(super) fn receive(
        &mut self,
        moved: Moved,
        entry: &Entry,
        closings: &mut Closings,
    ) -> Result<(), Reason> {
        self.closed_on = None;
        if !moved.is_stake {
            let original = add(self.original, moved.original)?;
            for lot in moved.lots {
                self.book(lot, entry, closings)?;
            }
            self.original = if self.units.is_zero() {
                Decimal::ZERO
            } else {
                original
            };
            return Ok(());
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
        self.original = mul(self.original, ratio)?;
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
                deal: None,
            })?;
        }
        if !is_call && effect.affects_cost_basis {
            stake.return_cost(entry.amount)?;
        }
        self.note_flow(entry, effect.clone(), is_call);
        Ok(())
    }

    /// Remembers what a fund's metrics count.
    pub(super) fn note_flow(&mut self, entry: &Entry, effect: FundEffect, is_call: bool) {
        self.flows.push(FundFlow {
            date: entry.trade_date,
            account: entry.account,
            amount: entry.amount,
            is_call,
            is_secondary: matches!(entry.kind, Kind::Buy | Kind::Sell),
            effect,
        });
    }

    /// Sells a whole commitment for `proceeds`. The calls and distributions so far stay with who made them.
    pub(super) fn sell_stake(
        &mut self,
        entry: &Entry,
        (proceeds, deal): (Decimal, Option<DealRate>),
        closings: &mut Closings,
    ) -> Result<(), Reason> {
        ensure_whole(entry.quantity.abs())?;
        let mut stake = self.stake.take().unwrap_or_default();
        let closed = stake.close(Decimal::ONE, closings.are_kept())?;
        self.closed_on = Some(entry.trade_date);
        closings.push(|| Closing {
            instrument: self.instrument,
            place: self.place,
            opened_by: closed.lot.opened_by,
            acquired_on: closed.lot.acquired_on,
            closed_by: entry.number,
            closed_on: entry.trade_date,
            quantity: closed.lot.quantity,
            cost: closed.lot.cost,
            proceeds,
            layers: closed.layers,
            opened_at: closed.lot.deal,
            closed_at: deal,
        });
        Ok(())
    }

    fn take_stake(&mut self, day: Date, quantity: Decimal) -> Result<Moved, Reason> {
        ensure_whole(quantity)?;
        self.closed_on = Some(day);
        let mut stake = self.stake.take().unwrap_or_default();
        Ok(Moved {
            lots: stake.take(Decimal::ONE)?,
            original: Decimal::ZERO,
            flows: std::mem::take(&mut self.flows),
            is_stake: true,
        })
    }

    /// Refuses what would leave less than nothing.
    pub(super) fn ensure_held(&self, quantity: Decimal) -> Result<(), Reason> {
        let held = self.units.max(Decimal::ZERO);
        if quantity > held && !self.is_stake() {
            return Err(Reason::NotHeld {
                held,
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

    /// Takes units out of the sum, and their part of the original par: all that is not repaid shrinks it.
    fn leave(&mut self, entry: &Entry, quantity: Decimal) -> Result<(), Reason> {
        let held = self.units.abs();
        let left = sub(held, quantity)?;
        if left.is_zero() {
            self.original = Decimal::ZERO;
        } else if !matches!(entry.kind, Kind::Redemption) {
            self.original = share(self.original, left, held)?;
        }
        self.units = signed_like(left, self.units);
        if self.units.is_zero() && self.stake.is_none() {
            self.units = Decimal::ZERO;
            self.closed_on = Some(entry.trade_date);
        }
        Ok(())
    }
}

/// A commitment goes as a whole or stays.
fn ensure_whole(quantity: Decimal) -> Result<(), Reason> {
    if quantity == Decimal::ONE {
        return Ok(());
    }
    Err(Reason::NotHeld {
        held: Decimal::ONE,
        wanted: quantity,
    })
}

/// What moves from one place to another.
#[derive(Clone, Debug)]
pub(super) struct Moved {
    pub(super) lots: Vec<Lot>,
    /// The original par that goes with them.
    pub(super) original: Decimal,
    pub(super) flows: Vec<FundFlow>,
    pub(super) is_stake: bool,
}
