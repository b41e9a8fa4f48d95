//! Claims: who attempts a delivery, and until when nobody else does.

use super::super::{Conn, WriteTx, events::Event, sealed::Sealed, webhooks};
use crate::store::{
    StoreError,
    sqlite::{Flag, Millis, column, from_json},
};
use contract::{
    Timestamp,
    deliveries::Trigger,
    events::EventType,
    ids::{EventId, WebhookId},
    text::Url,
};
use serde::Deserialize;
use serde_json::{Map, Value};
use webhooks::Salts;

/// An endpoint for which something is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its number.
    pub webhook: i64,
    /// What is known of it.
    pub health: Health,
}

/// What is known of an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    /// Nothing yet: it has not accepted anything where it is now, nor failed.
    New,
    /// Its last attempt succeeded.
    Well,
    /// Its last attempt failed.
    Failing,
}

/// A delivery that is to be attempted now, by whoever claimed it.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The number of the delivery.
    pub delivery: i64,
    /// Which claim on it this is.
    pub claims: i64,
    /// How far it is in the schedule of retries.
    pub step: u32,
    /// Who asked for the attempt.
    pub trigger: Trigger,
    /// The number of the endpoint.
    pub webhook: i64,
    /// The endpoint.
    pub webhook_id: WebhookId,
    /// Where to send it.
    pub url: Url,
    /// What to derive its secrets from.
    pub salts: Salts,
    /// What to send.
    pub event: Event,
    /// Whether to sign it with a secret that is not the endpoint's, to see whether it is refused.
    pub forged: bool,
}

/// The endpoints for which something is due at `now`. One that asked for a pause is among them only for what does not
/// heed it.
///
/// # Errors
/// When the database fails.
pub async fn waiting(conn: &mut impl Conn, now: Timestamp) -> Result<Vec<Waiting>, StoreError> {
    let row = sqlx::query(
        "SELECT json_group_array(json_array(seq, CASE WHEN failing_since IS NOT NULL THEN 'failing'
                                                      WHEN accepts THEN 'well' ELSE 'new' END)) FROM webhooks w
         WHERE CASE WHEN paused_until > ?1
                   THEN EXISTS (SELECT 1 FROM deliveries d
                                WHERE d.webhook_seq = w.seq AND d.next_at <= ?1 AND d.at_once = 1)
                   ELSE EXISTS (SELECT 1 FROM deliveries d WHERE d.webhook_seq = w.seq AND d.next_at <= ?1) END",
    )
    .bind(now.as_millis())
    .fetch_one(conn.sql())
    .await?;
    let found: Vec<(i64, Health)> = from_json(&row)?;
    let waiting = found.into_iter();
    Ok(waiting
        .map(|(webhook, health)| Waiting { webhook, health })
        .collect())
}

/// Claims deliveries that are due at `now`: of each endpoint that is wanted at most so many, and no more than `most` in
/// all. Until `lease` nobody else gets them; after that, anybody.
///
/// # Errors
/// When the database fails.
pub async fn claim(
    tx: &mut WriteTx,
    wanted: &[(i64, u32)],
    during: (Timestamp, Timestamp),
    most: usize,
) -> Result<Vec<Claim>, StoreError> {
    let mut claimed = Vec::new();
    for (webhook, free) in wanted {
        let left = u32::try_from(most - claimed.len()).unwrap_or(u32::MAX);
        if left == 0 {
            break;
        }
        claimed.extend(mark(tx, *webhook, during, left.min(*free)).await?);
    }
    if claimed.is_empty() {
        return Ok(Vec::new());
    }
    tx.note_deliveries();
    read(tx, &claimed).await
}

/// Marks at most `limit` deliveries to an endpoint: those to be attempted at once, then, unless it asked for a pause, the
/// longest waiting.
async fn mark(
    tx: &mut WriteTx,
    webhook: i64,
    (now, lease): (Timestamp, Timestamp),
    limit: u32,
) -> Result<Vec<i64>, StoreError> {
    let rows = sqlx::query(
        "UPDATE deliveries SET next_at = ?3, claims = claims + 1
         WHERE seq IN (
             SELECT * FROM (SELECT seq FROM deliveries WHERE webhook_seq = ?1 AND next_at <= ?2 AND at_once = 1
                            ORDER BY next_at, seq LIMIT ?4)
             UNION ALL
             SELECT * FROM (SELECT seq FROM deliveries WHERE webhook_seq = ?1 AND next_at <= ?2 AND at_once = 0
                                AND NOT EXISTS (SELECT 1 FROM webhooks WHERE seq = ?1 AND paused_until > ?2)
                            ORDER BY next_at, seq LIMIT ?4)
             LIMIT ?4)
         RETURNING seq",
    )
    .bind(webhook)
    .bind(now.as_millis())
    .bind(lease.as_millis())
    .bind(limit)
    .fetch_all(tx.sql())
    .await?;
    rows.iter().map(|row| column(row, 0)).collect()
}

async fn read(tx: &mut WriteTx, claimed: &[i64]) -> Result<Vec<Claim>, StoreError> {
    let row = sqlx::query(
        "SELECT json_group_array(json_array(
             d.seq, d.claims, d.step, d.trigger, w.seq, w.id, w.url, hex(w.salt), hex(w.previous_salt),
             w.previous_expires_at, json_array(e.id, e.type, e.created_at, json(e.data)), d.forged))
         FROM deliveries d JOIN webhooks w ON w.seq = d.webhook_seq JOIN events e ON e.seq = d.event_seq
         WHERE d.seq IN (SELECT value FROM json_each(?1))",
    )
    .bind(serde_json::json!(claimed).to_string())
    .fetch_one(tx.sql())
    .await?;
    let mut rows: Vec<Row> = from_json(&row)?;
    rows.sort_by_key(|row| row.0);
    rows.into_iter().map(Claim::try_from).collect()
}

#[derive(Deserialize)]
struct Row(
    i64,
    i64,
    u32,
    Trigger,
    i64,
    WebhookId,
    Url,
    String,
    String,
    Option<i64>,
    Told,
    Flag,
);

/// An event as it is told.
#[derive(Deserialize)]
pub(super) struct Told(EventId, EventType, Millis, Map<String, Value>);

impl From<Told> for Event {
    fn from(Told(event_id, event_type, created_at, data): Told) -> Self {
        Self {
            event_id,
            event_type,
            created_at: created_at.into(),
            data,
        }
    }
}

impl TryFrom<Row> for Claim {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self, StoreError> {
        let Row(
            delivery,
            claims,
            step,
            trigger,
            webhook,
            webhook_id,
            url,
            salt,
            previous,
            expires_at,
            told,
            forged,
        ) = row;
        let previous = (!previous.is_empty()).then(|| bytes(&previous)).transpose()?;
        Ok(Self {
            delivery,
            claims,
            step,
            trigger,
            webhook,
            webhook_id,
            url,
            salts: webhooks::salts(&bytes(&salt)?, previous.as_deref(), expires_at)?,
            event: told.into(),
            forged: forged.into(),
        })
    }
}

fn bytes(digits: &str) -> Result<Vec<u8>, StoreError> {
    hex::decode(digits).map_err(|_| StoreError::Inconsistent("a salt is not hexadecimal".into()))
}
