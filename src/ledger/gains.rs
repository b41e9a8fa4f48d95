//! Realised gains: what closing lots brought in over what they had cost.

use super::{
    Closing, Currency, Fault, Ledger, Market, Scope,
    arithmetic::{add, mul, sub},
    days, fx,
    lots::DealRate,
};
use jiff::civil::Date;
use rust_decimal::Decimal;

/// A part of a lot that was closed, in the reporting currency.
#[derive(Clone, Debug, PartialEq)]
pub struct RealisedGain {
    /// What was closed, in the instrument's currency.
    pub closing: Closing,
    /// What it brought in, at the rate of the day that it was sold.
    pub proceeds: Decimal,
    /// What it had cost, at the rate of the day that it was acquired.
    pub cost: Decimal,
    /// Proceeds less cost.
    pub gain: Decimal,
    /// What of the gain there is at unchanged exchange rates: that in the instrument's currency, at the rate of the day
    /// that it was closed.
    pub price_gain: Decimal,
    /// The rest of the gain: what the currency gained on what the lot was opened for.
    pub currency_gain: Decimal,
    /// Days from acquisition to the closing.
    pub holding_days: i32,
}

impl Ledger {
    /// Every part of a lot that was closed in `scope` from one day to another, both included, in the order of replay.
    ///
    /// # Errors
    /// When a currency has no rate at all, or a figure leaves the range of 28 digits.
    pub fn realised_gains(
        &self,
        scope: &Scope,
        (from, to): (Date, Date),
        currency: Currency,
    ) -> Result<Vec<RealisedGain>, Fault> {
        let closings = self.closings(from, to)?.into_iter();
        closings
            .filter(|closing| scope.has(closing.place, closing.instrument))
            .map(|closing| self.gain(closing, currency))
            .collect()
    }

    /// A closing in a reporting currency.
    pub(super) fn gain(&self, closing: Closing, currency: Currency) -> Result<RealisedGain, Fault> {
        let own = self
            .chart()
            .instrument(closing.instrument)
            .map_or(currency, |instrument| instrument.currency);
        let rates = Rates {
            market: self.market(),
            pair: (own, currency),
        };
        let is_short = closing.quantity.is_sign_negative();
        let opened = if is_short { closing.proceeds } else { closing.cost };
        let closed = if is_short { closing.cost } else { closing.proceeds };
        let opened = if closing.layers.is_empty() {
            rates.convert(opened, closing.opened_at, closing.acquired_on)?
        } else {
            let mut sum = Decimal::ZERO;
            for layer in &closing.layers {
                sum = add(sum, rates.convert(layer.cost, layer.deal, layer.date)?)?;
            }
            if is_short { -sum } else { sum }
        };
        let closed = rates.convert(closed, closing.closed_at, closing.closed_on)?;
        let (proceeds, cost) = if is_short {
            (opened, closed)
        } else {
            (closed, opened)
        };
        let gain = sub(proceeds, cost)?;
        let own_gain = sub(closing.proceeds, closing.cost)?;
        let price_gain = rates.convert(own_gain, closing.closed_at, closing.closed_on)?;
        Ok(RealisedGain {
            proceeds,
            cost,
            gain,
            price_gain,
            currency_gain: sub(gain, price_gain)?,
            holding_days: days::between(closing.acquired_on, closing.closed_on),
            closing,
        })
    }
}

/// Conversion from an instrument's currency.
struct Rates<'a> {
    market: &'a Market,
    pair: (Currency, Currency),
}

impl Rates<'_> {
    fn convert(&self, amount: Decimal, deal: Option<DealRate>, day: Date) -> Result<Decimal, Fault> {
        let (own, reporting) = self.pair;
        match deal {
            Some(deal) if own != reporting => {
                let paid = mul(amount, deal.rate)?;
                fx::convert(self.market, paid, (deal.currency, reporting), day)
            }
            _ => fx::convert(self.market, amount, self.pair, day),
        }
    }
}
