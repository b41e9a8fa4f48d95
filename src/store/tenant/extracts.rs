//! The rows of extracts.

use super::{Conn, WriteTx, sealed::Sealed};
use crate::{
    ids::RequestId,
    store::{
        PageRequest, Rows, StoreError,
        sqlite::{self, Millis, from_json},
    },
};
use contract::{
    Day, Timestamp,
    extracts::{Dataset, Extract, ExtractFilters, ExtractFormat, ExtractProgress, ExtractStatus},
    ids::ExtractId,
    text::Name,
};
use serde::Deserialize;

macro_rules! row {
    () => {
        "json_array(seq, id, dataset, as_of, format, json(filters), purpose, requested_by, status, rows_done,
                    rows_total, size_bytes, sha256, failure, completed_at, expires_at, created_at, updated_at)"
    };
}

#[derive(Deserialize)]
struct Row(
    i64,
    ExtractId,
    Dataset,
    Day,
    ExtractFormat,
    ExtractFilters,
    Name,
    String,
    ExtractStatus,
    u64,
    Option<u64>,
    Option<u64>,
    Option<String>,
    Option<String>,
    Option<Millis>,
    Option<Millis>,
    Millis,
    Millis,
);

impl From<Row> for (i64, Extract) {
    fn from(row: Row) -> Self {
        let (rows_done, rows_total, size_bytes) = (row.9, row.10, row.11);
        let extract = Extract {
            id: row.1,
            dataset: row.2,
            as_of: row.3,
            format: row.4,
            filters: row.5,
            purpose: row.6,
            requested_by: row.7,
            status: row.8,
            progress: ExtractProgress {
                rows_done,
                rows_total,
            },
            row_count: size_bytes.is_some().then_some(rows_done),
            size_bytes,
            sha256: row.12,
            download_url: None,
            failure: row.13,
            completed_at: row.14.map(Into::into),
            expires_at: row.15.map(Into::into),
            created_at: row.16.into(),
            updated_at: row.17.into(),
        };
        (row.0, extract)
    }
}

/// The extract with this id.
///
/// # Errors
/// When the database fails.
pub async fn find(conn: &mut impl Conn, id: &ExtractId) -> Result<Option<Extract>, StoreError> {
    let row = sqlx::query(concat!("SELECT ", row!(), " FROM extracts WHERE id = ?1"))
        .bind(id.as_str())
        .fetch_optional(conn.sql())
        .await?;
    row.map(|row| Ok(<(i64, Extract)>::from(from_json::<Row>(&row)?).1))
        .transpose()
}

/// A page of the extracts, of this data set and standing so where they are given, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn page(
    conn: &mut impl Conn,
    dataset: Option<Dataset>,
    status: Option<ExtractStatus>,
    page: PageRequest,
) -> Result<Rows<Extract>, StoreError> {
    let found = sqlx::query(concat!(
        "SELECT json_group_array(",
        row!(),
        ") FROM (SELECT * FROM extracts WHERE seq > ?1 AND (?3 IS NULL OR dataset = ?3)
                 AND (?4 IS NULL OR status = ?4) ORDER BY seq LIMIT ?2)"
    ))
    .bind(page.start())
    .bind(page.probe())
    .bind(dataset.map(Dataset::as_str))
    .bind(status.map(ExtractStatus::as_str))
    .fetch_one(conn.sql())
    .await?;
    Ok(Rows::of(page, from_json::<Vec<Row>>(&found)?))
}

/// Queues an extract, unless one of its data set is unfinished: that one's id is answered then.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut WriteTx, new: &Extract) -> Result<Result<(), ExtractId>, StoreError> {
    let cause = tx.cause().cloned();
    // A refusal writes nothing, so the index decides between two that come at once.
    let done = sqlx::query(
        "INSERT INTO extracts (id, dataset, as_of, format, filters, purpose, requested_by, status, created_at,
                               updated_at, request_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'queued', ?8, ?8, ?9)
         ON CONFLICT (dataset) WHERE status IN ('queued', 'running') DO NOTHING",
    )
    .bind(new.id.as_str())
    .bind(new.dataset.as_str())
    .bind(new.as_of.to_string())
    .bind(new.format.as_str())
    .bind(serde_json::json!(new.filters).to_string())
    .bind(new.purpose.as_str())
    .bind(&new.requested_by)
    .bind(new.created_at.as_millis())
    .bind(cause.as_ref().map(RequestId::as_str))
    .execute(tx.sql())
    .await?;
    if done.rows_affected() == 1 {
        tx.mark_work_changed();
        return Ok(Ok(()));
    }
    let unfinished: String =
        sqlx::query_scalar("SELECT id FROM extracts WHERE dataset = ?1 AND status IN ('queued', 'running')")
            .bind(new.dataset.as_str())
            .fetch_one(tx.sql())
            .await?;
    let malformed = |_| StoreError::Inconsistent("an extract with a malformed id".to_owned());
    Ok(Err(unfinished.parse().map_err(malformed)?))
}

/// Begins the oldest extract that is not finished, from its start, and answers it with how often it was begun; none
/// when all are finished.
///
/// # Errors
/// When the database fails.
pub async fn begin_next(tx: &mut WriteTx, now: Timestamp) -> Result<Option<(Extract, u32)>, StoreError> {
    let begun: Option<(String, u32)> = sqlx::query_as(
        "UPDATE extracts SET status = 'running', attempts = attempts + 1, rows_done = 0, rows_total = NULL,
                             updated_at = ?1
         WHERE seq = (SELECT min(seq) FROM extracts WHERE status IN ('queued', 'running'))
         RETURNING id, attempts",
    )
    .bind(now.as_millis())
    .fetch_optional(tx.sql())
    .await?;
    let Some((id, attempts)) = begun else {
        return Ok(None);
    };
    let malformed = |_| StoreError::Inconsistent("an extract with a malformed id".to_owned());
    let found = find(tx, &id.parse().map_err(malformed)?).await?;
    Ok(found.map(|extract| (extract, attempts)))
}

