//! What figures can be told apart by: `group_by` of holdings and performance.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// One thing to tell figures apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// The portfolio. What stands in two of them is in both.
    Portfolio,
    /// Where it is held.
    Depository,
    /// The class of the instrument.
    InstrumentClass,
}

impl Dimension {
    const ALL: [Self; 3] = [Self::Portfolio, Self::Depository, Self::InstrumentClass];

    /// The value as it stands on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Portfolio => "portfolio",
            Self::Depository => "depository",
            Self::InstrumentClass => "instrument_class",
        }
    }
}

/// Several things to tell figures apart by, separated by commas.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grouping(Vec<Dimension>);

/// The text is not a list of dimensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidGrouping {
    /// An item is none of them.
    #[error("must be any of \"portfolio\", \"depository\" and \"instrument_class\", separated by commas")]
    Unknown,
    /// An item stands in it twice.
    #[error("names the same group twice")]
    Repeated,
}

impl Grouping {
    /// Whether figures are told apart by `dimension`.
    pub fn by(&self, dimension: Dimension) -> bool {
        self.0.contains(&dimension)
    }
}

impl FromStr for Grouping {
    type Err = InvalidGrouping;
    fn from_str(text: &str) -> Result<Self, InvalidGrouping> {
        let mut named = Vec::new();
        for item in text.split(',') {
            let dimension = Dimension::ALL
                .into_iter()
                .find(|dimension| dimension.as_str() == item)
                .ok_or(InvalidGrouping::Unknown)?;
            if named.contains(&dimension) {
                return Err(InvalidGrouping::Repeated);
            }
            named.push(dimension);
        }
        Ok(Self(named))
    }
}

impl fmt::Display for Grouping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, dimension) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma}{}", dimension.as_str())?;
        }
        Ok(())
    }
}

impl Serialize for Grouping {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Grouping {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Grouping {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Grouping".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "format": "grouping",
            "pattern": "^(portfolio|depository|instrument_class)(,(portfolio|depository|instrument_class)){0,2}$",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_takes_any_choice_in_any_order_once() {
        for text in [
            "portfolio",
            "instrument_class,portfolio",
            "depository,portfolio,instrument_class",
        ] {
            assert_eq!(text.parse::<Grouping>().unwrap().to_string(), text);
        }
        assert_eq!("account".parse::<Grouping>(), Err(InvalidGrouping::Unknown));
        assert_eq!("".parse::<Grouping>(), Err(InvalidGrouping::Unknown));
        assert_eq!(
            "portfolio,portfolio".parse::<Grouping>(),
            Err(InvalidGrouping::Repeated)
        );
    }
}
