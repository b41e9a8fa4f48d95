//! Used assertions: the ids that make an assertion good once only, also across processes and restarts.

use super::{StoreError, Write};
use contract::Timestamp;

/// Notes that an issuer's assertion was used; `false` when it already was. Also forgets those that expired before `now`.
///
/// # Errors
/// When the database fails.
pub async fn consume(
    write: &mut Write,
    issuer: &str,
    jti: &str,
    (now, expires_at): (Timestamp, Timestamp),
) -> Result<bool, StoreError> {
    sqlx::query("DELETE FROM used_assertions WHERE expires_at < ?1")
        .bind(now.as_millis())
        .execute(write.connection())
        .await?;
    let done = sqlx::query(
        "INSERT INTO used_assertions (issuer, jti, expires_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
    )
    .bind(issuer)
    .bind(jti)
    .bind(expires_at.as_millis())
    .execute(write.connection())
    .await?;
    Ok(done.rows_affected() == 1)
}
