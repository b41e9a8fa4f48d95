//! Sandboxes: which tenants of the API exist, and what is known of each without opening its file.

use super::{Control, StoreError, Write, api_clients::ClientKey, one_row, parsed, workspaces::WorkspaceId};
use contract::{ScopeSet, Timestamp, ids::SandboxId, sandbox::Plan, text::Name};

/// One sandbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SandboxRow {
    /// Stable id.
    pub id: SandboxId,
    /// What people call it.
    pub name: Name,
    /// How large its budgets are.
    pub plan: Plan,
    /// Counts the resets, from 1.
    pub epoch: u32,
    /// Whose it is; none when it was made on the command line.
    pub workspace_id: Option<WorkspaceId>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When its name, plan or epoch last changed.
    pub updated_at: Timestamp,
    /// When it was last called, to the minute.
    pub last_used_at: Timestamp,
}

/// What a new sandbox starts with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSandbox {
    /// Stable id.
    pub id: SandboxId,
    /// What people call it.
    pub name: Name,
    /// How large its budgets are.
    pub plan: Plan,
    /// Whose it is.
    pub workspace_id: Option<WorkspaceId>,
}

#[derive(sqlx::FromRow)]
struct Stored {
    id: String,
    name: String,
    plan: String,
    epoch: u32,
    workspace_id: Option<String>,
    created_at: i64,
    updated_at: i64,
    last_used_at: i64,
}

impl TryFrom<Stored> for SandboxRow {
    type Error = StoreError;
    fn try_from(row: Stored) -> Result<Self, StoreError> {
        Ok(Self {
            id: parsed("sandbox id", &row.id)?,
            name: parsed("sandbox name", &row.name)?,
            plan: Plan::from_text(&row.plan)
                .ok_or_else(|| StoreError::Inconsistent(format!("plan `{}`", row.plan)))?,
            epoch: row.epoch,
            workspace_id: row
                .workspace_id
                .map(|id| parsed("workspace id", &id))
                .transpose()?,
            created_at: Timestamp::from_millis(row.created_at),
            updated_at: Timestamp::from_millis(row.updated_at),
            last_used_at: Timestamp::from_millis(row.last_used_at),
        })
    }
}

/// Adds a sandbox, in its first epoch.
///
/// # Errors
/// When the id is taken or the workspace does not exist.
pub async fn create(write: &mut Write, new: &NewSandbox, now: Timestamp) -> Result<SandboxRow, StoreError> {
    let done = sqlx::query(
        "INSERT INTO sandboxes (id, name, plan, epoch, workspace_id, created_at, updated_at, last_used_at)
         VALUES (?1, ?2, ?3, 1, ?4, ?5, ?5, ?5)",
    )
    .bind(new.id.as_str())
    .bind(new.name.as_str())
    .bind(new.plan.as_str())
    .bind(new.workspace_id.as_ref().map(WorkspaceId::as_str))
    .bind(now.as_millis())
    .execute(write.connection())
    .await?;
    one_row("create sandbox", done.rows_affected())?;
    Ok(SandboxRow {
        id: new.id.clone(),
        name: new.name.clone(),
        plan: new.plan,
        epoch: 1,
        workspace_id: new.workspace_id.clone(),
        created_at: now,
        updated_at: now,
        last_used_at: now,
    })
}

/// The sandbox with this id.
///
/// # Errors
/// When the database fails.
pub async fn get(control: &Control, id: &SandboxId) -> Result<Option<SandboxRow>, StoreError> {
    sqlx::query_as::<_, Stored>(
        "SELECT id, name, plan, epoch, workspace_id, created_at, updated_at, last_used_at
         FROM sandboxes WHERE id = ?1",
    )
    .bind(id.as_str())
    .fetch_optional(control.readers())
    .await?
    .map(SandboxRow::try_from)
    .transpose()
}

/// At most `limit` sandboxes after the one with the id `after`, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list(
    control: &Control,
    after: Option<&SandboxId>,
    limit: u32,
) -> Result<Vec<SandboxRow>, StoreError> {
    sqlx::query_as::<_, Stored>(
        "SELECT id, name, plan, epoch, workspace_id, created_at, updated_at, last_used_at
         FROM sandboxes WHERE id > ?1 ORDER BY id LIMIT ?2",
    )
    .bind(after.map_or("", SandboxId::as_str))
    .bind(limit)
    .fetch_all(control.readers())
    .await?
    .into_iter()
    .map(SandboxRow::try_from)
    .collect()
}

