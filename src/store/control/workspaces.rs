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
    /// When it was claimed with an e-mail address and a password; none while it hangs on one browser's cookie.
    pub claimed_at: Option<Timestamp>,
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
        claimed_at: None,
    })
}

/// The workspace with this id.
///
/// # Errors
/// When the database fails.
pub async fn get(control: &Control, id: &WorkspaceId) -> Result<Option<WorkspaceRow>, StoreError> {
    let row: Option<(String, i64, i64, Option<i64>)> =
        sqlx::query_as("SELECT id, created_at, last_used_at, claimed_at FROM workspaces WHERE id = ?1")
            .bind(id.as_str())
            .fetch_optional(control.readers())
            .await?;
    row.map(|(id, created_at, last_used_at, claimed_at)| {
        Ok(WorkspaceRow {
            id: parsed("workspace id", &id)?,
            created_at: Timestamp::from_millis(created_at),
            last_used_at: Timestamp::from_millis(last_used_at),
            claimed_at: claimed_at.map(Timestamp::from_millis),
        })
    })
    .transpose()
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
