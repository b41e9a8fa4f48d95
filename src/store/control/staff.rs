//! Staff: who may see the portal's own side of things.

use super::{Control, StoreError, Write, one_row};
use contract::Timestamp;

/// One member of staff.
#[derive(Clone, PartialEq, Eq)]
pub struct StaffRow {
    /// Their address.
    pub email: String,
    /// The hash of their password, in the PHC string format; none until they have set one.
    pub password: Option<String>,
}

impl std::fmt::Debug for StaffRow {
    /// Without the hash, which must not reach a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StaffRow")
            .field("email", &self.email)
            .finish_non_exhaustive()
    }
}

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

/// Removes a member of staff with their sessions; `false` when there is no such person.
///
/// # Errors
/// When the database fails.
pub async fn remove(write: &mut Write, email: &str) -> Result<bool, StoreError> {
    let done = sqlx::query("DELETE FROM staff WHERE email = ?1")
        .bind(email)
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

/// The member of staff with this address.
///
/// # Errors
/// When the database fails.
pub async fn get(control: &Control, email: &str) -> Result<Option<StaffRow>, StoreError> {
    let row: Option<(String, Option<String>)> =
        sqlx::query_as("SELECT email, password FROM staff WHERE email = ?1")
            .bind(email)
            .fetch_optional(control.readers())
            .await?;
    Ok(row.map(|(email, password)| StaffRow { email, password }))
}

/// Gives a member of staff another password.
///
/// # Errors
/// When there is no such person.
pub async fn set_password(
    write: &mut Write,
    email: &str,
    hash: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let done = sqlx::query("UPDATE staff SET password = ?2, password_at = ?3 WHERE email = ?1")
        .bind(email)
        .bind(hash)
        .bind(now.as_millis())
        .execute(write.connection())
        .await?;
    one_row("set staff password", done.rows_affected())
}
