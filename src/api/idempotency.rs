//! `Idempotency-Key`: the same key and request get the first answer again, for 24 hours (contract §1).
//!
//! The stored answer is written in the transaction of the change itself, so a crash leaves both or neither. Only
//! successes are stored: a refusal changed nothing, and repeating the call decides it anew.

use axum::http::{HeaderMap, HeaderName};
use contract::{ProblemCode, ids::SandboxId};
use sha2::{Digest, Sha256};
use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use crate::{problem::ApiError, store::tenant::idempotency::Slot};

/// The request header.
pub const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Marks an answer that was given before.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// The key that a client chose: 1 to 255 visible characters without a quote, bare or in the quotes of a structured
/// field.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(Box<str>);

impl IdempotencyKey {
    /// Reads the header, if it is there.
    ///
    /// # Errors
    /// `invalid-header` when it is empty, too long, given twice, or has characters that are not visible ASCII.
    pub fn read(headers: &HeaderMap) -> Result<Option<Self>, ApiError> {
        let mut lines = headers.get_all(&KEY).iter();
        let Some(line) = lines.next() else { return Ok(None) };
        let malformed = || {
            ApiError::new(
                ProblemCode::InvalidHeader,
                "Idempotency-Key must be one value of 1 to 255 visible ASCII characters, without spaces or quotes.",
            )
        };
        let text = line.to_str().map_err(|_| malformed())?.trim();
        let text = text
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            .unwrap_or(text);
        let fits = (1..=255).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"');
        if lines.next().is_some() || !fits {
            return Err(malformed());
        }
        Ok(Some(Self(text.into())))
    }

    /// The key itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What makes two requests the same: method, path with query, media type and body.
pub fn fingerprint(method: &str, path_and_query: &str, content_type: &[u8], body: &[u8]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for part in [method.as_bytes(), path_and_query.as_bytes(), content_type, body] {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    digest.finalize().into()
}

/// The requests with a key that are running now. Only memory: a crash ends them, and the database knows which were done.
#[derive(Clone, Debug, Default)]
pub struct Running(Arc<Mutex<HashSet<Place>>>);

type Place = (SandboxId, Slot);

/// Marks a request as running until it is dropped.
#[derive(Debug)]
pub struct RunningGuard {
    running: Running,
    place: Place,
}

impl Running {
    /// Claims the key for this client.
    ///
    /// # Errors
    /// `idempotency-in-progress` while another request holds it.
    pub fn claim(&self, sandbox: &SandboxId, slot: &Slot) -> Result<RunningGuard, ApiError> {
        let place = (sandbox.clone(), slot.clone());
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !held.insert(place.clone()) {
            let detail = "A request with this Idempotency-Key is still running.";
            return Err(ApiError::new(ProblemCode::IdempotencyInProgress, detail).retry_after(1));
        }
        Ok(RunningGuard {
            running: self.clone(),
            place,
        })
    }
}

impl Drop for RunningGuard {
    fn drop(&mut self) {
        self.running
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn read(text: &'static str) -> Option<IdempotencyKey> {
        let mut headers = HeaderMap::new();
        headers.insert(KEY, HeaderValue::from_static(text));
        IdempotencyKey::read(&headers).ok().flatten()
    }

    #[test]
    fn quoted_and_bare_keys_are_the_same() {
        assert_eq!(read("\"abc\""), read("abc"));
        assert_eq!(read(""), None);
        assert_eq!(read("\"\""), None);
        assert_eq!(read("a b"), None);
        assert_eq!(read("\"a"), None);
    }

    #[test]
    fn a_key_is_held_until_its_request_ends() {
        let running = Running::default();
        let sandbox: SandboxId = "sbx_00000000000000000000000000".parse().unwrap();
        let slot = |client: &str| Slot {
            client_id: client.into(),
            method: "POST".into(),
            path: "/v1/clients".into(),
            key: "abc".into(),
        };
        let guard = running.claim(&sandbox, &slot("ci_a")).unwrap();
        let refused = running.claim(&sandbox, &slot("ci_a")).unwrap_err();
        assert_eq!(refused.code(), ProblemCode::IdempotencyInProgress);
        assert!(running.claim(&sandbox, &slot("ci_b")).is_ok());
        drop(guard);
        assert!(running.claim(&sandbox, &slot("ci_a")).is_ok());
    }
}
