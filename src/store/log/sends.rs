//! The last sends of the request builder, whole, so that each can be opened again.

use crate::store::{
    StoreError,
    sqlite::{column, instant},
};
use contract::Timestamp;
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteRow};

/// A send of the builder that was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendRow {
    /// The request id that the reader saw.
    pub request_id: String,
    /// When it was sent, in real time.
    pub at: Timestamp,
    /// The operation.
    pub operation_id: String,
    /// The request line: `GET /v1/clients?limit=2`.
    pub line: String,
    /// The values of the form as JSON, without secrets.
    pub request: String,
    /// The HTTP status.
    pub status: u16,
    /// How long the answer took, in microseconds.
    pub duration_us: u64,
}

/// How many sends are kept.
pub const KEPT: u32 = 50;

/// Keeps a send in the place of the oldest. What was answered under one id is one send.
pub(super) async fn insert(conn: &mut SqliteConnection, row: &SendRow) -> Result<(), StoreError> {
    let mut tx = conn.begin_with("BEGIN IMMEDIATE").await?;
    let done = sqlx::query(
        "INSERT INTO sends (request_id, at, operation_id, line, request, status, duration_us)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (request_id) DO NOTHING",
    )
    .bind(&row.request_id)
    .bind(row.at.as_millis())
    .bind(&row.operation_id)
    .bind(&row.line)
    .bind(&row.request)
    .bind(row.status)
    .bind(i64::try_from(row.duration_us).unwrap_or(i64::MAX))
    .execute(&mut *tx)
    .await?;
    if done.rows_affected() == 1 {
        sqlx::query("DELETE FROM sends WHERE seq <= (SELECT max(seq) FROM sends) - ?1")
            .bind(KEPT)
            .execute(&mut *tx)
            .await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The sends that are kept, newest first; the one of this id where one is named.
pub(super) async fn list(
    conn: &mut SqliteConnection,
    request_id: Option<&str>,
) -> Result<Vec<SendRow>, StoreError> {
    let rows = sqlx::query(
        "SELECT request_id, at, operation_id, line, request, status, duration_us FROM sends
         WHERE ?1 IS NULL OR request_id = ?1 ORDER BY seq DESC",
    )
    .bind(request_id)
    .fetch_all(conn)
    .await?;
    rows.iter().map(send_row).collect()
}

fn send_row(row: &SqliteRow) -> Result<SendRow, StoreError> {
    Ok(SendRow {
        request_id: column(row, 0)?,
        at: instant(row, 1)?,
        operation_id: column(row, 2)?,
        line: column(row, 3)?,
        request: column(row, 4)?,
        status: column(row, 5)?,
        duration_us: column(row, 6)?,
    })
}
