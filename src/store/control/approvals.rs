//! What workspaces asked Aleta to agree to: one row for each step, never changed.

use super::{Control, StoreError, Write, one_row, parsed, workspaces::WorkspaceId};
use contract::Timestamp;

/// What has to be agreed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Matter {
    /// The read scopes of the production client.
    ReadScopes,
    /// The day of the first production call.
    Cutover,
}

impl Matter {
    /// Both, in the order of the checklist.
    pub const ALL: [Self; 2] = [Self::ReadScopes, Self::Cutover];

    /// The id of the checklist's item.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReadScopes => "read-scopes-approved",
            Self::Cutover => "cutover-scheduled",
        }
    }
    /// The matter of this item.
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|matter| matter.as_str() == text)
    }
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// The workspace asked.
    Asked,
    /// Staff agreed.
    Approved,
    /// Staff did not, and said why.
    Returned,
}

impl Step {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Approved => "approved",
            Self::Returned => "returned",
        }
    }
    fn from_text(text: &str) -> Option<Self> {
        [Self::Asked, Self::Approved, Self::Returned]
            .into_iter()
            .find(|step| step.as_str() == text)
    }
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovalRow {
    /// Its place in the order of all steps.
    pub seq: i64,
    /// Whose matter it is.
    pub workspace_id: WorkspaceId,
    /// What it is about.
    pub matter: Matter,
    /// What was done.
    pub step: Step,
    /// The scopes, or the date.
    pub subject: String,
    /// The address of whoever did it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// What they wrote; may be empty.
    pub note: String,
}

/// A step to be taken.
#[derive(Clone, Copy, Debug)]
pub struct NewStep<'a> {
    /// What it is about.
    pub matter: Matter,
    /// What is done.
    pub step: Step,
    /// The scopes, or the date.
    pub subject: &'a str,
    /// The address of whoever does it.
    pub by: &'a str,
    /// What they write.
    pub note: &'a str,
}

#[derive(sqlx::FromRow)]
struct Stored {
    seq: i64,
    workspace_id: String,
    item: String,
    step: String,
    subject: String,
    author: String,
    at: i64,
    note: String,
}

impl TryFrom<Stored> for ApprovalRow {
    type Error = StoreError;
    fn try_from(row: Stored) -> Result<Self, StoreError> {
        let unknown = |what: &str, text: &str| StoreError::Inconsistent(format!("{what} `{text}`"));
        Ok(Self {
            seq: row.seq,
            workspace_id: parsed("workspace id", &row.workspace_id)?,
            matter: Matter::from_text(&row.item).ok_or_else(|| unknown("item", &row.item))?,
            step: Step::from_text(&row.step).ok_or_else(|| unknown("step", &row.step))?,
            subject: row.subject,
            by: row.author,
            at: Timestamp::from_millis(row.at),
            note: row.note,
        })
    }
}

/// Adds a step.
///
/// # Errors
/// When the workspace does not exist.
pub async fn add(
    write: &mut Write,
    workspace: &WorkspaceId,
    new: NewStep<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let done = sqlx::query(
        "INSERT INTO approvals (workspace_id, item, step, subject, author, at, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )
    .bind(workspace.as_str())
    .bind(new.matter.as_str())
    .bind(new.step.as_str())
    .bind(new.subject)
    .bind(new.by)
    .bind(now.as_millis())
    .bind(new.note)
    .execute(write.connection())
    .await?;
    one_row("add approval step", done.rows_affected())
}

/// The last step of a matter, as this transaction sees it.
///
/// # Errors
/// When the database fails.
pub async fn last(
    write: &mut Write,
    workspace: &WorkspaceId,
    matter: Matter,
) -> Result<Option<ApprovalRow>, StoreError> {
    sqlx::query_as::<_, Stored>(
        "SELECT seq, workspace_id, item, step, subject, author, at, note FROM approvals
         WHERE workspace_id = ?1 AND item = ?2 ORDER BY seq DESC LIMIT 1",
    )
    .bind(workspace.as_str())
    .bind(matter.as_str())
    .fetch_optional(write.connection())
    .await?
    .map(ApprovalRow::try_from)
    .transpose()
}

/// Every step of a workspace, in order.
///
/// # Errors
/// When the database fails.
pub async fn of_workspace(
    control: &Control,
    workspace: &WorkspaceId,
) -> Result<Vec<ApprovalRow>, StoreError> {
    sqlx::query_as::<_, Stored>(
        "SELECT seq, workspace_id, item, step, subject, author, at, note FROM approvals
         WHERE workspace_id = ?1 ORDER BY seq",
    )
    .bind(workspace.as_str())
    .fetch_all(control.readers())
    .await?
    .into_iter()
    .map(ApprovalRow::try_from)
    .collect()
}
