//! The rows of deliveries: queued with their event, claimed by a lease, and their attempts.

pub mod attempts;
pub mod claims;
pub mod replay;
pub mod traced;

use super::{Conn, WriteTx, sealed::Sealed};
use crate::store::{
    PageRequest, Rows, StoreError, by_position,
    sqlite::{Millis, from_json},
};
use contract::{
    Timestamp,
    deliveries::{Delivery, DeliveryStatus, Trigger},
    events::EventType,
    ids::{DeliveryId, EventId, WebhookId},
};
use serde::Deserialize;

/// The instant of the next attempt in the sandbox: an endpoint that asked for a pause is let alone until then, except
/// with what is to be attempted at once. A pause that is over by `?1` counts no more, and most of the time there is none.
macro_rules! next_attempt {
    () => {
        "SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM webhooks WHERE paused_until > ?1)
         THEN (SELECT min(next_at) FROM deliveries WHERE next_at IS NOT NULL)
         ELSE (SELECT min(at) FROM (
             SELECT max((SELECT min(next_at) FROM deliveries WHERE webhook_seq = w.seq AND next_at IS NOT NULL),
                        coalesce(paused_until, 0)) AS at FROM webhooks w
             UNION ALL
             SELECT (SELECT min(next_at) FROM deliveries
                     WHERE webhook_seq = w.seq AND next_at IS NOT NULL AND at_once = 1) FROM webhooks w
             WHERE paused_until > ?1)) END"
    };
}
pub(super) use next_attempt;

macro_rules! row {
    () => {
        "json_array(d.seq, d.id, w.id, e.id, d.event_type, d.status, d.trigger, d.attempts,
                    CASE WHEN d.at_once = 1 THEN d.next_at ELSE max(d.next_at, coalesce(w.paused_until, 0)) END,
                    d.delivered_at, d.created_at, d.updated_at)"
    };
}
use row;

#[derive(Deserialize)]
struct Row(
    i64,
    DeliveryId,
    WebhookId,
    EventId,
    EventType,
    DeliveryStatus,
    Trigger,
    u32,
    Option<Millis>,
    Option<Millis>,
    Millis,
    Millis,
);

impl From<Row> for (i64, Delivery) {
    fn from(row: Row) -> Self {
        let Row(seq, id, webhook_id, event_id, event_type, status, trigger, attempts_made, ..) = row;
        let delivery = Delivery {
            id,
            webhook_id,
            event_id,
            event_type,
            status,
            trigger,
            attempts_made,
            next_attempt_at: row.8.map(Into::into),
            delivered_at: row.9.map(Into::into),
            created_at: row.10.into(),
            updated_at: row.11.into(),
        };
        (seq, delivery)
    }
}

/// Queues an event for every endpoint that listens to it.
pub(super) async fn queue(
    tx: &mut WriteTx,
    event: i64,
    id: &EventId,
    kind: EventType,
) -> Result<(), StoreError> {
    let now = tx.began_at().as_millis();
    let done = sqlx::query(
        "INSERT INTO deliveries (id, webhook_seq, event_seq, event_type, status, trigger, attempts, step, claims,
                                 next_at, created_at, updated_at)
         SELECT 'dlv_' || substr(?2, 5) || '_' || w.seq, w.seq, ?1, ?3, 'waiting', 'scheduled', 0, 0, 0, ?4, ?4, ?4
         FROM webhooks w WHERE w.status = 'enabled'
              AND EXISTS (SELECT 1 FROM json_each(w.event_types) p WHERE ?3 GLOB p.value)",
    )
    .bind(event)
    .bind(id.as_str())
    .bind(kind.as_str())
    .bind(now)
    .execute(tx.sql())
    .await?;
    if done.rows_affected() > 0 {
        tx.note_queued();
    }
    Ok(())
}

/// The instant of the next attempt.
pub(super) async fn next(tx: &mut WriteTx) -> Result<Option<Timestamp>, StoreError> {
    let next: Option<i64> = sqlx::query_scalar(next_attempt!())
        .bind(tx.began_at().as_millis())
        .fetch_one(tx.sql())
        .await?;
    Ok(next.map(Timestamp::from_millis))
}

/// The delivery with this id, and its number.
///
/// # Errors
/// When the database fails.
pub async fn find(conn: &mut impl Conn, id: &DeliveryId) -> Result<Option<(i64, Delivery)>, StoreError> {
    let row = sqlx::query(concat!(
        "SELECT ",
        row!(),
        " FROM deliveries d JOIN webhooks w ON w.seq = d.webhook_seq JOIN events e ON e.seq = d.event_seq
          WHERE d.id = ?1"
    ))
    .bind(id.as_str())
    .fetch_optional(conn.sql())
    .await?;
    row.map(|row| Ok(from_json::<Row>(&row)?.into())).transpose()
}

