//! Problems: every way in which a call can fail, and how it is told (RFC 9457).

use crate::ids::ExtractId;
use serde::{Deserialize, Serialize};

/// A problem as the docs explain it.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ProblemInfo {
    /// The last part of the `type` URL, and the anchor on the errors page.
    pub slug: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// `title`: the same for every occurrence.
    pub title: &'static str,
    /// When it happens.
    pub cause: &'static str,
    /// What the caller can do.
    pub remedy: &'static str,
}

macro_rules! problems {
    ($($name:ident = $status:literal $slug:literal, $title:literal, $cause:literal, $remedy:literal);+ $(;)?) => {
        /// One kind of problem. Its page on the portal is the problem's `type` URL.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum ProblemCode {
            $(#[doc = $cause] $name),+
        }
        impl ProblemCode {
            /// Every kind, in the order of the docs.
            pub const ALL: &[ProblemCode] = &[$(ProblemCode::$name),+];
            /// Everything the docs say about it.
            pub const fn info(self) -> ProblemInfo {
                match self {
                    $(ProblemCode::$name => ProblemInfo {
                        slug: $slug, status: $status, title: $title, cause: $cause, remedy: $remedy,
                    }),+
                }
            }
        }
    };
}

problems! {
    InvalidParameter = 400 "invalid-parameter", "Invalid parameter",
        "A query parameter has a value that its type does not allow.",
        "Read `errors[].parameter`: it names the parameter, `detail` says what it takes.";
    UnknownParameter = 400 "unknown-parameter", "Unknown parameter",
        "The query string names a parameter that this operation does not have.",
        "Check the spelling. Parameters are refused rather than ignored, so that a typing error cannot widen a filter.";
    InvalidHeader = 400 "invalid-header", "Invalid header",
        "A request header that the API reads is malformed.",
        "Fix the header that `detail` names, for instance an `Idempotency-Key` longer than 255 characters.";
    InvalidCursor = 400 "invalid-cursor", "Invalid cursor",
        "The cursor was changed, belongs to another list or other filters, or the sandbox has been reset since.",
        "Start the walk again without `cursor`, and pass `next_cursor` back unchanged with the same filters.";
    CursorExpired = 400 "cursor-expired", "Cursor expired",
        "The cursor is older than 24 hours; one of the event feed, older than 30 days.",
        "Start the walk again without `cursor`.";
    MalformedJson = 400 "malformed-json", "Malformed JSON",
        "The request body is not JSON.",
        "Send one JSON document; `detail` says at which line and column it breaks.";
    Unauthenticated = 401 "unauthenticated", "Authentication required",
        "The call carries no bearer token.",
        "Request a token and send it as `Authorization: Bearer …`.";
    InvalidToken = 401 "invalid-token", "Invalid token",
        "The token is expired, revoked, malformed, or was not issued here.",
        "Request a new token; tokens live for an hour.";
    InsufficientScope = 401 "insufficient-scope", "Insufficient scope",
        "The token is good but lacks the scope that this operation needs.",
        "Request a token with the scope that `WWW-Authenticate` names.";
    NotFound = 404 "not-found", "Not found",
        "No object of this sandbox has this id. Another sandbox's object looks the same as an absent one.",
        "Check the id, and that the token belongs to the sandbox that holds the object.";
    NoSuchRoute = 404 "no-such-route", "No such route",
        "Nothing is served at this path.",
        "Compare the path with the reference; paths have no trailing slash.";
    MethodNotAllowed = 405 "method-not-allowed", "Method not allowed",
        "The path exists, but not with this method.",
        "Use one of the methods in `Allow`.";
    InUse = 409 "in-use", "Still in use",
        "The object cannot be deleted while others depend on it.",
        "Delete or move what `detail` names first.";
    AlreadyExists = 409 "already-exists", "Already exists",
        "Another object already has this value of a unique member.",
        "Use another value, or change the object that has it.";
    ReadOnly = 409 "read-only", "Read only",
        "The object is the platform's, the same for every tenant, and cannot be changed by one.",
        "Add an object of your own: an instrument, or a point that overrides the platform's for you alone.";
    InvalidStateTransition = 409 "invalid-state-transition", "Invalid state transition",
        "The object's state does not allow this move.",
        "Read the object; `detail` names the state it is in and the state that was asked for.";
    RateUnknown = 409 "rate-unknown", "Exchange rate unknown",
        "A figure cannot be converted: no exchange rate is known of the currency that `detail` names.",
        "Ask for another `currency`, or take the account in that currency out of the portfolios that you ask for.";
    ExtractAlreadyRunning = 409 "extract-already-running", "Extract already running",
        "An extract of the same data set is queued or running; of each, one is made at a time.",
        "Follow the extract that `extract_id` names, and use its file, or ask again when it is finished.";
    IdempotencyInProgress = 409 "idempotency-in-progress", "Request in progress",
        "A request with the same `Idempotency-Key` is still running.",
        "Repeat the call after `Retry-After`; it then answers with the first one's result.";
    PreconditionFailed = 412 "precondition-failed", "Precondition failed",
        "`If-Match` does not name the object's current version: someone changed it in between.",
        "Read the object again, apply your change to what you see, and send the new `ETag`.";
    BodyTooLarge = 413 "body-too-large", "Body too large",
        "The request body is larger than 1 MiB.",
        "Split the request.";
    UnsupportedMediaType = 415 "unsupported-media-type", "Unsupported media type",
        "The `Content-Type` of the body is not one that the operation reads.",
        "Send `application/json`; for `PATCH`, `application/merge-patch+json` is read too.";
    RangeNotSatisfiable = 416 "range-not-satisfiable", "Range not satisfiable",
        "`Range` asks for bytes behind the end of the file of an extract.",
        "Take the size of the file from `Content-Range`, or leave `Range` out.";
    ValidationFailed = 422 "validation-failed", "Validation failed",
        "The body is JSON, but a member is missing, unknown, or breaks a rule.",
        "Read `errors`: each entry points at one member and says what is wrong with it.";
    IdempotencyKeyReused = 422 "idempotency-key-reused", "Idempotency key reused",
        "The same `Idempotency-Key` came with a different request.",
        "Use a fresh key for every new request; repeat a key only with the very same request.";
    RateLimited = 429 "rate-limited", "Rate limit reached",
        "The sandbox has spent its budget of reads or writes.",
        "Wait for `Retry-After` seconds. The next call is then admitted.";
    ConcurrencyLimited = 429 "concurrency-limited", "Too many requests at once",
        "The sandbox already has as many requests in flight as its plan allows.",
        "Let a call finish before you start another, or queue them on your side.";
    InternalError = 500 "internal-error", "Internal error",
        "Something failed on our side.",
        "Repeat the call; if it goes on, tell us the `request_id`.";
    Unavailable = 503 "unavailable", "Temporarily unavailable",
        "The request took longer than 30 seconds, or the server is shutting down or shedding load.",
        "Repeat the call after `Retry-After`, with the same `Idempotency-Key` if it was a `POST`.";
}

