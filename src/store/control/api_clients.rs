//! API clients: who asks for tokens, for which sandbox and with which scopes.

pub use super::names::ClientKey;

use super::{Control, StoreError, Write, one_row, parsed};
use contract::{ScopeSet, Timestamp, ids::SandboxId};

/// One API client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiClientRow {
    /// Its public id.
    pub client_id: ClientKey,
    /// The only sandbox that its tokens open.
    pub sandbox_id: SandboxId,
    /// What its tokens may do at most.
    pub scopes: ScopeSet,
    /// When it was created.
    pub created_at: Timestamp,
}

type Stored = (String, String, String, i64);

fn row((client_id, sandbox_id, scopes, created_at): Stored) -> Result<ApiClientRow, StoreError> {
    Ok(ApiClientRow {
        client_id: parsed("client id", &client_id)?,
        sandbox_id: parsed("sandbox id", &sandbox_id)?,
        scopes: parsed("scopes", &scopes)?,
        created_at: Timestamp::from_millis(created_at),
    })
}

/// Adds an API client.
///
/// # Errors
/// When the sandbox does not exist.
pub async fn create(write: &mut Write, client: &ApiClientRow) -> Result<(), StoreError> {
    let done = sqlx::query(
        "INSERT INTO api_clients (client_id, sandbox_id, scopes, created_at) VALUES (?1, ?2, ?3, ?4)",
    )
    .bind(client.client_id.as_str())
    .bind(client.sandbox_id.as_str())
    .bind(client.scopes.to_string())
    .bind(client.created_at.as_millis())
    .execute(write.connection())
    .await?;
    one_row("create API client", done.rows_affected())
}

/// The API client with this id.
///
/// # Errors
/// When the database fails.
pub async fn get(control: &Control, client_id: &ClientKey) -> Result<Option<ApiClientRow>, StoreError> {
    sqlx::query_as::<_, Stored>(
        "SELECT client_id, sandbox_id, scopes, created_at FROM api_clients WHERE client_id = ?1",
    )
    .bind(client_id.as_str())
    .fetch_optional(control.readers())
    .await?
    .map(row)
    .transpose()
}

/// The oldest API client of a sandbox, as this transaction sees it.
///
/// # Errors
/// When the database fails.
pub async fn first_of_sandbox(
    write: &mut Write,
    sandbox: &SandboxId,
) -> Result<Option<ApiClientRow>, StoreError> {
    sqlx::query_as::<_, Stored>(
        "SELECT client_id, sandbox_id, scopes, created_at FROM api_clients
         WHERE sandbox_id = ?1 ORDER BY client_id LIMIT 1",
    )
    .bind(sandbox.as_str())
    .fetch_optional(write.connection())
    .await?
    .map(row)
    .transpose()
}

/// Removes an API client with its secrets and keys; `false` when there is no such client.
///
/// # Errors
/// When the database fails.
pub async fn delete(write: &mut Write, client_id: &ClientKey) -> Result<bool, StoreError> {
    let done = sqlx::query("DELETE FROM api_clients WHERE client_id = ?1")
        .bind(client_id.as_str())
        .execute(write.connection())
        .await?;
    Ok(done.rows_affected() == 1)
}
