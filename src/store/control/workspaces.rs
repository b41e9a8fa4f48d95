//! Workspaces: the visitor of the portal and the sandboxes that are theirs.

pub use super::names::WorkspaceId;

use super::{Control, StoreError, Write, one_row, parsed};
use contract::Timestamp;

/// One workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkspaceRow {
    /// Stable id.
    pub id: WorkspaceId,
    /// When it was created.
    pub created_at: Timestamp,
    /// When its visitor was last here.
    pub last_used_at: Timestamp,
    /// What its people call it; none while nobody has claimed it.
    pub name: Option<String>,
    /// When it was claimed with an e-mail address and a password; none while it hangs on one browser's cookie.
    pub claimed_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct Stored {
    id: String,
    created_at: i64,
    last_used_at: i64,
    name: Option<String>,
    claimed_at: Option<i64>,
}

impl TryFrom<Stored> for WorkspaceRow {
    type Error = StoreError;
    fn try_from(row: Stored) -> Result<Self, StoreError> {
        Ok(Self {
            id: parsed("workspace id", &row.id)?,
            created_at: Timestamp::from_millis(row.created_at),
            last_used_at: Timestamp::from_millis(row.last_used_at),
            name: row.name,
            claimed_at: row.claimed_at.map(Timestamp::from_millis),
        })
    }
}

/// Adds a workspace.
///
/// # Errors
/// When the database fails.
pub async fn create(write: &mut Write, now: Timestamp) -> Result<WorkspaceRow, StoreError> {
    let id = WorkspaceId::generate(now);
    let done = sqlx::query("INSERT INTO workspaces (id, created_at, last_used_at) VALUES (?1, ?2, ?2)")
        .bind(id.as_str())
        .bind(now.as_millis())
        .execute(write.connection())
        .await?;
    one_row("create workspace", done.rows_affected())?;
    Ok(WorkspaceRow {
        id,
        created_at: now,
        last_used_at: now,
        name: None,
        claimed_at: None,
    })
}

/// The workspace with this id.
///
/// # Errors
/// When the database fails.
pub async fn get(control: &Control, id: &WorkspaceId) -> Result<Option<WorkspaceRow>, StoreError> {
    sqlx::query_as::<_, Stored>(
        "SELECT id, created_at, last_used_at, name, claimed_at FROM workspaces WHERE id = ?1",
    )
    .bind(id.as_str())
    .fetch_optional(control.readers())
    .await?
    .map(WorkspaceRow::try_from)
    .transpose()
}

/// Notes that a workspace was claimed, under this name; `false` when it was claimed before or does not exist.
///
/// # Errors
/// When the database fails.
pub async fn claim(
    write: &mut Write,
    id: &WorkspaceId,
    name: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE workspaces SET name = ?2, claimed_at = ?3, last_used_at = ?3 WHERE id = ?1 AND claimed_at IS NULL",
    )
    .bind(id.as_str())
    .bind(name)
    .bind(now.as_millis())
    .execute(write.connection())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes that a workspace's visitor was here, unless that was noted within the last `every_millis`.
///
/// # Errors
/// When the database fails.
pub async fn touch(
    write: &mut Write,
    id: &WorkspaceId,
    now: Timestamp,
    every_millis: i64,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE workspaces SET last_used_at = ?2 WHERE id = ?1 AND last_used_at <= ?2 - ?3")
        .bind(id.as_str())
        .bind(now.as_millis())
        .bind(every_millis)
        .execute(write.connection())
        .await?;
    Ok(())
}

/// Which workspaces a board shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoardFilter {
    /// Those that belong to people.
    Claimed,
    /// Those of them that wait for an answer of staff.
    Waiting,
    /// Every one.
    All,
}

/// A workspace on a board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Stable id.
    pub id: WorkspaceId,
    /// What its people call it.
    pub name: Option<String>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When its visitor was last here.
    pub last_used_at: Timestamp,
    /// How many people are in it.
    pub members: i64,
}

/// At most `limit` workspaces, the last used first: those whose name, member's address or sandbox holds `wanted`.
///
/// # Errors
/// When the database fails.
pub async fn board(
    control: &Control,
    filter: BoardFilter,
    wanted: &str,
    limit: u32,
) -> Result<Vec<Listed>, StoreError> {
    let rows: Vec<(String, Option<String>, i64, i64, i64)> = sqlx::query_as(
        "SELECT id, name, created_at, last_used_at,
                (SELECT count(*) FROM members WHERE members.workspace_id = workspaces.id)
         FROM workspaces
         WHERE (?1 = 'all' OR claimed_at IS NOT NULL)
           AND (?1 <> 'waiting' OR EXISTS (
                SELECT 1 FROM approvals AS last WHERE last.workspace_id = workspaces.id AND last.step = 'asked'
                AND NOT EXISTS (SELECT 1 FROM approvals AS later WHERE later.workspace_id = last.workspace_id
                                AND later.item = last.item AND later.seq > last.seq)))
           AND (?2 = '' OR instr(lower(coalesce(name, '')), ?2) > 0
                OR EXISTS (SELECT 1 FROM members JOIN people ON people.id = person_id
                           WHERE workspace_id = workspaces.id AND instr(email, ?2) > 0)
                OR EXISTS (SELECT 1 FROM sandboxes WHERE sandboxes.workspace_id = workspaces.id
                           AND (sandboxes.id = ?2 OR lower(sandboxes.name) = ?2)))
         ORDER BY last_used_at DESC, id DESC LIMIT ?3",
    )
    .bind(match filter {
        BoardFilter::Claimed => "claimed",
        BoardFilter::Waiting => "waiting",
        BoardFilter::All => "all",
    })
    .bind(wanted.to_lowercase())
    .bind(limit)
    .fetch_all(control.readers())
    .await?;
    rows.into_iter()
        .map(|(id, name, created_at, last_used_at, members)| {
            Ok(Listed {
                id: parsed("workspace id", &id)?,
                name,
                created_at: Timestamp::from_millis(created_at),
                last_used_at: Timestamp::from_millis(last_used_at),
                members,
            })
        })
        .collect()
}

/// Removes a workspace with its sessions; `false` when there is no such workspace.
///
/// # Errors
/// When it still has sandboxes.
pub async fn delete(write: &mut Write, id: &WorkspaceId) -> Result<bool, StoreError> {
    let done = sqlx::query("DELETE FROM workspaces WHERE id = ?1")
        .bind(id.as_str())
        .execute(write.connection())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes the workspaces that nobody can come back to: unclaimed, without a session and without a sandbox.
///
/// # Errors
/// When the database fails.
pub async fn forget_empty(write: &mut Write) -> Result<u64, StoreError> {
    let done = sqlx::query(
        "DELETE FROM workspaces WHERE claimed_at IS NULL
         AND NOT EXISTS (SELECT 1 FROM sessions WHERE sessions.workspace_id = workspaces.id)
         AND NOT EXISTS (SELECT 1 FROM sandboxes WHERE sandboxes.workspace_id = workspaces.id)",
    )
    .execute(write.connection())
    .await?;
    Ok(done.rows_affected())
}
