//! What a rolling lot cost on which day, in chunks that later states share.

use super::{
    Fault,
    arithmetic::{Overflow, add, mul},
    lots::DealRate,
    stamp::Stamp,
};
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::sync::Arc;

/// How many layers make a chunk.
const CHUNK: usize = 64;

/// What was paid on a day, before the scale of the lot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Layer {
    pub(super) date: Date,
    pub(super) cost: Decimal,
    /// The rate of the deal, where it stated one.
    pub(super) deal: Option<DealRate>,
}

/// Layers in the order they were paid. Only the last chunk is ever copied to add one.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Layers {
    full: Vec<Chunk>,
    open: Vec<Layer>,
}

/// Layers that no longer change.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Chunk {
    stamp: Stamp,
    layers: Arc<[Layer]>,
}

impl Chunk {
    /// The name of its content.
    pub(super) const fn stamp(&self) -> Stamp {
        self.stamp
    }
    /// Its layers.
    pub(super) fn layers(&self) -> &[Layer] {
        &self.layers
    }
}

impl Layers {
    /// All layers, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Layer> {
        self.full.iter().flat_map(Chunk::layers).chain(&self.open)
    }

    /// Adds what was paid; payments of one day in a row are one layer.
    pub(super) fn push(&mut self, layer: Layer) -> Result<(), Overflow> {
        match self.open.last_mut() {
            Some(last) if last.date == layer.date && last.deal == layer.deal => {
                last.cost = add(last.cost, layer.cost)?;
            }
            _ => {
                if self.open.len() == CHUNK {
                    self.full.push(Chunk {
                        stamp: Stamp::fresh(),
                        layers: self.open.as_slice().into(),
                    });
                    self.open.clear();
                }
                self.open.push(layer);
            }
        }
        Ok(())
    }

    /// Multiplies every cost.
    pub(super) fn multiply(&mut self, scale: Decimal) -> Result<(), Overflow> {
        let mut scaled = Self::default();
        for layer in self.iter() {
            scaled.push(Layer {
                cost: mul(layer.cost, scale)?,
                ..*layer
            })?;
        }
        *self = scaled;
        Ok(())
    }

    /// The sum over all full chunks, and over the layers after them.
    pub(super) fn sum(
        &self,
        chunk: impl Fn(&Chunk) -> Result<Decimal, Fault>,
        layers: impl Fn(&[Layer]) -> Result<Decimal, Fault>,
    ) -> Result<Decimal, Fault> {
        self.full
            .iter()
            .try_fold(layers(&self.open)?, |sum, full| Ok(add(sum, chunk(full)?)?))
    }
}
