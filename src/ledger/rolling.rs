//! The one lot of the average method, which remembers what was paid on which day.

use super::{
    Reason,
    arithmetic::{Overflow, add, div, mul, share, sub},
    layers::{Layer, Layers},
    lots::{Closed, Lot, signed_like},
};
use rust_decimal::Decimal;

/// Below this the layers are brought down to size, before digits are lost.
const SMALLEST_SCALE: Decimal = Decimal::from_parts(1, 0, 0, false, 6);

/// A lot that purchases enlarge and sales diminish evenly. A short one is enlarged by sales.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rolling {
    lot: Option<Lot>,
    layers: Layers,
    /// What of every layer is left, so that a sale touches none of them.
    scale: Decimal,
}

impl Default for Rolling {
    fn default() -> Self {
        Self {
            lot: None,
            layers: Layers::default(),
            scale: Decimal::ONE,
        }
    }
}

impl Rolling {
    /// The lot, where it is open.
    pub(super) fn lot(&self) -> Option<&Lot> {
        self.lot.as_ref()
    }

    /// What was paid on which day, and what is left of each.
    pub(super) fn layers(&self) -> (&Layers, Decimal) {
        (&self.layers, self.scale)
    }

    /// Rolls a purchase, or a lot that was transferred in, into the lot.
    pub(super) fn open(&mut self, lot: Lot) -> Result<(), Overflow> {
        self.layers.push(Layer {
            date: lot.acquired_on,
            cost: div(lot.cost, self.scale)?,
            deal: lot.deal,
        })?;
        match &mut self.lot {
            None => self.lot = Some(lot),
            Some(held) => {
                held.quantity = add(held.quantity, lot.quantity)?;
                held.cost = add(held.cost, lot.cost)?;
                if (lot.acquired_on, lot.opened_by) < (held.acquired_on, held.opened_by) {
                    (held.acquired_on, held.opened_by) = (lot.acquired_on, lot.opened_by);
                }
            }
        }
        Ok(())
    }

    /// Takes `quantity`, which has no sign, out and tells what it had cost; `by_day` as well on which days, which takes
    /// a look at every purchase.
    pub(super) fn close(&mut self, quantity: Decimal, by_day: bool) -> Result<Closed, Reason> {
        let Some(lot) = self.lot.as_mut().filter(|lot| lot.quantity.abs() >= quantity) else {
            let held = self.lot.as_ref().map_or(Decimal::ZERO, |lot| lot.quantity);
            return Err(Reason::NotHeld {
                held,
                wanted: quantity,
            });
        };
        if lot.quantity.abs() == quantity {
            let whole = std::mem::take(self);
            let layers = whole.paid(by_day, (Decimal::ONE, Decimal::ONE))?;
            let Some(lot) = whole.lot else {
                return Err(Reason::Overflow);
            };
            return Ok(Closed { lot, layers });
        }
        let taken = signed_like(quantity, lot.quantity);
        let (all, left) = (lot.quantity, sub(lot.quantity, taken)?);
        let cost = share(lot.cost, taken, all)?;
        let part = Lot {
            quantity: taken,
            cost,
            ..*lot
        };
        lot.cost = sub(lot.cost, cost)?;
        lot.quantity = left;
        let layers = self.paid(by_day, (taken, all))?;
        self.scale = share(self.scale, left, all)?;
        self.settle()?;
        Ok(Closed { lot: part, layers })
    }

    /// What a part of the whole cost on each day; nothing unless it is `wanted`.
    fn paid(&self, wanted: bool, (part, whole): (Decimal, Decimal)) -> Result<Vec<Layer>, Overflow> {
        if !wanted {
            return Ok(Vec::new());
        }
        self.layers
            .iter()
            .map(|layer| {
                let cost = share(mul(layer.cost, self.scale)?, part, whole)?;
                Ok(Layer { cost, ..*layer })
            })
            .collect()
    }

