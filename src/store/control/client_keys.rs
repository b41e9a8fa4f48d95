//! Client keys: the public P-256 keys that verify a client's assertions.

pub use super::names::KeyId;

use super::{Control, StoreError, Write, api_clients::ClientKey, one_row, parsed};
use contract::{Timestamp, ids::SandboxId};

/// One registered key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientKeyRow {
    /// Its id, which the header of an assertion names.
    pub kid: KeyId,
    /// The client that signs with it.
    pub client_id: ClientKey,
    /// The client's sandbox.
    pub sandbox_id: SandboxId,
    /// The public key as JWK: `kty`, `crv`, `x` and `y`.
    pub jwk: String,
    /// The `iss` that was issued at registration.
    pub iss: String,
    /// The `sub` that was issued at registration.
    pub sub: String,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct Stored {
    kid: String,
    client_id: String,
    sandbox_id: String,
    jwk: String,
    iss: String,
    sub: String,
    created_at: i64,
    revoked_at: Option<i64>,
}

impl TryFrom<Stored> for ClientKeyRow {
    type Error = StoreError;
    fn try_from(row: Stored) -> Result<Self, StoreError> {
        Ok(Self {
            kid: parsed("key id", &row.kid)?,
            client_id: parsed("client id", &row.client_id)?,
            sandbox_id: parsed("sandbox id", &row.sandbox_id)?,
            jwk: row.jwk,
            iss: row.iss,
            sub: row.sub,
            created_at: Timestamp::from_millis(row.created_at),
            revoked_at: row.revoked_at.map(Timestamp::from_millis),
        })
    }
}

/// Registers a key.
///
/// # Errors
/// When the client does not exist.
pub async fn create(write: &mut Write, key: &ClientKeyRow) -> Result<(), StoreError> {
    let done = sqlx::query(
        "INSERT INTO client_keys (kid, client_id, sandbox_id, jwk, iss, sub, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )
    .bind(key.kid.as_str())
    .bind(key.client_id.as_str())
    .bind(key.sandbox_id.as_str())
    .bind(&key.jwk)
    .bind(&key.iss)
    .bind(&key.sub)
    .bind(key.created_at.as_millis())
    .execute(write.connection())
    .await?;
    one_row("register client key", done.rows_affected())
}

/// The key with this id, if it belongs to this client, revoked or not.
///
/// # Errors
/// When the database fails.
pub async fn get(
    control: &Control,
    client_id: &ClientKey,
    kid: &KeyId,
) -> Result<Option<ClientKeyRow>, StoreError> {
    sqlx::query_as::<_, Stored>(
        "SELECT kid, client_id, sandbox_id, jwk, iss, sub, created_at, revoked_at
         FROM client_keys WHERE kid = ?1 AND client_id = ?2",
    )
    .bind(kid.as_str())
    .bind(client_id.as_str())
    .fetch_optional(control.readers())
    .await?
    .map(ClientKeyRow::try_from)
    .transpose()
}

/// The keys of a sandbox, revoked ones too, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_sandbox(control: &Control, sandbox: &SandboxId) -> Result<Vec<ClientKeyRow>, StoreError> {
    sqlx::query_as::<_, Stored>(
        "SELECT kid, client_id, sandbox_id, jwk, iss, sub, created_at, revoked_at
         FROM client_keys WHERE sandbox_id = ?1 ORDER BY kid",
    )
    .bind(sandbox.as_str())
    .fetch_all(control.readers())
    .await?
    .into_iter()
    .map(ClientKeyRow::try_from)
    .collect()
}

/// Whether the key is still registered and not revoked, as this transaction sees it.
///
/// # Errors
/// When the database fails.
pub async fn is_active(write: &mut Write, kid: &KeyId) -> Result<bool, StoreError> {
    let found: Option<i64> =
        sqlx::query_scalar("SELECT 1 FROM client_keys WHERE kid = ?1 AND revoked_at IS NULL")
            .bind(kid.as_str())
            .fetch_optional(write.connection())
            .await?;
    Ok(found.is_some())
}

/// Revokes a key; `false` when the sandbox has no such key that is not revoked yet.
///
/// # Errors
/// When the database fails.
pub async fn revoke(
    write: &mut Write,
    sandbox: &SandboxId,
    kid: &KeyId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE client_keys SET revoked_at = ?3 WHERE kid = ?1 AND sandbox_id = ?2 AND revoked_at IS NULL",
    )
    .bind(kid.as_str())
    .bind(sandbox.as_str())
    .bind(now.as_millis())
    .execute(write.connection())
    .await?;
    Ok(done.rows_affected() == 1)
}
