//! What instruments and currencies were worth on each day.

use super::{Currency, Fault, Instrument, InstrumentNo, Point, Series, Terms, fx::Cross};
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Rates between two currencies that were worked out before.
type Crosses = HashMap<(Currency, Currency), Arc<Cross>>;

/// The series of a tenant's instruments, and the rates of currencies.
#[derive(Clone, Debug, Default)]
pub struct Market {
    rates: Vec<(Currency, Series)>,
    quotes: Vec<Quotes>,
    /// Kept because a holdings call needs the same thousands of rates each time. Clones share it until rates change.
    crosses: Arc<Mutex<Crosses>>,
}

/// The series of one instrument; those that it has no use for stay empty.
#[derive(Clone, Debug, Default)]
pub struct Quotes {
    /// Prices per unit, or in per cent of par.
    pub prices: Series,
    /// Net asset values: per unit of a fund, of the whole commitment to a private fund.
    pub net_asset_values: Series,
    /// What the nominal of an index-linked bond is multiplied by.
    pub index_factors: Series,
}

impl Quotes {
    /// The first day on which others answer differently; none where they never do.
    pub(super) fn first_difference(&self, others: &Self) -> Option<Date> {
        [
            self.prices.first_difference(&others.prices),
            self.net_asset_values.first_difference(&others.net_asset_values),
            self.index_factors.first_difference(&others.index_factors),
        ]
        .into_iter()
        .flatten()
        .min()
    }
}

impl Market {
    /// A market without any series.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the rates of a currency: units of it for 1 EUR.
    pub fn set_rates(&mut self, currency: Currency, series: Series) {
        self.crosses = Arc::default();
        match self.rates.iter_mut().find(|(known, _)| *known == currency) {
            Some((_, known)) => *known = series,
            None => self.rates.push((currency, series)),
        }
    }

    /// Sets the series of an instrument.
    pub fn set_quotes(&mut self, instrument: InstrumentNo, quotes: Quotes) {
        let index = instrument.index();
        if index >= self.quotes.len() {
            self.quotes.resize_with(index + 1, Quotes::default);
        }
        self.quotes[index] = quotes;
    }

    /// The series of an instrument.
    pub fn quotes(&self, instrument: InstrumentNo) -> Option<&Quotes> {
        self.quotes.get(instrument.index())
    }

    /// The latest quote of an instrument on or before `day`: net asset value of funds, price of all else.
    pub fn price(&self, number: InstrumentNo, instrument: &Instrument, day: Date) -> Option<Point> {
        let quotes = self.quotes(number)?;
        match instrument.terms {
            Terms::Fund | Terms::PrivateMarketFund { .. } if !quotes.net_asset_values.is_empty() => {
                quotes.net_asset_values.on(day)
            }
            Terms::PrivateMarketFund { .. } => None,
            _ => quotes.prices.on(day),
        }
    }

    /// Units of `currency` for 1 EUR at the end of `day`. Before its first point, the first one holds.
    ///
    /// # Errors
    /// When no rate of the currency is known at all.
    pub fn rate(&self, currency: Currency, day: Date) -> Result<Decimal, Fault> {
        if currency == Currency::EUR {
            return Ok(Decimal::ONE);
        }
        self.rates(currency)
            .and_then(|series| series.on(day).or_else(|| series.first()))
            .map(|point| point.value)
            .filter(|rate| *rate > Decimal::ZERO)
            .ok_or(Fault::NoRate(currency))
    }

    /// Whether a rate of `currency` is known on or before `day`.
    pub fn knows_rate(&self, currency: Currency, day: Date) -> bool {
        currency == Currency::EUR
            || self
                .rates(currency)
                .and_then(|series| series.on(day))
                .is_some_and(|rate| rate.value > Decimal::ZERO)
    }

    /// The rates of a currency.
    pub fn rates(&self, currency: Currency) -> Option<&Series> {
        let mut rates = self.rates.iter();
        rates
            .find(|(known, _)| *known == currency)
            .map(|(_, series)| series)
    }

    /// What the nominal of an index-linked bond is multiplied by; one before its first factor.
    pub(super) fn index_factor(&self, number: InstrumentNo, day: Date) -> Decimal {
        self.quotes(number)
            .and_then(|quotes| quotes.index_factors.on(day))
            .map_or(Decimal::ONE, |point| point.value)
    }

    /// The rates from one currency to another.
    pub(super) fn cross(&self, pair: (Currency, Currency)) -> Result<Arc<Cross>, Fault> {
        let mut known = self.crosses.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cross) = known.get(&pair) {
            return Ok(Arc::clone(cross));
        }
        let cross = Arc::new(Cross::new(self, pair)?);
        known.insert(pair, Arc::clone(&cross));
        Ok(cross)
    }

    /// The first and last day that a rate of the currency was set on.
    pub(super) fn span(&self, currency: Currency) -> Option<(Date, Date)> {
        let series = self.rates(currency)?;
        Some((series.first()?.date, series.last()?.date))
    }
}