    /// Takes `quantity`, which has no sign, out as lots, one for each day that its cost comes from.
    pub(super) fn take(&mut self, quantity: Decimal) -> Result<Vec<Lot>, Reason> {
        let Closed { lot, layers } = self.close(quantity, true)?;
        let (mut units_left, mut cost_left) = (lot.quantity, lot.cost);
        let mut taken: Vec<Lot> = Vec::with_capacity(layers.len());
        for layer in layers.iter().skip(1).rev() {
            let units = if lot.cost.is_zero() {
                Decimal::ZERO
            } else {
                nearer_to_zero(share(lot.quantity, layer.cost, lot.cost)?, units_left)
            };
            let paid = nearer_to_zero(layer.cost, cost_left);
            (units_left, cost_left) = (sub(units_left, units)?, sub(cost_left, paid)?);
            taken.push(Lot {
                acquired_on: layer.date,
                quantity: units,
                cost: paid,
                deal: layer.deal,
                ..lot
            });
        }
        let (date, deal) = layers
            .first()
            .map_or((lot.acquired_on, lot.deal), |layer| (layer.date, layer.deal));
        taken.push(Lot {
            acquired_on: date,
            quantity: units_left,
            cost: cost_left,
            deal,
            ..lot
        });
        taken.reverse();
        Ok(taken)
    }

    /// Multiplies the quantity at unchanged cost.
    pub(super) fn multiply(&mut self, ratio: Decimal) -> Result<(), Overflow> {
        if let Some(lot) = &mut self.lot {
            lot.quantity = mul(lot.quantity, ratio)?;
        }
        Ok(())
    }

    /// Takes `fraction` of the cost away. Returns it as one lot for each day that it was paid on; the first has all of
    /// the units, the others none.
    pub(super) fn split_cost(&mut self, fraction: Decimal) -> Result<Vec<Lot>, Overflow> {
        let Some(lot) = &mut self.lot else {
            return Ok(Vec::new());
        };
        let whole = *lot;
        let moved = mul(lot.cost, fraction)?;
        lot.cost = sub(lot.cost, moved)?;
        let mut parts = Vec::new();
        for layer in self.paid(true, (fraction, Decimal::ONE))? {
            parts.push(Lot {
                acquired_on: layer.date,
                quantity: if parts.is_empty() {
                    whole.quantity
                } else {
                    Decimal::ZERO
                },
                cost: layer.cost,
                deal: layer.deal,
                ..whole
            });
        }
        self.scale = mul(self.scale, sub(Decimal::ONE, fraction)?)?;
        self.settle()?;
        Ok(parts)
    }

    /// Gives cost back, never more than there is.
    pub(super) fn return_cost(&mut self, amount: Decimal) -> Result<(), Overflow> {
        let Some(lot) = self.lot.as_mut() else {
            return Ok(());
        };
        let left = sub(lot.cost, amount)?;
        if left.is_zero() || left.is_sign_negative() != lot.cost.is_sign_negative() || lot.cost.is_zero() {
            lot.cost = if lot.quantity.is_sign_negative() {
                left
            } else {
                left.max(Decimal::ZERO)
            };
            self.layers = Layers::default();
            self.layers.push(Layer {
                date: lot.acquired_on,
                cost: lot.cost,
                deal: None,
            })?;
            self.scale = Decimal::ONE;
        } else {
            self.scale = share(self.scale, left, lot.cost)?;
            lot.cost = left;
        }
        self.settle()
    }

    fn settle(&mut self) -> Result<(), Overflow> {
        if self.scale.is_zero() {
            // All cost went elsewhere; what is paid next counts in full.
            self.layers.multiply(Decimal::ZERO)?;
            self.scale = Decimal::ONE;
        } else if self.scale < SMALLEST_SCALE {
            self.layers.multiply(self.scale)?;
            self.scale = Decimal::ONE;
        }
        Ok(())
    }
}

/// `value`, but no further from zero than `bound`, which has the same sign.
fn nearer_to_zero(value: Decimal, bound: Decimal) -> Decimal {
    if value.abs() > bound.abs() { bound } else { value }
}