/// Queues a running extract again, as if it had not been begun.
///
/// # Errors
/// When the database fails.
pub async fn put_back(tx: &mut WriteTx, id: &ExtractId) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE extracts SET status = 'queued', attempts = attempts - 1, rows_done = 0, rows_total = NULL
         WHERE id = ?1 AND status = 'running'",
    )
    .bind(id.as_str())
    .execute(tx.sql())
    .await?;
    Ok(())
}

/// Notes how far a running extract has come.
///
/// # Errors
/// When the database fails.
pub async fn note_progress(
    tx: &mut WriteTx,
    id: &ExtractId,
    progress: ExtractProgress,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE extracts SET rows_done = ?2, rows_total = ?3 WHERE id = ?1 AND status = 'running'")
        .bind(id.as_str())
        .bind(i64::try_from(progress.rows_done).unwrap_or(i64::MAX))
        .bind(
            progress
                .rows_total
                .map(|rows| i64::try_from(rows).unwrap_or(i64::MAX)),
        )
        .execute(tx.sql())
        .await?;
    Ok(())
}

/// Writes down how the making of a running extract ended. One that failed may have left a file. The events that this
/// transaction writes next follow from the call that asked for it.
///
/// # Errors
/// When the database fails or it is not running.
pub async fn finish(tx: &mut WriteTx, done: &Extract) -> Result<(), StoreError> {
    let count = |number: Option<u64>| number.map(|number| i64::try_from(number).unwrap_or(i64::MAX));
    let ended = sqlx::query(
        "UPDATE extracts SET status = ?2, rows_done = ?3, rows_total = ?4, size_bytes = ?5, sha256 = ?6,
                             failure = ?7, completed_at = ?8, expires_at = ?9, updated_at = ?8,
                             leftover = ?2 = 'failed'
         WHERE id = ?1 AND status = 'running' RETURNING request_id",
    )
    .bind(done.id.as_str())
    .bind(done.status.as_str())
    .bind(count(Some(done.progress.rows_done)))
    .bind(count(done.progress.rows_total))
    .bind(count(done.size_bytes))
    .bind(done.sha256.as_deref())
    .bind(done.failure.as_deref())
    .bind(done.updated_at.as_millis())
    .bind(done.expires_at.map(Timestamp::as_millis))
    .fetch_optional(tx.sql())
    .await?
    .ok_or_else(|| StoreError::Inconsistent("an extract ended that was not running".to_owned()))?;
    tx.set_cause(sqlite::parsed_if_any(&ended, 0)?);
    tx.mark_work_changed();
    tx.mark_due_changed();
    Ok(())
}

/// Lets those expire whose time is over at `now`; answers whether there were any.
///
/// # Errors
/// When the database fails.
pub async fn expire(tx: &mut WriteTx, now: Timestamp) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE extracts SET status = 'expired', leftover = 1, updated_at = expires_at
         WHERE status = 'succeeded' AND expires_at <= ?1",
    )
    .bind(now.as_millis())
    .execute(tx.sql())
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    tx.mark_work_changed();
    tx.mark_due_changed();
    tx.mark_changed();
    Ok(true)
}

/// The extracts whose files are to be removed.
///
/// # Errors
/// When the database fails.
pub async fn leftovers(conn: &mut impl Conn) -> Result<Vec<Extract>, StoreError> {
    let found = sqlx::query(concat!(
        "SELECT json_group_array(",
        row!(),
        ") FROM extracts WHERE leftover = 1"
    ))
    .fetch_one(conn.sql())
    .await?;
    let rows = from_json::<Vec<Row>>(&found)?;
    Ok(rows
        .into_iter()
        .map(|row| <(i64, Extract)>::from(row).1)
        .collect())
}

/// Notes that the file of an extract is gone.
///
/// # Errors
/// When the database fails.
pub async fn forget_leftover(tx: &mut WriteTx, id: &ExtractId) -> Result<(), StoreError> {
    sqlx::query("UPDATE extracts SET leftover = 0 WHERE id = ?1")
        .bind(id.as_str())
        .execute(tx.sql())
        .await?;
    tx.mark_work_changed();
    Ok(())
}

/// The next instant, in domain time, at which an extract expires.
pub(super) async fn next_due(conn: &mut impl Conn) -> Result<Option<Timestamp>, StoreError> {
    let due: Option<i64> =
        sqlx::query_scalar("SELECT min(expires_at) FROM extracts WHERE status = 'succeeded'")
            .fetch_one(conn.sql())
            .await?;
    Ok(due.map(Timestamp::from_millis))
}

/// Whether an extract that this request asked for is still to be made.
///
/// # Errors
/// When the database fails.
pub async fn is_unfinished(conn: &mut impl Conn, request: &RequestId) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM extracts WHERE request_id = ?1 AND status IN ('queued', 'running'))",
    )
    .bind(request.as_str())
    .fetch_one(conn.sql())
    .await?)
}

/// Whether something is to be made or removed.
pub(super) async fn any_work(conn: &mut impl Conn) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM extracts WHERE status IN ('queued', 'running'))
             OR EXISTS (SELECT 1 FROM extracts WHERE leftover = 1)",
    )
    .fetch_one(conn.sql())
    .await?)
}
