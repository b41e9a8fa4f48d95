//! The request builder as data.

use super::{Moment, faults::FaultPanel};
use crate::{
    port::{SendError, Sent},
    request::Pairs,
};
use contract::{Method, form::Form};
use serde::{Deserialize, Serialize};

/// The builder on one operation.
#[derive(Clone, Debug, PartialEq)]
pub struct BuilderPage {
    /// Every operation, in the order of the docs, for the picker.
    pub operations: Vec<OperationLink>,
    /// The chosen operation.
    pub form: Form,
    /// Where the chosen operation is documented.
    pub docs_url: Option<String>,
    /// What stands in the fields, by field name: what was posted, else what the address carried, else nothing, and
    /// the form then shows the worked example.
    pub fields: Pairs,
    /// Whether the fields are all there is: the worked example then fills no gaps.
    pub whole: bool,
    /// Why the form does not show what was asked for.
    pub notice: Option<String>,
    /// Ids among the fields that the visitor's sandbox does not have.
    pub foreign: Vec<Foreign>,
    /// How the visitor's sandbox is made to fail; `None` without one.
    pub faults: Option<FaultPanel>,
    /// Real ids of the visitor's sandbox.
    pub suggestions: Vec<Suggestion>,
    /// What came of a send; `None` before the first.
    pub outcome: Option<Outcome>,
    /// The client id of the visitor's sandbox; `None` without one.
    pub client_id: Option<String>,
    /// The API's base URL, without a trailing slash.
    pub api_url: String,
    /// The portal's base URL, without a trailing slash.
    pub portal_url: String,
    /// What was sent before, newest first.
    pub history: Vec<PastCall>,
}

/// What the builder's island starts with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bench {
    /// The chosen operation.
    pub form: Form,
    /// Every operation, for links from ids.
    pub operations: Vec<OperationLink>,
    /// The API's base URL.
    pub api_url: String,
    /// The portal's base URL, for links that leave this browser.
    pub portal_url: String,
    /// What stands in the form.
    pub fields: Pairs,
    /// What came of the last send.
    pub outcome: Option<Outcome>,
    /// What was sent before, newest first.
    pub history: Vec<PastCall>,
}

/// How many calls the history shows.
pub const REMEMBERED: usize = 50;

/// A call of the builder's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastCall {
    /// The request id that it was answered under, by which it is opened again.
    pub request_id: String,
    /// The operation.
    pub operation: String,
    /// The request line.
    pub line: String,
    /// The status of the answer.
    pub status: u16,
    /// How long the answer took, in microseconds.
    pub duration_us: u64,
    /// When it was sent.
    pub at: Moment,
}

impl From<&Sent> for PastCall {
    fn from(sent: &Sent) -> Self {
        Self {
            request_id: sent.request_id.clone(),
            operation: sent.operation.clone(),
            line: sent.request_line.clone(),
            status: sent.status,
            duration_us: sent.duration_us,
            at: sent.at.clone(),
        }
    }
}

/// An id that belongs to another sandbox, and what can stand in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreign {
    /// What takes it: `client_id`.
    pub name: String,
    /// The id.
    pub value: String,
    /// Objects of the visitor's own sandbox, each with the address of the form that has it instead.
    pub choices: Vec<(Suggestion, String)>,
}

/// What came of a send.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Outcome {
    /// The API answered.
    Answered(Box<Sent>),
    /// The request never got an answer.
    Failed(SendError),
}

/// An operation in the picker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationLink {
    /// Its id.
    pub id: String,
    /// Its method.
    pub method: Method,
    /// Its path template.
    pub path: String,
    /// Its summary.
    pub summary: String,
    /// The group it is listed under.
    pub group: String,
}

/// A real object of the sandbox that an input can take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The kind of id, as `Input::id_kind` names it (`ClientId`).
    pub kind: String,
    /// The id.
    pub value: String,
    /// What people call it.
    pub label: String,
}
