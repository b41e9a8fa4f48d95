//! An operation's inputs as plain data: what the builder draws and what the docs list.

use crate::Method;
use serde::{Deserialize, Serialize};

/// Where an input goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Into the path template.
    Path,
    /// Into the query string.
    Query,
    /// Into the JSON body.
    Body,
}

/// What an input takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Free text.
    Text,
    /// A whole number.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// One of these.
    Choice(Vec<String>),
    /// An RFC 3339 timestamp.
    Timestamp,
    /// An ISO 8601 date.
    Date,
    /// A list of these.
    List(Box<Kind>),
    /// An object with these members.
    Object(Vec<Input>),
    /// Any JSON: one of several shapes, a map, or what is nested too deep to be drawn.
    Json,
}

impl Kind {
    /// The members of an object, or of each object in a list; none for anything else.
    pub fn members(&self) -> &[Input] {
        match self {
            Self::Object(members) => members,
            Self::List(item) => item.members(),
            _ => &[],
        }
    }
}

/// One input of an operation, or one member of an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// Its name.
    pub name: String,
    /// Where it goes.
    pub place: Place,
    /// What it takes.
    pub kind: Kind,
    /// Whether a call without it is refused.
    pub required: bool,
    /// Whether it takes `null`.
    pub nullable: bool,
    /// What it means, as Markdown.
    pub help: String,
    /// The type as the docs write it: `string`, `array of string`, `timestamp | null`.
    pub type_name: String,
    /// The allowed values, limits and formats, in words; empty where the type says it all.
    pub constraint: String,
    /// The value of the worked example, as JSON.
    pub example: Option<serde_json::Value>,
    /// The kind of id it takes, or each item of its list (`ClientId`), for which the builder offers real ones.
    pub id_kind: Option<String>,
}

/// An operation as a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// The operation's id.
    pub operation: String,
    /// Its method.
    pub method: Method,
    /// Its path template.
    pub path: String,
    /// Its one-line summary.
    pub summary: String,
    /// The name of its group.
    pub group: String,
    /// The scope it needs, if it needs a certain one.
    pub scope: Option<String>,
    /// The status of success.
    pub status: u16,
    /// Path, query and body inputs, in that order.
    pub inputs: Vec<Input>,
    /// The example body, pretty printed; empty where there is none.
    pub example_body: String,
    /// The example answer, pretty printed; empty where there is none.
    pub example_reply: String,
}
