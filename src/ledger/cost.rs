//! What open lots cost, each at the rate of its own trade date.

use super::{
    Currency, Fault, Market, Position,
    arithmetic::{add, mul},
    fx::Cross,
    layers::Layer,
    lots::{DealRate, Lot, Lots},
    rolling::Rolling,
};
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::sync::Arc;

/// Costs in one currency told in another.
pub(super) struct Costs<'a> {
    market: &'a Market,
    to: Currency,
    /// None where nothing has to be converted.
    cross: Option<Arc<Cross>>,
}

impl<'a> Costs<'a> {
    /// From the instrument's currency to the reporting currency.
    pub(super) fn new(market: &'a Market, (from, to): (Currency, Currency)) -> Result<Self, Fault> {
        let is_same = from == to;
        Ok(Self {
            market,
            to,
            cross: if is_same {
                None
            } else {
                Some(market.cross((from, to))?)
            },
        })
    }

    /// What all open lots of a position cost.
    pub(super) fn total(&self, position: &Position) -> Result<Decimal, Fault> {
        match &self.cross {
            None => self.each(position, |_, _| {}),
            Some(cross) => cross.remembered(position.stamp, || self.each(position, |_, _| {})),
        }
    }

    /// Tells every open lot of a position with its cost.
    pub(super) fn each(
        &self,
        position: &Position,
        mut tell: impl FnMut(&Lot, Decimal),
    ) -> Result<Decimal, Fault> {
        let mut sum = Decimal::ZERO;
        let mut count = |lot: &Lot, cost: Decimal| {
            tell(lot, cost);
            sum = add(sum, cost)?;
            Ok::<_, Fault>(())
        };
        match &position.lots {
            Lots::Separate(lots) => lots.iter().try_for_each(|lot| count(lot, self.lot(lot)?))?,
            Lots::Rolling(rolling) => {
                if let Some(lot) = rolling.lot() {
                    count(lot, self.rolling(rolling, lot)?)?;
                }
            }
        }
        if let Some((stake, lot)) = position
            .stake
            .as_ref()
            .and_then(|stake| Some((stake, stake.lot()?)))
        {
            count(lot, self.rolling(stake, lot)?)?;
        }
        Ok(sum)
    }

    fn lot(&self, lot: &Lot) -> Result<Decimal, Fault> {
        match &self.cross {
            None => Ok(lot.cost),
            Some(cross) => self.converted(cross, (lot.cost, lot.deal), lot.acquired_on),
        }
    }

    /// A cost at the rate of its day; at the deal's own as far as that goes.
    fn converted(
        &self,
        cross: &Cross,
        (cost, deal): (Decimal, Option<DealRate>),
        day: Date,
    ) -> Result<Decimal, Fault> {
        let Some(deal) = deal else {
            return cross.convert(cost, day);
        };
        let paid = mul(cost, deal.rate)?;
        if deal.currency == self.to {
            return Ok(paid);
        }
        self.market.cross((deal.currency, self.to))?.convert(paid, day)
    }

    fn rolling(&self, rolling: &Rolling, lot: &Lot) -> Result<Decimal, Fault> {
        let Some(cross) = &self.cross else {
            return Ok(lot.cost);
        };
        let convert = |layers: &[Layer]| {
            layers.iter().try_fold(Decimal::ZERO, |sum, layer| {
                Ok(add(
                    sum,
                    self.converted(cross, (layer.cost, layer.deal), layer.date)?,
                )?)
            })
        };
        let (layers, scale) = rolling.layers();
        let sum = layers.sum(
            |chunk| cross.remembered(chunk.stamp(), || convert(chunk.layers())),
            convert,
        )?;
        Ok(mul(sum, scale)?)
    }
}
