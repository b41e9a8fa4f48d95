//! Figures as they are written: rounded once, at the very end, half to even.

use crate::{
    ledger,
    sandbox::{DomainError, convert},
};
use contract::{Day, Decimal, FieldError, text::Currency};
use jiff::civil::Date;
use rust_decimal::RoundingStrategy;

/// Decimal places of quantities and prices.
const UNITS: u32 = 8;
/// Decimal places of rates and returns.
const RATES: u32 = 10;

/// Digits in which a figure is taken to be exact: a few less than the 28 that it is worked out in.
const EXACT_DIGITS: u32 = 25;
/// The places of a product of a quantity and a price: such a figure is exact as it is.
const MOST_PLACES: u32 = 16;

/// ISO 4217 currencies whose minor unit is not a hundredth, with its decimal places.
const MINOR_UNITS: &[(&str, u32)] = &[
    ("BHD", 3),
    ("BIF", 0),
    ("CLP", 0),
    ("DJF", 0),
    ("GNF", 0),
    ("IQD", 3),
    ("ISK", 0),
    ("JOD", 3),
    ("JPY", 0),
    ("KMF", 0),
    ("KRW", 0),
    ("KWD", 3),
    ("LYD", 3),
    ("OMR", 3),
    ("PYG", 0),
    ("RWF", 0),
    ("TND", 3),
    ("UGX", 0),
    ("VND", 0),
    ("VUV", 0),
    ("XAF", 0),
    ("XOF", 0),
    ("XPF", 0),
];

/// Writes amounts of one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Money(u32);

impl Money {
    /// Amounts of `currency`.
    pub(super) fn of(currency: &Currency) -> Self {
        let places = MINOR_UNITS
            .iter()
            .find(|(code, _)| *code == currency.as_str())
            .map_or(2, |(_, places)| *places);
        Self(places)
    }

    /// An amount, to the minor unit.
    pub(super) fn write(self, amount: rust_decimal::Decimal) -> Decimal {
        written(amount, self.0)
    }
}

/// A quantity or price.
pub(super) fn units(value: rust_decimal::Decimal) -> Decimal {
    written(value, UNITS)
}

/// A rate or return.
pub(super) fn rate(value: rust_decimal::Decimal) -> Decimal {
    written(value, RATES)
}

/// Quotients and products of many digits are exact to 28 of them only, so what is half-way may stand a hair below or
/// above. A figure is first brought to as many digits as it is exact in, and then to its places.
fn written(value: rust_decimal::Decimal, places: u32) -> Decimal {
    let half_even = RoundingStrategy::MidpointNearestEven;
    let exact = EXACT_DIGITS
        .saturating_sub(whole_digits(value))
        .clamp(places, MOST_PLACES.max(places));
    let mut rounded = value
        .round_dp_with_strategy(exact, half_even)
        .round_dp_with_strategy(places, half_even);
    rounded.rescale(places);
    rounded.into()
}

/// Digits before the point.
fn whole_digits(value: rust_decimal::Decimal) -> u32 {
    let whole = value.trunc().abs().mantissa();
    whole.checked_ilog10().map_or(0, |log| log + 1)
}

/// The currency that figures are asked in, both as it is written and as the ledger knows it.
#[derive(Clone, Debug)]
pub struct Ask {
    /// As it is written.
    pub currency: Currency,
    /// As the ledger knows it.
    pub code: ledger::Currency,
}

impl Ask {
    /// Figures in `currency`.
    ///
    /// # Errors
    /// When it is no code of three letters, which no checked currency is.
    pub fn in_currency(currency: Currency) -> Result<Self, DomainError> {
        let code = convert::currency(&currency)?;
        Ok(Self { currency, code })
    }
}

/// The day that is asked for, or `today`.
///
/// # Errors
/// [`DomainError::Parameter`] naming `parameter` when the day is still to come.
pub fn day_or_today(parameter: &str, asked: Option<Day>, today: Date) -> Result<Date, DomainError> {
    let day = asked.map_or(today, Day::date);
    if day > today {
        let detail = format!("lies after the sandbox's today, {today}");
        return Err(DomainError::Parameter(FieldError::parameter(parameter, detail)));
    }
    Ok(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> rust_decimal::Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn figures_are_rounded_half_to_even_and_keep_their_places() {
        let euro = Money::of(&"EUR".parse().unwrap());
        let yen = Money::of(&"JPY".parse().unwrap());
        let dinar = Money::of(&"KWD".parse().unwrap());
        for (money, amount, text) in [
            (euro, "1.005", "1.00"),
            (euro, "1.015", "1.02"),
            (euro, "-1.005", "-1.00"),
            (euro, "7", "7.00"),
            (euro, "-0.001", "0.00"),
            (yen, "10.5", "10"),
            (yen, "11.5", "12"),
            (dinar, "1.0005", "1.000"),
        ] {
            assert_eq!(money.write(decimal(amount)).to_string(), text);
        }
        // 4329.175 as it comes out of a quotient, and figures that are near a half and not on it.
        for (amount, text) in [
            ("4329.1749999999999999999999", "4329.18"),
            ("4329.1650000000000000000001", "4329.16"),
            ("4329.1650000000000001", "4329.17"),
            ("999999999999.1749999999999999", "999999999999.18"),
            ("0.0049999999999999", "0.00"),
        ] {
            assert_eq!(euro.write(decimal(amount)).to_string(), text, "{amount}");
        }
        assert_eq!(units(decimal("0.000000005")).to_string(), "0.00000000");
        assert_eq!(rate(decimal("0.1")).to_string(), "0.1000000000");
    }

    #[test]
    fn the_currencies_with_their_own_minor_unit_are_currencies_and_in_order() {
        assert!(MINOR_UNITS.is_sorted_by_key(|(code, _)| *code));
        for (code, _) in MINOR_UNITS {
            assert!(code.parse::<Currency>().is_ok(), "{code}");
        }
    }
}
