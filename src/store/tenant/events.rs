//! Events: what happened, in the order in which it happened, without a gap.

use super::{Conn, WriteTx, sealed::Sealed};
use crate::{
    ids::{self, RequestId},
    store::{
        PageRequest, Rows, StoreError,
        sqlite::{self, Millis, from_json},
    },
};
pub use contract::events::{Event, EventType};
use contract::{Timestamp, ids::EventId};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// Appends an event; its number and its id.
pub(super) async fn insert(
    tx: &mut WriteTx,
    at: Timestamp,
    kind: EventType,
    data: &Value,
) -> Result<(i64, EventId), StoreError> {
    let (id, cause) = (ids::prefixed("evt_", at), tx.cause().cloned());
    let written_at = cause.as_ref().map(|_| tx.began_at().as_millis());
    let done = sqlx::query(
        "INSERT INTO events (id, type, created_at, data, request_id, written_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )
    .bind(&id)
    .bind(kind.as_str())
    .bind(at.as_millis())
    .bind(data.to_string())
    .bind(cause.as_ref().map(RequestId::as_str))
    .bind(written_at)
    .execute(tx.sql())
    .await?;
    sqlite::affected("append an event", 1, &done)?;
    let id = id
        .parse()
        .map_err(|_| StoreError::Inconsistent("a new id is malformed".into()))?;
    Ok((done.last_insert_rowid(), id))
}

/// Moves every event by `millis`.
pub(super) async fn shift(tx: &mut WriteTx, millis: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE events SET created_at = created_at + ?1")
        .bind(millis)
        .execute(tx.sql())
        .await?;
    Ok(())
}

/// A part of the feed.
#[derive(Clone, Debug, PartialEq)]
pub struct Feed {
    /// The events, in the order in which they happened; the position is the event's number, without a gap.
    pub rows: Rows<Event>,
    /// The number of the last event of all, of whatever type.
    pub head: i64,
    /// The number of the last event that is no longer kept.
    pub floor: i64,
}

/// The events of this type, or of all, behind `page`, that are no older than `since`.
///
/// # Errors
/// When the database fails.
pub async fn feed(
    conn: &mut impl Conn,
    kind: Option<EventType>,
    since: Timestamp,
    page: PageRequest,
) -> Result<Feed, StoreError> {
    // One statement, so that the three numbers are of one moment.
    let found = sqlx::query(
        "WITH kept AS (SELECT coalesce((SELECT seq FROM events WHERE created_at < ?3
                                        ORDER BY created_at DESC, seq DESC LIMIT 1), 0) AS floor)
         SELECT json_array(
             (SELECT floor FROM kept),
             coalesce((SELECT max(seq) FROM events), 0),
             json((SELECT json_group_array(json_array(seq, id, type, created_at, json(data))) FROM (
                 SELECT * FROM events WHERE seq > max(?1, (SELECT floor FROM kept)) AND (?4 IS NULL OR type = ?4)
                 ORDER BY seq LIMIT ?2))))",
    )
    .bind(page.start())
    .bind(page.probe())
    .bind(since.as_millis())
    .bind(kind.map(EventType::as_str))
    .fetch_one(conn.sql())
    .await?;
    let (floor, head, rows) = from_json::<(i64, i64, Vec<Row>)>(&found)?;
    Ok(Feed {
        rows: Rows::of(page, rows),
        head,
        floor,
    })
}

/// The event with this id.
///
/// # Errors
/// When the database fails.
pub async fn find(conn: &mut impl Conn, id: &EventId) -> Result<Option<Event>, StoreError> {
    let row =
        sqlx::query("SELECT json_array(seq, id, type, created_at, json(data)) FROM events WHERE id = ?1")
            .bind(id.as_str())
            .fetch_optional(conn.sql())
            .await?;
    row.map(|row| Ok(<(i64, Event)>::from(from_json::<Row>(&row)?).1))
        .transpose()
}

/// An event that a request caused.
#[derive(Clone, Debug, PartialEq)]
pub struct Caused {
    /// The event.
    pub event: Event,
    /// When it was written, in real time; not known of the oldest.
    pub written_at: Option<Timestamp>,
}

/// The first events that this request caused, at most `limit`, and how many there are.
///
/// # Errors
/// When the database fails.
pub async fn of_request(
    conn: &mut impl Conn,
    request: &RequestId,
    limit: u16,
) -> Result<(Vec<Caused>, u32), StoreError> {
    let found = sqlx::query(
        "SELECT json_array(
             (SELECT count(*) FROM events WHERE request_id = ?1),
             json((SELECT json_group_array(json_array(json_array(seq, id, type, created_at, json(data)), written_at))
                   FROM (SELECT * FROM events WHERE request_id = ?1 ORDER BY seq LIMIT ?2))))",
    )
    .bind(request.as_str())
    .bind(limit)
    .fetch_one(conn.sql())
    .await?;
    let (count, mut rows) = from_json::<(u32, Vec<(Row, Option<Millis>)>)>(&found)?;
    rows.sort_by_key(|(row, _)| row.0);
    let events = rows.into_iter().map(|(row, written_at)| Caused {
        event: <(i64, Event)>::from(row).1,
        written_at: written_at.map(Into::into),
    });
    Ok((events.collect(), count))
}

/// The requests that caused these events; none is named where nobody called for an event.
///
/// # Errors
/// When the database fails.
pub async fn causes<'i>(
    conn: &mut impl Conn,
    ids: impl IntoIterator<Item = &'i str>,
) -> Result<HashMap<String, String>, StoreError> {
    let ids = Value::from_iter(ids);
    let found = sqlx::query(
        "SELECT json_group_object(id, request_id) FROM events
         WHERE id IN (SELECT value FROM json_each(?1)) AND request_id IS NOT NULL",
    )
    .bind(ids.to_string())
    .fetch_one(conn.sql())
    .await?;
    from_json(&found)
}

/// A page of all events that there are, however old.
///
/// # Errors
/// When the database fails.
#[cfg(test)]
pub async fn page(conn: &mut impl Conn, page: PageRequest) -> Result<Rows<Event>, StoreError> {
    Ok(feed(conn, None, Timestamp::from_millis(0), page).await?.rows)
}

#[derive(Deserialize)]
struct Row(i64, EventId, EventType, Millis, Map<String, Value>);

impl From<Row> for (i64, Event) {
    fn from(Row(seq, event_id, event_type, created_at, data): Row) -> Self {
        let event = Event {
            event_id,
            event_type,
            created_at: created_at.into(),
            data,
        };
        (seq, event)
    }
}
