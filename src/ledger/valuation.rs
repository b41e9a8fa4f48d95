//! What a position is worth at the end of a day.

use super::{
    Chart, Currency, Fault, Forward, Instrument, InstrumentNo, Ledger, Market, Place, Point, Position, State,
    Terms, accrual,
    arithmetic::{add, mul, sub},
    fx, private,
    replay::per_unit,
};
use jiff::civil::Date;
use rust_decimal::Decimal;

/// Where values come from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Valuation<'a> {
    pub(super) chart: &'a Chart,
    pub(super) market: &'a Market,
    pub(super) state: &'a State,
}

/// A value in `currency`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Worth {
    pub(super) currency: Currency,
    pub(super) price: Option<Point>,
    /// Without accrued interest.
    pub(super) clean: Decimal,
    pub(super) accrued: Decimal,
}

impl Worth {
    /// With accrued interest.
    pub(super) fn whole(&self) -> Result<Decimal, Fault> {
        Ok(add(self.clean, self.accrued)?)
    }
}

impl Ledger {
    /// Values what a state of this ledger holds.
    pub(super) fn valuation<'a>(&'a self, state: &'a State) -> Valuation<'a> {
        Valuation {
            chart: self.chart(),
            market: self.market(),
            state,
        }
    }
}

impl Valuation<'_> {
    /// What a position is worth at the end of `day`; none where its instrument is unknown, or at its end.
    pub(super) fn position(&self, position: &Position, day: Date) -> Result<Option<Worth>, Fault> {
        let Some(instrument) = self.chart.instrument(position.instrument) else {
            return Ok(None);
        };
        if instrument.terms.last_day().is_some_and(|last| day > last) {
            return Ok(None);
        }
        if let (Terms::PrivateMarketFund { .. }, Some(_)) = (&instrument.terms, &position.stake) {
            return self.stake((position, instrument), day).map(Some);
        }
        let held = (position.instrument, instrument, Some(position.place));
        self.quantity(held, position.quantity(), day).map(Some)
    }

    /// What a quantity of an instrument is worth at the end of `day`, as the holding at a place sees its price.
    pub(super) fn quantity(
        &self,
        (number, instrument, place): (InstrumentNo, &Instrument, Option<Place>),
        quantity: Decimal,
        day: Date,
    ) -> Result<Worth, Fault> {
        let price = self.price((number, instrument, place), day);
        self.priced((number, instrument), quantity, (price, day))
    }

    /// What a quantity of an instrument is worth at a price and the terms of `day`.
    pub(super) fn priced(
        &self,
        (number, instrument): (InstrumentNo, &Instrument),
        quantity: Decimal,
        (price, day): (Option<Point>, Date),
    ) -> Result<Worth, Fault> {
        let currency = instrument.currency;
        if instrument.terms.last_day().is_some_and(|last| day > last) {
            return Ok(Worth {
                currency,
                price: None,
                clean: Decimal::ZERO,
                accrued: Decimal::ZERO,
            });
        }
        if let Terms::FxForward(forward) = &instrument.terms {
            return self.forward(forward, quantity, day);
        }
        let product = mul(quantity, price.map(|point| point.value).unwrap_or_default())?;
        let mut clean = per_unit(&instrument.terms, product)?;
        let mut accrued = match instrument.terms.coupons() {
            Some(coupons) => accrual::accrued(coupons, self.chart.bounds(number), quantity, day)?,
            None => Decimal::ZERO,
        };
        if matches!(instrument.terms, Terms::IndexLinkedBond(_)) {
            let factor = self.market.index_factor(number, day);
            (clean, accrued) = (mul(clean, factor)?, mul(accrued, factor)?);
        }
        Ok(Worth {
            currency,
            price,
            clean,
            accrued,
        })
    }

    /// The latest quote; where there is none, the price of the latest trade.
    fn price(
        &self,
        (number, instrument, place): (InstrumentNo, &Instrument, Option<Place>),
        day: Date,
    ) -> Option<Point> {
        let traded = || match place {
            Some(place) => self.state.traded(self.chart, place, number),
            None => self.state.latest_traded(number),
        };
        self.market
            .price(number, instrument, day)
            .or_else(traded)
            .or_else(|| {
                matches!(instrument.terms, Terms::Cash).then_some(Point {
                    date: day,
                    value: Decimal::ONE,
                })
            })
    }

    /// The gain of buying at the forward rate what could be sold at spot.
    fn forward(&self, forward: &Forward, quantity: Decimal, day: Date) -> Result<Worth, Fault> {
        let spot = fx::rate(self.market, (forward.base, forward.quote), day)?;
        let gain = mul(sub(spot, forward.rate)?, forward.notional)?;
        Ok(Worth {
            currency: forward.quote,
            price: Some(Point {
                date: day,
                value: spot,
            }),
            clean: mul(gain, quantity)?,
            accrued: Decimal::ZERO,
        })
    }

    /// A commitment: its share of the fund's net asset value, carried on by its own calls and distributions.
    fn stake(&self, (position, instrument): (&Position, &Instrument), day: Date) -> Result<Worth, Fault> {
        let nav = private::nav(self, position, instrument, day)?;
        Ok(Worth {
            currency: instrument.currency,
            price: Some(Point {
                date: nav.date.unwrap_or(day),
                value: nav.value,
            }),
            clean: mul(nav.value, position.quantity())?,
            accrued: Decimal::ZERO,
        })
    }
}
