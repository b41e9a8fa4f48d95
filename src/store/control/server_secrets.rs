//! Server secrets: random bytes that every process on this data folder must share, such as the key of the cursors.

use super::{Control, StoreError};
use crate::ids;

/// The 32 bytes with this name, made when they are first asked for.
///
/// # Errors
/// When the database fails.
pub async fn get_or_create(control: &Control, name: &'static str) -> Result<[u8; 32], StoreError> {
    let mut write = control.begin().await?;
    sqlx::query("INSERT INTO server_secrets (name, bytes) VALUES (?1, ?2) ON CONFLICT DO NOTHING")
        .bind(name)
        .bind(ids::random::<32>().as_slice())
        .execute(write.connection())
        .await?;
    let bytes: Vec<u8> = sqlx::query_scalar("SELECT bytes FROM server_secrets WHERE name = ?1")
        .bind(name)
        .fetch_one(write.connection())
        .await?;
    write.commit().await?;
    <[u8; 32]>::try_from(bytes)
        .map_err(|_| StoreError::Inconsistent(format!("the secret `{name}` is not 32 bytes long")))
}
