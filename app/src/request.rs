//! The one request object: the builder's form makes it, the sample prints it, the server sends it, the log keeps it.

mod fields;
pub mod rows;

use crate::port::SendError;
use contract::{
    Method,
    form::{Form, Place},
};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

pub use fields::{AS_FIELDS, BODY, BODY_AS, RAW, STATE, example_fields, field, last, row_members};

/// The headers that a reader may set. `Authorization`, `Content-Type` and `Host` are the server's to set.
pub const HEADERS: [&str; 6] = [
    "accept",
    "accept-language",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "prefer",
];

/// Names and values in order; a name may come more than once.
pub type Pairs = Vec<(String, String)>;

/// A request by operation and values, never by URL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendRequest {
    /// The operation's id.
    pub operation: String,
    /// Values of the path template.
    pub path: Pairs,
    /// Query parameters; absent ones are left out.
    pub query: Pairs,
    /// Request headers besides `Authorization` and `Content-Type`, lower case.
    pub headers: Pairs,
    /// The body as it will travel.
    pub body: Option<String>,
}

/// A request as it goes over the wire, but for its token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wire {
    /// The method.
    pub method: Method,
    /// The base URL, without a trailing slash.
    pub base: String,
    /// Path and query, encoded.
    pub target: String,
    /// The headers, `Authorization` excepted.
    pub headers: Pairs,
    /// The body.
    pub body: Option<String>,
}

impl Wire {
    /// `GET /v1/clients?limit=2`.
    pub fn request_line(&self) -> String {
        format!("{} {}", self.method.as_str(), self.target)
    }

    /// The whole URL.
    pub fn url(&self) -> String {
        format!("{}{}", self.base, self.target)
    }
}

impl SendRequest {
    /// The worked example of an operation.
    pub fn example(form: &Form) -> Self {
        Self {
            operation: form.operation.clone(),
            path: form
                .inputs
                .iter()
                .filter(|input| input.place == Place::Path)
                .map(|input| (input.name.clone(), fields::plain(input.example.as_ref())))
                .collect(),
            query: Vec::new(),
            headers: Vec::new(),
            body: form
                .method
                .has_body()
                .then(|| form.example_body.clone())
                .filter(|body| !body.is_empty()),
        }
    }

    /// The request as it goes over the wire to the API at `base`.
    ///
    /// # Errors
    ///
    /// [`SendError::MissingPath`] where the template names a parameter that has no value.
    pub fn wire(&self, form: &Form, base: &str) -> Result<Wire, SendError> {
        let mut target = self.fill(&form.path)?;
        for (index, (name, value)) in self.query.iter().enumerate() {
            let mark = if index == 0 { '?' } else { '&' };
            // Writing to a String cannot fail.
            let _ = write!(target, "{mark}{}={}", encode(name), encode(value));
        }
        let mut headers = Pairs::new();
        if self.body.is_some() {
            headers.push(("content-type".to_owned(), "application/json".to_owned()));
        }
        headers.extend(self.headers.iter().cloned());
        Ok(Wire {
            method: form.method,
            base: base.to_owned(),
            target,
            headers,
            body: self.body.clone(),
        })
    }

    fn fill(&self, template: &str) -> Result<String, SendError> {
        let mut path = String::with_capacity(template.len() + 24);
        for segment in template.split('/').skip(1) {
            path.push('/');
            match segment.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                None => path.push_str(segment),
                Some(name) => match last(&self.path, name) {
                    None | Some("") => return Err(SendError::MissingPath(name.to_owned())),
                    Some(value) => path.push_str(&encode(value)),
                },
            }
        }
        Ok(path)
    }
}

/// Percent-encodes everything but the unreserved characters of RFC 3986. A lone `.` or `..` is encoded too, since a
/// path segment of that name would be resolved away.
pub fn encode(text: &str) -> String {
    let dots = matches!(text, "." | "..");
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        let plain =
            byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~') || (byte == b'.' && !dots);
        if plain {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(path: &str) -> Form {
        Form {
            operation: "x.get".into(),
            method: Method::Get,
            path: path.into(),
            summary: String::new(),
            group: String::new(),
            scope: None,
            status: 200,
            inputs: Vec::new(),
            example_body: String::new(),
            example_reply: String::new(),
        }
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn values_cannot_leave_their_segment_or_parameter() {
        let request = SendRequest {
            path: vec![pair("id", "../a b/é")],
            query: vec![pair("q", "x&y=z#"), pair("empty", "")],
            ..SendRequest::default()
        };
        let wire = request
            .wire(&form("/v1/clients/{id}/users"), "https://api")
            .unwrap();
        assert_eq!(
            wire.url(),
            "https://api/v1/clients/..%2Fa%20b%2F%C3%A9/users?q=x%26y%3Dz%23&empty="
        );
        assert_eq!(encode(".."), "%2E%2E");
    }

    #[test]
    fn a_path_parameter_without_a_value_is_named() {
        let request = SendRequest::default();
        assert_eq!(
            request.wire(&form("/v1/clients/{id}"), ""),
            Err(SendError::MissingPath("id".into()))
        );
    }
}
