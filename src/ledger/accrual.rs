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

/// The bounds of the coupon periods: the dated date, the first payment, then every `months`, the last at maturity.
pub(super) fn schedule(coupons: &Coupons) -> Vec<Date> {
    let mut bounds = vec![coupons.dated];
    let first = coupons
        .first_coupon
        .filter(|first| *first > coupons.dated && *first < coupons.maturity);
    bounds.extend(first);
    for period in 1.. {
        match regular(coupons, period) {
            Some(bound) if bound < coupons.maturity => bounds.push(bound),
            _ => break,
        }
    }
    if coupons.maturity > coupons.dated {
        bounds.push(coupons.maturity);
    }
    bounds
}

/// The day so many periods after the one that the schedule counts from: the first payment, or the dated date. Of
/// negative numbers, the days on which there would have been payments before.
fn regular(coupons: &Coupons, period: i32) -> Option<Date> {
    let anchor = coupons.first_coupon.unwrap_or(coupons.dated);
    let months = period.saturating_mul(coupons.frequency.months());
    let day = anchor.checked_add(months.months()).ok()?;
    let ends_month = coupons.end_of_month && anchor == anchor.last_of_month();
    Some(if ends_month { day.last_of_month() } else { day })
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
    let fraction = fraction(coupons, from, to);
    let a_year = mul(nominal, coupons.rate)?;
    share(
        a_year,
        Decimal::from(fraction.days),
        Decimal::from(fraction.basis),
    )
}

/// The fraction of a year between two days of one coupon period.
pub(super) fn fraction(coupons: &Coupons, from: Date, to: Date) -> Fraction {
    match coupons.day_count {
        DayCount::Thirty360 => Fraction {
            days: thirty_day_months(from, to),
            basis: 360,
        },
        DayCount::Actual360 => Fraction {
            days: i64::from(days::between(from, to)),
            basis: 360,
        },
        DayCount::Actual365 => Fraction {
            days: i64::from(days::between(from, to)),
            basis: 365,
        },
        DayCount::ActualActual => actual_actual(from, to),
        DayCount::ActualActualIcma => regular_periods(coupons, from, to),
    }
}

/// Days over those of the regular period that they lie in, times the periods a year. A long first or a short last
/// period is cut at the days on which regular payments would have been (ICMA rule 251).
fn regular_periods(coupons: &Coupons, from: Date, to: Date) -> Fraction {
    let a_year = coupons.frequency.per_year();
    let mut whole = 0;
    let mut parts: Vec<(i64, i64)> = Vec::new();
    let mut period = period_of(coupons, from);
    while let (Some(start), Some(end)) = (regular(coupons, period), regular(coupons, period + 1)) {
        if start >= to || end <= start {
            break;
        }
        let (first, last) = (start.max(from), end.min(to));
        let length = i64::from(days::between(start, end));
        match i64::from(days::between(first, last)) {
            passed if passed == length => whole += 1,
            passed if passed > 0 => parts.push((passed, length)),
            _ => {}
        }
        period += 1;
    }
    // At most the first and the last are not whole.
    let basis = parts.iter().fold(1, |basis, (_, length)| basis * length);
    let days = parts.iter().fold(whole * basis, |days, (passed, length)| {
        days + passed * (basis / length)
    });
    Fraction {
        days,
        basis: basis * a_year,
    }
}

/// The number of the regular period that `day` lies in.
fn period_of(coupons: &Coupons, day: Date) -> i32 {
    let anchor = coupons.first_coupon.unwrap_or(coupons.dated);
    let months = 12 * (i32::from(day.year()) - i32::from(anchor.year())) + i32::from(day.month())
        - i32::from(anchor.month());
    let near = months.div_euclid(coupons.frequency.months());
    let begins = |period| regular(coupons, period).is_some_and(|start| start <= day);
    // A month may begin before its payment day.
    if begins(near) { near } else { near - 1 }
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

    fn coupons(day_count: DayCount) -> Coupons {
        Coupons {
            rate: Decimal::ONE,
            frequency: Frequency::Semiannually,
            day_count,
            dated: date(2023, 8, 31),
            first_coupon: None,
            end_of_month: false,
            maturity: date(2025, 1, 15),
        }
    }

    fn of(day_count: DayCount, from: Date, to: Date) -> (i64, i64) {
        let Fraction { days, basis } = fraction(&coupons(day_count), from, to);
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
        let expected = [
            date(2023, 8, 31),
            date(2024, 2, 29),
            date(2024, 8, 31),
            date(2025, 1, 15),
        ];
        assert_eq!(schedule(&coupons(DayCount::ActualActual)), expected);
    }

    #[test]
    fn a_first_period_may_be_short_or_long_and_months_may_end_together() {
        let stub = Coupons {
            dated: date(2023, 1, 20),
            first_coupon: Some(date(2023, 2, 28)),
            end_of_month: true,
            maturity: date(2024, 8, 31),
            ..coupons(DayCount::ActualActualIcma)
        };
        let expected = [
            date(2023, 1, 20),
            date(2023, 2, 28),
            date(2023, 8, 31),
            date(2024, 2, 29),
            date(2024, 8, 31),
        ];
        assert_eq!(schedule(&stub), expected);
        let by_day = Coupons {
            end_of_month: false,
            ..stub
        };
        assert_eq!(schedule(&by_day)[2..4], [date(2023, 8, 28), date(2024, 2, 28)]);
    }

    /// The cases of ISDA's paper on the three definitions of actual/actual (1999), as fractions of a year.
    #[test]
    fn the_market_s_own_examples_of_actual_actual_icma_come_out() {
        let icma = |frequency, (dated, first, maturity), (from, to)| {
            let coupons = Coupons {
                frequency,
                dated,
                first_coupon: Some(first),
                end_of_month: true,
                maturity,
                ..coupons(DayCount::ActualActualIcma)
            };
            let Fraction { days, basis } = fraction(&coupons, from, to);
            Decimal::from(days) / Decimal::from(basis)
        };
        let of = |days: i64, basis: i64| Decimal::from(days) / Decimal::from(basis);
        // A regular period is one payment, whatever its days.
        let regular = (date(2003, 11, 1), date(2004, 5, 1), date(2013, 11, 1));
        assert_eq!(
            icma(Frequency::Semiannually, regular, (regular.0, regular.1)),
            of(1, 2)
        );
        // Short first period: 1 February to 1 July 1999 in a year from July to July.
        let short = (date(1999, 2, 1), date(1999, 7, 1), date(2009, 7, 1));
        assert_eq!(icma(Frequency::Annually, short, (short.0, short.1)), of(150, 365));
        // Long first period: 15 August 2002 to 15 July 2003, halves from January and July.
        let long = (date(2002, 8, 15), date(2003, 7, 15), date(2012, 7, 15));
        assert_eq!(
            icma(Frequency::Semiannually, long, (long.0, long.1)),
            of(1, 2) + of(153, 2 * 184)
        );
        // Short last period: 30 January to 30 June 2000, halves from January and July.
        let last = (date(1999, 7, 30), date(2000, 1, 30), date(2000, 6, 30));
        assert_eq!(
            icma(Frequency::Semiannually, last, (last.1, last.2)),
            of(152, 2 * 182)
        );
    }
}
