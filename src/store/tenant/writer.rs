//! The one task that writes a tenant file: whatever is queued shares one commit, so one fsync serves many requests.

use super::{readers::Readers, tx::WriteTx};
use crate::store::{
    StoreError,
    control::{Control, sandboxes},
};
use contract::{Timestamp, ids::SandboxId};
use futures::{FutureExt, future::BoxFuture};
use sqlx::{Connection, SqliteConnection};
use std::{
    panic::AssertUnwindSafe,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
    },
};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

/// How many jobs one commit carries at most: a bound on how long the first of them waits.
const BATCH: usize = 64;

/// Something to do in a write transaction, and someone who waits for the outcome.
pub(super) trait Job: Send {
    /// Does it. The answer is given only once the transaction has ended.
    fn run(self: Box<Self>, tx: &mut WriteTx) -> BoxFuture<'_, Ran>;
    /// Tells the caller that it was not done.
    fn refuse(self: Box<Self>, error: StoreError);
}

/// A job that ran but is not committed yet.
pub(super) struct Ran {
    /// Whether its changes are to stay.
    keep: bool,
    /// Tells the caller what became of it, given what became of the transaction.
    answer: Box<dyn FnOnce(Result<(), StoreError>) + Send>,
}

/// A closure with the channel that its result goes to.
pub(super) struct Call<F, T, E> {
    pub(super) job: F,
    pub(super) caller: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Job for Call<F, T, E>
where
    F: for<'t> FnOnce(&'t mut WriteTx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    fn run(self: Box<Self>, tx: &mut WriteTx) -> BoxFuture<'_, Ran> {
        let Self { job, caller } = *self;
        Box::pin(async move {
            // A job that panics must not take its neighbours' writes with it.
            let result = AssertUnwindSafe(async move { job(tx).await })
                .catch_unwind()
                .await
                .unwrap_or_else(|_| Err(StoreError::Panicked.into()));
            Ran {
                keep: result.is_ok(),
                answer: Box::new(move |committed| {
                    // Nobody listens any more when the caller has gone; the work is done all the same.
                    let _ = caller.send(result.and_then(|value| committed.map(|()| value).map_err(E::from)));
                }),
            }
        })
    }

    fn refuse(self: Box<Self>, error: StoreError) {
        let _ = self.caller.send(Err(error.into()));
    }
}

/// What is known of a tenant without asking its file; each the committed state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Figures {
    /// Counts the changes to the tenant's data.
    pub(super) version: u64,
    /// How far domain time is ahead of real time, in milliseconds.
    pub(super) clock_offset: i64,
    /// The next instant, in domain time, at which something changes by itself.
    pub(super) next_due: Option<Timestamp>,
}

impl Figures {
    /// The next due instant in real time.
    fn due_in_real_time(self) -> Option<Timestamp> {
        self.next_due.map(|due| due.plus_millis(-self.clock_offset))
    }
}

/// [`Figures`] that many can read while the writer changes them.
#[derive(Debug)]
pub(super) struct Published {
    version: AtomicU64,
    clock_offset: AtomicI64,
    next_due: AtomicI64,
}

impl Published {
    pub(super) fn new(figures: Figures) -> Self {
        let published = Self {
            version: AtomicU64::default(),
            clock_offset: AtomicI64::default(),
            next_due: AtomicI64::default(),
        };
        published.set(figures);
        published
    }

    fn set(&self, figures: Figures) {
        let due = figures.next_due.map_or(i64::MAX, Timestamp::as_millis);
        self.next_due.store(due, Ordering::Release);
        self.clock_offset.store(figures.clock_offset, Ordering::Release);
        self.version.store(figures.version, Ordering::Release);
    }

    pub(super) fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    pub(super) fn clock_offset(&self) -> i64 {
        self.clock_offset.load(Ordering::Acquire)
    }

    pub(super) fn next_due(&self) -> Option<Timestamp> {
        let due = self.next_due.load(Ordering::Acquire);
        (due != i64::MAX).then(|| Timestamp::from_millis(due))
    }
}

/// The writer's own state; the task ends when the last user of the tenant has gone.
pub(super) struct Writer {
    pub(super) sandbox_id: SandboxId,
    pub(super) path: PathBuf,
    pub(super) control: Option<Control>,
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
            super::files::remove(&self.path).await;
        }
        self.closed.cancel();
    }

    async fn batch(
        &mut self,
        tx: &mut WriteTx,
        first: Box<dyn Job>,
        jobs: &mut mpsc::Receiver<Box<dyn Job>>,
    ) {
        if let Err(error) = tx.begin().await {
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

    /// Commits. Whoever wakes sleeping tenants never believes in a later instant than the file does: an earlier one
    /// is announced before it holds, a later one after.
    async fn commit(&mut self, tx: &mut WriteTx) -> Result<Option<Option<Timestamp>>, StoreError> {
        let announce = tx.pending.announce_due;
        let figures = tx.figures(self.figures).await?;
        let (old, new) = (self.figures.due_in_real_time(), figures.due_in_real_time());
        let sooner = new.is_some_and(|new| old.is_none_or(|old| new < old));
        if sooner {
            self.announce(new).await?;
        }
        tx.commit().await?;
        self.figures = figures;
        self.published.set(figures);
        Ok((announce || (!sooner && new != old)).then_some(new))
    }

    async fn answer(
        &self,
        tx: &mut WriteTx,
        ran: Vec<Ran>,
        outcome: Result<Option<Option<Timestamp>>, StoreError>,
    ) {
        match outcome {
            Ok(later) => {
                for job in ran {
                    (job.answer)(Ok(()));
                }
                if let Some(due) = later
                    && let Err(error) = self.announce(due).await
                {
                    tracing::warn!(%error, sandbox = %self.sandbox_id, "the next due instant was not noted");
                }
            }
            Err(error) => {
                tx.abandon().await;
                tx.pending = super::tx::Pending {
                    clock_offset: self.figures.clock_offset,
                    ..super::tx::Pending::default()
                };
                let error = Arc::new(error);
                for job in ran {
                    (job.answer)(Err(StoreError::Commit(Arc::clone(&error))));
                }
            }
        }
    }

    async fn announce(&self, due: Option<Timestamp>) -> Result<(), StoreError> {
        let Some(control) = &self.control else {
            return Ok(());
        };
        let mut write = control.begin().await?;
        // A sandbox that was deleted meanwhile has nothing due.
        sandboxes::set_due(&mut write, &self.sandbox_id, due).await?;
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
