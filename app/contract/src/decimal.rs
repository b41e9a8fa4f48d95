//! Exact decimals on the wire: strings in canonical form, also read from JSON numbers (contract §1).

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// More digits than this do not survive the binary floating point in which JSON numbers are read.
const EXACT_DIGITS: usize = 15;

/// An exact decimal: up to 28 significant digits, written without an exponent (`"125000.00"`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(rust_decimal::Decimal);

/// The value is no decimal that can be kept exactly; the message says why, for the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDecimal {
    /// Not digits with at most one point.
    #[error("is not a decimal number, such as \"125000.00\"")]
    Malformed,
    /// Too large, or too many digits.
    #[error("has more than 28 significant digits")]
    TooLong,
    /// A JSON number with more digits than reading it preserves.
    #[error("has more than 15 significant digits: send it as a string")]
    InexactNumber,
}

impl Decimal {
    /// The value, to compute with.
    pub fn value(self) -> rust_decimal::Decimal {
        self.0
    }

    /// The same value as money is written: with two places, or as many more as it needs.
    #[must_use]
    pub fn as_money(self) -> Self {
        let mut value = self.0.normalize();
        if value.scale() < 2 {
            value.rescale(2);
        }
        Self(value)
    }

    /// The same value as quantities and prices are written: without trailing zeros.
    #[must_use]
    pub fn as_quantity(self) -> Self {
        Self(self.0.normalize())
    }

    /// The decimal that a JSON number stands for.
    ///
    /// # Errors
    /// [`InvalidDecimal::InexactNumber`] when the number has more digits than a JSON number keeps.
    pub fn from_number(number: &serde_json::Number) -> Result<Self, InvalidDecimal> {
        let text = number.to_string();
        let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
        let digits = mantissa.trim_start_matches(['-', '0', '.']);
        let count = digits.bytes().filter(u8::is_ascii_digit).count();
        if count > EXACT_DIGITS && !(number.is_i64() || number.is_u64()) {
            return Err(InvalidDecimal::InexactNumber);
        }
        if mantissa.len() == text.len() {
            return text.parse();
        }
        rust_decimal::Decimal::from_scientific(&text)
            .map(Self)
            .map_err(|_| InvalidDecimal::TooLong)
    }
}

impl From<rust_decimal::Decimal> for Decimal {
    fn from(value: rust_decimal::Decimal) -> Self {
        Self(value)
    }
}

impl FromStr for Decimal {
    type Err = InvalidDecimal;
    fn from_str(text: &str) -> Result<Self, InvalidDecimal> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !plain(whole) || !plain(fraction) {
            return Err(InvalidDecimal::Malformed);
        }
        rust_decimal::Decimal::from_str_exact(text)
            .map(Self)
            .map_err(|_| InvalidDecimal::TooLong)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A zero with a sign is a figure that nobody meant.
        if self.0.is_zero() {
            return self.0.abs().fmt(f);
        }
        self.0.fmt(f)
    }
}

impl Serialize for Decimal {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Wire {
            Text(String),
            Number(serde_json::Number),
        }
        match Wire::deserialize(deserializer)? {
            Wire::Text(text) => text.parse(),
            Wire::Number(number) => Self::from_number(&number),
        }
        .map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Decimal {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Decimal".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        const PATTERN: &str = r"^-?[0-9]+(\.[0-9]+)?$";
        if generator.contract().is_deserialize() {
            schemars::json_schema!({ "type": ["string", "number"], "format": "decimal", "pattern": PATTERN })
        } else {
            schemars::json_schema!({ "type": "string", "format": "decimal", "pattern": PATTERN })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<String, String> {
        serde_json::from_str::<Decimal>(json)
            .map(|decimal| decimal.to_string())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn it_keeps_the_digits_that_were_sent() {
        assert_eq!(read("\"125000.00\"").unwrap(), "125000.00");
        assert_eq!(read("125000.5").unwrap(), "125000.5");
        assert_eq!(read("-3").unwrap(), "-3");
        assert_eq!(read("1e3").unwrap(), "1000.0");
        assert_eq!(read("\"-0.00\"").unwrap(), "0.00");
    }

    #[test]
    fn money_has_two_places_and_quantities_no_idle_ones() {
        let written = |text: &str| {
            let decimal: Decimal = text.parse().unwrap();
            (decimal.as_money().to_string(), decimal.as_quantity().to_string())
        };
        assert_eq!(written("12.500"), ("12.50".into(), "12.5".into()));
        assert_eq!(written("-7"), ("-7.00".into(), "-7".into()));
        assert_eq!(written("0.12345"), ("0.12345".into(), "0.12345".into()));
    }

    #[test]
    fn what_cannot_be_kept_exactly_is_refused_in_words() {
        for (json, why) in [
            ("\"1e3\"", "not a decimal number"),
            ("\"\"", "not a decimal number"),
            ("\"1.\"", "not a decimal number"),
            ("\"+1\"", "not a decimal number"),
            ("\"NaN\"", "not a decimal number"),
            ("\"123456789012345678901234567890\"", "28 significant digits"),
            ("1234567890123456.78", "send it as a string"),
        ] {
            let error = read(json).unwrap_err();
            assert!(error.contains(why), "{json}: {error}");
        }
    }
}
