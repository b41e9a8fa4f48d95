//! How SQLite files are opened, and how their columns become values.

use super::StoreError;
use contract::Timestamp;
use serde::Deserialize;
use sqlx::{
    ColumnIndex, ConnectOptions, Decode, Row, Sqlite, SqliteConnection, Type,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteQueryResult, SqliteRow, SqliteSynchronous},
};
use std::{path::Path, str::FromStr, time::Duration};

/// How long a statement waits for another process that holds the write lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Options that every file shares: pages are cached by the operating system, so each connection keeps few of its own.
fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(BUSY_TIMEOUT)
        .foreign_keys(true)
        .pragma("cache_size", "-256")
        .pragma("temp_store", "MEMORY")
        // Rows of a whole page fit, so that the connection's thread is not stopped and woken within one list.
        .row_buffer_size(128)
        .disable_statement_logging()
}

/// The one connection that writes a tenant file. An acknowledged write survives a power cut.
pub(super) fn writer(path: &Path) -> SqliteConnectOptions {
    options(path)
        .synchronous(SqliteSynchronous::Full)
        .pragma("journal_size_limit", "4194304")
}

/// A connection that makes a new file, which nobody else sees before it is moved into place.
pub(super) fn builder(path: &Path) -> SqliteConnectOptions {
    options(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Off)
}

/// A connection that only reads a tenant file; the writer must be open already.
pub(super) fn reader(path: &Path) -> SqliteConnectOptions {
    options(path).read_only(true)
}

/// The connection that writes a request log, whose last moments a power cut may take.
pub(super) fn log(path: &Path) -> SqliteConnectOptions {
    options(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .pragma("journal_size_limit", "4194304")
}

/// A connection on a file that never changes, so that it needs no locks.
pub(super) fn immutable(path: &Path) -> SqliteConnectOptions {
    options(path).read_only(true).immutable(true)
}

/// The schema version that the file carries in its header.
pub(super) async fn user_version(conn: &mut SqliteConnection) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar("PRAGMA user_version").fetch_one(conn).await?)
}

/// The column as a value of SQLite's own types.
pub(super) fn column<'r, T, I>(row: &'r SqliteRow, index: I) -> Result<T, StoreError>
where
    T: Decode<'r, Sqlite> + Type<Sqlite>,
    I: ColumnIndex<SqliteRow>,
{
    Ok(row.try_get(index)?)
}

/// The text column as a checked value; a row that cannot hold it is our fault.
pub(super) fn parsed<T: FromStr>(row: &SqliteRow, index: usize) -> Result<T, StoreError> {
    let text: &str = column(row, index)?;
    text.parse().map_err(|_| unfit(index, text))
}

/// The text column as a checked value, or none where it is null.
pub(super) fn parsed_if_any<T: FromStr>(row: &SqliteRow, index: usize) -> Result<Option<T>, StoreError> {
    let text: Option<&str> = column(row, index)?;
    text.map(|text| text.parse().map_err(|_| unfit(index, text)))
        .transpose()
}

/// The text column as one of the values of an enum.
pub(super) fn one_of<T>(
    row: &SqliteRow,
    index: usize,
    value: fn(&str) -> Option<T>,
) -> Result<T, StoreError> {
    let text: &str = column(row, index)?;
    value(text).ok_or_else(|| unfit(index, text))
}

/// The column of milliseconds as an instant.
pub(super) fn instant(row: &SqliteRow, index: usize) -> Result<Timestamp, StoreError> {
    Ok(Timestamp::from_millis(column(row, index)?))
}

/// The column of a JSON array of texts as a list of checked values.
pub(super) fn parsed_list<T: FromStr>(row: &SqliteRow, index: usize) -> Result<Vec<T>, StoreError> {
    let json: &str = column(row, index)?;
    if json == "[]" {
        return Ok(Vec::new());
    }
    let texts: Vec<&str> = serde_json::from_str(json).map_err(|_| unfit(index, json))?;
    texts
        .into_iter()
        .map(|text| text.parse().map_err(|_| unfit(index, text)))
        .collect()
}

/// The row that was put together as one JSON array, which is all of the result's columns.
///
/// The driver hands over every row and every column on its own, with a wake-up of another thread for each row. A page
/// of 25 as one text costs a third of that.
pub(super) fn from_json<'r, T: Deserialize<'r>>(row: &'r SqliteRow) -> Result<T, StoreError> {
    let json: &str = column(row, 0)?;
    // The row itself stays out of the message: it ends in the operator's log, where a tenant's data has no place.
    serde_json::from_str(json).map_err(|error| StoreError::Inconsistent(error.to_string()))
}

/// Milliseconds since the Unix epoch, in such a row.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct Millis(i64);

impl From<Millis> for Timestamp {
    fn from(Millis(millis): Millis) -> Self {
        Self::from_millis(millis)
    }
}

/// A truth value, in such a row.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct Flag(u8);

impl From<Flag> for bool {
    fn from(Flag(flag): Flag) -> Self {
        flag != 0
    }
}

fn unfit(index: usize, text: &str) -> StoreError {
    StoreError::Inconsistent(format!(
        "column {index} holds {} bytes that do not fit",
        text.len()
    ))
}

/// Asserts that the statement that `what` names changed exactly `expected` rows.
pub(super) fn affected(
    what: &'static str,
    expected: u64,
    result: &SqliteQueryResult,
) -> Result<(), StoreError> {
    let actual = result.rows_affected();
    if actual == expected {
        Ok(())
    } else {
        Err(StoreError::RowsAffected {
            what,
            expected,
            actual,
        })
    }
}
