//! Sessions of staff, apart from those of visitors. Only the hash of a session's token is kept.

use super::{Control, StoreError, Write, one_row, sessions::SessionHash};
use contract::Timestamp;

/// Begins a session.
///
/// # Errors
/// When nobody of staff has this address.
pub async fn create(
    write: &mut Write,
    hash: &SessionHash,
    email: &str,
    (now, expires_at): (Timestamp, Timestamp),
) -> Result<(), StoreError> {
    let done = sqlx::query(
        "INSERT INTO staff_sessions (token_hash, email, created_at, expires_at) VALUES (?1, ?2, ?3, ?4)",
    )
    .bind(hash.as_bytes())
    .bind(email)
    .bind(now.as_millis())
    .bind(expires_at.as_millis())
    .execute(write.connection())
    .await?;
    one_row("create staff session", done.rows_affected())
}

/// Whose session this is, unless it has ended.
///
/// # Errors
/// When the database fails.
pub async fn get(
    control: &Control,
    hash: &SessionHash,
    now: Timestamp,
) -> Result<Option<String>, StoreError> {
    Ok(
        sqlx::query_scalar("SELECT email FROM staff_sessions WHERE token_hash = ?1 AND expires_at > ?2")
            .bind(hash.as_bytes())
            .bind(now.as_millis())
            .fetch_optional(control.readers())
            .await?,
    )
}

/// Ends every session of this member of staff.
///
/// # Errors
/// When the database fails.
pub async fn delete_of(write: &mut Write, email: &str) -> Result<u64, StoreError> {
    let done = sqlx::query("DELETE FROM staff_sessions WHERE email = ?1")
        .bind(email)
        .execute(write.connection())
        .await?;
    Ok(done.rows_affected())
}

/// Ends a session; `false` when there is no such session.
///
/// # Errors
/// When the database fails.
pub async fn delete(write: &mut Write, hash: &SessionHash) -> Result<bool, StoreError> {
    let done = sqlx::query("DELETE FROM staff_sessions WHERE token_hash = ?1")
        .bind(hash.as_bytes())
        .execute(write.connection())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes the sessions that have ended.
///
/// # Errors
/// When the database fails.
pub async fn forget_expired(write: &mut Write, now: Timestamp) -> Result<u64, StoreError> {
    let done = sqlx::query("DELETE FROM staff_sessions WHERE expires_at <= ?1")
        .bind(now.as_millis())
        .execute(write.connection())
        .await?;
    Ok(done.rows_affected())
}
