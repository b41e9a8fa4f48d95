//! Signing keys: the private RSA keys of the access tokens, with the times that let them change over without a gap.

use super::{Control, StoreError, Write, one_row};
use contract::Timestamp;

/// One signing key. It is published from `created_at` and verifies until `expires_at`.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKeyRow {
    /// Its id in tokens and in the published set.
    pub kid: String,
    /// The private key, PKCS#8 in PEM.
    pub pem: String,
    /// When it was made and first published.
    pub created_at: Timestamp,
    /// When it begins to sign.
    pub not_before: Timestamp,
    /// When it stops signing; none while no successor is known.
    pub retired_at: Option<Timestamp>,
    /// When no token that it signed can be good any more.
    pub expires_at: Option<Timestamp>,
}

impl std::fmt::Debug for SigningKeyRow {
    /// Without the private key, which must not reach a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKeyRow")
            .field("kid", &self.kid)
            .field("not_before", &self.not_before)
            .field("retired_at", &self.retired_at)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// Adds a key.
///
/// # Errors
/// When the id is taken.
pub async fn create(write: &mut Write, key: &SigningKeyRow) -> Result<(), StoreError> {
    let done = sqlx::query(
        "INSERT INTO signing_keys (kid, pem, created_at, not_before, retired_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )
    .bind(&key.kid)
    .bind(&key.pem)
    .bind(key.created_at.as_millis())
    .bind(key.not_before.as_millis())
    .bind(key.retired_at.map(Timestamp::as_millis))
    .bind(key.expires_at.map(Timestamp::as_millis))
    .execute(write.connection())
    .await?;
    one_row("create signing key", done.rows_affected())
}

/// Every key that is published at `now`, in the order in which they sign.
///
/// # Errors
/// When the database fails.
pub async fn published(control: &Control, now: Timestamp) -> Result<Vec<SigningKeyRow>, StoreError> {
    type Stored = (String, String, i64, i64, Option<i64>, Option<i64>);
    let rows: Vec<Stored> = sqlx::query_as(
        "SELECT kid, pem, created_at, not_before, retired_at, expires_at FROM signing_keys
         WHERE expires_at IS NULL OR expires_at > ?1 ORDER BY not_before, kid",
    )
    .bind(now.as_millis())
    .fetch_all(control.readers())
    .await?;
    let row = |(kid, pem, created_at, not_before, retired_at, expires_at): Stored| SigningKeyRow {
        kid,
        pem,
        created_at: Timestamp::from_millis(created_at),
        not_before: Timestamp::from_millis(not_before),
        retired_at: retired_at.map(Timestamp::from_millis),
        expires_at: expires_at.map(Timestamp::from_millis),
    };
    Ok(rows.into_iter().map(row).collect())
}

/// The key that has no successor yet and when it begins to sign, as this transaction sees it; none before the first
/// start.
///
/// # Errors
/// When the database fails.
pub async fn last(write: &mut Write) -> Result<Option<(String, Timestamp)>, StoreError> {
    let row: Option<(String, i64)> =
        sqlx::query_as("SELECT kid, not_before FROM signing_keys WHERE retired_at IS NULL")
            .fetch_optional(write.connection())
            .await?;
    Ok(row.map(|(kid, not_before)| (kid, Timestamp::from_millis(not_before))))
}

/// Lets a key stop signing at `retired_at` and be forgotten at `expires_at`.
///
/// # Errors
/// When there is no such key, or it was retired before.
pub async fn retire(
    write: &mut Write,
    kid: &str,
    retired_at: Timestamp,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    let done = sqlx::query(
        "UPDATE signing_keys SET retired_at = ?2, expires_at = ?3 WHERE kid = ?1 AND retired_at IS NULL",
    )
    .bind(kid)
    .bind(retired_at.as_millis())
    .bind(expires_at.as_millis())
    .execute(write.connection())
    .await?;
    one_row("retire signing key", done.rows_affected())
}

/// Removes the keys that expired before `now`, private parts and all.
///
/// # Errors
/// When the database fails.
pub async fn forget_expired(write: &mut Write, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM signing_keys WHERE expires_at <= ?1")
        .bind(now.as_millis())
        .execute(write.connection())
        .await?;
    Ok(())
}
