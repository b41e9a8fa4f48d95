//! Patterns of event types: what an endpoint listens to.

use super::EventType;
use serde::{Deserialize, Serialize};

/// Which types an endpoint listens to: one type, a group of them (`position.*`), or all (`*`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct EventPattern(Box<str>);

/// The text names no type and no group of types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not an event type, a group of them (`position.*`) or `*`")]
pub struct UnknownEvents;

impl EventPattern {
    /// The pattern as it stands on the wire and in the database.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// Whether events of this type match.
    pub fn matches(&self, kind: EventType) -> bool {
        matches(&self.0, kind.as_str())
    }
}

fn matches(pattern: &str, kind: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some("") => true,
        Some(group) => group.ends_with('.') && kind.starts_with(group),
        None => pattern == kind,
    }
}

impl std::str::FromStr for EventPattern {
    type Err = UnknownEvents;
    fn from_str(text: &str) -> Result<Self, UnknownEvents> {
        if EventType::ALL.iter().any(|kind| matches(text, kind.as_str())) {
            Ok(Self(text.into()))
        } else {
            Err(UnknownEvents)
        }
    }
}

impl<'de> Deserialize<'de> for EventPattern {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for EventPattern {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "EventPattern".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string", "format": "event-pattern", "pattern": "^(\\*|[a-z_]+\\.(\\*|[a-z_]+))$"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_a_type_a_group_or_everything() {
        for (text, matching, other) in [
            ("*", EventType::ClientCreated, None),
            (
                "position.*",
                EventType::PositionOpened,
                Some(EventType::ClientCreated),
            ),
            (
                "client.created",
                EventType::ClientCreated,
                Some(EventType::ClientDeleted),
            ),
        ] {
            let pattern: EventPattern = text.parse().unwrap();
            assert!(pattern.matches(matching), "{text}");
            assert!(other.is_none_or(|other| !pattern.matches(other)), "{text}");
        }
        for text in [
            "",
            "posit*",
            "position",
            "position.",
            "position.moved",
            "*.created",
            "**",
            "POSITION.*",
        ] {
            assert_eq!(text.parse::<EventPattern>(), Err(UnknownEvents), "{text}");
        }
    }
}
