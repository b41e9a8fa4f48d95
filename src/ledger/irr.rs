//! The internal rate of return of dated flows.

use super::{
    arithmetic::{Overflow, add, div, exp, ln, mul, sub, whole_power},
    days,
};
use jiff::civil::Date;
use rust_decimal::Decimal;

/// Rates a year where a root is looked for, in ten-thousandths, outward from zero on both sides.
const GAINS: [i64; 9] = [
    0,
    1000,
    2500,
    5000,
    10_000,
    30_000,
    100_000,
    1_000_000,
    100_000_000,
];
const LOSSES: [i64; 9] = [0, -1000, -2500, -5000, -7500, -9000, -9700, -9900, -9999];
/// How near to the root is near enough: 0.000000000001.
const PRECISION: Decimal = Decimal::from_parts(1, 0, 0, false, 12);

/// The rate r with Σ amount ÷ (1 + r)^(days since the first ÷ 365) = 0, the one nearest to zero where there are
/// several; none where there is none. Flows are in order of date.
pub(super) fn solve(flows: &[(Date, Decimal)]) -> Option<Decimal> {
    let first = flows.first()?.0;
    let flows: Vec<(u32, Decimal)> = flows
        .iter()
        .map(|(date, amount)| (days::between(first, *date).unsigned_abs(), *amount))
        .collect();
    let has = |is_right: fn(&Decimal) -> bool| flows.iter().any(|(_, amount)| is_right(amount));
    let both = has(|amount| *amount > Decimal::ZERO) && has(|amount| *amount < Decimal::ZERO);
    if !both {
        return None;
    }
    (1..GAINS.len()).find_map(|step| {
        [GAINS, LOSSES].into_iter().find_map(|rates| {
            let (near, far) = (Decimal::new(rates[step - 1], 4), Decimal::new(rates[step], 4));
            let values = (value(&flows, near).ok()?, value(&flows, far).ok()?);
            if values.0.is_zero() {
                return (!values.1.is_zero()).then_some(near);
            }
            if values.0.is_sign_negative() == values.1.is_sign_negative() {
                return None;
            }
            narrow(&flows, (near, far), values).ok()
        })
    })
}

/// The present value at rate `rate` a year.
fn value(flows: &[(u32, Decimal)], rate: Decimal) -> Result<Decimal, Overflow> {
    let a_year = ln(add(Decimal::ONE, rate)?)?;
    let a_day = exp(div(-a_year, Decimal::from(365))?)?;
    let (mut discount, mut passed, mut sum) = (Decimal::ONE, 0, Decimal::ZERO);
    for (day, amount) in flows {
        discount = mul(discount, whole_power(a_day, day - passed)?)?;
        passed = *day;
        sum = add(sum, mul(discount, *amount)?)?;
    }
    Ok(sum)
}

/// Closes in on the root between two rates whose values differ in sign: by the secant, halving where that is slow.
fn narrow(
    flows: &[(u32, Decimal)],
    (mut left, mut right): (Decimal, Decimal),
    (mut at_left, mut at_right): (Decimal, Decimal),
) -> Result<Decimal, Overflow> {
    for round in 0..200 {
        let width = sub(right, left)?;
        if width.abs() < PRECISION {
            break;
        }
        let slope = sub(at_right, at_left)?;
        let secant = sub(left, div(mul(at_left, width)?, slope)?)?;
        let middle = add(left, div(width, Decimal::TWO)?)?;
        let is_inside = (secant > left.min(right)) && (secant < left.max(right));
        let guess = if round % 3 < 2 && is_inside {
            secant
        } else {
            middle
        };
        let found = value(flows, guess)?;
        if found.is_zero() {
            return Ok(guess);
        }
        if found.is_sign_negative() == at_left.is_sign_negative() {
            (left, at_left) = (guess, found);
        } else {
            (right, at_right) = (guess, found);
        }
    }
    div(add(left, right)?, Decimal::TWO)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn rate(flows: &[(Date, i64)]) -> Option<Decimal> {
        let flows: Vec<_> = flows
            .iter()
            .map(|(date, amount)| (*date, Decimal::from(*amount)))
            .collect();
        solve(&flows).map(|rate| rate.round_dp(9).normalize())
    }

    #[test]
    fn a_year_of_ten_per_cent_is_ten_per_cent() {
        let (start, end) = (date(2023, 1, 1), date(2024, 1, 1));
        assert_eq!(rate(&[(start, -1000), (end, 1100)]), Some(Decimal::new(1, 1)));
        assert_eq!(rate(&[(start, -1000), (end, 400)]), Some(Decimal::new(-6, 1)));
        assert_eq!(rate(&[(start, -1000), (end, 1000)]), Some(Decimal::new(0, 0)));
        assert_eq!(rate(&[(start, -1000), (end, 51_000)]), Some(Decimal::new(50, 0)));
    }

    #[test]
    fn flows_of_one_sign_or_of_one_day_have_no_rate() {
        let (start, end) = (date(2023, 1, 1), date(2024, 1, 1));
        assert_eq!(rate(&[(start, -1000), (end, -5)]), None);
        assert_eq!(rate(&[(start, -1000), (start, 1200)]), None);
        assert_eq!(rate(&[(start, -1000), (start, 1000)]), None);
        assert_eq!(rate(&[]), None);
    }
}
