//! A fault of the content, as data.

use std::fmt;

/// Something in `content/` that cannot stay as it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The file, as a path under `content/`.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong, for the writer.
    pub detail: String,
}

impl Fault {
    /// A fault at this place.
    pub(super) fn new(file: &str, line: usize, detail: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line,
            detail: detail.into(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "content/{}:{}: {}", self.file, self.line, self.detail)
    }
}
