//! Money of one currency in another, crossed through EUR.

use super::{
    Currency, Fault, Market,
    arithmetic::{mul, share},
    days,
    stamp::Stamp,
};
use jiff::{ToSpan, civil::Date};
use rust_decimal::Decimal;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// How many costs are kept at a pair of currencies.
const MOST_COSTS: usize = 8192;

/// `amount` of one currency in another, at the end of `day`.
pub(super) fn convert(
    market: &Market,
    amount: Decimal,
    (from, to): (Currency, Currency),
    day: Date,
) -> Result<Decimal, Fault> {
    if from == to || amount.is_zero() {
        return Ok(amount);
    }
    Ok(share(amount, market.rate(to, day)?, market.rate(from, day)?)?)
}

/// Units of `to` for one of `from` at the end of `day`.
pub(super) fn rate(market: &Market, (from, to): (Currency, Currency), day: Date) -> Result<Decimal, Fault> {
    convert(market, Decimal::ONE, (from, to), day)
}

/// The rates between two currencies for every day that has one, for the many trade dates of lots.
#[derive(Debug)]
pub(super) struct Cross {
    first: i32,
    rates: Vec<Decimal>,
    /// What contents were found to cost at these rates.
    costs: Mutex<HashMap<u64, Decimal>>,
}

impl Cross {
    /// The rates from one currency to another.
    pub(super) fn new(market: &Market, (from, to): (Currency, Currency)) -> Result<Self, Fault> {
        let bounds = [market.span(from), market.span(to)];
        let first = bounds.iter().flatten().map(|(first, _)| *first).min();
        let last = bounds.iter().flatten().map(|(_, last)| *last).max();
        let (Some(first), Some(last)) = (first, last) else {
            return Ok(Self {
                first: 0,
                rates: vec![rate(market, (from, to), Date::ZERO)?],
                costs: Mutex::default(),
            });
        };
        let mut rates = Vec::new();
        let mut day = first;
        while day <= last {
            rates.push(rate(market, (from, to), day)?);
            match day.checked_add(1.day()) {
                Ok(next) => day = next,
                Err(_) => break,
            }
        }
        Ok(Self {
            first: days::number(first),
            rates,
            costs: Mutex::default(),
        })
    }

    /// `amount` at the rate of `day`, or of the nearest day that has one.
    pub(super) fn convert(&self, amount: Decimal, day: Date) -> Result<Decimal, Fault> {
        let passed = usize::try_from(days::number(day) - self.first).unwrap_or_default();
        let index = passed.min(self.rates.len().saturating_sub(1));
        let rate = self.rates.get(index).copied().unwrap_or(Decimal::ONE);
        Ok(mul(amount, rate)?)
    }

    /// The cost of a content, worked out by `cost` unless it is known.
    pub(super) fn remembered(
        &self,
        stamp: Stamp,
        cost: impl FnOnce() -> Result<Decimal, Fault>,
    ) -> Result<Decimal, Fault> {
        let costs = || self.costs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = costs().get(&stamp.number()) {
            return Ok(*known);
        }
        let cost = cost()?;
        let mut costs = costs();
        if costs.len() >= MOST_COSTS {
            costs.clear();
        }
        costs.insert(stamp.number(), cost);
        Ok(cost)
    }
}
