//! The internal rate of return of dated flows.

use super::{
    arithmetic::{Overflow, add, div, exp, ln, mul, sub, whole_power},
    days,
};
use jiff::civil::Date;
use rust_decimal::{Decimal, prelude::ToPrimitive};

/// Rates a year are looked for up to here.
const HIGHEST: f64 = 1e9;
/// How often an interval is halved: until its ends are neighbours.
const HALVINGS: usize = 200;
/// A value that is this small a part of what it is a sum of is zero: two roots have met there.
const NOTHING: f64 = 1e-13;
/// How near to the root is near enough, of rates below one and as a part of those above: 0.000000000001.
const PRECISION: Decimal = Decimal::from_parts(1, 0, 0, false, 12);

/// The rate r in (−1, 10⁹] with Σ amount ÷ (1 + r)^(days since the first ÷ 365) = 0, the one nearest to zero where
/// there are several; none where there is none. Flows are in order of date.
pub(super) fn solve(flows: &[(Date, Decimal)]) -> Option<Decimal> {
    let flows = by_day(flows)?;
    let terms = terms(&flows)?;
    let roots = roots(&terms, (lowest(&terms), HIGHEST.ln_1p()));
    let nearest = roots
        .into_iter()
        .min_by(|left, right| left.exp_m1().abs().total_cmp(&right.exp_m1().abs()))?;
    Some(refined(&flows, nearest.exp_m1()))
}

/// Amounts by day since the first one; those of a day are one, and what is zero is left out.
fn by_day(flows: &[(Date, Decimal)]) -> Option<Vec<(u32, Decimal)>> {
    let first = flows.iter().find(|(_, amount)| !amount.is_zero())?.0;
    let mut summed: Vec<(u32, Decimal)> = Vec::new();
    for (date, amount) in flows.iter().filter(|(date, _)| *date >= first) {
        let day = days::between(first, *date).unsigned_abs();
        match summed.last_mut() {
            Some((known, sum)) if *known == day => *sum = sum.checked_add(*amount)?,
            _ => summed.push((day, *amount)),
        }
    }
    summed.retain(|(_, amount)| !amount.is_zero());
    Some(summed)
}

/// One term of the present value: `amount × e^(−z × years)`, where z is the logarithm of 1 + r.
#[derive(Clone, Copy, Debug)]
struct Term {
    amount: f64,
    years: f64,
}

fn terms(flows: &[(u32, Decimal)]) -> Option<Vec<Term>> {
    let largest = flows
        .iter()
        .filter_map(|(_, amount)| amount.abs().to_f64())
        .fold(0.0, f64::max);
    flows
        .iter()
        .map(|(day, amount)| {
            Some(Term {
                amount: amount.to_f64()? / largest,
                years: f64::from(*day) / 365.0,
            })
        })
        .collect()
}

/// The value at `z`, less a factor that is the same for all terms, and the sum of what it is made of.
fn value(terms: &[Term], z: f64) -> (f64, f64) {
    let exponents = terms.iter().map(|term| -z * term.years);
    let most = exponents.fold(f64::NEG_INFINITY, f64::max);
    terms.iter().fold((0.0, 0.0), |(sum, size), term| {
        let part = term.amount * (-z * term.years - most).exp();
        (sum + part, size + part.abs())
    })
}

/// Below it the latest term outweighs all others, so that there is no root.
fn lowest(terms: &[Term]) -> f64 {
    let [.., before, last] = terms else { return 0.0 };
    let others: f64 = terms[..terms.len() - 1]
        .iter()
        .map(|term| term.amount.abs())
        .sum();
    let apart = last.years - before.years;
    -((others / last.amount.abs()).ln() / apart).max(0.0) - 1.0
}

/// Every root between two bounds, in order.
///
/// Between two roots of a sum there is one of its derivative (Rolle), and that of a sum which was divided by a term
/// between two of different sign has one change of sign less (Laguerre's proof of the rule of signs). So the roots of
/// the derivative, found the same way, cut the range into pieces in which the sum rises or falls throughout.
fn roots(terms: &[Term], (low, high): (f64, f64)) -> Vec<f64> {
    let Some(change) = terms
        .windows(2)
        .position(|pair| pair[0].amount.is_sign_negative() != pair[1].amount.is_sign_negative())
    else {
        return Vec::new();
    };
    let centre = f64::midpoint(terms[change].years, terms[change + 1].years);
    let derived: Vec<Term> = terms
        .iter()
        .map(|term| Term {
            amount: term.amount * (centre - term.years),
            ..*term
        })
        .collect();
    let mut bounds = vec![low];
    bounds.extend(roots(&derived, (low, high)));
    bounds.push(high);
    let mut found = Vec::new();
    for piece in bounds.windows(2) {
        if let Some(root) = root_within(terms, (piece[0], piece[1])) {
            found.push(root);
        }
    }
    // Where two roots have met, the sum touches zero without crossing it.
    for turn in &bounds[1..bounds.len() - 1] {
        let (sum, size) = value(terms, *turn);
        if sum.abs() <= NOTHING * size {
            found.push(*turn);
        }
    }
    found.sort_by(f64::total_cmp);
    found.dedup();
    found
}

