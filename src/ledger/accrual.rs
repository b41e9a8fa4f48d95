//! When interest is paid, and how much has accrued since.

use super::{
    Coupons, DayCount,
    arithmetic::{Overflow, mul, share},
    days,
};
use jiff::{ToSpan, civil::Date};
use rust_decimal::Decimal;

/// A fraction of a year, exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fraction {
    days: i64,
    basis: i64,
}

/// The bounds of the coupon periods: every `months` from the dated date, the last at maturity.
pub(super) fn schedule(coupons: &Coupons) -> Vec<Date> {
    let mut bounds = vec![coupons.dated];
    for period in 1_i32.. {
        let months = period.saturating_mul(coupons.frequency.months());
        match coupons.dated.checked_add(months.months()) {
            Ok(bound) if bound < coupons.maturity => bounds.push(bound),
            _ => break,
        }
    }
    if coupons.maturity > coupons.dated {
        bounds.push(coupons.maturity);
    }
    bounds
}

/// What has accrued on `nominal` at the end of `day`; nothing on a payment day, before the first period or after the
/// last.
pub(super) fn accrued(
    coupons: &Coupons,
    bounds: &[Date],
    nominal: Decimal,
    day: Date,
) -> Result<Decimal, Overflow> {
    let begun = bounds.partition_point(|bound| *bound <= day);
    if begun == 0 || begun == bounds.len() {
        return Ok(Decimal::ZERO);
    }
    interest(coupons, nominal, bounds[begun - 1], day)
}

/// What `nominal` earns from one day to another.
pub(super) fn interest(
    coupons: &Coupons,
    nominal: Decimal,
    from: Date,
    to: Date,
) -> Result<Decimal, Overflow> {
    let fraction = fraction(coupons.day_count, from, to);
    let a_year = mul(nominal, coupons.rate)?;
    share(
        a_year,
        Decimal::from(fraction.days),
        Decimal::from(fraction.basis),
    )
}

/// The fraction of a year between two days.
pub(super) fn fraction(day_count: DayCount, from: Date, to: Date) -> Fraction {
    match day_count {
        DayCount::Thirty360 => Fraction {
            days: thirty_day_months(from, to),
            basis: 360,
        },
        DayCount::Actual360 => Fraction {
            days: i64::from(days::between(from, to)),
            basis: 360,
        },
        DayCount::ActualActual => actual_actual(from, to),
    }
}

/// Days where every month has 30: a first day of 31 becomes 30, and then a last day of 31 as well.
fn thirty_day_months(from: Date, to: Date) -> i64 {
    let first = i64::from(from.day()).min(30);
    let last = match i64::from(to.day()) {
        31 if first == 30 => 30,
        day => day,
    };
    let years = i64::from(to.year()) - i64::from(from.year());
    let months = i64::from(to.month()) - i64::from(from.month());
    360 * years + 30 * months + last - first
}

/// Days of leap years over 366, all others over 365; a sum of at most three terms over a common denominator.
fn actual_actual(from: Date, to: Date) -> Fraction {
    let (first, last) = (year_length(from), year_length(to));
    if from.year() == to.year() {
        return Fraction {
            days: i64::from(days::between(from, to)),
            basis: first,
        };
    }
    let opening = first - i64::from(from.day_of_year()) + 1;
    let closing = i64::from(to.day_of_year()) - 1;
    let between = i64::from(to.year()) - i64::from(from.year()) - 1;
    if first == last {
        return Fraction {
            days: opening + closing + between * first,
            basis: first,
        };
    }
    Fraction {
        days: opening * last + closing * first + between * first * last,
        basis: first * last,
    }
}

fn year_length(date: Date) -> i64 {
    i64::from(date.days_in_year())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Frequency;
    use jiff::civil::date;

    fn of(day_count: DayCount, from: Date, to: Date) -> (i64, i64) {
        let Fraction { days, basis } = fraction(day_count, from, to);
        (days, basis)
    }

    #[test]
    fn days_count_as_the_markets_agreed() {
        let thirty = |from, to| of(DayCount::Thirty360, from, to).0;
        assert_eq!(thirty(date(2024, 1, 31), date(2024, 3, 31)), 60);
        assert_eq!(thirty(date(2024, 1, 15), date(2024, 1, 31)), 16);
        assert_eq!(thirty(date(2024, 2, 29), date(2024, 8, 31)), 182);
        assert_eq!(
            of(DayCount::Actual360, date(2024, 2, 1), date(2024, 3, 1)),
            (29, 360)
        );
        let isda = |from, to| of(DayCount::ActualActual, from, to);
        assert_eq!(isda(date(2023, 11, 1), date(2023, 12, 31)), (60, 365));
        assert_eq!(
            isda(date(2023, 11, 1), date(2024, 5, 1)),
            (61 * 366 + 121 * 365, 365 * 366)
        );
        assert_eq!(isda(date(2021, 7, 1), date(2023, 7, 1)), (730, 365));
    }

    #[test]
    fn a_schedule_keeps_its_day_and_ends_at_maturity() {
        let coupons = Coupons {
            rate: Decimal::ONE,
            frequency: Frequency::Semiannually,
            day_count: DayCount::ActualActual,
            dated: date(2023, 8, 31),
            maturity: date(2025, 1, 15),
        };
        let expected = [
            date(2023, 8, 31),
            date(2024, 2, 29),
            date(2024, 8, 31),
            date(2025, 1, 15),
        ];
        assert_eq!(schedule(&coupons), expected);
    }
}
