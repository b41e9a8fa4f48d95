//! The schema of tenant files. A file is brought up to date when it is next opened.

use crate::store::{StoreError, sqlite};
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, SqliteConnection, migrate::Migrator};

static MIGRATOR: Migrator = sqlx::migrate!("migrations/tenant");

/// The schema version of an up-to-date file: how many migrations it has run. Their numbers do not tell, because one
/// with a lower number may come in later.
fn latest_version() -> i64 {
    i64::try_from(MIGRATOR.iter().count()).unwrap_or(i64::MAX)
}

/// Feeds every migration to a digest: two builds agree on it exactly if their files have the same schema.
pub(crate) fn fingerprint(digest: &mut Sha256) {
    for migration in MIGRATOR.iter() {
        digest.update(&migration.checksum);
    }
}

/// Runs what the file lacks. The version in the file's header spares an up-to-date one the question.
pub(super) async fn run_if_needed(conn: &mut SqliteConnection) -> Result<(), StoreError> {
    let latest = latest_version();
    if sqlite::user_version(conn).await? == latest {
        return Ok(());
    }
    MIGRATOR.run_direct(None, conn, false).await?;
    // PRAGMA takes no parameters; the value is a number of our own.
    sqlx::query(AssertSqlSafe(format!("PRAGMA user_version = {latest}")))
        .execute(conn)
        .await?;
    Ok(())
}
