//! The one task that writes a tenant file: whatever is queued shares one commit, so one fsync serves many requests.

use super::{
    bell::Bell,
    figures::{Figures, Published},
    files,
    job::{Job, Ran},
    readers::Readers,
    tx::{Pending, WriteTx},
};
use crate::{
    clock::Clock,
    store::{
        StoreError,
        control::{Control, sandboxes},
    },
};
use contract::{Timestamp, ids::SandboxId};
use sqlx::{Connection, SqliteConnection};
use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// How many jobs one commit carries at most: a bound on how long the first of them waits.
const BATCH: usize = 64;

/// What whoever wakes sleeping tenants is told of this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Outlook {
    /// The next due instant, in real time.
    due: Option<Timestamp>,
    /// Whether work waits.
    has_work: bool,
}

impl Outlook {
    fn of(figures: Figures) -> Self {
        Self {
            due: figures.due_in_real_time(),
            has_work: figures.has_work,
        }
    }

    /// The earlier of both instants, and work where either has any.
    fn or(self, other: Self) -> Self {
        Self {
            due: self.due.into_iter().chain(other.due).min(),
            has_work: self.has_work || other.has_work,
        }
    }
}

/// What is still to be announced once the answers are given.
struct Announcements {
    /// The outlook, if it has to be said.
    outlook: Option<Outlook>,
    /// Whether the instant of the next delivery has to be said.
    deliveries: bool,
}

/// The writer's own state; the task ends when the last user of the tenant has gone.
pub(super) struct Writer {
    pub(super) sandbox_id: SandboxId,
    pub(super) path: PathBuf,
    pub(super) control: Option<Control>,
    pub(super) clock: Clock,
    pub(super) bell: Arc<Bell>,
    /// The instant of the next delivery as the control database was last told it by this writer.
    pub(super) announced: Option<Timestamp>,
    pub(super) figures: Figures,
    pub(super) published: Arc<Published>,
    pub(super) readers: Arc<Readers>,
    /// Whether the file is to go when it is closed: another epoch has taken its place.
    pub(super) retired: Arc<AtomicBool>,
    pub(super) closed: CancellationToken,
}

impl Writer {
    pub(super) async fn run(mut self, mut tx: WriteTx, mut jobs: mpsc::Receiver<Box<dyn Job>>) {
        while let Some(first) = jobs.recv().await {
            self.batch(&mut tx, first, &mut jobs).await;
        }
        self.readers.close().await;
        if let Err(error) = close(tx.into_connection()).await {
            tracing::warn!(%error, sandbox = %self.sandbox_id, "a tenant file did not close cleanly");
        }
        if self.retired.load(Ordering::Acquire) {
            files::remove_epoch(&self.path).await;
        }
        self.closed.cancel();
    }

    async fn batch(
        &mut self,
        tx: &mut WriteTx,
        first: Box<dyn Job>,
        jobs: &mut mpsc::Receiver<Box<dyn Job>>,
    ) {
        if let Err(error) = tx.begin(self.clock.now()).await {
            return first.refuse(error);
        }
        let mut ran = Vec::new();
        let mut next = Some(first);
        let mut outcome = Ok(());
        while let Some(job) = next {
            let before = tx.pending;
            let job = job.run(tx).await;
            outcome = if job.keep {
                tx.keep().await
            } else {
                tx.undo(before).await
            };
            ran.push(job);
            next = (outcome.is_ok() && ran.len() < BATCH)
                .then(|| jobs.try_recv().ok())
                .flatten();
        }
        let outcome = match outcome {
            Ok(()) => self.commit(tx).await,
            Err(error) => Err(error),
        };
        self.answer(tx, ran, outcome).await;
    }

    /// Commits. Whoever wakes sleeping tenants never believes in a later instant than the file does, nor in less work:
    /// an earlier instant or new work is announced before it holds, a later instant or work done after.
    async fn commit(&mut self, tx: &mut WriteTx) -> Result<Announcements, StoreError> {
        let pending = tx.pending;
        let figures = tx.figures(self.figures).await?;
        let (old, new) = (Outlook::of(self.figures), Outlook::of(figures));
        let either = old.or(new);
        if either != old {
            self.announce(either).await?;
        }
        let next = figures.next_delivery;
        if next.is_some_and(|next| self.announced.is_none_or(|announced| next < announced)) {
            self.announce_deliveries(next).await?;
        }
        tx.commit().await?;
        self.figures = figures;
        self.published.set(figures);
        if pending.deliveries_queued {
            self.bell.ring(&self.sandbox_id);
        }
        Ok(Announcements {
            outlook: (pending.announce_due || new != either).then_some(new),
            deliveries: pending.announce_deliveries,
        })
    }

    async fn answer(&mut self, tx: &mut WriteTx, ran: Vec<Ran>, outcome: Result<Announcements, StoreError>) {
        match outcome {
            Ok(announcement) => {
                for job in ran {
                    (job.answer)(Ok(()));
                }
                if let Err(error) = self.announce_late(announcement).await {
                    tracing::warn!(%error, sandbox = %self.sandbox_id, "the next due instant was not noted");
                }
            }
            Err(error) => {
                tx.abandon().await;
                tx.pending = Pending::on(self.figures.clock_offset, self.figures.listens);
                let error = Arc::new(error);
                for job in ran {
                    (job.answer)(Err(StoreError::Commit(Arc::clone(&error))));
                }
            }
        }
    }

    async fn announce_late(&mut self, what: Announcements) -> Result<(), StoreError> {
        if let Some(outlook) = what.outlook {
            self.announce(outlook).await?;
        }
        if what.deliveries {
            self.announce_deliveries(self.figures.next_delivery).await?;
        }
        Ok(())
    }

    /// Tells the control database when the next delivery waits. It hears of an earlier instant before that holds, and of
    /// a later one only once the dispatcher has no more to do here: a busy sandbox costs it nothing.
    async fn announce_deliveries(&mut self, next: Option<Timestamp>) -> Result<(), StoreError> {
        if let Some(control) = &self.control {
            let mut write = control.begin().await?;
            sandboxes::set_deliveries_due(&mut write, &self.sandbox_id, next).await?;
            write.commit().await?;
        }
        self.announced = next;
        Ok(())
    }

    async fn announce(&self, outlook: Outlook) -> Result<(), StoreError> {
        let Some(control) = &self.control else {
            return Ok(());
        };
        let mut write = control.begin().await?;
        // A sandbox that was deleted meanwhile has nothing due.
        sandboxes::set_due(&mut write, &self.sandbox_id, outlook.due).await?;
        sandboxes::set_work(&mut write, &self.sandbox_id, outlook.has_work).await?;
        write.commit().await
    }
}

/// Moves the log into the file and closes it.
pub(super) async fn close(mut conn: SqliteConnection) -> Result<(), StoreError> {
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
        .execute(&mut conn)
        .await?;
    Ok(conn.close().await?)
}
