//! The keys that sign deliveries beside each endpoint's own secret: one active, and the one before it.

use super::{Control, StoreError, Write, one_row};
use contract::Timestamp;

/// One key.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookKeyRow {
    /// Its id: the thumbprint of its public half.
    pub kid: String,
    /// The private key, PKCS#8 in PEM.
    pub pem: String,
    /// When it was made.
    pub created_at: Timestamp,
}

impl std::fmt::Debug for WebhookKeyRow {
    /// Without the private key, which must not reach a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WebhookKeyRow")
            .field("kid", &self.kid)
            .field("created_at", &self.created_at)
            .finish_non_exhaustive()
    }
}

/// The active key, then the last one before it.
///
/// # Errors
/// When the database fails.
pub async fn published(control: &Control) -> Result<Vec<WebhookKeyRow>, StoreError> {
    let rows: Vec<(String, String, i64)> = sqlx::query_as(
        "SELECT kid, pem, created_at FROM webhook_keys ORDER BY retired_at IS NOT NULL, retired_at DESC LIMIT 2",
    )
    .fetch_all(control.readers())
    .await?;
    let row = |(kid, pem, created_at)| WebhookKeyRow {
        kid,
        pem,
        created_at: Timestamp::from_millis(created_at),
    };
    Ok(rows.into_iter().map(row).collect())
}

/// Whether there is an active key, as this transaction sees it.
///
/// # Errors
/// When the database fails.
pub async fn any(write: &mut Write) -> Result<bool, StoreError> {
    Ok(
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM webhook_keys WHERE retired_at IS NULL)")
            .fetch_one(write.connection())
            .await?,
    )
}

/// Puts a key in the place of the active one, which is kept as the last before it; those before that go.
///
/// # Errors
/// When the database fails.
pub async fn succeed(write: &mut Write, key: &WebhookKeyRow) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM webhook_keys WHERE retired_at IS NOT NULL")
        .execute(write.connection())
        .await?;
    sqlx::query("UPDATE webhook_keys SET retired_at = ?1 WHERE retired_at IS NULL")
        .bind(key.created_at.as_millis())
        .execute(write.connection())
        .await?;
    let done = sqlx::query("INSERT INTO webhook_keys (kid, pem, created_at) VALUES (?1, ?2, ?3)")
        .bind(&key.kid)
        .bind(&key.pem)
        .bind(key.created_at.as_millis())
        .execute(write.connection())
        .await?;
    one_row("make a webhook key", done.rows_affected())
}
