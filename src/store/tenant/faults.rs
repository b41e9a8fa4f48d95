//! The rows of planted faults.

use super::{Conn, WriteTx, sealed::Sealed};
use crate::store::{
    PageRequest, Rows, StoreError,
    sqlite::{self, Millis, from_json},
};
use contract::{
    Method,
    faults::{Fault, FaultKind, FaultMatch},
    ids::FaultId,
};
use serde::Deserialize;

macro_rules! row {
    () => {
        "json_array(seq, id, kind, method, path, remaining, delay_ms, retry_after, created_at)"
    };
}

#[derive(Deserialize)]
struct Row(
    i64,
    FaultId,
    FaultKind,
    Option<Method>,
    Option<String>,
    u16,
    Option<u32>,
    Option<u32>,
    Millis,
);

impl From<Row> for (i64, Fault) {
    fn from(row: Row) -> Self {
        let Row(seq, id, kind, method, path, remaining, delay_ms, retry_after, created_at) = row;
        let fault = Fault {
            id,
            kind,
            r#match: FaultMatch { method, path },
            remaining,
            delay_ms,
            retry_after,
            created_at: created_at.into(),
        };
        (seq, fault)
    }
}

/// The fault with this id.
///
/// # Errors
/// When the database fails.
pub async fn find(conn: &mut impl Conn, id: &FaultId) -> Result<Option<Fault>, StoreError> {
    let row = sqlx::query(concat!("SELECT ", row!(), " FROM faults WHERE id = ?1"))
        .bind(id.as_str())
        .fetch_optional(conn.sql())
        .await?;
    row.map(|row| Ok(<(i64, Fault)>::from(from_json::<Row>(&row)?).1))
        .transpose()
}

/// A page of the faults, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn page(conn: &mut impl Conn, page: PageRequest) -> Result<Rows<Fault>, StoreError> {
    let found = sqlx::query(concat!(
        "SELECT json_group_array(",
        row!(),
        ") FROM (SELECT * FROM faults WHERE seq > ?1 ORDER BY seq LIMIT ?2)"
    ))
    .bind(page.start())
    .bind(page.probe())
    .fetch_one(conn.sql())
    .await?;
    Ok(Rows::of(page, from_json::<Vec<Row>>(&found)?))
}

/// Adds a fault.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut WriteTx, new: &Fault) -> Result<(), StoreError> {
    let done = sqlx::query(
        "INSERT INTO faults (id, kind, method, path, remaining, delay_ms, retry_after, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )
    .bind(new.id.as_str())
    .bind(new.kind.as_str())
    .bind(new.r#match.method.map(Method::as_str))
    .bind(new.r#match.path.as_deref())
    .bind(new.remaining)
    .bind(new.delay_ms)
    .bind(new.retry_after)
    .bind(new.created_at.as_millis())
    .execute(tx.sql())
    .await?;
    sqlite::affected("plant a fault", 1, &done)?;
    tx.mark_faults_changed();
    Ok(())
}

/// Counts one call that the fault has struck; the last one takes it away.
///
/// # Errors
/// When the database fails or there is no such fault.
pub async fn spend(tx: &mut WriteTx, fault: &Fault) -> Result<(), StoreError> {
    if fault.remaining <= 1 {
        return delete(tx, &fault.id).await;
    }
    let done = sqlx::query("UPDATE faults SET remaining = remaining - 1 WHERE id = ?1")
        .bind(fault.id.as_str())
        .execute(tx.sql())
        .await?;
    sqlite::affected("spend a fault", 1, &done)
}

/// Deletes a fault.
///
/// # Errors
/// When the database fails or there is no such fault.
pub async fn delete(tx: &mut WriteTx, id: &FaultId) -> Result<(), StoreError> {
    let done = sqlx::query("DELETE FROM faults WHERE id = ?1")
        .bind(id.as_str())
        .execute(tx.sql())
        .await?;
    sqlite::affected("take a fault away", 1, &done)?;
    tx.mark_faults_changed();
    Ok(())
}

/// Deletes every fault.
///
/// # Errors
/// When the database fails.
pub async fn clear(tx: &mut WriteTx) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM faults").execute(tx.sql()).await?;
    tx.mark_faults_changed();
    Ok(())
}

/// Whether any fault waits.
pub(super) async fn any(conn: &mut impl Conn) -> Result<bool, StoreError> {
    let found: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM faults)")
        .fetch_one(conn.sql())
        .await?;
    Ok(found)
}
