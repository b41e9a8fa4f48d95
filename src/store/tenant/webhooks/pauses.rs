//! The pauses that endpoints ask for: until when nothing is sent but what does not heed them, and why.

use super::super::{Conn, WriteTx, sealed::Sealed};
use crate::store::{
    StoreError,
    sqlite::{self, Millis, from_json},
};
use contract::Timestamp;
use std::collections::HashMap;

/// A pause, and the answer that asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pause {
    /// Until when the endpoint is let alone.
    pub until: Timestamp,
    /// The status of the answer.
    pub status: Option<u16>,
    /// Its `Retry-After`.
    pub asked: Option<String>,
}

/// Lets an endpoint alone, unless it has asked for a longer pause before; what does not heed a pause is sent all the same.
///
/// # Errors
/// When the database fails.
pub async fn begin(tx: &mut WriteTx, seq: i64, pause: &Pause) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE webhooks SET paused_until = ?2, pause_status = ?3, pause_asked = ?4
         WHERE seq = ?1 AND coalesce(paused_until, 0) < ?2",
    )
    .bind(seq)
    .bind(pause.until.as_millis())
    .bind(pause.status)
    .bind(&pause.asked)
    .execute(tx.sql())
    .await?;
    tx.note_deliveries();
    Ok(())
}

/// Ends the pause that an endpoint asked for.
///
/// # Errors
/// When the database fails or there is no such endpoint.
pub async fn end(tx: &mut WriteTx, seq: i64) -> Result<(), StoreError> {
    let done = sqlx::query(
        "UPDATE webhooks SET paused_until = NULL, pause_status = NULL, pause_asked = NULL WHERE seq = ?1",
    )
    .bind(seq)
    .execute(tx.sql())
    .await?;
    tx.note_queued();
    sqlite::affected("end the pause of an endpoint", 1, &done)
}

type Row = (i64, Millis, Option<u16>, Option<String>);

/// The pauses that last at `now`, by the number of the endpoint.
///
/// # Errors
/// When the database fails.
pub async fn lasting(conn: &mut impl Conn, now: Timestamp) -> Result<HashMap<i64, Pause>, StoreError> {
    let row = sqlx::query(
        "SELECT json_group_array(json_array(seq, paused_until, pause_status, pause_asked))
         FROM webhooks WHERE paused_until > ?1",
    )
    .bind(now.as_millis())
    .fetch_one(conn.sql())
    .await?;
    let pause = |(seq, until, status, asked): Row| {
        let pause = Pause {
            until: until.into(),
            status,
            asked,
        };
        (seq, pause)
    };
    Ok(from_json::<Vec<Row>>(&row)?.into_iter().map(pause).collect())
}
