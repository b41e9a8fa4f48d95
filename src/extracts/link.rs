//! Links by which an extract is fetched without a token: signed, and good for an hour of real time.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use contract::{
    Timestamp,
    ids::{ExtractId, SandboxId},
};
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// How long a link is good at most, in seconds.
const GOOD: i64 = 60 * 60;

/// Links that are made within so many seconds are the same, so that an unchanged extract reads the same.
const STEP: i64 = 5 * 60;

/// What a link opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Whose extract it is.
    pub sandbox: SandboxId,
    /// Of which epoch.
    pub epoch: u32,
    /// The extract.
    pub extract: ExtractId,
}

/// Signs links and checks them.
#[derive(Clone)]
pub struct Links {
    key: [u8; 32],
}

impl Links {
    /// Signs with `key`, which every process on the same data must share.
    pub const fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// The path and query of a link that is made `now`, in real time.
    pub fn seal(&self, target: &Target, now: Timestamp) -> String {
        let expires = now.as_seconds() / STEP * STEP + GOOD;
        let signature = URL_SAFE_NO_PAD.encode(self.mac(target, expires).finalize().into_bytes());
        let Target {
            sandbox,
            epoch,
            extract,
        } = target;
        format!(
            "/v1/extracts/{extract}/download?sandbox={sandbox}&epoch={epoch}&expires={expires}&signature={signature}"
        )
    }

    /// What the link with this query opens `now`; none where it was not signed here, or its time is over.
    pub fn open(&self, extract: &str, query: &str, now: Timestamp) -> Option<Target> {
        let (mut sandbox, mut epoch, mut expires, mut signature) = (None, None, None, None);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let place = match &*name {
                "sandbox" => &mut sandbox,
                "epoch" => &mut epoch,
                "expires" => &mut expires,
                "signature" => &mut signature,
                _ => return None,
            };
            if place.replace(value).is_some() {
                return None;
            }
        }
        let target = Target {
            sandbox: sandbox?.parse().ok()?,
            epoch: epoch?.parse().ok()?,
            extract: extract.parse().ok()?,
        };
        let expires: i64 = expires?.parse().ok()?;
        let signature = URL_SAFE_NO_PAD.decode(signature?.as_bytes()).ok()?;
        // Compares in constant time.
        self.mac(&target, expires).verify_slice(&signature).ok()?;
        (now.as_seconds() < expires).then_some(target)
    }

    fn mac(&self, target: &Target, expires: i64) -> Hmac<Sha256> {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.key) else {
            unreachable!("HMAC takes a key of any length")
        };
        // No part can hold a line break, so no two targets sign the same text.
        let Target {
            sandbox,
            epoch,
            extract,
        } = target;
        mac.update(format!("extract\n{sandbox}\n{epoch}\n{extract}\n{expires}").as_bytes());
        mac
    }
}

impl std::fmt::Debug for Links {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Links")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target() -> Target {
        Target {
            sandbox: "sbx_01k2j8x4m6v0q3r5t7w9y1z2a3".parse().unwrap(),
            epoch: 2,
            extract: "ext_01k2j8x4m6v0q3r5t7w9y1z2a3".parse().unwrap(),
        }
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    fn open(links: &Links, link: &str, now: Timestamp) -> Option<Target> {
        let (path, query) = link.split_once('?').unwrap();
        let extract = path.strip_prefix("/v1/extracts/")?.strip_suffix("/download")?;
        links.open(extract, query, now)
    }

    #[test]
    fn a_link_opens_what_it_was_made_for_until_its_hour_is_over() {
        let links = Links::new([7; 32]);
        let link = links.seal(&target(), at(1_000_000));
        assert_eq!(open(&links, &link, at(1_000_000)), Some(target()));
        assert_eq!(open(&links, &link, at(1_003_299)), Some(target()));
        assert_eq!(open(&links, &link, at(1_003_601)), None);
        assert_eq!(links.seal(&target(), at(1_000_100)), link);
    }

    #[test]
    fn a_link_that_was_changed_opens_nothing() {
        let links = Links::new([7; 32]);
        let link = links.seal(&target(), at(1_000_000));
        for (part, other) in [
            ("epoch=2", "epoch=3"),
            ("a3/download", "a4/download"),
            ("a3&epoch", "a4&epoch"),
            ("expires=10", "expires=20"),
            ("&epoch=2", ""),
            ("&epoch=2", "&epoch=2&epoch=2"),
            ("?", "?more=1&"),
            ("signature=", "signature=A"),
        ] {
            let changed = link.replacen(part, other, 1);
            assert_ne!(changed, link);
            assert_eq!(open(&links, &changed, at(1_000_000)), None, "{changed}");
        }
        assert_eq!(open(&Links::new([8; 32]), &link, at(1_000_000)), None);
    }
}
