//! Compact JWS, read strictly (RFC 7515 §3.1, RFC 8725): shape, header and claims. Who may sign is decided elsewhere.

use super::{json, reason::Reason};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use contract::Timestamp;
use serde_json::{Map, Value};

/// Members of a header that would let the sender choose the key or the rules.
const FORBIDDEN: [&str; 7] = ["crit", "jwk", "jku", "x5u", "x5c", "b64", "zip"];

/// A compact JWS whose signature has not been checked.
#[derive(Debug)]
pub(super) struct Jws<'t> {
    /// What the signature covers.
    pub signed: &'t str,
    /// The header.
    pub header: Header,
    /// The claims.
    pub claims: Claims,
    /// The signature's bytes.
    pub signature: Vec<u8>,
}

/// What is looked at in a header.
#[derive(Debug)]
pub(super) struct Header {
    /// `alg`, as the sender claims it.
    pub alg: String,
    /// `kid`.
    pub kid: String,
    typ: Option<String>,
}

/// The members of the payload.
#[derive(Debug)]
pub(super) struct Claims(Map<String, Value>);

/// Reads a compact JWS of at most `most` bytes.
pub(super) fn parse(text: &str, most: usize) -> Result<Jws<'_>, Reason> {
    if text.len() > most {
        return Err(format!("it is longer than {most} characters").into());
    }
    let parts: Vec<&str> = text.split('.').collect();
    let [header, payload, signature] = parts.as_slice() else {
        return Err(format!("it has {} parts between dots, not three", parts.len()).into());
    };
    Ok(Jws {
        signed: &text[..header.len() + 1 + payload.len()],
        header: Header::parse(header)?,
        claims: Claims(object(payload, "payload")?),
        signature: decode(signature, "signature")?,
    })
}

fn decode(part: &str, name: &str) -> Result<Vec<u8>, Reason> {
    URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| format!("its {name} is not base64url without padding").into())
}

fn object(part: &str, name: &str) -> Result<Map<String, Value>, Reason> {
    json::object(&decode(part, name)?)
        .ok_or_else(|| format!("its {name} is not a JSON object, or repeats a member").into())
}

impl Header {
    fn parse(part: &str) -> Result<Self, Reason> {
        let members = Claims(object(part, "header")?);
        if let Some(name) = FORBIDDEN.iter().find(|name| members.0.contains_key(**name)) {
            return Err(format!("its header has `{name}`, which is not accepted").into());
        }
        Ok(Self {
            alg: members.text("alg")?.to_owned(),
            kid: members.text("kid")?.to_owned(),
            typ: members.optional_text("typ")?.map(str::to_owned),
        })
    }

    /// `typ` in lower case without the `application/` that may stand before it (RFC 7515 §4.1.9).
    pub(super) fn media_type(&self) -> Option<String> {
        let typ = self.typ.as_ref()?.to_ascii_lowercase();
        Some(
            typ.strip_prefix("application/")
                .map_or(typ.clone(), str::to_owned),
        )
    }
}

impl Claims {
    /// A claim that must be there and be text.
    pub(super) fn text(&self, name: &str) -> Result<&str, Reason> {
        self.optional_text(name)?
            .ok_or_else(|| format!("`{name}` is missing").into())
    }

    fn optional_text(&self, name: &str) -> Result<Option<&str>, Reason> {
        match self.0.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(format!("`{name}` is not a string").into()),
        }
    }

    /// A claim that must be there and be a time in seconds since the Unix epoch.
    pub(super) fn instant(&self, name: &str) -> Result<Timestamp, Reason> {
        self.optional_instant(name)?
            .ok_or_else(|| format!("`{name}` is missing").into())
    }

    /// A claim that must be a time in seconds since the Unix epoch if it is there.
    pub(super) fn optional_instant(&self, name: &str) -> Result<Option<Timestamp>, Reason> {
        /// The end of the year 9999: beyond it a number is no time but a mistake, such as milliseconds.
        const LAST: f64 = 253_402_300_799.0;
        let Some(value) = self.0.get(name) else {
            return Ok(None);
        };
        match value.as_f64() {
            #[expect(clippy::cast_possible_truncation, reason = "the range was checked")]
            Some(seconds) if (0.0..=LAST).contains(&seconds) => {
                Ok(Some(Timestamp::from_millis((seconds * 1000.0) as i64)))
            }
            _ => Err(format!("`{name}` is not a time in seconds since 1970").into()),
        }
    }

    /// The only value of `aud`: as text, or as an array of one.
    pub(super) fn audience(&self) -> Result<&str, Reason> {
        match self.0.get("aud") {
            None => Err("`aud` is missing".into()),
            Some(Value::String(text)) => Ok(text),
            Some(Value::Array(items)) => match items.as_slice() {
                [Value::String(text)] => Ok(text),
                _ => Err("`aud` names another number of audiences than one".into()),
            },
            Some(_) => Err("`aud` is not a string".into()),
        }
    }
}
