//! The request log of a sandbox as data.

use super::{Moment, OperationLink};

/// A page of the request log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogsPage {
    /// Whose log it is: the sandbox's name. `None` without a sandbox.
    pub holder: Option<String>,
    /// Every operation, for the filter.
    pub operations: Vec<OperationLink>,
    /// What is asked for.
    pub filter: LogFilter,
    /// The calls, newest first.
    pub calls: Vec<LoggedCall>,
    /// Where the next page is, if there is one.
    pub older: Option<String>,
}

/// What is asked of a log; an empty text asks for everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogFilter {
    /// The operation.
    pub operation: String,
    /// The status: `2xx`, `3xx`, `4xx`, `5xx`, or one of them.
    pub status: String,
    /// Where the call came from: `builder` or `direct`.
    pub source: String,
    /// How long ago at most: `15m`, `1h`, `1d`.
    pub since: String,
}

impl LogFilter {
    /// Whether it leaves anything out.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A call of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedCall {
    /// The request id.
    pub request_id: String,
    /// When it arrived.
    pub at: Moment,
    /// The method.
    pub method: String,
    /// Path and query, without secrets.
    pub path: String,
    /// The status of the answer.
    pub status: u16,
    /// How long the answer took, in microseconds.
    pub duration_us: u64,
    /// Whether it came from the builder.
    pub from_builder: bool,
    /// The OAuth client.
    pub client_id: Option<String>,
    /// The operation: its summary, and where it is documented.
    pub operation: Option<(String, String)>,
    /// The problem that it was answered with.
    pub problem: Option<String>,
    /// The builder's form with this call.
    pub open: Option<String>,
}

/// The last calls of one operation, to stand beside its block in the docs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LastCalls {
    /// The operation.
    pub operation: String,
    /// Whether the reader has a sandbox.
    pub has_sandbox: bool,
    /// Its last calls, newest first.
    pub calls: Vec<LoggedCall>,
}
