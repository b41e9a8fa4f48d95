//! What the pages ask of the server. The server gives one implementation per request, bound to its visitor.

use crate::{
    model::Moment,
    request::{Pairs, SendRequest},
};
use serde::{Deserialize, Serialize};
use std::{future::Future, pin::Pin};

/// A future of a port, boxed so that the trait can be an object.
pub type Promise<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What the islands may ask for on behalf of one visitor. Server functions find it as `Arc<dyn Ports>` in context.
pub trait Ports: Send + Sync + 'static {
    /// Sends a request to the API with a token of the visitor's sandbox, minted and kept by the server.
    ///
    /// # Errors
    ///
    /// Any [`SendError`]; an answer of the API, whatever its status, is none.
    fn send(&self, request: SendRequest) -> Promise<'_, Result<Sent, SendError>>;
}

/// An answer of the API, with the request that it answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// The operation that was called.
    pub operation: String,
    /// The request line: `GET /v1/clients?limit=2`.
    pub request_line: String,
    /// The request as a curl command; the token is a shell variable, never a secret.
    pub curl: String,
    /// When it was sent.
    pub at: Moment,
    /// The status.
    pub status: u16,
    /// The status in words: `OK`.
    pub reason: String,
    /// Microseconds from send to the last byte.
    pub duration_us: u64,
    /// Bytes of the body as it travelled.
    pub size: u64,
    /// The headers, lower case, in order.
    pub headers: Pairs,
    /// The body as text.
    pub body: String,
    /// The `Request-Id`.
    pub request_id: String,
}

impl Sent {
    /// The value of a header, by lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(header, _)| header == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Why a request got no answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SendError {
    /// The visitor has no sandbox.
    NoSandbox,
    /// No operation has this id.
    UnknownOperation(String),
    /// A path parameter has no value.
    MissingPath(String),
    /// A header has a value that cannot be sent.
    BadHeader(String),
    /// The API could not be reached.
    Unreachable,
    /// The connection closed before the answer was complete.
    BrokenOff,
    /// The API did not answer in time.
    TimedOut,
    /// The answer is larger than the builder shows (bytes).
    TooLarge(u64),
    /// The portal's own server could not be reached, or refused.
    PortalFailed,
}

impl std::error::Error for SendError {}

impl std::fmt::Display for SendError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.explain().what)
    }
}

/// An error in words for the person who meets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What happened.
    pub what: String,
    /// Why, and what to do.
    pub remedy: String,
}

impl SendError {
    /// What happened, why, and what to do.
    pub fn explain(&self) -> Explanation {
        let (what, remedy) = match self {
            Self::NoSandbox => (
                "There is no sandbox to send to".to_owned(),
                "Requests go to a sandbox of your own. Create one, it takes a second and no account; then send again.",
            ),
            Self::UnknownOperation(id) => (
                format!("There is no operation {id}"),
                "The link may be older than the API. Pick the operation from the list.",
            ),
            Self::MissingPath(name) => (
                format!("The path needs a value for {name}"),
                "An empty value would address another path. Fill it in, or take one of the ids that the field offers.",
            ),
            Self::BadHeader(name) => (
                format!("The header {name} cannot be sent"),
                "Header values are visible ASCII characters on one line. Correct the value and send again.",
            ),
            Self::Unreachable => (
                "The API did not accept the connection".to_owned(),
                "It may be restarting. Nothing was changed; send again in a moment.",
            ),
            Self::BrokenOff => (
                "The answer broke off".to_owned(),
                "The connection closed before the answer was complete. A write may have happened; repeat it with the same Idempotency-Key, which makes that safe.",
            ),
            Self::TimedOut => (
                "The API did not answer in time".to_owned(),
                "A write may still have happened. Repeat it with the same Idempotency-Key, which makes that safe.",
            ),
            Self::TooLarge(bytes) => (
                format!("The answer is larger than the builder shows ({bytes} bytes)"),
                "Ask for less with limit, or run the curl command.",
            ),
            Self::PortalFailed => (
                "The portal could not send the request".to_owned(),
                "The connection to this page's server failed, so nothing was sent. Check your network and send again.",
            ),
        };
        Explanation {
            what,
            remedy: remedy.to_owned(),
        }
    }
}
