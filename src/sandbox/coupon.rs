//! When the made-up bonds and loans pay, and what has accrued in between.

use crate::store::market::instrument::Instrument;
use jiff::{ToSpan, civil::Date};
use rust_decimal::Decimal;

/// The terms of an instrument that pays coupons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Coupons {
    /// A fraction of the nominal a year.
    rate: Decimal,
    /// How many months lie between two payments.
    months: i32,
    day_count: DayCount,
    /// When interest starts to accrue.
    dated: Date,
    maturity: Date,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DayCount {
    Thirty360,
    Actual360,
}

/// The coupon period around a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period {
    /// When it starts.
    pub(super) start: Date,
    /// When it pays.
    pub(super) end: Date,
}

impl Coupons {
    /// The coupons of `instrument`; none where it pays none or counts days in a way that histories leave alone.
    pub(super) fn of(instrument: &Instrument) -> Option<Self> {
        let term = |name: &str| instrument.terms.get(name)?.as_str();
        Some(Self {
            rate: term("coupon_rate")?.parse().ok()?,
            months: match term("coupon_frequency")? {
                "annually" => 12,
                "semiannually" => 6,
                "quarterly" => 3,
                _ => return None,
            },
            day_count: match term("day_count")? {
                "30/360" => DayCount::Thirty360,
                "actual/360" => DayCount::Actual360,
                _ => return None,
            },
            dated: term("dated_date")?.parse().ok()?,
            maturity: term("maturity_date")?.parse().ok()?,
        })
    }

    /// The period that `day` lies in; a payment day starts the next one. None outside the instrument's life.
    pub(super) fn period(&self, day: Date) -> Option<Period> {
        if day < self.dated || day >= self.maturity {
            return None;
        }
        let mut start = self.dated;
        for payment in 1.. {
            let end = self.dated.checked_add((payment * self.months).months()).ok()?;
            if end > day {
                return Some(Period { start, end });
            }
            start = end;
        }
        None
    }

    /// Whether it is paid back after `day` only, and bears interest on it already.
    pub(super) fn matures_after(&self, day: Date) -> bool {
        self.maturity > day
    }

    /// What has accrued on `nominal` since the last payment before `day`.
    pub(super) fn accrued(&self, nominal: Decimal, day: Date) -> Decimal {
        self.period(day)
            .map_or(Decimal::ZERO, |period| self.interest(nominal, period.start, day))
    }

    /// What `nominal` earns from one day to another.
    pub(super) fn interest(&self, nominal: Decimal, from: Date, to: Date) -> Decimal {
        let days = match self.day_count {
            DayCount::Actual360 => i64::from((to - from).get_days()),
            DayCount::Thirty360 => thirty360(from, to),
        };
        (nominal * self.rate * Decimal::from(days) / Decimal::from(360)).round_dp(2)
    }
}

/// Days between two dates where every month has 30 (bond basis).
fn thirty360(from: Date, to: Date) -> i64 {
    let first = i64::from(from.day()).min(30);
    let last = if first == 30 {
        i64::from(to.day()).min(30)
    } else {
        i64::from(to.day())
    };
    let years = i64::from(to.year()) - i64::from(from.year());
    let months = i64::from(to.month()) - i64::from(from.month());
    360 * years + 30 * months + last - first
}
