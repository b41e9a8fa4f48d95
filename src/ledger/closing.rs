//! What closing lots brought in, as far as somebody asks.

use super::{InstrumentNo, Place, TransactionNo, layers::Layer, lots::DealRate};
use jiff::civil::Date;
use rust_decimal::Decimal;

/// A part of a lot that was closed, in the instrument's currency.
#[derive(Clone, Debug, PartialEq)]
pub struct Closing {
    /// What was held.
    pub instrument: InstrumentNo,
    /// Where.
    pub place: Place,
    /// The transaction that opened the lot.
    pub opened_by: TransactionNo,
    /// When it was acquired; of a short lot, when it was sold.
    pub acquired_on: Date,
    /// The transaction that closed it.
    pub closed_by: TransactionNo,
    /// Its trade date.
    pub closed_on: Date,
    /// Units as they were held: negative of a short lot, zero where a return of capital exceeded the cost.
    pub quantity: Decimal,
    /// What was paid for it, with fees; of a short lot, what was paid to close it.
    pub cost: Decimal,
    /// What it brought in, less fees and without accrued interest.
    pub proceeds: Decimal,
    /// What the earlier of the two is made of; empty where it is of one day.
    pub(super) layers: Vec<Layer>,
    /// The rate of the deal that opened it.
    pub(super) opened_at: Option<DealRate>,
    /// The rate of the deal that closed it.
    pub(super) closed_at: Option<DealRate>,
}

/// Takes closings down; most replays have no use for them.
#[derive(Debug, Default)]
pub(super) struct Closings(Option<Vec<Closing>>);

impl Closings {
    /// Forgets them.
    pub(super) const fn ignored() -> Self {
        Self(None)
    }
    /// Keeps them.
    pub(super) const fn kept() -> Self {
        Self(Some(Vec::new()))
    }
    /// Whether anybody asks.
    pub(super) const fn are_kept(&self) -> bool {
        self.0.is_some()
    }
    /// Adds one.
    pub(super) fn push(&mut self, closing: impl FnOnce() -> Closing) {
        if let Some(kept) = &mut self.0 {
            kept.push(closing());
        }
    }
    /// Those so far, which are forgotten here.
    pub(super) fn take(&mut self) -> Vec<Closing> {
        self.0.as_mut().map(std::mem::take).unwrap_or_default()
    }
}