/// The root of a piece that rises or falls throughout.
fn root_within(terms: &[Term], (mut low, mut high): (f64, f64)) -> Option<f64> {
    let (at_low, at_high) = (value(terms, low).0, value(terms, high).0);
    if at_low == 0.0 {
        return Some(low);
    }
    if at_high == 0.0 {
        return Some(high);
    }
    if at_low.is_sign_negative() == at_high.is_sign_negative() {
        return None;
    }
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            break;
        }
        let at_middle = value(terms, middle).0;
        if at_middle == 0.0 {
            return Some(middle);
        }
        if at_middle.is_sign_negative() == at_low.is_sign_negative() {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(f64::midpoint(low, high))
}

/// The root to more digits than a double has, where decimals reach that far.
fn refined(flows: &[(u32, Decimal)], near: f64) -> Decimal {
    let found = Decimal::from_f64_retain(near).unwrap_or_default();
    let whole = near.round();
    // Half of all examples have a round answer, which is tried first.
    let rounded = found.round_dp(6);
    if (whole - near).abs() > 1e-9 && (rounded - found).abs() > Decimal::new(1, 9) {
        return closer(flows, found).unwrap_or(found);
    }
    match present_value(flows, rounded) {
        Ok(value) if value.abs() < PRECISION * PRECISION => rounded,
        _ => closer(flows, found).unwrap_or(found),
    }
}

/// Secant steps from two rates that are next to each other.
fn closer(flows: &[(u32, Decimal)], near: Decimal) -> Result<Decimal, Overflow> {
    let step = mul(Decimal::new(1, 8), add(Decimal::ONE, near.abs())?)?;
    let (mut left, mut right) = (sub(near, step)?, add(near, step)?);
    let (mut at_left, mut at_right) = (present_value(flows, left)?, present_value(flows, right)?);
    if at_left.is_sign_negative() == at_right.is_sign_negative() {
        // Two roots are too near to each other to be told apart.
        return Ok(near);
    }
    for _ in 0..12 {
        let slope = sub(at_right, at_left)?;
        let width = sub(right, left)?;
        if slope.is_zero() || width.abs() < mul(PRECISION, add(Decimal::ONE, near.abs())?)? {
            break;
        }
        let guess = sub(left, div(mul(at_left, width)?, slope)?)?;
        let found = present_value(flows, guess)?;
        if found.is_sign_negative() == at_left.is_sign_negative() {
            (left, at_left) = (guess, found);
        } else {
            (right, at_right) = (guess, found);
        }
        if found.is_zero() {
            return Ok(guess);
        }
    }
    Ok(if at_left.abs() < at_right.abs() {
        left
    } else {
        right
    })
}

/// The present value at rate `rate` a year.
fn present_value(flows: &[(u32, Decimal)], rate: Decimal) -> Result<Decimal, Overflow> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::{ToSpan, civil::date};

    const START: Date = date(2023, 1, 1);

    /// Flows by day since the start, to two places.
    fn rate(flows: &[(i64, i64)]) -> Option<String> {
        let flows: Vec<_> = flows
            .iter()
            .map(|(day, cents)| (START.saturating_add((*day).days()), Decimal::new(*cents, 2)))
            .collect();
        solve(&flows).map(|rate| rate.round_dp(9).normalize().to_string())
    }

    fn is(flows: &[(i64, i64)], expected: &str) {
        assert_eq!(rate(flows).as_deref(), Some(expected), "{flows:?}");
    }

    #[test]
    fn a_year_of_ten_per_cent_is_ten_per_cent() {
        is(&[(0, -100_000), (365, 110_000)], "0.1");
        is(&[(0, -100_000), (365, 40_000)], "-0.6");
        is(&[(0, -100_000), (365, 100_000)], "0");
        is(&[(0, -100_000), (365, 5_100_000)], "50");
        is(&[(0, -100_000), (365, 1)], "-0.99999");
    }

    #[test]
    fn a_day_of_three_per_cent_is_a_rate_far_from_zero() {
        // 1.03^365 − 1
        let found = rate(&[(0, -10_000), (1, 10_300)]).unwrap();
        let found: f64 = found.parse().unwrap();
        let expected = 1.03_f64.powi(365) - 1.0;
        assert!((found / expected - 1.0).abs() < 1e-9, "{found} is not {expected}");
    }

    #[test]
    fn of_several_rates_it_is_the_one_nearest_to_zero() {
        // −100 (1 + r)² + 232 (1 + r) − 134.4 = 0 at 12 % and 20 %.
        is(&[(0, -10_000), (365, 23_200), (730, -13_440)], "0.12");
        // Roots at −10 % and 20 %.
        is(&[(0, -10_000), (365, 21_000), (730, -10_800)], "-0.1");
        // Three: 10 %, 50 % and 100 %.
        is(
            &[(0, -10_000), (365, 46_000), (730, -68_500), (1095, 33_000)],
            "0.1",
        );
        // Two that have met, at 10 %.
        is(&[(0, -10_000), (365, 22_000), (730, -12_100)], "0.1");
    }

    #[test]
    fn flows_of_one_sign_or_of_one_day_have_no_rate() {
        assert_eq!(rate(&[(0, -100_000), (365, -500)]), None);
        assert_eq!(rate(&[(0, -100_000), (0, 120_000)]), None);
        assert_eq!(rate(&[(0, -100_000), (0, 100_000)]), None);
        assert_eq!(rate(&[]), None);
        // A change of sign without a rate: −100, +150, −100.
        assert_eq!(rate(&[(0, -10_000), (365, 15_000), (730, -10_000)]), None);
    }
}
