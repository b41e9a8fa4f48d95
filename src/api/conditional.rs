//! Conditional requests (RFC 9110 §8.8 and §13): entity tags, `If-None-Match`, `If-Match`.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use contract::ProblemCode;
use sha2::{Digest, Sha256};

use crate::problem::ApiError;

/// The opaque part of a strong entity tag: a digest of the representation and of the sandbox's epoch.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Tag(Box<str>);

impl Tag {
    /// The tag of a representation. The epoch keeps tags of before a reset from matching after it.
    pub fn of(epoch: u32, body: &[u8]) -> Self {
        let digest = Sha256::new()
            .chain_update(epoch.to_be_bytes())
            .chain_update(body)
            .finalize();
        Self(URL_SAFE_NO_PAD.encode(&digest[..16]).into())
    }
    /// The tag of what has this digest of its own.
    pub fn named(digest: &str) -> Self {
        Self(digest.into())
    }
    /// The tag as a header value, with quotes.
    pub fn header(&self) -> HeaderValue {
        HeaderValue::try_from(format!("\"{}\"", self.0)).unwrap_or_else(|_| HeaderValue::from_static("\"\""))
    }
}

/// The suffixes that tell compressed representations apart from plain ones.
pub const ENCODING_SUFFIXES: [&str; 2] = ["-gzip", "-br"];

/// A parsed `If-Match` or `If-None-Match`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Condition {
    /// The header is not there.
    #[default]
    Absent,
    /// `*`: any current representation.
    Any,
    /// One of these tags; `true` marks a weak one.
    Tags(Vec<(String, bool)>),
}

impl Condition {
    /// Reads the header `name`, all its lines together.
    ///
    /// # Errors
    /// `invalid-header` when it is not a list of entity tags.
    pub fn read(headers: &HeaderMap, name: &HeaderName) -> Result<Self, ApiError> {
        let mut lines = headers.get_all(name).iter().peekable();
        if lines.peek().is_none() {
            return Ok(Self::Absent);
        }
        let malformed = || {
            ApiError::new(
                ProblemCode::InvalidHeader,
                format!("{name} is not a list of entity tags."),
            )
        };
        let mut tags = Vec::new();
        for line in lines {
            let text = line.to_str().map_err(|_| malformed())?.trim();
            if text == "*" {
                return Ok(Self::Any);
            }
            tags.extend(entity_tags(text).ok_or_else(malformed)?);
        }
        if tags.is_empty() {
            Err(malformed())
        } else {
            Ok(Self::Tags(tags))
        }
    }

    /// `If-None-Match`: weak comparison, so that a validator of a compressed copy still matches. Gives the
    /// matching tag back as the caller wrote it.
    pub fn matches_weakly(&self, tag: &Tag) -> Option<HeaderValue> {
        match self {
            Self::Absent => None,
            Self::Any => Some(tag.header()),
            Self::Tags(tags) => {
                let (matching, _) = tags.iter().find(|(opaque, _)| plain(opaque) == &*tag.0)?;
                HeaderValue::try_from(format!("\"{matching}\"")).ok()
            }
        }
    }

    /// `If-Match`: strong comparison; a weak tag never matches. An absent header allows everything.
    pub fn allows(&self, tag: &Tag) -> bool {
        match self {
            Self::Absent | Self::Any => true,
            Self::Tags(tags) => tags
                .iter()
                .any(|(opaque, weak)| !weak && plain(opaque) == &*tag.0),
        }
    }
}

fn plain(opaque: &str) -> &str {
    ENCODING_SUFFIXES
        .iter()
        .find_map(|suffix| opaque.strip_suffix(suffix))
        .unwrap_or(opaque)
}

/// Splits a list of entity tags; commas may stand inside the quotes (RFC 9110 §8.8.3).
fn entity_tags(mut text: &str) -> Option<Vec<(String, bool)>> {
    let mut tags = Vec::new();
    loop {
        text = text.trim_start_matches([' ', '\t', ',']);
        if text.is_empty() {
            return Some(tags);
        }
        let (weak, rest) = text.strip_prefix("W/").map_or((false, text), |rest| (true, rest));
        let (opaque, rest) = rest.strip_prefix('"')?.split_once('"')?;
        if !rest.is_empty() && !rest.trim_start().starts_with(',') {
            return None;
        }
        tags.push((opaque.to_owned(), weak));
        text = rest;
    }
}

/// `If-None-Match` and `If-Match` of a request.
///
/// # Errors
/// `invalid-header` when one of them is malformed.
pub fn read(headers: &HeaderMap) -> Result<(Condition, Condition), ApiError> {
    Ok((
        Condition::read(headers, &header::IF_NONE_MATCH)?,
        Condition::read(headers, &header::IF_MATCH)?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn condition(text: &'static str) -> Option<Condition> {
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_MATCH, HeaderValue::from_static(text));
        Condition::read(&headers, &header::IF_MATCH).ok()
    }

    fn tag(text: &str) -> Tag {
        Tag(text.into())
    }

    #[test]
    fn lists_are_parsed_not_compared_as_text() {
        let tags = condition(r#""a", W/"b,c" ,"d-br""#).unwrap();
        assert!(tags.matches_weakly(&tag("a")).is_some());
        assert!(tags.matches_weakly(&tag("b,c")).is_some());
        assert_eq!(tags.matches_weakly(&tag("d")).unwrap(), "\"d-br\"");
        assert!(tags.matches_weakly(&tag("b")).is_none());
    }

    #[test]
    fn a_weak_tag_never_allows_a_write() {
        assert!(!condition(r#"W/"a""#).unwrap().allows(&tag("a")));
        assert!(condition(r#""a""#).unwrap().allows(&tag("a")));
        assert!(condition("*").unwrap().allows(&tag("a")));
    }

    #[test]
    fn malformed_lists_are_refused() {
        for text in ["a", "\"a", "\"a\" \"b\"", "", ",", "w/\"a\""] {
            assert_eq!(condition(text), None, "{text}");
        }
    }
}
