//! The launch checklist as data.

use super::Moment;
use serde::{Deserialize, Serialize};
use std::hash::{DefaultHasher, Hash, Hasher as _};

/// The checklist of one workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChecklistPage {
    /// Whose it is: the workspace's name.
    pub holder: String,
    /// The client id of its sandbox; `None` while it has none, and every item is then open.
    pub client_id: Option<String>,
    /// When this state was read.
    pub as_of: Moment,
    /// The items, in order.
    pub items: Vec<ChecklistItem>,
}

impl ChecklistPage {
    /// A number that is another one as soon as an item stands elsewhere. Good for one running server.
    pub fn mark(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.items.hash(&mut hasher);
        hasher.finish()
    }

    /// How many of the items that a launch waits for are proven.
    pub fn proven(&self) -> usize {
        let proven = |item: &&ChecklistItem| matches!(item.state, ItemState::Proven(_));
        self.launch().filter(proven).count()
    }

    /// The items that a launch waits for.
    pub fn launch(&self) -> impl Iterator<Item = &ChecklistItem> {
        self.items.iter().filter(|item| item.launch)
    }

    /// The items that a launch does without.
    pub fn practice(&self) -> impl Iterator<Item = &ChecklistItem> {
        self.items.iter().filter(|item| !item.launch)
    }
}

/// One item.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ChecklistItem {
    /// Stable id: `credentials-issued`.
    pub id: String,
    /// Its title: `Sandbox credentials issued`.
    pub title: String,
    /// Why it matters, one sentence.
    pub why: String,
    /// What would prove it, one sentence.
    pub rule: String,
    /// The one thing to do next: label and address.
    pub action: Option<(String, String)>,
    /// Whether a launch waits for it.
    pub launch: bool,
    /// Why it is open again though it was proven before.
    pub hint: Option<String>,
    /// Where it stands.
    pub state: ItemState,
}

/// Where an item stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ItemState {
    /// Nothing has proven it yet.
    #[default]
    Open,
    /// The workspace asked, and Aleta has not answered.
    Asked(Turn),
    /// Aleta returned it.
    Returned(Turn),
    /// This proved it.
    Proven(Evidence),
}

impl ChecklistItem {
    /// The item for somebody to whom the pages of the sandbox are closed.
    #[must_use]
    pub fn without_links(mut self) -> Self {
        if let ItemState::Proven(evidence) = &mut self.state {
            evidence.href = None;
        }
        self
    }
}

/// One step between a workspace and Aleta.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Turn {
    /// What was done: `Asked for`, `Approved`, `Returned`.
    pub word: String,
    /// What it is about: scopes, a date.
    pub what: String,
    /// Whose step it was.
    pub by: String,
    /// When.
    pub at: Moment,
    /// What they wrote; may be empty.
    pub note: String,
}

/// What proved an item.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Evidence {
    /// What was observed: `GET /v1/clients → 200`.
    pub what: String,
    /// The request's id, if it was a request.
    pub request_id: Option<String>,
    /// Where the proof can be seen, if there is such a page.
    pub href: Option<String>,
    /// Who did it: a client id, or a person.
    pub by: String,
    /// What they wrote; may be empty.
    pub note: String,
    /// When.
    pub at: Moment,
}
