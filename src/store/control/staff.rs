//! Staff: who may see the portal's own side of things.

use super::{Control, StoreError, Write};
use contract::Timestamp;

/// Adds a member of staff; `false` when the address was there already.
///
/// # Errors
/// When the database fails.
pub async fn add(write: &mut Write, email: &str, now: Timestamp) -> Result<bool, StoreError> {
    let done = sqlx::query("INSERT INTO staff (email, created_at) VALUES (?1, ?2) ON CONFLICT DO NOTHING")
        .bind(email)
        .bind(now.as_millis())
        .execute(write.connection())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Every member of staff, by address.
///
/// # Errors
/// When the database fails.
pub async fn list(control: &Control) -> Result<Vec<String>, StoreError> {
    Ok(sqlx::query_scalar("SELECT email FROM staff ORDER BY email")
        .fetch_all(control.readers())
        .await?)
}

/// Whether this address is a member of staff's.
///
/// # Errors
/// When the database fails.
pub async fn contains(control: &Control, email: &str) -> Result<bool, StoreError> {
    let found: Option<i64> = sqlx::query_scalar("SELECT 1 FROM staff WHERE email = ?1")
        .bind(email)
        .fetch_optional(control.readers())
        .await?;
    Ok(found.is_some())
}
