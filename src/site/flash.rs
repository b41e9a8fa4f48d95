//! What a page shows once, after the request that caused it: a new secret, a notice, a refusal. Kept in memory alone.

use axum::http::{HeaderMap, Method};
use contract::Timestamp;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use super::{Site, respond};
use crate::store::control::sessions::SessionHash;

/// How long it waits to be shown, in milliseconds.
const KEPT: i64 = 5 * 60 * 1000;

impl Site {
    /// Takes what waits for this session, unless the request shows nothing: then it is not spent. A page that is only
    /// fetched early, or by a script that takes a part of it, shows nothing.
    pub(super) fn shown_once(
        &self,
        session: SessionHash,
        (method, headers): (&Method, &HeaderMap),
    ) -> Option<Flash> {
        let shows =
            method == Method::GET && !headers.contains_key("sec-purpose") && !respond::is_part(headers);
        shows
            .then(|| self.flashes.take(session, self.clock.now()))
            .flatten()
    }
}

/// What is shown once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Flash {
    /// A client secret that was just made, with what happened.
    Secret {
        /// The secret, in the clear.
        secret: String,
        /// What happened.
        notice: String,
    },
    /// A link that was just made, with what it is for.
    Link {
        /// The link, in the clear.
        url: String,
        /// What it does, one sentence.
        purpose: String,
        /// Until when it is good.
        ends: Timestamp,
    },
    /// Something happened.
    Notice(String),
    /// Something was refused.
    Problem(String),
}

/// Everything that waits to be shown, by session.
#[derive(Debug, Default)]
pub(super) struct Flashes(Mutex<HashMap<SessionHash, (Timestamp, Flash)>>);

impl Flashes {
    /// Keeps `flash` for the next page of this session; it replaces what waits there.
    pub(super) fn put(&self, session: SessionHash, flash: Flash, now: Timestamp) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|_, (until, _)| *until > now);
        waiting.insert(session, (now.plus_millis(KEPT), flash));
    }

    /// Takes what waits for this session; it is then gone.
    pub(super) fn take(&self, session: SessionHash, now: Timestamp) -> Option<Flash> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (until, flash) = waiting.remove(&session)?;
        (until > now).then_some(flash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn it_is_shown_once_and_to_its_own_session() {
        let flashes = Flashes::default();
        let (mine, theirs) = (SessionHash::of("mine"), SessionHash::of("theirs"));
        flashes.put(mine, Flash::Notice("Reset.".into()), at(0));
        assert_eq!(flashes.take(theirs, at(1)), None);
        assert_eq!(flashes.take(mine, at(1)), Some(Flash::Notice("Reset.".into())));
        assert_eq!(flashes.take(mine, at(1)), None);
    }

    #[test]
    fn it_does_not_wait_for_ever() {
        let flashes = Flashes::default();
        let mine = SessionHash::of("mine");
        flashes.put(mine, Flash::Notice("Reset.".into()), at(0));
        assert_eq!(flashes.take(mine, at(KEPT)), None);
    }
}
