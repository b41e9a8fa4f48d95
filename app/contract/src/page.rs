//! Cursor pages: what every list takes and answers (contract §1).

use crate::{Reply, Wire, query::list_query};
use serde::{Deserialize, Serialize};

/// The page size where a call names none.
pub const DEFAULT_LIMIT: u8 = 25;
/// The largest page.
pub const MAX_LIMIT: u8 = 100;

list_query! {
    /// The query parameters that every list takes.
    ListQuery {}
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "{T}Page"))]
pub struct Page<T> {
    /// The rows, oldest first.
    pub data: Vec<T>,
    /// Whether another page follows.
    pub has_more: bool,
    /// Pass it as `cursor` to get the next page; `null` on the last one.
    pub next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// A page that is the whole list.
    pub fn whole(data: Vec<T>) -> Self {
        Self {
            data,
            has_more: false,
            next_cursor: None,
        }
    }
}

impl<T: Wire> Reply for Page<T> {
    fn next_cursor(&self) -> Option<&str> {
        self.next_cursor.as_deref()
    }
}

/// A whole list as the legacy tracks answer it: everything at once, capped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "{T}List"))]
pub struct List<T> {
    /// The rows, oldest first; at most 1,000.
    pub data: Vec<T>,
    /// Present and `true` when there were more than 1,000 rows.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub truncated: bool,
}

impl<T: Wire> Reply for List<T> {}
