//! Sessions: which browser is in which workspace. Only the hash of a session's token is kept.

use super::{Control, StoreError, Write, one_row, parsed, people::PersonId, workspaces::WorkspaceId};
use contract::Timestamp;
use sha2::{Digest, Sha256};

/// The SHA-256 of a session's token, or of the code of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SessionHash([u8; 32]);

impl SessionHash {
    /// The hash of a token as the cookie carries it.
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token).into())
    }
    /// The hash as it is stored.
    pub(super) const fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// One session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// Whose it is.
    pub workspace_id: WorkspaceId,
    /// Who signed in; none while nobody has claimed the workspace.
    pub person_id: Option<PersonId>,
    /// What forms of this session must carry.
    pub csrf: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to the interval of [`touch`].
    pub last_used_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// Begins a session.
///
/// # Errors
/// When the workspace does not exist.
pub async fn create(write: &mut Write, hash: &SessionHash, session: &SessionRow) -> Result<(), StoreError> {
    let done = sqlx::query(
        "INSERT INTO sessions (token_hash, workspace_id, csrf, created_at, last_used_at, expires_at, person_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )
    .bind(hash.as_bytes())
    .bind(session.workspace_id.as_str())
    .bind(&session.csrf)
    .bind(session.created_at.as_millis())
    .bind(session.last_used_at.as_millis())
    .bind(session.expires_at.as_millis())
    .bind(session.person_id.as_ref().map(PersonId::as_str))
    .execute(write.connection())
    .await?;
    one_row("create session", done.rows_affected())
}

/// The session with this token's hash, unless it has ended.
///
/// # Errors
/// When the database fails.
pub async fn get(
    control: &Control,
    hash: &SessionHash,
    now: Timestamp,
) -> Result<Option<SessionRow>, StoreError> {
    let row: Option<(String, Option<String>, String, i64, i64, i64)> = sqlx::query_as(
        "SELECT workspace_id, person_id, csrf, created_at, last_used_at, expires_at FROM sessions
         WHERE token_hash = ?1 AND expires_at > ?2",
    )
    .bind(hash.as_bytes())
    .bind(now.as_millis())
    .fetch_optional(control.readers())
    .await?;
    row.map(
        |(workspace_id, person_id, csrf, created_at, last_used_at, expires_at)| {
            Ok(SessionRow {
                workspace_id: parsed("workspace id", &workspace_id)?,
                person_id: person_id.map(|id| parsed("person id", &id)).transpose()?,
                csrf,
                created_at: Timestamp::from_millis(created_at),
                last_used_at: Timestamp::from_millis(last_used_at),
                expires_at: Timestamp::from_millis(expires_at),
            })
        },
    )
    .transpose()
}

/// Notes that a session was used and lets it live until `expires_at`; `false` when there is no such session.
///
/// # Errors
/// When the database fails.
pub async fn touch(
    write: &mut Write,
    hash: &SessionHash,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<bool, StoreError> {
    let done = sqlx::query("UPDATE sessions SET last_used_at = ?2, expires_at = ?3 WHERE token_hash = ?1")
        .bind(hash.as_bytes())
        .bind(now.as_millis())
        .bind(expires_at.as_millis())
        .execute(write.connection())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends a session; `false` when there is no such session.
///
/// # Errors
/// When the database fails.
pub async fn delete(write: &mut Write, hash: &SessionHash) -> Result<bool, StoreError> {
    let done = sqlx::query("DELETE FROM sessions WHERE token_hash = ?1")
        .bind(hash.as_bytes())
        .execute(write.connection())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Ends every session of a person, wherever it is.
///
/// # Errors
/// When the database fails.
pub async fn delete_of_person(write: &mut Write, person: &PersonId) -> Result<u64, StoreError> {
    let done = sqlx::query("DELETE FROM sessions WHERE person_id = ?1")
        .bind(person.as_str())
        .execute(write.connection())
        .await?;
    Ok(done.rows_affected())
}

/// Ends every session of a workspace that nobody has signed in to.
///
/// # Errors
/// When the database fails.
pub async fn delete_nameless(write: &mut Write, workspace: &WorkspaceId) -> Result<u64, StoreError> {
    let done = sqlx::query("DELETE FROM sessions WHERE workspace_id = ?1 AND person_id IS NULL")
        .bind(workspace.as_str())
        .execute(write.connection())
        .await?;
    Ok(done.rows_affected())
}

/// How many sessions of a person there are.
///
/// # Errors
/// When the database fails.
pub async fn of_person(control: &Control, person: &PersonId, now: Timestamp) -> Result<i64, StoreError> {
    Ok(
        sqlx::query_scalar("SELECT count(*) FROM sessions WHERE person_id = ?1 AND expires_at > ?2")
            .bind(person.as_str())
            .bind(now.as_millis())
            .fetch_one(control.readers())
            .await?,
    )
}

/// Takes a session to another workspace of the same person; `false` when it is no session of theirs.
///
/// # Errors
/// When the database fails.
pub async fn move_to(
    write: &mut Write,
    hash: &SessionHash,
    person: &PersonId,
    workspace: &WorkspaceId,
) -> Result<bool, StoreError> {
    let done = sqlx::query("UPDATE sessions SET workspace_id = ?3 WHERE token_hash = ?1 AND person_id = ?2")
        .bind(hash.as_bytes())
        .bind(person.as_str())
        .bind(workspace.as_str())
        .execute(write.connection())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes the sessions that ended before `now` and returns how many they were.
///
/// # Errors
/// When the database fails.
pub async fn forget_expired(write: &mut Write, now: Timestamp) -> Result<u64, StoreError> {
    let done = sqlx::query("DELETE FROM sessions WHERE expires_at <= ?1")
        .bind(now.as_millis())
        .execute(write.connection())
        .await?;
    Ok(done.rows_affected())
}
