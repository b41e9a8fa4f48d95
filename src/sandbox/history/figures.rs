//! What trades come to, and on which days they are made.

use crate::{sandbox::coupon::Coupons, store::market::instrument::Instrument};
use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};
use rust_decimal::Decimal;

/// Quantity, price, amount, fees and accrued interest.
pub(super) type Trade = (Decimal, Decimal, Decimal, Decimal, Option<Decimal>);

/// The least quantity that is traded.
pub(super) fn lot(instrument: &Instrument) -> Decimal {
    if instrument.kind.is_quoted_in_per_cent() {
        Decimal::from(1000)
    } else {
        Decimal::ONE
    }
}

/// What a quantity costs, without interest and fees.
pub(super) fn worth(instrument: &Instrument, quantity: Decimal, price: Decimal) -> Decimal {
    let value = if instrument.kind.is_quoted_in_per_cent() {
        quantity * price / Decimal::ONE_HUNDRED
    } else {
        quantity * price
    };
    value.round_dp(2)
}

/// The interest that goes along with a quantity; none where nothing accrues.
pub(super) fn accrued(instrument: &Instrument, quantity: Decimal, day: Date) -> Option<Decimal> {
    Coupons::of(instrument).map(|coupons| coupons.accrued(quantity, day))
}

/// A tenth of a per cent, at least ten.
pub(super) fn commission(value: Decimal) -> Decimal {
    (value / Decimal::ONE_THOUSAND).round_dp(2).max(Decimal::TEN)
}

/// Whether `day` is the last of a quarter.
pub(super) fn ends_quarter(day: Date) -> bool {
    day.month() % 3 == 0 && day == day.last_of_month()
}

/// Whether `day` is one of Monday to Friday.
pub(super) fn is_business_day(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// `day`, or the Monday after it.
pub(super) fn business_day(day: Date) -> Date {
    let skipped = match day.weekday() {
        Weekday::Saturday => 2,
        Weekday::Sunday => 1,
        _ => 0,
    };
    day.saturating_add(skipped.days())
}
