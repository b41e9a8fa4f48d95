//! The rows of a request log.

use super::{Evidence, First, LogRow, Placed, Remarks, Source, Wanted};
use crate::{
    ids::RequestId,
    store::{
        StoreError,
        sqlite::{self, column, instant, one_of},
    },
};
use contract::Timestamp;
use sqlx::{AssertSqlSafe, ConnectOptions, SqliteConnection, migrate::Migrator, sqlite::SqliteRow};
use std::{borrow::Cow, path::Path};

static MIGRATOR: Migrator = sqlx::migrate!("migrations/log");

/// How long rows are kept, in milliseconds.
pub const KEPT_MILLIS: i64 = 7 * 24 * 60 * 60 * 1000;
/// How many old rows go at once.
const PURGE_BATCH: u64 = 2000;

/// A kind of call: operation, source and problem code.
pub(super) type Kind = (Cow<'static, str>, Source, Cow<'static, str>);

/// The kind of a call: none where it is no operation, or failed without a problem code.
pub(super) fn kind(row: &LogRow) -> Option<Kind> {
    let operation = row.operation_id.clone()?;
    match &row.problem {
        Some(problem) => Some((operation, row.source, problem.clone())),
        None => (row.status < 400).then_some((operation, row.source, Cow::Borrowed(""))),
    }
}

/// Opens the log at `path`, which is made where there is none.
pub(super) async fn open(path: &Path) -> Result<SqliteConnection, StoreError> {
    let mut conn = sqlite::log(path).connect().await?;
    // How many migrations it has run: one with a lower number may come in later, so the highest does not tell.
    let latest = i64::try_from(MIGRATOR.iter().count()).unwrap_or(i64::MAX);
    if sqlite::user_version(&mut conn).await? != latest {
        MIGRATOR.run_direct(None, &mut conn, false).await?;
        // PRAGMA takes no parameters; the value is a number of our own.
        sqlx::query(AssertSqlSafe(format!("PRAGMA user_version = {latest}")))
            .execute(&mut conn)
            .await?;
    }
    Ok(conn)
}

/// Writes all rows with one statement: a statement for each would cost more than the rows themselves. Answers the number
/// of the last one; they are numbered in order.
pub(super) async fn insert(conn: &mut SqliteConnection, rows: &[LogRow]) -> Result<i64, StoreError> {
    let json: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                &row.request_id,
                row.at.as_millis(),
                &row.operation_id,
                &row.method,
                &row.path,
                row.status,
                row.duration_us,
                row.source.as_str(),
                &row.client_id,
                &row.problem,
                &row.note,
                (
                    row.remarks.retry_after,
                    u8::from(row.remarks.next_page),
                    u8::from(row.remarks.replayed),
                    u8::from(row.remarks.fault),
                ),
            )
        })
        .collect();
    let json = serde_json::to_string(&json).map_err(|error| StoreError::Inconsistent(error.to_string()))?;
    let done = sqlx::query(
        "INSERT INTO requests (request_id, at, operation_id, method, path, status, duration_us, source, client_id,
                               problem, note, retry_after, next_page, replayed, fault)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
                value ->> 7, value ->> 8, value ->> 9, value ->> 10,
                value ->> '$[11][0]', value ->> '$[11][1]', value ->> '$[11][2]', value ->> '$[11][3]'
         FROM json_each(?1)",
    )
    .bind(json)
    .execute(conn)
    .await?;
    sqlite::affected("log requests", rows.len() as u64, &done)?;
    Ok(done.last_insert_rowid())
}