/// Which deliveries a list is about.
#[derive(Clone, Copy, Debug)]
pub struct Filter {
    /// The number of the endpoint.
    pub webhook: i64,
    /// Where they stand.
    pub status: Option<DeliveryStatus>,
    /// What they tell.
    pub event_type: Option<EventType>,
}

/// A page of the deliveries to an endpoint, in the order in which they were queued.
///
/// # Errors
/// When the database fails.
pub async fn page(
    conn: &mut impl Conn,
    filter: Filter,
    page: PageRequest,
) -> Result<Rows<Delivery>, StoreError> {
    let found = sqlx::query(concat!(
        "SELECT json_group_array(",
        row!(),
        ") FROM (SELECT * FROM deliveries WHERE webhook_seq = ?1 AND seq > ?2
                        AND (?3 IS NULL OR status = ?3) AND (?4 IS NULL OR event_type = ?4)
                 ORDER BY seq LIMIT ?5) d
           JOIN webhooks w ON w.seq = d.webhook_seq JOIN events e ON e.seq = d.event_seq"
    ))
    .bind(filter.webhook)
    .bind(page.start())
    .bind(filter.status.map(DeliveryStatus::as_str))
    .bind(filter.event_type.map(EventType::as_str))
    .bind(page.probe())
    .fetch_one(conn.sql())
    .await?;
    Ok(Rows::of(page, from_json::<Vec<Row>>(&found)?))
}

/// Which of the latest deliveries are wanted.
#[derive(Clone, Copy, Debug)]
pub struct Latest {
    /// Only those to the endpoint with this number.
    pub webhook: Option<i64>,
    /// Only those that stand here.
    pub status: Option<DeliveryStatus>,
    /// Only those queued before the one with this number.
    pub before: Option<i64>,
    /// How many at most.
    pub limit: u16,
}

impl Latest {
    /// The latest of all.
    pub const fn of_all(limit: u16) -> Self {
        Self {
            webhook: None,
            status: None,
            before: None,
            limit,
        }
    }
}

/// The latest deliveries, latest first, each with its number.
///
/// # Errors
/// When the database fails.
pub async fn latest(conn: &mut impl Conn, wanted: Latest) -> Result<Vec<(i64, Delivery)>, StoreError> {
    let found = sqlx::query(concat!(
        "SELECT json_group_array(",
        row!(),
        ") FROM (SELECT * FROM deliveries
                 WHERE (?2 IS NULL OR webhook_seq = ?2) AND (?3 IS NULL OR status = ?3) AND (?4 IS NULL OR seq < ?4)
                 ORDER BY seq DESC LIMIT ?1) d
           JOIN webhooks w ON w.seq = d.webhook_seq JOIN events e ON e.seq = d.event_seq"
    ))
    .bind(wanted.limit)
    .bind(wanted.webhook)
    .bind(wanted.status.map(DeliveryStatus::as_str))
    .bind(wanted.before)
    .fetch_one(conn.sql())
    .await?;
    let mut rows = by_position(from_json::<Vec<Row>>(&found)?);
    rows.reverse();
    Ok(rows)
}

/// Removes at most `limit` deliveries that were queued before `instant` and wait for nothing.
///
/// # Errors
/// When the database fails.
pub async fn forget(tx: &mut WriteTx, instant: Timestamp, limit: u32) -> Result<u64, StoreError> {
    let done = sqlx::query(
        "DELETE FROM deliveries WHERE seq IN (SELECT seq FROM deliveries WHERE created_at < ?1 AND next_at IS NULL
                                              ORDER BY created_at LIMIT ?2)",
    )
    .bind(instant.as_millis())
    .bind(limit)
    .execute(tx.sql())
    .await?;
    if done.rows_affected() > 0 {
        tx.mark_changed();
    }
    Ok(done.rows_affected())
}

/// The body of the event with this number, as it is sent.
///
/// # Errors
/// When the database fails or there is no such event.
pub async fn event(conn: &mut impl Conn, delivery: i64) -> Result<super::events::Event, StoreError> {
    let row = sqlx::query(
        "SELECT json_array(e.id, e.type, e.created_at, json(e.data))
         FROM deliveries d JOIN events e ON e.seq = d.event_seq WHERE d.seq = ?1",
    )
    .bind(delivery)
    .fetch_one(conn.sql())
    .await?;
    Ok(from_json::<claims::Told>(&row)?.into())
}
