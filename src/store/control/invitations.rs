//! Invitations: links that let one more person into a workspace. Only the hash of a link's code is kept.

pub use super::names::InvitationId;

use super::{
    Control, StoreError, Write,
    members::{Role, role},
    one_row, parsed,
    people::PersonId,
    sessions::SessionHash,
    workspaces::WorkspaceId,
};
use contract::Timestamp;

/// One invitation that nobody has used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationRow {
    /// Stable id.
    pub id: InvitationId,
    /// Where to.
    pub workspace_id: WorkspaceId,
    /// What whoever takes it may do.
    pub role: Role,
    /// For whom it is, in the inviter's words.
    pub label: String,
    /// The inviter's address.
    pub invited_by: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Stored {
    id: String,
    workspace_id: String,
    role: String,
    label: String,
    invited_by: String,
    created_at: i64,
    expires_at: i64,
}

impl TryFrom<Stored> for InvitationRow {
    type Error = StoreError;
    fn try_from(row: Stored) -> Result<Self, StoreError> {
        Ok(Self {
            id: parsed("invitation id", &row.id)?,
            workspace_id: parsed("workspace id", &row.workspace_id)?,
            role: role(&row.role)?,
            label: row.label,
            invited_by: row.invited_by,
            created_at: Timestamp::from_millis(row.created_at),
            expires_at: Timestamp::from_millis(row.expires_at),
        })
    }
}

/// Adds an invitation by this admin under the hash of its code. It ends with the inviter's being an admin.
///
/// # Errors
/// When the workspace or the inviter does not exist.
pub async fn create(
    write: &mut Write,
    code: &SessionHash,
    new: &InvitationRow,
    inviter: &PersonId,
) -> Result<(), StoreError> {
    let done = sqlx::query(
        "INSERT INTO invitations (id, token_hash, workspace_id, role, label, invited_by, created_at, expires_at,
         inviter_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )
    .bind(new.id.as_str())
    .bind(code.as_bytes())
    .bind(new.workspace_id.as_str())
    .bind(new.role.as_str())
    .bind(&new.label)
    .bind(&new.invited_by)
    .bind(new.created_at.as_millis())
    .bind(new.expires_at.as_millis())
    .bind(inviter.as_str())
    .execute(write.connection())
    .await?;
    one_row("create invitation", done.rows_affected())
}

/// The invitation with this code's hash, unless it is over.
///
/// # Errors
/// When the database fails.
pub async fn get(
    control: &Control,
    code: &SessionHash,
    now: Timestamp,
) -> Result<Option<InvitationRow>, StoreError> {
    sqlx::query_as::<_, Stored>(
        "SELECT id, workspace_id, role, label, invited_by, created_at, expires_at FROM invitations
         WHERE token_hash = ?1 AND expires_at > ?2",
    )
    .bind(code.as_bytes())
    .bind(now.as_millis())
    .fetch_optional(control.readers())
    .await?
    .map(InvitationRow::try_from)
    .transpose()
}

/// Takes the invitation with this code's hash, which is then gone; none where it is used, revoked or over.
///
/// # Errors
/// When the database fails.
pub async fn take(
    write: &mut Write,
    code: &SessionHash,
    now: Timestamp,
) -> Result<Option<InvitationRow>, StoreError> {
    sqlx::query_as::<_, Stored>(
        "DELETE FROM invitations WHERE token_hash = ?1 AND expires_at > ?2
         RETURNING id, workspace_id, role, label, invited_by, created_at, expires_at",
    )
    .bind(code.as_bytes())
    .bind(now.as_millis())
    .fetch_optional(write.connection())
    .await?
    .map(InvitationRow::try_from)
    .transpose()
}

/// The invitations of a workspace that can still be used, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_workspace(
    control: &Control,
    workspace: &WorkspaceId,
    now: Timestamp,
) -> Result<Vec<InvitationRow>, StoreError> {
    sqlx::query_as::<_, Stored>(
        "SELECT id, workspace_id, role, label, invited_by, created_at, expires_at FROM invitations
         WHERE workspace_id = ?1 AND expires_at > ?2 ORDER BY id",
    )
    .bind(workspace.as_str())
    .bind(now.as_millis())
    .fetch_all(control.readers())
    .await?
    .into_iter()
    .map(InvitationRow::try_from)
    .collect()
}

/// Revokes an invitation of this workspace; `false` when there is no such invitation.
///
/// # Errors
/// When the database fails.
pub async fn revoke(
    write: &mut Write,
    workspace: &WorkspaceId,
    id: &InvitationId,
) -> Result<bool, StoreError> {
    let done = sqlx::query("DELETE FROM invitations WHERE workspace_id = ?1 AND id = ?2")
        .bind(workspace.as_str())
        .bind(id.as_str())
        .execute(write.connection())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes the invitations that are over.
///
/// # Errors
/// When the database fails.
pub async fn forget_expired(write: &mut Write, now: Timestamp) -> Result<u64, StoreError> {
    let done = sqlx::query("DELETE FROM invitations WHERE expires_at <= ?1")
        .bind(now.as_millis())
        .execute(write.connection())
        .await?;
    Ok(done.rows_affected())
}
