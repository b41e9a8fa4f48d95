//! Workspaces and the people in them as data.

use super::Moment;

/// The workspace page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkspacePage {
    /// The reader has none in this browser.
    Nobody {
        /// What just happened: `You are signed out.`
        notice: Option<String>,
    },
    /// The reader's hangs on this browser's cookie.
    Unclaimed(ClaimView),
    /// The reader has signed in to one.
    Claimed(Box<WorkspaceView>),
}

/// A workspace that nobody has claimed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimView {
    /// Its sandbox, if it has one.
    pub sandbox: Option<String>,
    /// When that is removed if nobody uses it again.
    pub ends: Option<Moment>,
    /// The name and the address that were typed before something was refused.
    pub typed: (String, String),
    /// Why.
    pub problem: Option<String>,
}

/// A workspace that belongs to people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkspaceView {
    /// What they call it.
    pub name: String,
    /// When it was claimed.
    pub claimed: Moment,
    /// The reader's address.
    pub email: String,
    /// Whether the reader is an admin.
    pub admin: bool,
    /// How many browsers the reader is signed in with.
    pub sessions: u64,
    /// Everyone in it.
    pub members: Vec<MemberView>,
    /// The invitations that can still be used.
    pub invitations: Vec<InvitationView>,
    /// The reader's other workspaces: id and name.
    pub others: Vec<(String, String)>,
    /// A link that was just made, shown once.
    pub link: Option<OneTimeLink>,
    /// What just happened.
    pub notice: Option<String>,
    /// Why something was refused.
    pub problem: Option<String>,
}

/// A link that is shown once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OneTimeLink {
    /// What it does, one sentence.
    pub purpose: String,
    /// The link.
    pub url: String,
    /// Until when it is good.
    pub ends: Moment,
}

/// One member.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberView {
    /// Their id.
    pub id: String,
    /// Their address.
    pub email: String,
    /// Whether they are an admin.
    pub admin: bool,
    /// Since when they are in.
    pub joined: Moment,
    /// Who invited them; none for the one who claimed the workspace.
    pub invited_by: Option<String>,
    /// Who made the link through which their password was set, and when.
    pub password_by: Option<(String, Moment)>,
    /// Whether it is the reader.
    pub reader: bool,
}

/// One invitation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InvitationView {
    /// Its id.
    pub id: String,
    /// For whom it is.
    pub label: String,
    /// Whether they will be an admin.
    pub admin: bool,
    /// Who made it.
    pub by: String,
    /// Until when it is good.
    pub ends: Moment,
}

/// The page to sign in on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignInPage {
    /// Whether it is the one for staff.
    pub staff: bool,
    /// The address that was typed before something was refused.
    pub email: String,
    /// Where to go then.
    pub back: String,
    /// An unclaimed sandbox of this browser, which signing in leaves behind.
    pub left_behind: Option<String>,
    /// What just happened: `You are signed out.`
    pub notice: Option<String>,
    /// Why it was refused.
    pub problem: Option<String>,
}

/// The page behind an invitation's link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JoinPage {
    /// The link is good no more.
    Gone,
    /// It is good.
    Open(Box<JoinView>),
}

/// An invitation, as whoever holds its link sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JoinView {
    /// The link's code.
    pub code: String,
    /// The workspace.
    pub workspace: String,
    /// Who invites.
    pub by: String,
    /// Whether the reader will be an admin.
    pub admin: bool,
    /// Until when it is good.
    pub ends: Moment,
    /// The address that the reader is signed in with.
    pub signed_in: Option<String>,
    /// The address that was typed before something was refused.
    pub email: String,
    /// An unclaimed sandbox of this browser, which joining leaves behind.
    pub left_behind: Option<String>,
    /// Why it was refused.
    pub problem: Option<String>,
}

/// The page behind a link that sets a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PasswordPage {
    /// The link is good no more.
    Gone,
    /// It is good.
    Open {
        /// The link's code.
        code: String,
        /// Whose password it sets.
        email: String,
        /// Why the last one was refused.
        problem: Option<String>,
    },
}
