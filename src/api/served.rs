//! Representations that were served lately: a read of what has not changed needs neither query nor computation.

use axum::http::HeaderValue;
use bytes::Bytes;
use contract::{Timestamp, ids::SandboxId};
use quick_cache::{Weighter, sync::Cache};

use super::conditional::Tag;

/// How much is kept, in bytes, of all tenants together.
const CAPACITY: u64 = 24 << 20;
/// About how many representations that is.
const EXPECTED: usize = 20_000;
/// Of a longer body only the tag is kept.
const LONGEST_BODY: usize = 64 << 10;
/// What an entry costs beside its body: key, tag and bookkeeping.
const OVERHEAD: u64 = 256;

const HOUR_MILLIS: i64 = 60 * 60 * 1000;
const DAY_MILLIS: i64 = 24 * HOUR_MILLIS;

/// What a representation is of: it is current as long as the same read would have the same moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    version: u64,
    day: i64,
    hour: i64,
}

impl Moment {
    /// The moment at which a tenant has this version, `now` by the sandbox's clock and `real` by ours. What a figure
    /// says changes with the sandbox's day, what a cursor says with our hour.
    pub fn new(version: u64, now: Timestamp, real: Timestamp) -> Self {
        Self {
            version,
            day: now.as_millis().div_euclid(DAY_MILLIS),
            hour: real.as_millis().div_euclid(HOUR_MILLIS),
        }
    }
}

/// A representation that was served.
#[derive(Clone, Debug)]
pub struct Representation {
    /// When it was read. The version in it must have been read before the data was.
    pub at: Moment,
    /// Its entity tag.
    pub tag: Tag,
    /// Its bytes; none when they are too many to keep.
    pub body: Option<Bytes>,
    /// The `Link` to the next page.
    pub next: Option<HeaderValue>,
}

impl Representation {
    /// The representation without a body that is too long to keep.
    #[must_use]
    pub fn within_bounds(mut self) -> Self {
        self.body = self.body.filter(|body| body.len() <= LONGEST_BODY);
        self
    }
}

#[derive(Clone)]
struct Bytewise;

impl Weighter<String, Representation> for Bytewise {
    fn weight(&self, key: &String, kept: &Representation) -> u64 {
        let body = kept.body.as_ref().map_or(0, Bytes::len);
        OVERHEAD + (key.len() + body) as u64
    }
}

/// What was served lately, by target; bounded in bytes.
pub struct Served(Cache<String, Representation, Bytewise>);

impl Default for Served {
    fn default() -> Self {
        Self(Cache::with_weighter(EXPECTED, CAPACITY, Bytewise))
    }
}

impl Served {
    fn key(sandbox: &SandboxId, epoch: u32, target: &str) -> String {
        format!("{sandbox} {epoch} {target}")
    }

    /// What was served for `target`, if nothing has changed in the tenant since.
    pub fn current(
        &self,
        sandbox: &SandboxId,
        epoch: u32,
        target: &str,
        at: Moment,
    ) -> Option<Representation> {
        let kept = self.0.get(&Self::key(sandbox, epoch, target))?;
        (kept.at == at).then_some(kept)
    }

    /// Remembers what is served for `target`.
    pub fn remember(&self, sandbox: &SandboxId, epoch: u32, target: &str, served: Representation) {
        self.0
            .insert(Self::key(sandbox, epoch, target), served.within_bounds());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(version: u64, day: i64, hour: i64) -> Moment {
        let at = |millis| Timestamp::from_millis(millis);
        Moment::new(version, at(day * DAY_MILLIS), at(hour * HOUR_MILLIS))
    }

    #[test]
    fn it_is_current_until_version_day_or_hour_change() {
        let served = Served::default();
        let sandbox: SandboxId = "sbx_00000000000000000000000000".parse().unwrap();
        let at = moment(7, 1, 30);
        let kept = Representation {
            at,
            tag: Tag::of(1, b"{}"),
            body: Some(Bytes::from_static(b"{}")),
            next: None,
        };
        served.remember(&sandbox, 1, "/v1/clients", kept);
        let current = |epoch, target, at| served.current(&sandbox, epoch, target, at).is_some();
        assert!(current(1, "/v1/clients", at));
        assert!(!current(1, "/v1/clients", moment(8, 1, 30)));
        assert!(!current(1, "/v1/clients", moment(7, 2, 30)));
        assert!(!current(1, "/v1/clients", moment(7, 1, 31)));
        assert!(!current(2, "/v1/clients", at));
        assert!(!current(1, "/v1/clients?limit=1", at));
    }

    #[test]
    fn of_a_long_body_only_the_tag_is_kept() {
        let served = Served::default();
        let sandbox: SandboxId = "sbx_00000000000000000000000000".parse().unwrap();
        let at = moment(1, 1, 1);
        let body = Bytes::from(vec![b' '; LONGEST_BODY + 1]);
        let tag = Tag::of(1, &body);
        let long = Representation {
            at,
            tag: tag.clone(),
            body: Some(body),
            next: None,
        };
        served.remember(&sandbox, 1, "/v1/accounts", long);
        let kept = served.current(&sandbox, 1, "/v1/accounts", at).unwrap();
        assert_eq!((kept.tag, kept.body), (tag, None));
    }
}
