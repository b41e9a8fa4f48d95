//! Lots: what was acquired when, at which cost, and how much of it is left.

use super::{
    Method, Reason, TransactionNo,
    arithmetic::{Overflow, add, mul, share, sub},
    rolling::Rolling,
};
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::collections::VecDeque;

/// A lot, or a part of one on its way to another depository.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lot {
    /// The transaction that opened it.
    pub opened_by: TransactionNo,
    /// Its trade date.
    pub acquired_on: Date,
    /// Units, or nominal.
    pub quantity: Decimal,
    /// In the instrument's currency, with fees and without accrued interest.
    pub cost: Decimal,
}

impl Lot {
    fn rank(&self) -> (Date, TransactionNo) {
        (self.acquired_on, self.opened_by)
    }

    /// Splits `quantity` off at its share of the cost.
    fn split(&mut self, quantity: Decimal) -> Result<Self, Overflow> {
        let cost = share(self.cost, quantity, self.quantity)?;
        let part = Self {
            quantity,
            cost,
            ..*self
        };
        self.cost = sub(self.cost, cost)?;
        self.quantity = sub(self.quantity, quantity)?;
        Ok(part)
    }
}

/// The lots of one instrument at one place.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Lots {
    /// One for each purchase, oldest first.
    Separate(VecDeque<Lot>),
    /// One for all.
    Rolling(Rolling),
    /// Nobody asks for them, as when only values are wanted.
    Untold,
}

impl Lots {
    /// No lots, to be kept by this method.
    pub(super) fn new(method: Method) -> Self {
        match method {
            Method::Fifo | Method::SpecificId => Self::Separate(VecDeque::new()),
            Method::Average => Self::Rolling(Rolling::default()),
        }
    }

    /// The open lots, oldest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Lot> {
        let (separate, rolling) = match self {
            Self::Separate(lots) => (Some(lots.iter()), None),
            Self::Rolling(rolling) => (None, rolling.lot()),
            Self::Untold => (None, None),
        };
        separate.into_iter().flatten().chain(rolling)
    }

    /// Adds a lot where its age puts it.
    pub(super) fn open(&mut self, lot: Lot) -> Result<(), Overflow> {
        match self {
            Self::Rolling(rolling) => rolling.open(lot)?,
            Self::Untold => {}
            Self::Separate(_) if lot.quantity.is_zero() && lot.cost.is_zero() => {}
            Self::Separate(lots) => match lots.back() {
                Some(last) if last.rank() > lot.rank() => {
                    let place = lots.partition_point(|held| held.rank() <= lot.rank());
                    lots.insert(place, lot);
                }
                _ => lots.push_back(lot),
            },
        }
        Ok(())
    }

    /// Closes `quantity` and returns what it had cost.
    pub(super) fn close(&mut self, quantity: Decimal, named: Named<'_>) -> Result<Decimal, Reason> {
        if let Self::Rolling(rolling) = self {
            return rolling.close(quantity);
        }
        let mut cost = Decimal::ZERO;
        self.take_each(quantity, named, |lot| {
            cost = add(cost, lot.cost)?;
            Ok(())
        })?;
        Ok(cost)
    }

    /// Takes `quantity` out, with its cost and dates.
    pub(super) fn take(&mut self, quantity: Decimal, named: Named<'_>) -> Result<Vec<Lot>, Reason> {
        if let Self::Rolling(rolling) = self {
            return rolling.take(quantity);
        }
        let mut taken = Vec::new();
        if matches!(self, Self::Untold) {
            taken.push(Lot {
                opened_by: TransactionNo(0),
                acquired_on: Date::ZERO,
                quantity,
                cost: Decimal::ZERO,
            });
        }
        self.take_each(quantity, named, |lot| {
            taken.push(lot);
            Ok(())
        })?;
        Ok(taken)
    }

    /// Multiplies every quantity at unchanged cost.
    pub(super) fn multiply(&mut self, ratio: Decimal) -> Result<(), Overflow> {
        match self {
            Self::Rolling(rolling) => rolling.multiply(ratio),
            Self::Untold => Ok(()),
            Self::Separate(lots) => lots.iter_mut().try_for_each(|lot| {
                lot.quantity = mul(lot.quantity, ratio)?;
                Ok(())
            }),
        }
    }

    fn take_each(
        &mut self,
        quantity: Decimal,
        named: Named<'_>,
        mut with: impl FnMut(Lot) -> Result<(), Overflow>,
    ) -> Result<(), Reason> {
        let Self::Separate(lots) = self else {
            return Ok(());
        };
        let mut left = quantity;
        let mut in_turn = named.in_turn();
        while left > Decimal::ZERO {
            let place = match &mut in_turn {
                None => 0,
                Some(in_turn) => match in_turn.next() {
                    Some(name) => find(lots, *name)?,
                    None => {
                        return Err(Reason::LotsTooSmall {
                            held: sub(quantity, left)?,
                            wanted: quantity,
                        });
                    }
                },
            };
            let Some(lot) = lots.get_mut(place) else {
                return Err(Reason::NotHeld {
                    held: sub(quantity, left)?,
                    wanted: quantity,
                });
            };
            if lot.quantity > left {
                with(lot.split(left)?)?;
                return Ok(());
            }
            left = sub(left, lot.quantity)?;
            with(*lot)?;
            lots.remove(place);
        }
        Ok(())
    }
}

fn find(lots: &VecDeque<Lot>, name: TransactionNo) -> Result<usize, Reason> {
    lots.iter()
        .position(|lot| lot.opened_by == name)
        .ok_or(Reason::LotNotOpen(name))
}

/// Which lots to take.
#[derive(Clone, Copy, Debug)]
pub(super) enum Named<'a> {
    /// The oldest.
    Oldest,
    /// These, in this order.
    These(&'a [TransactionNo]),
}

impl<'a> Named<'a> {
    fn in_turn(self) -> Option<std::slice::Iter<'a, TransactionNo>> {
        match self {
            Self::Oldest => None,
            Self::These(names) => Some(names.iter()),
        }
    }
}
