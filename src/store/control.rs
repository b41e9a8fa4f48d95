//! The control database: sandboxes, credentials, signing keys, workspaces, people, sessions and staff.

pub mod api_clients;
pub mod approvals;
pub mod client_keys;
pub mod client_secrets;
pub mod invitations;
pub mod members;
mod names;
pub mod password_links;
pub mod people;
pub mod revoked_tokens;
pub mod sandboxes;
pub mod server_secrets;
pub mod sessions;
pub mod signing_keys;
pub mod staff;
pub mod staff_sessions;
pub mod used_assertions;
pub mod webhook_keys;
pub mod workspaces;

use super::StoreError;
use sqlx::{
    Sqlite, SqliteConnection, SqlitePool, Transaction,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    fs::File,
    path::{Path, PathBuf},
    time::Duration,
};

/// The first SQLite without the WAL-reset corruption bug (<https://sqlite.org/wal.html#the_wal_reset_bug>).
const OLDEST_SQLITE: [u32; 3] = [3, 51, 3];

/// How long a statement waits for another process that is writing.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// A handle on the control database; cheap to clone. Other processes may write the same file.
#[derive(Clone, Debug)]
pub struct Control {
    writer: SqlitePool,
    readers: SqlitePool,
}

/// A write transaction on the control database; rolled back unless committed.
#[derive(Debug)]
pub struct Write(Transaction<'static, Sqlite>);

impl Control {
    /// Opens the database at `path`, creates it when absent and brings its schema up to date.
    ///
    /// # Errors
    /// When the file cannot be opened, a migration fails or the SQLite library is too old.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        // The change to WAL and the migrations cannot wait for each other inside SQLite, so two processes that start
        // on the same data folder take turns here. Dropping the file releases the lock.
        let turn = opening_turn(path.with_extension("lock")).await?;
        keep_private(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .busy_timeout(BUSY_TIMEOUT)
            .foreign_keys(true)
            .synchronous(SqliteSynchronous::Full)
            .pragma("cache_size", "-1024")
            .pragma("journal_size_limit", "16777216");
        let writer = pool(1)
            .connect_with(
                options
                    .clone()
                    .create_if_missing(true)
                    .journal_mode(SqliteJournalMode::Wal),
            )
            .await?;
        require_version(&writer).await?;
        sqlx::migrate!("migrations/control").run(&writer).await?;
        // Only now: a read-only handle cannot make the files that a fresh WAL needs.
        let readers = pool(4).connect_with(options.read_only(true)).await?;
        drop(turn);
        Ok(Self { writer, readers })
    }

    /// Starts a write transaction, which waits for other writers of this and of other processes.
    ///
    /// # Errors
    /// When another process writes for longer than the busy timeout.
    pub async fn begin(&self) -> Result<Write, StoreError> {
        Ok(Write(self.writer.begin_with("BEGIN IMMEDIATE").await?))
    }

    /// Writes a consistent copy to `path`, which must not exist, while others go on reading and writing.
    ///
    /// # Errors
    /// When the copy cannot be written.
    pub async fn copy_to(&self, path: &Path) -> Result<(), StoreError> {
        let path = path
            .to_str()
            .ok_or_else(|| std::io::Error::other("the path is not UTF-8"))?;
        sqlx::query("VACUUM INTO ?1")
            .bind(path)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Closes every connection, after the statements under way.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1 FROM sqlite_schema LIMIT 1")
            .execute(&self.readers)
            .await?;
        Ok(())
    }

    fn readers(&self) -> &SqlitePool {
        &self.readers
    }
}

impl Write {
    /// Makes the changes permanent.
    ///
    /// # Errors
    /// When the disk does not take them; nothing has changed then.
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.0.commit().await?)
    }

    fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.0
    }
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .min_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        // The ping before each use would more than halve the read rate, and a local file does not hang up.
        .test_before_acquire(false)
}

async fn opening_turn(path: PathBuf) -> Result<File, StoreError> {
    let locking = tokio::task::spawn_blocking(move || {
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path)?;
        file.lock()?;
        Ok::<_, std::io::Error>(file)
    });
    Ok(locking.await.map_err(std::io::Error::other)??)
}

/// Makes the file, when absent, readable by its owner alone; SQLite gives the same mode to the files beside it.
fn keep_private(path: &Path) -> Result<(), StoreError> {
    let mut options = File::options();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?;
    Ok(())
}

async fn require_version(pool: &SqlitePool) -> Result<(), StoreError> {
    let version: String = sqlx::query_scalar("SELECT sqlite_version()")
        .fetch_one(pool)
        .await?;
    let parts: Vec<u32> = version.split('.').filter_map(|part| part.parse().ok()).collect();
    if parts.as_slice() < OLDEST_SQLITE.as_slice() {
        let refusal =
            format!("SQLite {version} can corrupt a database in WAL mode; 3.51.3 is the oldest good one");
        return Err(sqlx::Error::Configuration(refusal.into()).into());
    }
    Ok(())
}

/// Asserts that the statement that `what` names changed exactly one row.
fn one_row(what: &'static str, actual: u64) -> Result<(), StoreError> {
    if actual == 1 {
        Ok(())
    } else {
        Err(StoreError::RowsAffected {
            what,
            expected: 1,
            actual,
        })
    }
}

/// The stored text as a value of its type; a row that cannot hold it is our fault.
fn parsed<T: std::str::FromStr>(what: &str, text: &str) -> Result<T, StoreError> {
    text.parse()
        .map_err(|_| StoreError::Inconsistent(format!("{what} `{text}`")))
}

#[cfg(test)]
mod tests;
