//! Lots: what was acquired when, at which cost, and how much of it is left.

use super::{
    Currency, Method, Reason, TransactionNo,
    arithmetic::{Overflow, mul, share, sub},
    layers::Layer,
    rolling::Rolling,
};
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::collections::VecDeque;

/// A lot, or a part of one on its way to another depository. A short one has a negative quantity, and a negative cost:
/// what its sale brought in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lot {
    /// The transaction that opened it.
    pub opened_by: TransactionNo,
    /// Its trade date, or the day of acquisition that a transfer stated.
    pub acquired_on: Date,
    /// Units, or nominal.
    pub quantity: Decimal,
    /// In the instrument's currency, with fees and without accrued interest.
    pub cost: Decimal,
    /// The rate of the deal that opened it, where it stated one.
    pub deal: Option<DealRate>,
}

/// A rate that a deal stated: it takes the place of the market's for that deal alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DealRate {
    /// The currency of the account that paid.
    pub currency: Currency,
    /// Units of it for one of the instrument's currency; positive.
    pub rate: Decimal,
}

impl Lot {
    fn rank(&self) -> (Date, TransactionNo) {
        (self.acquired_on, self.opened_by)
    }

    /// Splits units off at their share of the cost; `quantity` has no sign.
    pub(super) fn split(&mut self, quantity: Decimal) -> Result<Self, Overflow> {
        let quantity = signed_like(quantity, self.quantity);
        if quantity == self.quantity {
            let whole = *self;
            (self.quantity, self.cost) = (Decimal::ZERO, Decimal::ZERO);
            return Ok(whole);
        }
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

/// `quantity`, which has no sign, with the sign of `like`.
pub(super) fn signed_like(quantity: Decimal, like: Decimal) -> Decimal {
    if like.is_sign_negative() {
        -quantity
    } else {
        quantity
    }
}

/// A part of a lot that was closed, as it was held. A rolling lot comes as what was paid on each day.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Closed {
    pub(super) lot: Lot,
    /// What its cost is made of; empty where it was paid on the lot's own day, or nobody asked.
    pub(super) layers: Vec<Layer>,
}

/// The lots of one instrument at one place.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Lots {
    /// One for each purchase, oldest first.
    Separate(VecDeque<Lot>),
    /// One for all.
    Rolling(Rolling),
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
        };
        separate.into_iter().flatten().chain(rolling)
    }

    /// Adds a lot where its age puts it; a fragment of a lot that is there already stands behind it.
    pub(super) fn open(&mut self, lot: Lot) -> Result<(), Overflow> {
        match self {
            Self::Rolling(rolling) => rolling.open(lot)?,
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

    /// Closes `quantity`, which has no sign, and tells `closed` of each part; of a rolling lot, with the days that its
    /// cost was paid on if `by_day`.
    pub(super) fn close(
        &mut self,
        quantity: Decimal,
        named: Named<'_>,
        (by_day, closed): (bool, &mut dyn FnMut(Closed) -> Result<(), Overflow>),
    ) -> Result<(), Reason> {
        match self {
            Self::Rolling(rolling) => Ok(closed(rolling.close(quantity, by_day)?)?),
            Self::Separate(lots) => take_each(lots, quantity, named, |lot| {
                closed(Closed {
                    lot,
                    layers: Vec::new(),
                })
            }),
        }
    }

    /// Takes `quantity`, which has no sign, out, with its cost and dates.
    pub(super) fn take(&mut self, quantity: Decimal, named: Named<'_>) -> Result<Vec<Lot>, Reason> {
        match self {
            Self::Rolling(rolling) => rolling.take(quantity),
            Self::Separate(lots) => {
                let mut taken = Vec::new();
                take_each(lots, quantity, named, |lot| {
                    taken.push(lot);
                    Ok(())
                })?;
                Ok(taken)
            }
        }
    }

    /// Multiplies every quantity at unchanged cost.
    pub(super) fn multiply(&mut self, ratio: Decimal) -> Result<(), Overflow> {
        match self {
            Self::Rolling(rolling) => rolling.multiply(ratio),
            Self::Separate(lots) => lots.iter_mut().try_for_each(|lot| {
                lot.quantity = mul(lot.quantity, ratio)?;
                Ok(())
            }),
        }
    }

    /// Takes `fraction` of every cost away and returns lots without units that carry it.
    pub(super) fn split_cost(&mut self, fraction: Decimal) -> Result<Vec<Lot>, Overflow> {
        match self {
            Self::Rolling(rolling) => rolling.split_cost(fraction),
            Self::Separate(lots) => lots
                .iter_mut()
                .map(|lot| {
                    let cost = mul(lot.cost, fraction)?;
                    lot.cost = sub(lot.cost, cost)?;
                    Ok(Lot { cost, ..*lot })
                })
                .collect(),
        }
    }

    /// Pays `amount` back on what is held, by quantity. Tells `gained` of each lot whose cost was exceeded, and by how
    /// much.
    pub(super) fn return_cost(
        &mut self,
        amount: Decimal,
        held: Decimal,
        gained: &mut dyn FnMut(&Lot, Decimal) -> Result<(), Overflow>,
    ) -> Result<(), Overflow> {
        match self {
            Self::Rolling(rolling) => {
                let Some(lot) = rolling.lot().copied() else {
                    return Ok(());
                };
                let excess = excess(lot.cost, amount)?;
                rolling.return_cost(sub(amount, excess)?)?;
                if excess.is_zero() {
                    Ok(())
                } else {
                    gained(&lot, excess)
                }
            }
            Self::Separate(lots) => lots.iter_mut().try_for_each(|lot| {
                let part = share(amount, lot.quantity, held)?;
                let excess = excess(lot.cost, part)?;
                lot.cost = sub(lot.cost, sub(part, excess)?)?;
                if excess.is_zero() {
                    Ok(())
                } else {
                    gained(lot, excess)
                }
            }),
        }
    }
}

/// What of `amount` exceeds `cost`. Of a short lot both are negative: what is owed beyond what its sale brought in.
fn excess(cost: Decimal, amount: Decimal) -> Result<Decimal, Overflow> {
    let beyond = sub(amount, cost)?;
    Ok(if amount.is_sign_negative() {
        // What a short pays is added to what its closing costs; it never exceeds anything.
        Decimal::ZERO
    } else {
        beyond.max(Decimal::ZERO)
    })
}

/// Takes `quantity`, which has no sign, out of lots and tells `with` of each part.
fn take_each(
    lots: &mut VecDeque<Lot>,
    quantity: Decimal,
    named: Named<'_>,
    mut with: impl FnMut(Lot) -> Result<(), Overflow>,
) -> Result<(), Reason> {
    let mut left = quantity;
    match named {
        Named::Oldest => {
            while left > Decimal::ZERO {
                if lots.is_empty() {
                    return Err(Reason::NotHeld {
                        held: sub(quantity, left)?,
                        wanted: quantity,
                    });
                }
                with(take_at(lots, 0, &mut left)?)?;
            }
        }
        Named::These(order) => {
            for (turn, name) in order.iter().enumerate() {
                if order[..turn].contains(name) {
                    continue;
                }
                take_lot(lots, *name, &mut left, &mut with)?;
            }
            if left > Decimal::ZERO {
                return Err(Reason::LotsTooSmall {
                    held: sub(quantity, left)?,
                    wanted: quantity,
                });
            }
        }
    }
    Ok(())
}

/// Takes every fragment of a lot, oldest arrival first, as long as something is left to take.
fn take_lot(
    lots: &mut VecDeque<Lot>,
    name: TransactionNo,
    left: &mut Decimal,
    with: &mut impl FnMut(Lot) -> Result<(), Overflow>,
) -> Result<(), Reason> {
    let mut is_met = false;
    while *left > Decimal::ZERO {
        match lots.iter().position(|lot| lot.opened_by == name) {
            Some(place) => with(take_at(lots, place, left)?)?,
            None if is_met => break,
            None => return Err(Reason::LotNotOpen(name)),
        }
        is_met = true;
    }
    Ok(())
}

/// Takes the lot at `place`, or what of it is left to take.
fn take_at(lots: &mut VecDeque<Lot>, place: usize, left: &mut Decimal) -> Result<Lot, Overflow> {
    let Some(lot) = lots.get_mut(place) else {
        return Err(Overflow);
    };
    let part = lot.split(lot.quantity.abs().min(*left))?;
    *left = sub(*left, part.quantity.abs())?;
    if lot.quantity.is_zero() {
        lots.remove(place);
    }
    Ok(part)
}

/// Which lots to take.
#[derive(Clone, Copy, Debug)]
pub(super) enum Named<'a> {
    /// The oldest.
    Oldest,
    /// These, in this order; a name that is given twice counts once.
    These(&'a [TransactionNo]),
}
