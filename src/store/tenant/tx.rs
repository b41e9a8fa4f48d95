//! A write transaction on one tenant's data.

use super::{Conn, events, figures::Figures, sealed::Sealed};
use crate::store::{StoreError, market::Market, sqlite};
use contract::Timestamp;
use serde_json::Value;
use sqlx::SqliteConnection;
use std::sync::Arc;

/// What one job may change. It is rolled back alone when the job fails, whatever its neighbours do.
#[derive(Debug)]
pub struct WriteTx {
    conn: SqliteConnection,
    market: Arc<Market>,
    pub(super) pending: Pending,
}

/// What the jobs of the running transaction changed beside rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a note of its own, and any of them go together"
)]
pub(super) struct Pending {
    /// How many changes were made to the tenant's data.
    pub(super) changes: i64,
    /// Whether the next due instant has to be found again.
    pub(super) due_changed: bool,
    /// Whether the control database has to be told the next due instant though it did not move.
    pub(super) announce_due: bool,
    /// Whether it has to be found again whether a fault waits.
    pub(super) faults_changed: bool,
    /// Whether it has to be found again whether work waits.
    pub(super) work_changed: bool,
    /// How far domain time is ahead of real time, in milliseconds.
    pub(super) clock_offset: i64,
}

impl Sealed for WriteTx {
    fn sql(&mut self) -> &mut SqliteConnection {
        &mut self.conn
    }
}

impl Conn for WriteTx {
    fn market(&self) -> &Arc<Market> {
        &self.market
    }
}

impl WriteTx {
    pub(super) fn new(conn: SqliteConnection, market: Arc<Market>, clock_offset: i64) -> Self {
        Self {
            conn,
            market,
            pending: Pending {
                clock_offset,
                ..Pending::default()
            },
        }
    }

    /// Writes an event: it exists exactly if the change of this transaction does. `at` is domain time.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn emit(
        &mut self,
        at: Timestamp,
        kind: events::EventType,
        data: Value,
    ) -> Result<(), StoreError> {
        self.mark_changed();
        events::insert(self, at, kind, &data).await
    }

    /// Counts a change to the tenant's data that has no event of its own.
    pub fn mark_changed(&mut self) {
        self.pending.changes += 1;
    }

    /// Notes that something may now be due at another instant than before.
    pub(crate) fn mark_due_changed(&mut self) {
        self.pending.due_changed = true;
    }

    /// Notes that faults were planted or taken away.
    pub(super) fn mark_faults_changed(&mut self) {
        self.pending.faults_changed = true;
    }

    /// Notes that work was queued or done.
    pub(super) fn mark_work_changed(&mut self) {
        self.pending.work_changed = true;
    }

    /// Has the control database told the next due instant again, in case it holds an earlier one.
    pub(crate) fn announce_due(&mut self) {
        self.pending.due_changed = true;
        self.pending.announce_due = true;
    }

    /// How far domain time is ahead of real time, in milliseconds.
    pub fn clock_offset(&self) -> i64 {
        self.pending.clock_offset
    }

    /// Puts domain time `offset` milliseconds ahead of real time.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn set_clock_offset(&mut self, offset: i64) -> Result<(), StoreError> {
        let done = sqlx::query("UPDATE tenant SET clock_offset_ms = ?1")
            .bind(offset)
            .execute(self.sql())
            .await?;
        sqlite::affected("set the clock", 1, &done)?;
        self.pending.clock_offset = offset;
        self.pending.due_changed = true;
        self.mark_changed();
        Ok(())
    }

    pub(super) async fn begin(&mut self) -> Result<(), StoreError> {
        sqlx::query("BEGIN IMMEDIATE; SAVEPOINT job")
            .execute(self.sql())
            .await?;
        Ok(())
    }

    /// Keeps what the last job did and starts the next one.
    pub(super) async fn keep(&mut self) -> Result<(), StoreError> {
        sqlx::query("RELEASE job; SAVEPOINT job")
            .execute(self.sql())
            .await?;
        Ok(())
    }

    /// Undoes what the last job did, and nothing else.
    pub(super) async fn undo(&mut self, before: Pending) -> Result<(), StoreError> {
        sqlx::query("ROLLBACK TO job").execute(self.sql()).await?;
        self.pending = before;
        Ok(())
    }

    /// Undoes everything since [`Self::begin`].
    pub(super) async fn abandon(&mut self) {
        if let Err(error) = sqlx::query("ROLLBACK").execute(self.sql()).await {
            // SQLite has rolled back by itself after the worst of errors (a full disk, say).
            tracing::warn!(%error, "nothing was left to roll back");
        }
    }

    /// Finishes the figures that the jobs changed; they hold once [`Self::commit`] succeeds.
    pub(super) async fn figures(&mut self, before: Figures) -> Result<Figures, StoreError> {
        let pending = self.pending;
        let mut figures = Figures {
            clock_offset: pending.clock_offset,
            ..before
        };
        if pending.changes > 0 {
            figures.version =
                sqlx::query_scalar("UPDATE tenant SET change_seq = change_seq + ?1 RETURNING change_seq")
                    .bind(pending.changes)
                    .fetch_one(self.sql())
                    .await?;
        }
        if pending.due_changed {
            let consents = super::authorities::next_due(self).await?;
            let extracts = super::extracts::next_due(self).await?;
            figures.next_due = consents.into_iter().chain(extracts).min();
        }
        if pending.faults_changed {
            figures.has_faults = super::faults::any(self).await?;
        }
        if pending.work_changed {
            figures.has_work = super::extracts::any_work(self).await?;
        }
        Ok(figures)
    }

    pub(super) async fn commit(&mut self) -> Result<(), StoreError> {
        sqlx::query("COMMIT").execute(self.sql()).await?;
        self.pending = Pending {
            clock_offset: self.pending.clock_offset,
            ..Pending::default()
        };
        Ok(())
    }

    pub(super) fn into_connection(self) -> SqliteConnection {
        self.conn
    }
}