impl ProblemCode {
    /// The last part of its `type` URL.
    pub const fn slug(self) -> &'static str {
        self.info().slug
    }
    /// Its HTTP status.
    pub const fn status(self) -> u16 {
        self.info().status
    }
    /// Its `title`.
    pub const fn title(self) -> &'static str {
        self.info().title
    }
}

/// What is wrong with one member of the body, or one parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FieldError {
    /// JSON Pointer (RFC 6901) into the request body, as a URI fragment: `#/reference_currency`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// The name of the query parameter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// What is wrong, for people.
    pub detail: String,
}

impl FieldError {
    /// A fault at a JSON Pointer, given without `#`.
    pub fn at(pointer: impl AsRef<str>, detail: impl Into<String>) -> Self {
        Self {
            pointer: Some(format!("#{}", pointer.as_ref())),
            parameter: None,
            detail: detail.into(),
        }
    }
    /// A fault of a query parameter.
    pub fn parameter(name: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            pointer: None,
            parameter: Some(name.into()),
            detail: detail.into(),
        }
    }
}

/// The body of every error answer of v1: `application/problem+json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Problem {
    /// URL of the page that explains this kind of problem.
    #[cfg_attr(feature = "schema", schemars(extend("format" = "uri")))]
    pub r#type: String,
    /// The kind of problem, for people; the same for every occurrence.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened this time.
    pub detail: String,
    /// `urn:request:` and the request id.
    pub instance: String,
    /// The request id; also in the `Request-Id` header.
    pub request_id: String,
    /// The members or parameters at fault.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// The extract that stands in the way: of `extract-already-running`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extract_id: Option<ExtractId>,
}

/// One entry of a legacy error answer: `application/vnd.api+json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LegacyError {
    /// The request id.
    pub id: String,
    /// The HTTP status, as text (JSON:API).
    pub status: String,
    /// The kind of problem: the same slugs as in v1.
    pub code: String,
    /// The kind of problem, for people.
    pub title: String,
    /// What happened this time.
    pub detail: String,
    /// The member or parameter at fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<LegacySource>,
}

/// Where a legacy error lies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum LegacySource {
    /// JSON Pointer into the request body.
    Pointer(String),
    /// The name of the query parameter.
    Parameter(String),
}

/// The body of every error answer of v2 (JSON:API).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LegacyErrors {
    /// One entry per fault.
    pub errors: Vec<LegacyError>,
}