/// The oldest sandbox of a workspace, and its oldest API client with what that may do; none where there is no sandbox, or
/// none with a client.
///
/// # Errors
/// When the database fails.
pub async fn of_workspace(
    control: &Control,
    workspace: &WorkspaceId,
) -> Result<Option<(SandboxRow, ClientKey, ScopeSet)>, StoreError> {
    #[derive(sqlx::FromRow)]
    struct Both {
        #[sqlx(flatten)]
        sandbox: Stored,
        client_id: String,
        scopes: String,
    }
    // One row, since every page of a visitor and every send waits for it.
    let found = sqlx::query_as::<_, Both>(
        "SELECT s.id, s.name, s.plan, s.epoch, s.workspace_id, s.created_at, s.updated_at, s.last_used_at,
                c.client_id, c.scopes
         FROM sandboxes s JOIN api_clients c ON c.sandbox_id = s.id
         WHERE s.workspace_id = ?1 ORDER BY s.id, c.client_id LIMIT 1",
    )
    .bind(workspace.as_str())
    .fetch_optional(control.readers())
    .await?;
    found
        .map(|both| {
            Ok((
                both.sandbox.try_into()?,
                parsed("client id", &both.client_id)?,
                parsed("scopes", &both.scopes)?,
            ))
        })
        .transpose()
}

