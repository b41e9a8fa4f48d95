//! The answers that an `Idempotency-Key` repeats, kept beside the change that they report.

use super::{Conn, WriteTx, sealed::Sealed};
use crate::store::{
    StoreError,
    sqlite::{self, column, instant},
};
use contract::Timestamp;

/// How long an answer is repeated, in real milliseconds.
const KEPT_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// Which request an answer belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Slot {
    /// The OAuth client that sent it.
    pub client_id: String,
    /// Its method.
    pub method: String,
    /// Its path.
    pub path: String,
    /// The key that the client chose.
    pub key: String,
}

/// A kept answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// What tells the request from another one under the same key.
    pub fingerprint: Vec<u8>,
    /// The HTTP status.
    pub status: u16,
    /// The headers to repeat, as JSON.
    pub headers: String,
    /// The body.
    pub body: Vec<u8>,
    /// When it was given, in real time.
    pub created_at: Timestamp,
}

/// The answer that is kept for `slot`; one that is older than a day no longer counts. `now` is real time.
///
/// # Errors
/// When the database fails.
pub async fn find(conn: &mut impl Conn, slot: &Slot, now: Timestamp) -> Result<Option<Stored>, StoreError> {
    let row = sqlx::query(
        "SELECT fingerprint, status, headers, body, created_at FROM idempotency
         WHERE client_id = ?1 AND method = ?2 AND path = ?3 AND key = ?4 AND created_at > ?5",
    )
    .bind(&slot.client_id)
    .bind(&slot.method)
    .bind(&slot.path)
    .bind(&slot.key)
    .bind(now.as_millis() - KEPT_MILLIS)
    .fetch_optional(conn.sql())
    .await?;
    row.map(|row| {
        Ok(Stored {
            fingerprint: column(&row, 0)?,
            status: column(&row, 1)?,
            headers: column(&row, 2)?,
            body: column(&row, 3)?,
            created_at: instant(&row, 4)?,
        })
    })
    .transpose()
}

/// Keeps an answer. Those that are older than a day go.
///
/// # Errors
/// When the database fails, or an answer is kept for `slot` already.
pub async fn insert(tx: &mut WriteTx, slot: &Slot, answer: &Stored) -> Result<(), StoreError> {
    purge(tx, answer.created_at).await?;
    let done = sqlx::query(
        "INSERT INTO idempotency (client_id, method, path, key, fingerprint, status, headers, body, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )
    .bind(&slot.client_id)
    .bind(&slot.method)
    .bind(&slot.path)
    .bind(&slot.key)
    .bind(&answer.fingerprint)
    .bind(answer.status)
    .bind(&answer.headers)
    .bind(&answer.body)
    .bind(answer.created_at.as_millis())
    .execute(tx.sql())
    .await?;
    sqlite::affected("keep an answer", 1, &done)
}

/// Removes the answers that are older than a day at `now`, which is real time.
///
/// # Errors
/// When the database fails.
pub async fn purge(tx: &mut WriteTx, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM idempotency WHERE created_at <= ?1")
        .bind(now.as_millis() - KEPT_MILLIS)
        .execute(tx.sql())
        .await?;
    Ok(())
}
