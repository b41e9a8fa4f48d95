//! New ids and secrets, from the operating system's randomness.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use contract::Timestamp;
use std::str::FromStr;

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

/// A new request id: `req_` and a ULID (contract §1).
pub fn request_id(now: Timestamp) -> String {
    let millis = u64::try_from(now.as_millis()).unwrap_or_default();
    format!(
        "req_{}",
        ulid::Ulid::from_parts(millis, u128::from_be_bytes(random()))
    )
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