/// Gives a sandbox another name; `false` when there is no such sandbox.
///
/// # Errors
/// When the database fails.
pub async fn rename(
    write: &mut Write,
    id: &SandboxId,
    name: &Name,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let done = sqlx::query("UPDATE sandboxes SET name = ?2, updated_at = ?3 WHERE id = ?1")
        .bind(id.as_str())
        .bind(name.as_str())
        .bind(now.as_millis())
        .execute(write.connection())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Puts a sandbox on another plan; `false` when there is no such sandbox.
///
/// # Errors
/// When the database fails.
pub async fn set_plan(
    write: &mut Write,
    id: &SandboxId,
    plan: Plan,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let done = sqlx::query("UPDATE sandboxes SET plan = ?2, updated_at = ?3 WHERE id = ?1")
        .bind(id.as_str())
        .bind(plan.as_str())
        .bind(now.as_millis())
        .execute(write.connection())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Starts a sandbox's next epoch and returns its number; none when there is no such sandbox.
///
/// # Errors
/// When the database fails.
pub async fn bump_epoch(
    write: &mut Write,
    id: &SandboxId,
    now: Timestamp,
) -> Result<Option<u32>, StoreError> {
    Ok(sqlx::query_scalar(
        "UPDATE sandboxes SET epoch = epoch + 1, updated_at = ?2 WHERE id = ?1 RETURNING epoch",
    )
    .bind(id.as_str())
    .bind(now.as_millis())
    .fetch_optional(write.connection())
    .await?)
}

/// Removes a sandbox with its credentials; `false` when there is no such sandbox. Its file is the caller's to remove.
///
/// # Errors
/// When the database fails.
pub async fn delete(write: &mut Write, id: &SandboxId) -> Result<bool, StoreError> {
    let done = sqlx::query("DELETE FROM sandboxes WHERE id = ?1")
        .bind(id.as_str())
        .execute(write.connection())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes that a sandbox was called, unless that was noted within the last `every_millis`.
///
/// # Errors
/// When the database fails.
pub async fn touch(
    write: &mut Write,
    id: &SandboxId,
    now: Timestamp,
    every_millis: i64,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE sandboxes SET last_used_at = ?2 WHERE id = ?1 AND last_used_at <= ?2 - ?3")
        .bind(id.as_str())
        .bind(now.as_millis())
        .bind(every_millis)
        .execute(write.connection())
        .await?;
    Ok(())
}

/// Sets when, in real time, a sandbox next needs attention; `false` when there is no such sandbox.
///
/// # Errors
/// When the database fails.
pub async fn set_due(write: &mut Write, id: &SandboxId, due: Option<Timestamp>) -> Result<bool, StoreError> {
    let done = sqlx::query("UPDATE sandboxes SET due_at = ?2 WHERE id = ?1")
        .bind(id.as_str())
        .bind(due.map(Timestamp::as_millis))
        .execute(write.connection())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Sets whether work waits in a sandbox's file; `false` when there is no such sandbox.
///
/// # Errors
/// When the database fails.
pub async fn set_work(write: &mut Write, id: &SandboxId, has_work: bool) -> Result<bool, StoreError> {
    let done = sqlx::query("UPDATE sandboxes SET has_work = ?2 WHERE id = ?1")
        .bind(id.as_str())
        .bind(has_work)
        .execute(write.connection())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// At most `limit` sandboxes in whose files work waits: those after the one with the id `after`, then those before.
///
/// # Errors
/// When the database fails.
pub async fn with_work(
    control: &Control,
    after: Option<&SandboxId>,
    limit: u32,
) -> Result<Vec<SandboxId>, StoreError> {
    let ids: Vec<String> =
        sqlx::query_scalar("SELECT id FROM sandboxes WHERE has_work = 1 ORDER BY id <= ?1, id LIMIT ?2")
            .bind(after.map_or("", SandboxId::as_str))
            .bind(limit)
            .fetch_all(control.readers())
            .await?;
    ids.iter().map(|id| parsed("sandbox id", id)).collect()
}

/// At most `limit` sandboxes that need attention at `instant` or earlier, the longest waiting first.
///
/// # Errors
/// When the database fails.
pub async fn due_before(
    control: &Control,
    instant: Timestamp,
    limit: u32,
) -> Result<Vec<SandboxId>, StoreError> {
    let ids: Vec<String> = sqlx::query_scalar(
        "SELECT id FROM sandboxes WHERE due_at IS NOT NULL AND due_at <= ?1 ORDER BY due_at, id LIMIT ?2",
    )
    .bind(instant.as_millis())
    .bind(limit)
    .fetch_all(control.readers())
    .await?;
    ids.iter().map(|id| parsed("sandbox id", id)).collect()
}

/// Notes when a delivery of a sandbox next waits for an attempt; `false` when there is no such sandbox.
///
/// # Errors
/// When the database fails.
pub async fn set_deliveries_due(
    write: &mut Write,
    id: &SandboxId,
    due: Option<Timestamp>,
) -> Result<bool, StoreError> {
    let done = sqlx::query("UPDATE sandboxes SET deliveries_due_at = ?2 WHERE id = ?1")
        .bind(id.as_str())
        .bind(due.map(Timestamp::as_millis))
        .execute(write.connection())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// At most `limit` sandboxes with a delivery that waits for an attempt at `instant` or earlier, the longest waiting first.
///
/// # Errors
/// When the database fails.
pub async fn deliveries_due_before(
    control: &Control,
    instant: Timestamp,
    limit: u32,
) -> Result<Vec<SandboxId>, StoreError> {
    let ids: Vec<String> = sqlx::query_scalar(
        "SELECT id FROM sandboxes WHERE deliveries_due_at IS NOT NULL AND deliveries_due_at <= ?1
         ORDER BY deliveries_due_at, id LIMIT ?2",
    )
    .bind(instant.as_millis())
    .bind(limit)
    .fetch_all(control.readers())
    .await?;
    ids.iter().map(|id| parsed("sandbox id", id)).collect()
}

/// When the next sandbox needs attention; none while no sandbox will.
///
/// # Errors
/// When the database fails.
pub async fn next_due(control: &Control) -> Result<Option<Timestamp>, StoreError> {
    let due: Option<i64> =
        sqlx::query_scalar("SELECT due_at FROM sandboxes WHERE due_at IS NOT NULL ORDER BY due_at LIMIT 1")
            .fetch_optional(control.readers())
            .await?;
    Ok(due.map(Timestamp::from_millis))
}

/// The sandboxes of workspaces that neither a call nor a visitor has used since `unclaimed`, or since `claimed` where
/// somebody has claimed the workspace. Those of the command line belong to no workspace and are never among them.
///
/// # Errors
/// When the database fails.
pub async fn unused_since(
    control: &Control,
    unclaimed: Timestamp,
    claimed: Timestamp,
) -> Result<Vec<SandboxId>, StoreError> {
    let ids: Vec<String> = sqlx::query_scalar(
        "SELECT sandboxes.id FROM sandboxes JOIN workspaces ON workspaces.id = sandboxes.workspace_id
         WHERE max(sandboxes.last_used_at, workspaces.last_used_at)
               <= CASE WHEN workspaces.claimed_at IS NULL THEN ?1 ELSE ?2 END
         ORDER BY sandboxes.id",
    )
    .bind(unclaimed.as_millis())
    .bind(claimed.as_millis())
    .fetch_all(control.readers())
    .await?;
    ids.iter().map(|id| parsed("sandbox id", id)).collect()
}