/// Notes the first call of its kind, unless one is on record.
pub(super) async fn insert_first(conn: &mut SqliteConnection, row: &LogRow) -> Result<(), StoreError> {
    let Some((operation_id, source, problem)) = kind(row) else {
        return Ok(());
    };
    sqlx::query(
        "INSERT INTO firsts (operation_id, source, problem, request_id, at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO NOTHING",
    )
    .bind(operation_id.as_ref())
    .bind(source.as_str())
    .bind(problem.as_ref())
    .bind(&row.request_id)
    .bind(row.at.as_millis())
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes rows that are older than a week. Rows are as good as in order of time, so the oldest are the lowest.
pub(super) async fn purge(conn: &mut SqliteConnection, now: Timestamp) -> Result<(), StoreError> {
    loop {
        let done = sqlx::query(
            "DELETE FROM requests
             WHERE seq IN (SELECT seq FROM requests ORDER BY seq LIMIT 2000) AND at < ?1",
        )
        .bind(now.as_millis() - KEPT_MILLIS)
        .execute(&mut *conn)
        .await?;
        if done.rows_affected() < PURGE_BATCH {
            return Ok(());
        }
    }
}

/// The statement of a page, for the calls that also meet this condition. One that names no operation has its own text,
/// since an index is of no use to a condition that may not hold.
macro_rules! page {
    ($condition:literal) => {
        concat!(
            "SELECT request_id, at, operation_id, method, path, status, duration_us, source, client_id, problem, note,
                    retry_after, next_page, replayed, fault, seq
             FROM requests
             WHERE ",
            $condition,
            " AND (?2 IS NULL OR source = ?2) AND status BETWEEN ?3 AND ?4 AND at >= ?5 AND seq < ?6
             ORDER BY seq DESC LIMIT ?7"
        )
    };
}

/// A page of calls, newest first.
pub(super) async fn page(conn: &mut SqliteConnection, wanted: &Wanted) -> Result<Vec<Placed>, StoreError> {
    let (statement, one) = match (&wanted.request_id, &wanted.operation_id) {
        (Some(id), _) => (page!("request_id = ?1"), Some(id.as_str())),
        (None, Some(operation)) => (page!("operation_id = ?1"), Some(operation.as_str())),
        (None, None) => (page!("?1 IS NULL"), None),
    };
    let (lowest, highest) = wanted.status.unwrap_or((0, u16::MAX));
    let rows = sqlx::query(statement)
        .bind(one)
        .bind(wanted.source.map(Source::as_str))
        .bind(lowest)
        .bind(highest)
        .bind(wanted.since.map_or(i64::MIN, Timestamp::as_millis))
        .bind(wanted.before.unwrap_or(i64::MAX))
        .bind(wanted.limit)
        .fetch_all(conn)
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Placed {
                seq: column(row, 15)?,
                call: log_row(row)?,
            })
        })
        .collect()
}

/// The first call of a kind.
pub(super) async fn first(
    conn: &mut SqliteConnection,
    wanted: First<'_>,
) -> Result<Option<Evidence>, StoreError> {
    let row = sqlx::query(
        "SELECT operation_id, source, request_id, at FROM firsts
         WHERE (?1 IS NULL OR operation_id = ?1) AND (?2 IS NULL OR source = ?2) AND problem = ?3
         ORDER BY at LIMIT 1",
    )
    .bind(wanted.operation_id)
    .bind(wanted.source.map(Source::as_str))
    .bind(wanted.problem.unwrap_or_default())
    .fetch_optional(conn)
    .await?;
    row.as_ref().map(proof).transpose()
}

/// What is remembered of the call with this id: it was the first of its kind, or had a part in a habit.
pub(super) async fn evidence(
    conn: &mut SqliteConnection,
    id: &RequestId,
) -> Result<Option<Evidence>, StoreError> {
    let row = sqlx::query(
        "SELECT operation_id, source, request_id, at FROM firsts WHERE request_id = ?1
         UNION ALL SELECT operation_id, source, request_id, at FROM habits WHERE request_id = ?1
         UNION ALL SELECT operation_id, source, before_id, before_at FROM habits WHERE before_id = ?1
         LIMIT 1",
    )
    .bind(id.as_str())
    .fetch_optional(conn)
    .await?;
    row.as_ref().map(proof).transpose()
}

fn proof(row: &SqliteRow) -> Result<Evidence, StoreError> {
    Ok(Evidence {
        operation_id: column(row, 0)?,
        source: one_of(row, 1, Source::from_text)?,
        request_id: column(row, 2)?,
        at: instant(row, 3)?,
    })
}

/// The operations that were called with success, in order.
pub(super) async fn called(conn: &mut SqliteConnection, source: Source) -> Result<Vec<String>, StoreError> {
    let ids = sqlx::query_scalar(
        "SELECT operation_id FROM firsts WHERE source = ?1 AND problem = '' ORDER BY operation_id",
    )
    .bind(source.as_str())
    .fetch_all(conn)
    .await?;
    Ok(ids)
}

fn log_row(row: &SqliteRow) -> Result<LogRow, StoreError> {
    let (operation_id, problem): (Option<String>, Option<String>) = (column(row, 2)?, column(row, 9)?);
    Ok(LogRow {
        request_id: column(row, 0)?,
        at: instant(row, 1)?,
        operation_id: operation_id.map(Cow::Owned),
        method: Cow::Owned(column(row, 3)?),
        path: column(row, 4)?,
        status: column(row, 5)?,
        duration_us: column(row, 6)?,
        source: one_of(row, 7, Source::from_text)?,
        client_id: column(row, 8)?,
        problem: problem.map(Cow::Owned),
        note: column(row, 10)?,
        remarks: Remarks {
            retry_after: column(row, 11)?,
            next_page: column(row, 12)?,
            replayed: column(row, 13)?,
            fault: column(row, 14)?,
        },
    })
}
