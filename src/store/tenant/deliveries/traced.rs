//! What became of the events that one request caused: their deliveries, and each attempt without its bytes.

use super::{
    super::Conn,
    Row,
    attempts::{Brief, brief},
    row,
};
use crate::{
    ids::RequestId,
    store::{StoreError, by_position, sqlite::from_json},
};
use contract::{deliveries::Delivery, ids::DeliveryId};
use serde::Deserialize;

/// An attempt, and what it was at.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Tried {
    /// The delivery.
    pub delivery: DeliveryId,
    /// The attempt at it.
    pub attempt: Brief,
}

/// The first deliveries of what this request caused, at most `limit`, in the order in which they were queued.
///
/// # Errors
/// When the database fails.
pub async fn of_request(
    conn: &mut impl Conn,
    request: &RequestId,
    limit: u16,
) -> Result<Vec<Delivery>, StoreError> {
    let found = sqlx::query(concat!(
        "SELECT json_group_array(",
        row!(),
        ") FROM (SELECT d.* FROM events e JOIN deliveries d ON d.event_seq = e.seq
                 WHERE e.request_id = ?1 ORDER BY d.seq LIMIT ?2) d
           JOIN webhooks w ON w.seq = d.webhook_seq JOIN events e ON e.seq = d.event_seq"
    ))
    .bind(request.as_str())
    .bind(limit)
    .fetch_one(conn.sql())
    .await?;
    let rows = by_position(from_json::<Vec<Row>>(&found)?);
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}

/// The last attempts at what this request caused, at most `limit`, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn attempts(
    conn: &mut impl Conn,
    request: &RequestId,
    limit: u16,
) -> Result<Vec<Tried>, StoreError> {
    let found = sqlx::query(concat!(
        "SELECT json_group_array(json_array(id, ",
        brief!(),
        "))
         FROM (SELECT d.id, a.number, a.trigger, a.started_at, a.duration_ms, a.error, a.response_status
               FROM events e JOIN deliveries d ON d.event_seq = e.seq
                             JOIN delivery_attempts a ON a.delivery_seq = d.seq
               WHERE e.request_id = ?1 ORDER BY a.seq DESC LIMIT ?2)"
    ))
    .bind(request.as_str())
    .bind(limit)
    .fetch_one(conn.sql())
    .await?;
    let mut tried: Vec<Tried> = from_json(&found)?;
    tried.sort_by_key(|tried| tried.attempt.number);
    Ok(tried)
}

/// A text that is another one as soon as any delivery of what this request caused has changed, or the extract that it
/// asked for is made; none where it caused nothing.
///
/// # Errors
/// When the database fails.
pub async fn mark(conn: &mut impl Conn, request: &RequestId) -> Result<Option<String>, StoreError> {
    let mark = sqlx::query_scalar(
        "SELECT CASE WHEN unfinished > 0 OR count(e.seq) > 0
                     THEN unfinished || '.' || count(d.seq) || '.' || coalesce(sum(d.attempts), 0) || '.'
                          || coalesce(max(d.updated_at), 0)
                END
         FROM (SELECT count(*) AS unfinished FROM extracts
               WHERE request_id = ?1 AND status IN ('queued', 'running'))
              LEFT JOIN events e ON e.request_id = ?1 LEFT JOIN deliveries d ON d.event_seq = e.seq",
    )
    .bind(request.as_str())
    .fetch_one(conn.sql())
    .await?;
    Ok(mark)
}
