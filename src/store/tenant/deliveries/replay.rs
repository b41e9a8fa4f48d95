//! Deliveries that are queued once more.

use super::super::{Conn, WriteTx, sealed::Sealed};
use crate::store::{
    StoreError,
    sqlite::{self, column},
};
use contract::{
    Timestamp,
    deliveries::ReplayOnly,
    ids::{DeliveryId, EventId},
};

/// What a replay of many is about.
#[derive(Clone, Copy, Debug)]
pub struct Replayed {
    /// The number of the endpoint.
    pub webhook: i64,
    /// Since when, in real time.
    pub since: Timestamp,
    /// Which.
    pub only: ReplayOnly,
}

/// Has one delivery attempted now, even if its endpoint asked for a pause; where it was delivered or given up, its
/// schedule begins anew.
///
/// # Errors
/// When the database fails or there is no such delivery.
pub async fn one(tx: &mut WriteTx, delivery: i64) -> Result<(), StoreError> {
    let done = sqlx::query(
        "UPDATE deliveries SET step = CASE WHEN status = 'waiting' THEN step ELSE 0 END, status = 'waiting',
                trigger = 'manual', at_once = 1, claims = claims + 1, next_at = ?2, delivered_at = NULL, updated_at = ?2
         WHERE seq = ?1",
    )
    .bind(delivery)
    .bind(tx.began_at().as_millis())
    .execute(tx.sql())
    .await?;
    tx.note_queued();
    sqlite::affected("replay a delivery", 1, &done)
}

/// Of what waits for an endpoint and was queued since this instant, what would be attempted next.
///
/// # Errors
/// When the database fails.
pub async fn next_of(
    conn: &mut impl Conn,
    webhook: i64,
    since: Timestamp,
) -> Result<Option<(i64, DeliveryId)>, StoreError> {
    let row = sqlx::query(
        "SELECT seq, id FROM deliveries WHERE webhook_seq = ?1 AND next_at IS NOT NULL AND created_at >= ?2
         ORDER BY next_at, seq LIMIT 1",
    )
    .bind(webhook)
    .bind(since.as_millis())
    .fetch_optional(conn.sql())
    .await?;
    row.map(|row| Ok((column(&row, 0)?, sqlite::parsed(&row, 1)?)))
        .transpose()
}

/// Queues many once more, and answers how many.
///
/// # Errors
/// When the database fails.
pub async fn many(tx: &mut WriteTx, what: Replayed) -> Result<u64, StoreError> {
    let mut queued = 0;
    if what.only != ReplayOnly::Missing {
        queued += again(tx, what).await?;
    }
    if what.only != ReplayOnly::Failed {
        queued += missing(tx, what).await?;
    }
    if queued > 0 {
        tx.note_queued();
    }
    Ok(queued)
}

async fn again(tx: &mut WriteTx, what: Replayed) -> Result<u64, StoreError> {
    let done = sqlx::query(
        "UPDATE deliveries SET step = CASE WHEN status = 'waiting' THEN step ELSE 0 END, status = 'waiting',
                trigger = 'manual', claims = claims + 1, next_at = ?4, delivered_at = NULL, updated_at = ?4
         WHERE webhook_seq = ?1 AND created_at >= ?2 AND (?3 OR status = 'failed') AND NOT forged",
    )
    .bind(what.webhook)
    .bind(what.since.as_millis())
    .bind(what.only == ReplayOnly::All)
    .bind(tx.began_at().as_millis())
    .execute(tx.sql())
    .await?;
    Ok(done.rows_affected())
}

/// Events are dated by the sandbox's clock, which is ahead of real time by its offset.
async fn missing(tx: &mut WriteTx, what: Replayed) -> Result<u64, StoreError> {
    let done = sqlx::query(
        "INSERT INTO deliveries (id, webhook_seq, event_seq, event_type, status, trigger, attempts, step, claims,
                                 next_at, created_at, updated_at)
         SELECT 'dlv_' || substr(e.id, 5) || '_' || w.seq, w.seq, e.seq, e.type, 'waiting', 'manual', 0, 0, 0, ?4, ?4, ?4
         FROM webhooks w JOIN events e ON e.created_at >= ?2 + ?3
         WHERE w.seq = ?1 AND e.type <> 'webhook.test'
               AND EXISTS (SELECT 1 FROM json_each(w.event_types) p WHERE e.type GLOB p.value)
               AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.webhook_seq = w.seq AND d.event_seq = e.seq)
         ORDER BY e.seq",
    )
    .bind(what.webhook)
    .bind(what.since.as_millis())
    .bind(tx.clock_offset())
    .bind(tx.began_at().as_millis())
    .execute(tx.sql())
    .await?;
    Ok(done.rows_affected())
}

/// Has a delivery that is queued signed with a secret that is not the endpoint's.
///
/// # Errors
/// When the database fails or there is no such delivery.
pub async fn forge(tx: &mut WriteTx, delivery: &str) -> Result<(), StoreError> {
    let done = sqlx::query("UPDATE deliveries SET forged = 1 WHERE id = ?1")
        .bind(delivery)
        .execute(tx.sql())
        .await?;
    sqlite::affected("forge a delivery", 1, &done)
}

/// Queues an event for one endpoint, whatever it listens to, even if it asked for a pause.
///
/// # Errors
/// When the database fails, or the event is queued for it already.
pub async fn queue_one(
    tx: &mut WriteTx,
    webhook: i64,
    (event, id): (i64, &EventId),
) -> Result<String, StoreError> {
    let delivery = format!("dlv_{}_{webhook}", id.as_str().trim_start_matches("evt_"));
    let done = sqlx::query(
        "INSERT INTO deliveries (id, webhook_seq, event_seq, event_type, status, trigger, attempts, step, claims,
                                 at_once, next_at, created_at, updated_at)
         SELECT ?3, ?1, seq, type, 'waiting', 'manual', 0, 0, 0, 1, ?4, ?4, ?4 FROM events WHERE seq = ?2",
    )
    .bind(webhook)
    .bind(event)
    .bind(&delivery)
    .bind(tx.began_at().as_millis())
    .execute(tx.sql())
    .await?;
    tx.note_queued();
    sqlite::affected("queue an event", 1, &done)?;
    Ok(delivery)
}

/// Gives up everything that waits for an endpoint.
///
/// # Errors
/// When the database fails.
pub async fn give_up(tx: &mut WriteTx, webhook: i64) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE deliveries SET status = 'failed', next_at = NULL, at_once = 0, claims = claims + 1, updated_at = ?2
         WHERE webhook_seq = ?1 AND next_at IS NOT NULL",
    )
    .bind(webhook)
    .bind(tx.began_at().as_millis())
    .execute(tx.sql())
    .await?;
    tx.note_deliveries();
    Ok(())
}
