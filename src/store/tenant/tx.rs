//! A write transaction on one tenant's data.

use super::{Conn, deliveries, events, figures::Figures, sealed::Sealed, webhooks};
use crate::{
    ids::RequestId,
    store::{StoreError, market::Market, sqlite},
};
use contract::{Timestamp, ids::EventId};
use serde_json::Value;
use sqlx::SqliteConnection;
use std::sync::Arc;

/// What one job may change. It is rolled back alone when the job fails, whatever its neighbours do.
#[derive(Debug)]
pub struct WriteTx {
    conn: SqliteConnection,
    market: Arc<Market>,
    began_at: Timestamp,
    cause: Option<RequestId>,
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
    /// Whether an enabled endpoint listens to events.
    pub(super) listens: bool,
    /// Whether the next instant of a delivery has to be found again.
    pub(super) deliveries_changed: bool,
    /// Whether deliveries were queued that the dispatcher should hear of.
    pub(super) deliveries_queued: bool,
    /// Whether the control database has to be told when the next delivery is to be attempted.
    pub(super) announce_deliveries: bool,
    /// How far domain time is ahead of real time, in milliseconds.
    pub(super) clock_offset: i64,
}

impl Pending {
    /// Nothing changed yet, on top of what holds.
    pub(super) fn on(clock_offset: i64, listens: bool) -> Self {
        Self {
            listens,
            clock_offset,
            ..Self::default()
        }
    }
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
    pub(super) fn new(
        conn: SqliteConnection,
        market: Arc<Market>,
        (clock_offset, listens): (i64, bool),
    ) -> Self {
        Self {
            conn,
            market,
            began_at: Timestamp::from_millis(0),
            cause: None,
            pending: Pending::on(clock_offset, listens),
        }
    }

    /// Writes an event: it exists exactly if the change of this transaction does, and so do its deliveries to the
    /// endpoints that listen to it. `at` is domain time.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn emit(
        &mut self,
        at: Timestamp,
        kind: events::EventType,
        data: Value,
    ) -> Result<(), StoreError> {
        self.emit_named(at, kind, &data).await.map(drop)
    }

    /// [`Self::emit`], and the event's id.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn emit_named(
        &mut self,
        at: Timestamp,
        kind: events::EventType,
        data: &Value,
    ) -> Result<EventId, StoreError> {
        let (seq, id) = self.record(at, kind, data).await?;
        if self.pending.listens {
            deliveries::queue(self, seq, &id, kind).await?;
        }
        Ok(id)
    }

    /// Writes an event that goes to nobody by itself; its number and its id.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn record(
        &mut self,
        at: Timestamp,
        kind: events::EventType,
        data: &Value,
    ) -> Result<(i64, EventId), StoreError> {
        self.mark_changed();
        events::insert(self, at, kind, data).await
    }

    /// When the transaction began, in real time.
    pub fn began_at(&self) -> Timestamp {
        self.began_at
    }

    /// The request that the running job answers; none where nobody asked for it.
    pub(super) fn cause(&self) -> Option<&RequestId> {
        self.cause.as_ref()
    }

    /// Says which request the next job answers, or which one its next events follow from.
    pub(super) fn set_cause(&mut self, cause: Option<RequestId>) {
        self.cause = cause;
    }

    /// Notes that endpoints were made, changed or deleted.
    pub(super) async fn note_endpoints(&mut self) -> Result<(), StoreError> {
        self.pending.listens = webhooks::any_enabled(self).await?;
        self.note_deliveries();
        Ok(())
    }

    /// Notes that deliveries changed.
    pub(super) fn note_deliveries(&mut self) {
        self.pending.deliveries_changed = true;
        self.mark_changed();
    }

    /// Notes that deliveries were queued.
    pub(super) fn note_queued(&mut self) {
        self.note_deliveries();
        self.pending.deliveries_queued = true;
    }

    /// Has the control database told when the next delivery is to be attempted.
    pub(crate) fn announce_deliveries(&mut self) {
        self.pending.deliveries_changed = true;
        self.pending.announce_deliveries = true;
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

    /// `now` is real time.
    pub(super) async fn begin(&mut self, now: Timestamp) -> Result<(), StoreError> {
        self.began_at = now;
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
            listens: pending.listens,
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
        if pending.deliveries_changed {
            figures.next_delivery = deliveries::next(self).await?;
        }
        Ok(figures)
    }

    pub(super) async fn commit(&mut self) -> Result<(), StoreError> {
        sqlx::query("COMMIT").execute(self.sql()).await?;
        self.pending = Pending::on(self.pending.clock_offset, self.pending.listens);
        Ok(())
    }

    pub(super) fn into_connection(self) -> SqliteConnection {
        self.conn
    }
}
