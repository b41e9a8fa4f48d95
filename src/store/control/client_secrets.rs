//! Client secrets: only their hashes; several of one client are good at once while a rotation overlaps.

use super::{Control, StoreError, Write, api_clients::ClientKey, one_row};
use contract::Timestamp;
use sha2::{Digest, Sha256};
use std::fmt;

/// The SHA-256 of a client secret. A secret is 256 random bits, so a slow hash would add nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    /// The hash of a secret.
    pub fn of(secret: &str) -> Self {
        Self(Sha256::digest(secret).into())
    }
    /// The hash as bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for SecretHash {
    /// The first six bytes in hex: enough to tell a client's secrets apart.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0[..6]))
    }
}

/// One secret of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientSecretRow {
    /// Its hash, which also names it.
    pub hash: SecretHash,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it stops being good; never by itself if none.
    pub expires_at: Option<Timestamp>,
}

/// Adds a secret to a client.
///
/// # Errors
/// When the client does not exist.
pub async fn create(
    write: &mut Write,
    client_id: &ClientKey,
    hash: &SecretHash,
    now: Timestamp,
) -> Result<(), StoreError> {
    let done =
        sqlx::query("INSERT INTO client_secrets (secret_hash, client_id, created_at) VALUES (?1, ?2, ?3)")
            .bind(hash.0.as_slice())
            .bind(client_id.as_str())
            .bind(now.as_millis())
            .execute(write.connection())
            .await?;
    one_row("create client secret", done.rows_affected())
}

/// The secrets of a client that are good at `now`, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn active(
    control: &Control,
    client_id: &ClientKey,
    now: Timestamp,
) -> Result<Vec<ClientSecretRow>, StoreError> {
    let rows: Vec<(Vec<u8>, i64, Option<i64>)> = sqlx::query_as(
        "SELECT secret_hash, created_at, expires_at FROM client_secrets
         WHERE client_id = ?1 AND (expires_at IS NULL OR expires_at > ?2) ORDER BY created_at, secret_hash",
    )
    .bind(client_id.as_str())
    .bind(now.as_millis())
    .fetch_all(control.readers())
    .await?;
    rows.into_iter()
        .map(|(hash, created_at, expires_at)| {
            let hash = <[u8; 32]>::try_from(hash)
                .map_err(|_| StoreError::Inconsistent("a secret's hash is not 32 bytes long".to_owned()))?;
            Ok(ClientSecretRow {
                hash: SecretHash(hash),
                created_at: Timestamp::from_millis(created_at),
                expires_at: expires_at.map(Timestamp::from_millis),
            })
        })
        .collect()
}

/// Lets every secret of a client end at `instant` unless it ends earlier.
///
/// # Errors
/// When the database fails.
pub async fn expire_all(
    write: &mut Write,
    client_id: &ClientKey,
    instant: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE client_secrets SET expires_at = ?2 WHERE client_id = ?1 AND (expires_at IS NULL OR expires_at > ?2)",
    )
    .bind(client_id.as_str())
    .bind(instant.as_millis())
    .execute(write.connection())
    .await?;
    Ok(())
}

/// Removes one secret of a client; `false` when there is no such secret.
///
/// # Errors
/// When the database fails.
pub async fn delete(write: &mut Write, client_id: &ClientKey, hash: &SecretHash) -> Result<bool, StoreError> {
    let done = sqlx::query("DELETE FROM client_secrets WHERE secret_hash = ?1 AND client_id = ?2")
        .bind(hash.0.as_slice())
        .bind(client_id.as_str())
        .execute(write.connection())
        .await?;
    Ok(done.rows_affected() == 1)
}
