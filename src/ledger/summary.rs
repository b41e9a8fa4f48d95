//! A window of daily returns in four figures.

use super::{
    Fault, PerformanceDay, Summary,
    arithmetic::{Overflow, add, div, exp, ln, mul, sqrt, sub},
};
use jiff::civil::{Date, Weekday};
use rust_decimal::Decimal;

/// A day, its return and the linked return up to it.
type Linked = (Date, Decimal, Decimal);

/// Trading days of a year.
const TRADING_DAYS: u32 = 252;
const FEWEST_FOR_VOLATILITY: usize = 20;
const FEWEST_FOR_ANNUALISED: usize = 365;

/// The summary of a window in which closed lots gained so much.
pub(super) fn of(series: &[PerformanceDay], realised_gain: Decimal) -> Result<Summary, Fault> {
    let total_return = series
        .last()
        .map_or(Some(Decimal::ZERO), |day| day.cumulative_twr);
    let returns: Option<Vec<Linked>> = series
        .iter()
        .map(|day| Some((day.date, day.twr?, day.cumulative_twr?)))
        .collect();
    let annualised_return = match total_return {
        Some(total) => annualised(total, series.len())?,
        None => None,
    };
    let (volatility, max_drawdown) = match &returns {
        Some(returns) => (volatility(returns)?, Some(max_drawdown(returns)?)),
        None => (None, None),
    };
    Ok(Summary {
        total_return,
        annualised_return,
        volatility,
        max_drawdown,
        realised_gain,
    })
}

/// None where a year and a loss of more than everything leave nothing to take a root of.
fn annualised(total: Decimal, days: usize) -> Result<Option<Decimal>, Fault> {
    let growth = add(Decimal::ONE, total)?;
    if days < FEWEST_FOR_ANNUALISED || growth < Decimal::ZERO {
        return Ok(None);
    }
    if growth.is_zero() || days == FEWEST_FOR_ANNUALISED {
        return Ok(Some(total));
    }
    let exponent = div(Decimal::from(365), Decimal::from(days))?;
    let a_year = exp(mul(ln(growth)?, exponent)?)?;
    Ok(Some(sub(a_year, Decimal::ONE)?))
}

fn volatility(series: &[Linked]) -> Result<Option<Decimal>, Fault> {
    let returns: Vec<Decimal> = series
        .iter()
        .filter(|(date, ..)| !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday))
        .map(|(_, twr, _)| *twr)
        .collect();
    if returns.len() < FEWEST_FOR_VOLATILITY {
        return Ok(None);
    }
    let mut sum = Decimal::ZERO;
    for twr in &returns {
        sum = add(sum, *twr)?;
    }
    let mean = div(sum, Decimal::from(returns.len()))?;
    let mut squares = Decimal::ZERO;
    for twr in &returns {
        let deviation = sub(*twr, mean)?;
        // Of returns so large that their squares cannot be kept, there is none.
        match mul(deviation, deviation).and_then(|square| add(squares, square)) {
            Ok(sum) => squares = sum,
            Err(Overflow) => return Ok(None),
        }
    }
    let Ok(a_year) = mul(squares, Decimal::from(TRADING_DAYS)) else {
        return Ok(None);
    };
    Ok(Some(sqrt(div(a_year, Decimal::from(returns.len() - 1))?)?))
}

fn max_drawdown(series: &[Linked]) -> Result<Decimal, Fault> {
    let (mut peak, mut deepest) = (Decimal::ONE, Decimal::ZERO);
    for (_, _, cumulative) in series {
        let index = add(Decimal::ONE, *cumulative)?;
        peak = peak.max(index);
        deepest = deepest.min(sub(div(index, peak)?, Decimal::ONE)?);
    }
    Ok(deepest)
}
