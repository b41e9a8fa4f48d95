//! The rules of extracts: what may be asked for, what becomes of it, and how long it is kept.

mod filters;

use super::{DomainError, PageRequest, Rows};
use crate::{
    ids,
    store::{
        StoreError,
        tenant::{Conn, WriteTx, events::EventType, extracts as store},
    },
};
use contract::{
    Day, Timestamp,
    extracts::{Extract, ExtractProgress, ExtractQuery, ExtractStatus, KEPT_HOURS, NewExtract},
    ids::{ExtractId, MalformedId},
};
use serde_json::{Value, json};

pub use filters::window;

const HOUR_MILLIS: i64 = 60 * 60 * 1000;

/// How often the making of one extract is begun before it is given up.
const MOST_ATTEMPTS: u32 = 3;

/// Queues an extract for `client`.
///
/// # Errors
/// [`DomainError::Invalid`] when its members do not go together or name what is not there,
/// [`DomainError::ExtractRunning`] while another of its data set is unfinished.
pub async fn create(
    tx: &mut WriteTx,
    now: Timestamp,
    client: String,
    new: NewExtract,
) -> Result<Extract, DomainError> {
    let today = now.date();
    let as_of = new.as_of.map_or(today, Day::date);
    if as_of > today {
        let detail = format!("lies after the sandbox's today, {today}");
        return Err(DomainError::at("/as_of", detail));
    }
    filters::check(tx, new.dataset, as_of, &new.filters).await?;
    let id: Result<ExtractId, MalformedId> = ids::prefixed("ext_", now).parse();
    let extract = Extract {
        id: id.map_err(|error| StoreError::Inconsistent(error.to_string()))?,
        dataset: new.dataset,
        as_of: as_of.into(),
        format: new.format,
        filters: new.filters,
        purpose: new.purpose,
        requested_by: client,
        status: ExtractStatus::Queued,
        progress: ExtractProgress {
            rows_done: 0,
            rows_total: None,
        },
        row_count: None,
        size_bytes: None,
        sha256: None,
        download_url: None,
        failure: None,
        completed_at: None,
        expires_at: None,
        created_at: now,
        updated_at: now,
    };
    match store::insert(tx, &extract).await? {
        Ok(()) => Ok(extract),
        Err(unfinished) => Err(DomainError::ExtractRunning(unfinished)),
    }
}

/// The extract with this id.
///
/// # Errors
/// [`DomainError::NotFound`].
pub async fn get(conn: &mut impl Conn, id: &ExtractId) -> Result<Extract, DomainError> {
    store::find(conn, id).await?.ok_or(DomainError::NotFound)
}

/// A page of the extracts, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list(
    conn: &mut impl Conn,
    query: &ExtractQuery,
    page: PageRequest,
) -> Result<Rows<Extract>, DomainError> {
    Ok(store::page(conn, query.dataset, query.status, page).await?)
}

/// Begins the oldest unfinished extract; none when there is none. One that was begun too often is given up.
///
/// # Errors
/// When the database fails.
pub async fn begin_next(tx: &mut WriteTx, now: Timestamp) -> Result<Option<Extract>, StoreError> {
    while let Some((extract, attempts)) = store::begin_next(tx, now).await? {
        if attempts <= MOST_ATTEMPTS {
            return Ok(Some(extract));
        }
        let why = format!("It was begun {MOST_ATTEMPTS} times and cut short each time.");
        fail(tx, now, extract, why).await?;
    }
    Ok(None)
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// How many rows.
    pub rows: u64,
    /// How many bytes.
    pub size: u64,
    /// Their SHA-256, in hex.
    pub sha256: String,
}

/// Notes that the file of a running extract is there.
///
/// # Errors
/// When the database fails.
pub async fn succeed(
    tx: &mut WriteTx,
    now: Timestamp,
    extract: Extract,
    written: Written,
) -> Result<(), StoreError> {
    let done = Extract {
        status: ExtractStatus::Succeeded,
        progress: ExtractProgress {
            rows_done: written.rows,
            rows_total: Some(written.rows),
        },
        row_count: Some(written.rows),
        size_bytes: Some(written.size),
        sha256: Some(written.sha256),
        expires_at: Some(now.plus_millis(KEPT_HOURS * HOUR_MILLIS)),
        updated_at: now,
        ..extract
    };
    store::finish(tx, &done).await?;
    let mut told = about(&done);
    told["row_count"] = json!(done.row_count);
    told["size_bytes"] = json!(done.size_bytes);
    told["sha256"] = json!(done.sha256);
    tx.emit(now, EventType::ExtractCompleted, told).await
}

/// Notes that a running extract could not be made.
///
/// # Errors
/// When the database fails.
pub async fn fail(tx: &mut WriteTx, now: Timestamp, extract: Extract, why: String) -> Result<(), StoreError> {
    let failed = Extract {
        status: ExtractStatus::Failed,
        failure: Some(why),
        updated_at: now,
        ..extract
    };
    store::finish(tx, &failed).await?;
    let mut told = about(&failed);
    told["failure"] = json!(failed.failure);
    tx.emit(now, EventType::ExtractFailed, told).await
}

/// What events tell of an extract, however it ended.
fn about(extract: &Extract) -> Value {
    json!({
        "extract_id": extract.id,
        "dataset": extract.dataset,
        "format": extract.format,
        "purpose": extract.purpose,
    })
}
