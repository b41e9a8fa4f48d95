//! Decimal arithmetic that says when a figure leaves the range of 28 digits, and the few functions beyond the basic four.

use super::{Fault, Reason};
use rust_decimal::Decimal;

/// A figure leaves the range of 28 digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Overflow;

impl From<Overflow> for Reason {
    fn from(Overflow: Overflow) -> Self {
        Self::Overflow
    }
}

impl From<Overflow> for Fault {
    fn from(Overflow: Overflow) -> Self {
        Self::Overflow
    }
}

/// 0.6931471805599453094172321215
const LN_2: Decimal = Decimal::from_parts(2_860_148_159, 2_180_329_217, 375_755_839, false, 28);
/// Terms shrink at least ninefold a step, so that this many exhaust 28 digits.
const STEPS: u32 = 60;

pub(super) fn add(left: Decimal, right: Decimal) -> Result<Decimal, Overflow> {
    left.checked_add(right).ok_or(Overflow)
}

pub(super) fn sub(left: Decimal, right: Decimal) -> Result<Decimal, Overflow> {
    left.checked_sub(right).ok_or(Overflow)
}

pub(super) fn mul(left: Decimal, right: Decimal) -> Result<Decimal, Overflow> {
    left.checked_mul(right).ok_or(Overflow)
}

pub(super) fn div(left: Decimal, right: Decimal) -> Result<Decimal, Overflow> {
    left.checked_div(right).ok_or(Overflow)
}

/// `value × part ÷ whole`; the product comes first, because the quotient alone would be rounded.
pub(super) fn share(value: Decimal, part: Decimal, whole: Decimal) -> Result<Decimal, Overflow> {
    match value.checked_mul(part) {
        Some(product) => div(product, whole),
        None => mul(value, div(part, whole)?),
    }
}

/// The square root of a number that is not negative.
pub(super) fn sqrt(value: Decimal) -> Result<Decimal, Overflow> {
    if value <= Decimal::ZERO {
        return Ok(Decimal::ZERO);
    }
    // Halving the logarithm comes close; Newton's steps double the digits.
    let mut root = exp(div(ln(value)?, Decimal::TWO)?)?;
    for _ in 0..3 {
        root = div(add(root, div(value, root)?)?, Decimal::TWO)?;
    }
    Ok(root)
}

/// The natural logarithm of a positive number.
pub(super) fn ln(value: Decimal) -> Result<Decimal, Overflow> {
    if value <= Decimal::ZERO {
        return Err(Overflow);
    }
    let (mut mantissa, mut halvings) = (value, Decimal::ZERO);
    while mantissa > Decimal::new(15, 1) {
        mantissa = div(mantissa, Decimal::TWO)?;
        halvings += Decimal::ONE;
    }
    while mantissa < Decimal::new(75, 2) {
        mantissa = mul(mantissa, Decimal::TWO)?;
        halvings -= Decimal::ONE;
    }
    let ratio = div(mantissa - Decimal::ONE, mantissa + Decimal::ONE)?;
    let square = mul(ratio, ratio)?;
    let (mut power, mut sum) = (ratio, ratio);
    for odd in (3..STEPS * 2).step_by(2) {
        power = mul(power, square)?;
        let term = div(power, Decimal::from(odd))?;
        if term.is_zero() {
            break;
        }
        sum = add(sum, term)?;
    }
    add(mul(sum, Decimal::TWO)?, mul(halvings, LN_2)?)
}

/// The exponential function.
pub(super) fn exp(value: Decimal) -> Result<Decimal, Overflow> {
    let doublings = div(value, LN_2)?.round();
    let rest = sub(value, mul(doublings, LN_2)?)?;
    let (mut term, mut sum) = (Decimal::ONE, Decimal::ONE);
    for step in 1..STEPS {
        term = div(mul(term, rest)?, Decimal::from(step))?;
        if term.is_zero() {
            break;
        }
        sum = add(sum, term)?;
    }
    let times = u32::try_from(doublings.abs()).map_err(|_| Overflow)?;
    for _ in 0..times.min(200) {
        sum = if doublings.is_sign_negative() {
            div(sum, Decimal::TWO)?
        } else {
            mul(sum, Decimal::TWO)?
        };
    }
    Ok(sum)
}

/// A whole power by squaring.
pub(super) fn whole_power(base: Decimal, mut exponent: u32) -> Result<Decimal, Overflow> {
    let (mut square, mut product) = (base, Decimal::ONE);
    loop {
        if exponent & 1 == 1 {
            product = mul(product, square)?;
        }
        exponent >>= 1;
        if exponent == 0 {
            return Ok(product);
        }
        square = mul(square, square)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn close(left: Decimal, right: Decimal) {
        assert!(
            (left - right).abs() < dec("0.00000000000000000001"),
            "{left} is not {right}"
        );
    }

    #[test]
    fn roots_logarithms_and_exponentials_agree_with_tables() {
        close(sqrt(dec("2")).unwrap(), dec("1.4142135623730950488016887242"));
        close(sqrt(dec("0.0000000121")).unwrap(), dec("0.00011"));
        close(ln(dec("10")).unwrap(), dec("2.3025850929940456840179914547"));
        close(ln(dec("0.01")).unwrap(), dec("-4.6051701859880913680359829094"));
        close(exp(dec("1")).unwrap(), dec("2.7182818284590452353602874714"));
        close(exp(dec("-3.5")).unwrap(), dec("0.0301973834223185007373103921"));
        close(
            whole_power(dec("1.01"), 365).unwrap(),
            dec("37.7834343328871588776166047"),
        );
    }

    #[test]
    fn a_share_of_all_is_all() {
        let third = div(Decimal::TEN, Decimal::from(3)).unwrap();
        assert_eq!(share(third, dec("7"), dec("7")), Ok(third));
    }
}
