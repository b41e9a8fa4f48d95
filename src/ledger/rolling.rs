//! The one lot of the average method, which remembers what was paid on which day.

use super::{
    Reason,
    arithmetic::{Overflow, add, div, mul, share, sub},
    layers::{Layer, Layers},
    lots::Lot,
};
use rust_decimal::Decimal;

/// Below this the layers are brought down to size, before digits are lost.
const SMALLEST_SCALE: Decimal = Decimal::from_parts(1, 0, 0, false, 6);

/// A lot that purchases enlarge and sales diminish evenly.
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

    /// Takes `quantity` out and returns its cost.
    pub(super) fn close(&mut self, quantity: Decimal) -> Result<Decimal, Reason> {
        let Some(lot) = self.lot.as_mut().filter(|lot| lot.quantity >= quantity) else {
            let held = self.lot.as_ref().map_or(Decimal::ZERO, |lot| lot.quantity);
            return Err(Reason::NotHeld {
                held,
                wanted: quantity,
            });
        };
        if lot.quantity == quantity {
            let cost = lot.cost;
            *self = Self::default();
            return Ok(cost);
        }
        let left = sub(lot.quantity, quantity)?;
        let cost = share(lot.cost, quantity, lot.quantity)?;
        self.scale = share(self.scale, left, lot.quantity)?;
        lot.cost = sub(lot.cost, cost)?;
        lot.quantity = left;
        self.settle()?;
        Ok(cost)
    }

    /// Takes `quantity` out as lots, one for each day that its cost comes from.
    pub(super) fn take(&mut self, quantity: Decimal) -> Result<Vec<Lot>, Reason> {
        let before = self.clone();
        let cost = self.close(quantity)?;
        let Some(lot) = before.lot else {
            return Ok(Vec::new());
        };
        let mut taken: Vec<Lot> = Vec::new();
        let (mut units_left, mut cost_left) = (quantity, cost);
        let layers: Vec<&Layer> = before.layers.iter().collect();
        for layer in layers.iter().skip(1).rev() {
            let whole = mul(layer.cost, before.scale)?;
            let paid = share(whole, quantity, lot.quantity)?.min(cost_left);
            let units = if cost.is_zero() {
                Decimal::ZERO
            } else {
                share(quantity, paid, cost)?.min(units_left)
            };
            (units_left, cost_left) = (sub(units_left, units)?, sub(cost_left, paid)?);
            taken.push(Lot {
                acquired_on: layer.date,
                quantity: units,
                cost: paid,
                ..lot
            });
        }
        let date = layers.first().map_or(lot.acquired_on, |layer| layer.date);
        taken.push(Lot {
            acquired_on: date,
            quantity: units_left,
            cost: cost_left,
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

    /// Gives cost back, never more than there is.
    pub(super) fn return_cost(&mut self, amount: Decimal) -> Result<(), Overflow> {
        let Some(lot) = self.lot.as_mut().filter(|lot| lot.cost > Decimal::ZERO) else {
            return Ok(());
        };
        let left = sub(lot.cost, amount)?.max(Decimal::ZERO);
        if left.is_zero() {
            self.layers = Layers::default();
            self.layers.push(Layer {
                date: lot.acquired_on,
                cost: Decimal::ZERO,
            })?;
            self.scale = Decimal::ONE;
        } else {
            self.scale = share(self.scale, left, lot.cost)?;
        }
        lot.cost = left;
        self.settle()
    }

    fn settle(&mut self) -> Result<(), Overflow> {
        if self.scale < SMALLEST_SCALE {
            self.layers.multiply(self.scale)?;
            self.scale = Decimal::ONE;
        }
        Ok(())
    }
}
