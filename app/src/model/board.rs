//! What a workspace asks of Aleta, and what Aleta's staff see of it, as data.

use super::{ChecklistItem, Moment, checklist::Turn, people::MemberView, people::OneTimeLink};

/// The page on which a workspace asks for something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AskPage {
    /// The checklist's item.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Why it matters.
    pub why: String,
    /// What would prove it.
    pub rule: String,
    /// Who is asking.
    pub asker: Asker,
    /// What can be asked for.
    pub wanted: Wanted,
    /// The note that was typed before something was refused.
    pub note: String,
    /// What was asked and answered so far, oldest first.
    pub history: Vec<Turn>,
    /// Why it was refused.
    pub problem: Option<String>,
}

/// Who is asking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Asker {
    /// Somebody without a workspace.
    #[default]
    Nobody,
    /// Somebody whose workspace nobody has claimed.
    Unclaimed,
    /// A member.
    Member,
}

/// What can be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Some of these scopes.
    Scopes(Vec<ScopeChoice>),
    /// A day.
    Day {
        /// The one that is in the field.
        value: String,
        /// The first that is possible.
        first: String,
        /// The last.
        last: String,
    },
}

impl Default for Wanted {
    fn default() -> Self {
        Self::Scopes(Vec::new())
    }
}

/// One scope to choose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScopeChoice {
    /// The scope.
    pub scope: String,
    /// What it allows.
    pub meaning: String,
    /// Whether calls have used it.
    pub used: bool,
    /// Whether it is chosen already.
    pub chosen: bool,
}

/// The board of all launches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BoardPage {
    /// Who is looking.
    pub staff: String,
    /// When this was read.
    pub as_of: Moment,
    /// What can be shown: label, address, whether it is what is shown now.
    pub views: Vec<(String, String, bool)>,
    /// What can be sorted by: label, address, whether it is what is sorted by now.
    pub sorts: Vec<(String, String, bool)>,
    /// What was looked for.
    pub query: String,
    /// What is shown, as the search form passes it on.
    pub show: String,
    /// The items' titles, in order.
    pub titles: Vec<String>,
    /// A row for each workspace.
    pub rows: Vec<BoardRow>,
    /// Whether there are more than are shown.
    pub more: bool,
}

/// One workspace on the board.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BoardRow {
    /// Where its statement is.
    pub href: String,
    /// What it is called.
    pub name: String,
    /// How many people are in it; none while nobody has claimed it.
    pub members: u64,
    /// Days since it was made.
    pub age: i64,
    /// Days since it was last used.
    pub idle: i64,
    /// How many items are proven.
    pub proven: usize,
    /// One for each item.
    pub cells: Vec<BoardCell>,
    /// Whom the next step waits for: `Aleta`, `Partner`, `Nobody`.
    pub waits_for: String,
}

/// Where one item of a workspace stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BoardCell {
    /// `Proven`, `Asked`, `Returned`, `Open`.
    pub word: String,
    /// For how many days; none while nothing has happened.
    pub days: Option<i64>,
    /// Whether it came to that within a day.
    pub fresh: bool,
}

/// One workspace, as staff see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CasePage {
    /// Who is looking.
    pub staff: String,
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// When it was made.
    pub created: Moment,
    /// When it was claimed.
    pub claimed: Option<Moment>,
    /// Its sandbox: name, id and when it was last called.
    pub sandbox: Option<(String, String, Moment)>,
    /// When this was read.
    pub as_of: Moment,
    /// Its people.
    pub members: Vec<MemberView>,
    /// Its checklist.
    pub items: Vec<ChecklistItem>,
    /// What it asks for.
    pub matters: Vec<Matter>,
    /// What was asked and answered so far, oldest first, with the item's title.
    pub history: Vec<(String, Turn)>,
    /// A link that was just made, shown once.
    pub link: Option<OneTimeLink>,
    /// What just happened.
    pub notice: Option<String>,
    /// Why something was refused.
    pub problem: Option<String>,
}

/// Something that waits for staff.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matter {
    /// The checklist's item.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The step that is decided on.
    pub seq: i64,
    /// What is asked for, by whom and when.
    pub asked: Turn,
}
