//! A rehearsal as data: calls that the portal made for a reader, each with its real answer.

use super::PageLink;
use crate::{port::Sent, request::Pairs};

/// What was tried, and what came of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RehearsalPage {
    /// What was tried, in a few words.
    pub title: String,
    /// What the portal did, in a sentence or two.
    pub summary: String,
    /// Every call worth showing, in order; the last is the one it is about.
    pub calls: Vec<RehearsedCall>,
    /// Why there is no call to show.
    pub failure: Option<Failure>,
    /// What the button posts to do it again; empty where the reader types something in first.
    pub again: Pairs,
    /// Where the reader came from.
    pub back: PageLink,
}

/// Why a rehearsal came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The reader has no sandbox yet.
    NoSandbox,
    /// What happened instead, in words.
    Other(String),
}

/// A call with its answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RehearsedCall {
    /// What the call is for.
    pub caption: String,
    /// The request as it went over the wire, secrets shortened and a long body cut.
    pub request: String,
    /// What came back.
    pub sent: Sent,
}
