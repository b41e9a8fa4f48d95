//! The request builder as data.

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
    /// Real ids of the visitor's sandbox.
    pub suggestions: Vec<Suggestion>,
    /// What came of a send; `None` before the first.
    pub outcome: Option<Outcome>,
    /// The client id of the visitor's sandbox; `None` without one.
    pub client_id: Option<String>,
    /// The API's base URL, without a trailing slash.
    pub api_url: String,
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
