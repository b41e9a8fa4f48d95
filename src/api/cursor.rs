//! Cursors: opaque, tamper-proof places in a walk, bound to tenant, epoch, operation and filters (contract §1).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use contract::{ProblemCode, Timestamp, ids::SandboxId};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::problem::ApiError;

const HOUR_MILLIS: i64 = 60 * 60 * 1000;
/// A cursor is good for 24 hours of real time, and to the end of the hour in which these end: an unchanged page holds
/// the same cursor for an hour, so that it keeps its tag and is answered with 304.
const LIFETIME_MILLIS: i64 = 24 * HOUR_MILLIS;
/// Cursors of the feed of events, which are kept as they are.
const LONG_LIFETIME_MILLIS: i64 = 30 * LIFETIME_MILLIS;
const MAC: usize = 16;
const EXPIRY: usize = 8;

/// What a cursor is bound to: it is refused anywhere else.
#[derive(Clone, Debug)]
pub struct Binding<'a> {
    /// The tenant.
    pub sandbox: &'a SandboxId,
    /// The tenant's epoch.
    pub epoch: u32,
    /// The request path, which names the operation and the parent object.
    pub path: &'a str,
    /// The query parameters that filter, in order, without `cursor` and `limit`.
    pub filters: &'a str,
}

/// Seals and opens cursors with a secret of this installation.
#[derive(Clone)]
pub struct Cursors {
    key: [u8; 32],
}

impl std::fmt::Debug for Cursors {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cursors")
    }
}

impl Cursors {
    /// Cursors sealed with `key`.
    pub fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// The cursor of the place behind the row with sequence number `after`.
    pub fn seal(&self, binding: &Binding<'_>, after: i64, now: Timestamp) -> String {
        self.seal_key(binding, &after.to_be_bytes(), now)
    }

    /// The same of a list whose cursors are good for 30 days.
    pub fn seal_for_long(&self, binding: &Binding<'_>, after: i64, now: Timestamp) -> String {
        let expires = full_hour(now.plus_millis(LONG_LIFETIME_MILLIS));
        self.seal_until(binding, &after.to_be_bytes(), expires)
    }

    /// The cursor of the place behind the row with this key.
    pub fn seal_key(&self, binding: &Binding<'_>, key: &[u8], now: Timestamp) -> String {
        self.seal_until(binding, key, full_hour(now.plus_millis(LIFETIME_MILLIS)))
    }

    fn seal_until(&self, binding: &Binding<'_>, key: &[u8], expires: i64) -> String {
        let mut bytes = [key, &expires.to_be_bytes()].concat();
        let mac = self.mac(binding, &bytes);
        bytes.extend(mac);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The sequence number that the walk goes on behind.
    ///
    /// # Errors
    /// `invalid-cursor` when the text was not sealed here for this very list, `cursor-expired` once its time has passed.
    pub fn open(&self, binding: &Binding<'_>, text: &str, now: Timestamp) -> Result<i64, ApiError> {
        self.open_key(binding, text, now).map(i64::from_be_bytes)
    }

    /// The key of the row that the walk goes on behind.
    ///
    /// # Errors
    /// As those of [`Self::open`].
    pub fn open_key<const LENGTH: usize>(
        &self,
        binding: &Binding<'_>,
        text: &str,
        now: Timestamp,
    ) -> Result<[u8; LENGTH], ApiError> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok();
        let bytes = bytes.filter(|bytes| bytes.len() == LENGTH + EXPIRY + MAC);
        let bytes = bytes.ok_or_else(invalid)?;
        let (payload, mac) = bytes.split_at(LENGTH + EXPIRY);
        if !bool::from(self.mac(binding, payload).ct_eq(mac)) {
            return Err(invalid());
        }
        let (key, expires) = payload.split_at(LENGTH);
        let expires = expires
            .try_into()
            .map(i64::from_be_bytes)
            .map_err(|_| invalid())?;
        if now.as_millis() > expires {
            return Err(ApiError::new(
                ProblemCode::CursorExpired,
                "The cursor is no longer good: its time has passed.",
            ));
        }
        key.try_into().map_err(|_| invalid())
    }

    fn mac(&self, binding: &Binding<'_>, payload: &[u8]) -> [u8; MAC] {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.key) else {
            unreachable!("HMAC takes keys of any length")
        };
        for part in [binding.sandbox.as_str(), binding.path, binding.filters] {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        mac.update(&binding.epoch.to_be_bytes());
        mac.update(payload);
        let mut short = [0; MAC];
        short.copy_from_slice(&mac.finalize().into_bytes()[..MAC]);
        short
    }
}

fn invalid() -> ApiError {
    ApiError::new(
        ProblemCode::InvalidCursor,
        "The cursor does not belong to this list, or the sandbox was reset since.",
    )
}

/// The end of the hour that this instant is in.
fn full_hour(instant: Timestamp) -> i64 {
    let millis = instant.as_millis();
    millis + (-millis).rem_euclid(HOUR_MILLIS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sandbox(text: &str) -> SandboxId {
        text.parse().unwrap()
    }

    const A: &str = "sbx_00000000000000000000000000";
    const B: &str = "sbx_00000000000000000000000001";

    proptest! {
        #[test]
        fn a_sealed_cursor_opens_only_where_it_was_sealed(after in any::<i64>(), flip in 0_usize..43) {
            let cursors = Cursors::new([7; 32]);
            let (a, b) = (sandbox(A), sandbox(B));
            let here = Binding { sandbox: &a, epoch: 1, path: "/v1/clients", filters: "" };
            let now = Timestamp::from_millis(0);
            let text = cursors.seal(&here, after, now);
            prop_assert_eq!(cursors.open(&here, &text, now).ok(), Some(after));
            for other in [
                Binding { sandbox: &b, ..here.clone() },
                Binding { epoch: 2, ..here.clone() },
                Binding { path: "/v1/accounts", ..here.clone() },
                Binding { filters: "type=buy", ..here.clone() },
            ] {
                prop_assert!(cursors.open(&other, &text, now).is_err());
            }
            let mut bytes = URL_SAFE_NO_PAD.decode(&text).unwrap();
            let place = flip % bytes.len();
            bytes[place] ^= 1;
            prop_assert!(cursors.open(&here, &URL_SAFE_NO_PAD.encode(bytes), now).is_err());
        }

        #[test]
        fn no_text_makes_it_panic(text in ".{0,80}") {
            let a = sandbox(A);
            let here = Binding { sandbox: &a, epoch: 1, path: "/v1/clients", filters: "" };
            prop_assert!(Cursors::new([7; 32]).open(&here, &text, Timestamp::from_millis(0)).is_err());
        }
    }

    #[test]
    fn it_is_good_for_a_day_and_at_most_an_hour_more() {
        let cursors = Cursors::new([7; 32]);
        let a = sandbox(A);
        let here = Binding {
            sandbox: &a,
            epoch: 1,
            path: "/v1/clients",
            filters: "",
        };
        for sealed in [0, 1, HOUR_MILLIS - 1, HOUR_MILLIS] {
            let sealed = Timestamp::from_millis(sealed);
            let text = cursors.seal(&here, 5, sealed);
            let open = |millis| cursors.open(&here, &text, sealed.plus_millis(millis));
            assert_eq!(open(LIFETIME_MILLIS).unwrap(), 5);
            assert_eq!(
                open(LIFETIME_MILLIS + HOUR_MILLIS).unwrap_err().code(),
                ProblemCode::CursorExpired
            );
        }
    }
}
