//! The row in which a tenant file says what it is.

use super::{WriteTx, authorities, deliveries::next_attempt, figures::Figures, invites, sealed::Sealed};
use crate::store::{StoreError, sqlite};
use contract::{Timestamp, ids::SandboxId};
use sqlx::SqliteConnection;

type Opened = (
    Option<String>,
    u32,
    u64,
    i64,
    Option<i64>,
    bool,
    bool,
    bool,
    Option<i64>,
);

/// What the file says of itself, after asserting that it is the right one.
pub(super) async fn open(
    conn: &mut SqliteConnection,
    sandbox: &SandboxId,
    epoch: u32,
) -> Result<Figures, StoreError> {
    let opened: Opened = sqlx::query_as(concat!(
        "SELECT sandbox_id, epoch, change_seq, clock_offset_ms,
                (SELECT min(due) FROM (SELECT min(due_at) AS due FROM authorities WHERE due_at IS NOT NULL
                     UNION ALL SELECT min(expires_at) FROM extracts WHERE status = 'succeeded')),
                EXISTS (SELECT 1 FROM faults),
                EXISTS (SELECT 1 FROM extracts WHERE status IN ('queued', 'running'))
                    OR EXISTS (SELECT 1 FROM extracts WHERE leftover = 1),
                EXISTS (SELECT 1 FROM webhooks WHERE status = 'enabled'),
                (",
        next_attempt!(),
        ") FROM tenant"
    ))
    // Whether a pause is over is for whoever writes next to find.
    .bind(0_i64)
    .fetch_one(conn)
    .await?;
    let (of, its_epoch, version, clock_offset, next_due, has_faults, has_work, listens, next_delivery) =
        opened;
    if of.as_deref() != Some(sandbox.as_str()) || its_epoch != epoch {
        let found = of.unwrap_or_default();
        return Err(StoreError::Inconsistent(format!(
            "the file of {sandbox}, epoch {epoch}, is that of `{found}`, epoch {its_epoch}"
        )));
    }
    Ok(Figures {
        version,
        clock_offset,
        next_due: next_due.map(Timestamp::from_millis),
        has_faults,
        has_work,
        listens,
        next_delivery: next_delivery.map(Timestamp::from_millis),
    })
}

/// Makes a copy of the template the file of `sandbox`: what the demo data dates by the sandbox's creation moves to
/// `now`.
pub(super) async fn assign(
    tx: &mut WriteTx,
    sandbox: &SandboxId,
    epoch: u32,
    now: Timestamp,
) -> Result<(), StoreError> {
    let born: i64 = sqlx::query_scalar("SELECT created_at FROM tenant")
        .fetch_one(tx.sql())
        .await?;
    let done = sqlx::query(
        "UPDATE tenant SET sandbox_id = ?1, epoch = ?2, created_at = ?3 WHERE sandbox_id IS NULL",
    )
    .bind(sandbox.as_str())
    .bind(epoch)
    .bind(now.as_millis())
    .execute(tx.sql())
    .await?;
    sqlite::affected("assign the tenant file", 1, &done)?;
    let by = now.as_millis() - born;
    authorities::shift(tx, by).await?;
    invites::shift(tx, by).await?;
    super::events::shift(tx, by).await
}

/// Sets the instant that the template's dates are relative to.
pub(crate) async fn set_birth(tx: &mut WriteTx, at: Timestamp) -> Result<(), StoreError> {
    let done = sqlx::query("UPDATE tenant SET created_at = ?1")
        .bind(at.as_millis())
        .execute(tx.sql())
        .await?;
    sqlite::affected("date the template", 1, &done)
}
