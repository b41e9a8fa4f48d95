//! New ids and secrets, from the operating system's randomness.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use contract::Timestamp;
use std::{fmt, str::FromStr, sync::Arc};

/// Random bytes of the operating system.
///
/// # Panics
/// When the operating system has no randomness to give; nothing can safely go on then.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    #[expect(
        clippy::expect_used,
        reason = "without randomness no id and no secret is safe: stop"
    )]
    getrandom::fill(&mut bytes).expect("the operating system's random source failed");
    bytes
}

/// A new domain object id: 24 lower-case hex digits, the first eight of them the second it was made in.
pub fn object_id<I: FromStr<Err = contract::ids::MalformedId>>(now: Timestamp) -> I {
    let seconds = u32::try_from(now.as_seconds()).unwrap_or_default();
    parsed(&format!("{seconds:08x}{:016x}", u64::from_be_bytes(random())))
}

/// A new version 4 UUID.
pub fn uuid<I: FromStr<Err = contract::ids::MalformedId>>() -> I {
    parsed(&uuid::Builder::from_random_bytes(random()).into_uuid().to_string())
}

fn parsed<I: FromStr<Err = contract::ids::MalformedId>>(text: &str) -> I {
    match text.parse() {
        Ok(id) => id,
        Err(contract::ids::MalformedId) => unreachable!("a generated id is well formed: {text}"),
    }
}

/// A new lower-case ULID after `prefix` (`sbx_`, `evt_`).
pub fn prefixed(prefix: &str, now: Timestamp) -> String {
    let millis = u64::try_from(now.as_millis()).unwrap_or_default();
    let ulid = ulid::Ulid::from_parts(millis, u128::from_be_bytes(random()));
    format!("{prefix}{}", ulid.to_string().to_lowercase())
}

/// The id of one request: `req_` and a ULID (contract §1). A copy costs nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RequestId(Arc<str>);

impl RequestId {
    const PREFIX: &str = "req_";

    /// A new one.
    pub fn new(now: Timestamp) -> Self {
        let millis = u64::try_from(now.as_millis()).unwrap_or_default();
        Self::of(ulid::Ulid::from_parts(millis, u128::from_be_bytes(random())))
    }

    /// The one of a request that nobody named.
    pub fn unknown() -> Self {
        Self::of(ulid::Ulid::nil())
    }

    fn of(ulid: ulid::Ulid) -> Self {
        Self(format!("{}{ulid}", Self::PREFIX).into())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// When it was given.
    pub fn made_at(&self) -> Timestamp {
        made_at(&self.0).unwrap_or(Timestamp::from_millis(0))
    }
}

impl FromStr for RequestId {
    type Err = contract::ids::MalformedId;
    fn from_str(text: &str) -> Result<Self, contract::ids::MalformedId> {
        let ulid = text.strip_prefix(Self::PREFIX).map(ulid::Ulid::from_string);
        match ulid {
            Some(Ok(ulid)) => Ok(Self::of(ulid)),
            Some(Err(_)) | None => Err(contract::ids::MalformedId),
        }
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A new secret of 256 random bits after `prefix`, URL-safe.
pub fn secret(prefix: &str) -> String {
    format!("{prefix}{}", URL_SAFE_NO_PAD.encode(random::<32>()))
}

/// The instant that the ULID at the end of an id was made at, if there is one.
pub fn made_at(id: &str) -> Option<Timestamp> {
    let ulid = id.get(id.len().checked_sub(26)?..)?.to_ascii_uppercase();
    let millis = ulid::Ulid::from_string(&ulid).ok()?.timestamp_ms();
    Some(Timestamp::from_millis(i64::try_from(millis).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_id_says_when_it_was_given_and_reads_back() {
        let now = Timestamp::from_millis(1_767_225_600_123);
        let id = RequestId::new(now);
        assert_eq!(id.made_at(), now);
        assert_eq!(id.as_str().parse(), Ok(id.clone()));
        assert_eq!(id.as_str().to_lowercase().parse(), Ok(id));
    }

    #[test]
    fn what_is_no_request_id_is_refused() {
        for text in [
            "",
            "req_",
            "req_1",
            "evt_01K2J8X4M6V0Q3R5T7W9Y1Z2A3",
            "req_01K2J8X4M6V0Q3R5T7W9Y1Z2A3/",
            "req_81K2J8X4M6V0Q3R5T7W9Y1Z2A3F",
        ] {
            assert!(text.parse::<RequestId>().is_err(), "{text}");
        }
    }
}
