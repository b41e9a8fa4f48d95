//! A window of daily returns in four figures.

use super::{
    Fault, PerformanceDay, Summary,
    arithmetic::{add, div, exp, ln, mul, sqrt, sub},
};
use jiff::civil::Weekday;
use rust_decimal::Decimal;

/// Trading days of a year.
const TRADING_DAYS: u32 = 252;
const FEWEST_FOR_VOLATILITY: usize = 20;
const FEWEST_FOR_ANNUALISED: usize = 365;

/// The summary of a window.
pub(super) fn of(series: &[PerformanceDay]) -> Result<Summary, Fault> {
    let total_return = series.last().map(|day| day.cumulative_twr).unwrap_or_default();
    Ok(Summary {
        total_return,
        annualised_return: annualised(total_return, series.len())?,
        volatility: volatility(series)?,
        max_drawdown: max_drawdown(series)?,
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

fn volatility(series: &[PerformanceDay]) -> Result<Option<Decimal>, Fault> {
    let returns: Vec<Decimal> = series
        .iter()
        .filter(|day| !matches!(day.date.weekday(), Weekday::Saturday | Weekday::Sunday))
        .map(|day| day.twr)
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
        squares = add(squares, mul(deviation, deviation)?)?;
    }
    let a_year = mul(squares, Decimal::from(TRADING_DAYS))?;
    Ok(Some(sqrt(div(a_year, Decimal::from(returns.len() - 1))?)?))
}

fn max_drawdown(series: &[PerformanceDay]) -> Result<Decimal, Fault> {
    let (mut peak, mut deepest) = (Decimal::ONE, Decimal::ZERO);
    for day in series {
        let index = add(Decimal::ONE, day.cumulative_twr)?;
        peak = peak.max(index);
        deepest = deepest.min(sub(div(index, peak)?, Decimal::ONE)?);
    }
    Ok(deepest)
}
