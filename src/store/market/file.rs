//! The market database's file: written whole from a catalogue, then only read.

use super::{Catalogue, fill, load};
use crate::store::{StoreError, sqlite, tenant::files};
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, migrate::Migrator};
use std::path::Path;

static MIGRATOR: Migrator = sqlx::migrate!("migrations/market");

/// What the file at `path` holds; it is written first when it is absent or of another catalogue.
pub(super) async fn open(path: &Path, catalogue: &Catalogue) -> Result<Catalogue, StoreError> {
    let version = version(catalogue);
    if let Some(found) = read(path, version).await? {
        return Ok(found);
    }
    // Another process may be starting on the same folder: each writes its own draft, and either one will do.
    let draft = path.with_extension(format!("draft-{}", std::process::id()));
    files::remove(&draft).await;
    write(&draft, catalogue, version).await?;
    files::sync(&draft).await?;
    tokio::fs::rename(&draft, path).await?;
    read(path, version)
        .await?
        .ok_or_else(|| StoreError::Inconsistent("the market database changed while it was opened".into()))
}

/// A number that changes with the catalogue and with the schema; what fits in SQLite's `user_version`.
fn version(catalogue: &Catalogue) -> i64 {
    let mut digest = Sha256::new();
    for migration in MIGRATOR.iter() {
        digest.update(&migration.checksum);
    }
    digest.update(format!("{catalogue:?}"));
    let digest = digest.finalize();
    i64::from(u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]) >> 1).max(1)
}

async fn read(path: &Path, version: i64) -> Result<Option<Catalogue>, StoreError> {
    if !tokio::fs::try_exists(path).await? {
        return Ok(None);
    }
    let mut conn = sqlite::immutable(path).connect().await?;
    let found = if sqlite::user_version(&mut conn).await? == version {
        Some(load::load(&mut conn).await?)
    } else {
        None
    };
    conn.close().await?;
    Ok(found)
}

async fn write(path: &Path, catalogue: &Catalogue, version: i64) -> Result<(), StoreError> {
    let mut conn = sqlite::builder(path).connect().await?;
    MIGRATOR.run_direct(None, &mut conn, false).await?;
    let mut tx = conn.begin().await?;
    fill::all(&mut tx, catalogue).await?;
    // PRAGMA takes no parameters; the value is a number of our own.
    sqlx::query(AssertSqlSafe(format!("PRAGMA user_version = {version}")))
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    // Not WAL: a file that never changes is read without locks and without companions.
    sqlx::query("PRAGMA journal_mode = DELETE")
        .execute(&mut conn)
        .await?;
    Ok(conn.close().await?)
}
