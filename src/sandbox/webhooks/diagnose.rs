//! Why a signature does not verify: the known mistakes, each tried until one explains what was pasted.

use super::secret::TOLERANCE_SECONDS;
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use contract::ids::WebhookId;
use hmac::{Hmac, Mac};
use serde_json::Value;
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// What the secret begins with, which is no part of the key.
const PREFIX: &str = "whsec_";

/// What a receiver got, and what it checks with.
#[derive(Clone, Copy, Debug)]
pub struct Received<'a> {
    /// The headers as text, a line each.
    pub headers: &'a str,
    /// The body, as the receiver has it.
    pub body: &'a str,
    /// The secret, as the receiver has it.
    pub secret: &'a str,
}

/// What this server knows that the receiver does not.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The present, in seconds since the epoch.
    pub now: i64,
    /// The secrets of the sandbox's endpoints.
    pub secrets: Vec<KnownSecret>,
    /// The body that was sent under the message's id, where there is such an event.
    pub sent: Option<String>,
}

/// A secret of an endpoint.
#[derive(Clone, Debug)]
pub struct KnownSecret {
    /// The endpoint.
    pub webhook: WebhookId,
    /// The secret, `whsec_` and base64.
    pub secret: String,
    /// Whether a rotation has replaced it.
    pub previous: bool,
}

/// One thing that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// A header is not there.
    NoHeader(&'static str),
    /// The timestamp is not whole seconds.
    TimestampMalformed,
    /// The timestamp is milliseconds.
    TimestampInMillis,
    /// The timestamp is so many seconds too old.
    Stale(i64),
    /// The timestamp is so many seconds ahead.
    Ahead(i64),
    /// No entry of the signature header is of the version `v1`.
    NoVersion,
    /// The secret is empty.
    NoSecret,
    /// The secret is not base64 after its prefix.
    SecretMalformed,
    /// The signature was made with the secret's text as the key, where its decoded bytes belong.
    KeyNotDecoded,
    /// The signature is the work of another secret: this endpoint's.
    OtherSecret {
        /// The endpoint whose secret it is.
        webhook: WebhookId,
        /// Whether a rotation has replaced that secret.
        previous: bool,
    },
    /// The body was changed on its way into the check.
    Body(Change),
    /// The signed text was made without the message's id.
    IdNotSigned,
    /// The signed text was the body alone.
    BodyAlone,
    /// The signature is written in another encoding than base64.
    Encoding,
    /// Nothing that is known explains it: another secret, or another body.
    Unexplained,
}

/// How a body was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Line breaks or spaces at the end.
    Ends,
    /// Other line breaks.
    LineBreaks,
    /// Parsed as JSON and written anew.
    Reserialised,
    /// Different from what was sent, at this byte.
    Differs(usize),
}

/// What was found. Without mistakes the signature is good.
pub type Mistakes = Vec<Mistake>;

/// The value of a header among pasted lines; none where it is not there or empty.
pub fn header<'a>(headers: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = headers.lines().filter_map(|line| line.split_once(':'));
    lines
        .find(|(key, _)| key.trim().eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim())
        .filter(|value| !value.is_empty())
}

/// Finds out why a signature does not verify.
pub fn diagnose(received: Received<'_>, known: &Known) -> Mistakes {
    let message = match Message::read(received) {
        Ok(message) => message,
        Err(mistakes) => return mistakes,
    };
    let Some(mut mistakes) = message.explained(received, known) else {
        return message.unexplained(received, known);
    };
    mistakes.extend(message.skew(known.now));
    mistakes
}

/// How a signature is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Written {
    /// As standard base64.
    Well,
    /// In another encoding.
    Elsewise,
}

/// What the headers say.
struct Message<'a> {
    id: &'a str,
    timestamp: &'a str,
    seconds: i64,
    signatures: Vec<&'a str>,
}

impl<'a> Message<'a> {
    fn read(received: Received<'a>) -> Result<Self, Mistakes> {
        let header = |name: &'static str| header(received.headers, name).ok_or(Mistake::NoHeader(name));
        let (id, timestamp, signature) = (
            header("webhook-id"),
            header("webhook-timestamp"),
            header("webhook-signature"),
        );
        let seconds = timestamp
            .clone()
            .ok()
            .map(|text| text.parse().map_err(|_| Mistake::TimestampMalformed));
        let signatures: Vec<_> = signature.clone().unwrap_or_default().split_whitespace().collect();
        let signatures: Vec<_> = signatures
            .iter()
            .filter_map(|entry| entry.strip_prefix("v1,"))
            .collect();
        let mut mistakes: Mistakes = [id.clone(), timestamp.clone(), signature.clone()]
            .into_iter()
            .filter_map(Result::err)
            .collect();
        mistakes.extend(seconds.clone().and_then(Result::err));
        if signature.is_ok() && signatures.is_empty() {
            mistakes.push(Mistake::NoVersion);
        }
        if received.secret.trim().is_empty() {
            mistakes.push(Mistake::NoSecret);
        }
        match (id, timestamp, seconds) {
            (Ok(id), Ok(timestamp), Some(Ok(seconds))) if mistakes.is_empty() => Ok(Self {
                id,
                timestamp,
                seconds,
                signatures,
            }),
            _ => Err(mistakes),
        }
    }

