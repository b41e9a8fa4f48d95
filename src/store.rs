//! The only place with SQL: one control database, one tenant database per sandbox, one shared market database.

pub mod backup;
pub mod control;
pub mod log;
pub mod market;
mod page;
mod sqlite;
pub mod tenant;

use page::by_position;
pub use page::{PageRequest, Rows};

use std::sync::Arc;

/// What can go wrong between us and SQLite. None of it is the caller's fault.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite or its driver failed.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// A migration failed.
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// A row holds what no row can hold.
    #[error("inconsistent row: {0}")]
    Inconsistent(String),
    /// A statement changed another number of rows than it must.
    #[error("{what}: {actual} rows affected, {expected} expected")]
    RowsAffected {
        /// The statement, in words.
        what: &'static str,
        /// How many rows it must change.
        expected: u64,
        /// How many it changed.
        actual: u64,
    },
    /// A file of the data folder could not be read, written or moved.
    #[error("data folder: {0}")]
    Files(#[from] std::io::Error),
    /// The writer of a tenant is gone: the tenant is being closed.
    #[error("the tenant is closing")]
    Closing,
    /// More waits for a tenant than it can take; the caller may come back.
    #[error("the tenant is overloaded")]
    Overloaded,
    /// The transaction that a job shared with others could not be committed; none of it has happened.
    #[error("commit: {0}")]
    Commit(Arc<StoreError>),
    /// A job panicked; what it did is undone.
    #[error("a job panicked")]
    Panicked,
}
