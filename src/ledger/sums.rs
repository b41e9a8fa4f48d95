//! Amounts of several currencies, summed before they are converted: once each, so that what cancels out does so exactly.

use super::{
    Currency, Fault, Market,
    arithmetic::{add, sub},
    fx,
};
use jiff::civil::Date;
use rust_decimal::Decimal;

/// A sum in every currency.
#[derive(Clone, Debug, Default)]
pub(super) struct Sums(Vec<(Currency, Decimal)>);

impl Sums {
    pub(super) fn add(&mut self, currency: Currency, amount: Decimal) -> Result<(), Fault> {
        match self.0.iter_mut().find(|(known, _)| *known == currency) {
            Some((_, sum)) => *sum = add(*sum, amount)?,
            None => self.0.push((currency, amount)),
        }
        Ok(())
    }

    pub(super) fn sub(&mut self, currency: Currency, amount: Decimal) -> Result<(), Fault> {
        self.add(currency, sub(Decimal::ZERO, amount)?)
    }

    /// All of it in one currency, at the end of `day`.
    pub(super) fn total(&self, market: &Market, currency: Currency, day: Date) -> Result<Decimal, Fault> {
        self.0.iter().try_fold(Decimal::ZERO, |sum, (from, amount)| {
            Ok(add(sum, fx::convert(market, *amount, (*from, currency), day)?)?)
        })
    }
}