    /// The first set of mistakes that together explain one of the signatures; an empty one where it is good.
    fn explained(&self, received: Received<'_>, known: &Known) -> Option<Mistakes> {
        let keys = keys(received.secret.trim(), &known.secrets);
        let bodies = bodies(received.body, known.sent.as_deref());
        let mut found: Vec<Mistakes> = Vec::new();
        for (key_mistake, key) in &keys {
            for (body_mistake, body) in &bodies {
                for (text_mistake, text) in self.texts(body) {
                    let Some(written) = self.is_signed(key, &text) else {
                        continue;
                    };
                    let encoding_mistake = (written == Written::Elsewise).then_some(Mistake::Encoding);
                    let mistakes = [key_mistake, body_mistake, &text_mistake, &encoding_mistake];
                    found.push(mistakes.into_iter().flatten().cloned().collect());
                }
            }
        }
        found.into_iter().min_by_key(Vec::len)
    }

    /// What may have been signed, with the mistake that this would be.
    fn texts(&self, body: &str) -> [(Option<Mistake>, String); 3] {
        let Self { id, timestamp, .. } = self;
        [
            (None, format!("{id}.{timestamp}.{body}")),
            (Some(Mistake::IdNotSigned), format!("{timestamp}.{body}")),
            (Some(Mistake::BodyAlone), body.to_owned()),
        ]
    }

    /// How one of the signatures is this key's of this text; none where none is.
    fn is_signed(&self, key: &[u8], text: &str) -> Option<Written> {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
            unreachable!("HMAC takes keys of any length")
        };
        mac.update(text.as_bytes());
        let bytes = mac.finalize().into_bytes();
        let is = |text: &str| {
            let theirs = self.signatures.iter().map(|theirs| theirs.as_bytes());
            theirs.fold(false, |any, theirs| {
                any | bool::from(theirs.ct_eq(text.as_bytes()))
            })
        };
        if is(&STANDARD.encode(bytes)) {
            return Some(Written::Well);
        }
        let elsewise = is(&hex::encode(bytes))
            | is(&URL_SAFE_NO_PAD.encode(bytes))
            | is(STANDARD.encode(bytes).trim_end_matches('='));
        elsewise.then_some(Written::Elsewise)
    }

    /// What can be said where no mistake explains the signature.
    fn unexplained(&self, received: Received<'_>, known: &Known) -> Mistakes {
        let mut mistakes = Vec::new();
        if decoded(received.secret.trim()).is_none() {
            mistakes.push(Mistake::SecretMalformed);
        }
        if let Some(sent) = &known.sent
            && sent != received.body
        {
            mistakes.push(Mistake::Body(Change::Differs(difference(sent, received.body))));
        }
        if mistakes.is_empty() {
            mistakes.push(Mistake::Unexplained);
        }
        mistakes.extend(self.skew(known.now));
        mistakes
    }

    fn skew(&self, now: i64) -> Option<Mistake> {
        let age = now.saturating_sub(self.seconds);
        let in_millis = now.saturating_sub(self.seconds / 1000).abs() < 366 * 86_400;
        if self.seconds > 100_000_000_000 && in_millis {
            Some(Mistake::TimestampInMillis)
        } else if age > TOLERANCE_SECONDS {
            Some(Mistake::Stale(age))
        } else if age < -TOLERANCE_SECONDS {
            Some(Mistake::Ahead(age.saturating_neg()))
        } else {
            None
        }
    }
}

/// The key of a secret: what follows the prefix, decoded.
fn decoded(secret: &str) -> Option<Vec<u8>> {
    let key = STANDARD
        .decode(secret.strip_prefix(PREFIX).unwrap_or(secret))
        .ok()?;
    (!key.is_empty()).then_some(key)
}

/// The keys that may have signed, with the mistake that this would be.
fn keys(secret: &str, known: &[KnownSecret]) -> Vec<(Option<Mistake>, Vec<u8>)> {
    let mut keys: Vec<_> = decoded(secret).map(|key| (None, key)).into_iter().collect();
    for text in [secret, secret.strip_prefix(PREFIX).unwrap_or(secret)] {
        keys.push((Some(Mistake::KeyNotDecoded), text.as_bytes().to_vec()));
    }
    for other in known.iter().filter(|known| known.secret != secret) {
        let mistake = Mistake::OtherSecret {
            webhook: other.webhook.clone(),
            previous: other.previous,
        };
        keys.extend(decoded(&other.secret).map(|key| (Some(mistake), key)));
    }
    keys
}

/// The bodies that may have been signed, with the mistake that this would be. Each one once.
fn bodies(body: &str, sent: Option<&str>) -> Vec<(Option<Mistake>, String)> {
    let mut bodies = vec![(None, body.to_owned())];
    let mut add = |change: Change, text: String| {
        if bodies.iter().all(|(_, known)| *known != text) {
            bodies.push((Some(Mistake::Body(change)), text));
        }
    };
    let trimmed = body.trim_end();
    add(Change::Ends, trimmed.to_owned());
    add(Change::Ends, format!("{trimmed}\n"));
    add(Change::LineBreaks, body.replace("\r\n", "\n"));
    add(
        Change::LineBreaks,
        body.replace("\r\n", "\n").replace('\n', "\r\n"),
    );
    if let Ok(value) = serde_json::from_str::<Value>(body) {
        add(Change::Reserialised, value.to_string());
        add(
            Change::Reserialised,
            serde_json::to_string_pretty(&value).unwrap_or_default(),
        );
    }
    if let Some(sent) = sent {
        let json = |text: &str| serde_json::from_str::<Value>(text).ok();
        let change = if json(sent).is_some() && json(sent) == json(body) {
            Change::Reserialised
        } else {
            Change::Differs(difference(sent, body))
        };
        add(change, sent.to_owned());
    }
    bodies
}

/// The first byte at which two texts differ.
fn difference(left: &str, right: &str) -> usize {
    let same = left
        .bytes()
        .zip(right.bytes())
        .take_while(|(left, right)| left == right);
    same.count()
}

#[cfg(test)]
mod tests;
