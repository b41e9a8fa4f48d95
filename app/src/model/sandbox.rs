//! The home page and the sandbox page as data.

use super::Moment;
use crate::port::Sent;

/// The home page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HomePage {
    /// A real request and its true answer; `None` if the API did not answer just now.
    pub live: Option<LiveCall>,
    /// Whether the visitor has a sandbox already.
    pub has_sandbox: bool,
    /// How many operations the API has.
    pub operations: usize,
}

/// A request that was really sent, for the home page.
#[derive(Clone, Debug, PartialEq)]
pub struct LiveCall {
    /// What came back, with what was sent.
    pub sent: Sent,
    /// When it was sent.
    pub at: Moment,
    /// Whose data it shows: `your sandbox`, `a shared sandbox`.
    pub source: String,
}

/// The sandbox page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SandboxPage {
    /// The visitor has none.
    Absent {
        /// Why the last attempt to create one failed: what, why, what to do.
        problem: Option<String>,
    },
    /// The visitor's sandbox.
    Present(Box<SandboxView>),
}

/// A sandbox.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SandboxView {
    /// What people call it; typing it confirms a reset and a deletion (field `confirm`).
    pub name: String,
    /// Its id.
    pub id: String,
    /// The OAuth client id.
    pub client_id: String,
    /// The client secret, only on the page right after it was made.
    pub secret: Option<String>,
    /// When the current secret was made.
    pub secret_at: Moment,
    /// The API's base URL.
    pub api_url: String,
    /// The plan: `sandbox`.
    pub plan: String,
    /// The rate budget, in words: `120 reads and 30 writes a minute`.
    pub budget: String,
    /// The scopes its tokens can carry.
    pub scopes: Vec<String>,
    /// When it was created.
    pub created: Moment,
    /// When it is removed if nobody uses it again.
    pub ends: Moment,
    /// What the sandbox's clock shows, which may differ from the wall's.
    pub clock: Moment,
    /// What is in it: `clients` → 3.
    pub counts: Vec<(String, u64)>,
    /// Whether the reader may rotate the secret, reset and delete.
    pub may_manage: bool,
    /// Whether its workspace belongs to people who have signed in.
    pub claimed: bool,
    /// What just happened, after an action: `Secret rotated. The old one stopped working.`
    pub notice: Option<String>,
    /// Why an action was refused.
    pub problem: Option<String>,
}
