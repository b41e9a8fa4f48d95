//! One tenant's data: a file of its own, with one writer and few readers.
//!
//! No query can be written without a tenant: SQL needs a [`Conn`], and only a [`Tenant`] gives one.

pub mod accounts;
pub mod authorities;
mod bell;
pub mod book;
pub mod cashflows;
pub mod census;
pub mod clients;
pub mod deliveries;
pub mod depositories;
mod draft;
pub mod entries;
pub mod events;
pub mod extracts;
pub mod faults;
mod figures;
pub mod files;
pub mod idempotency;
pub mod inboxes;
pub mod instruments;
pub mod invites;
mod job;
pub mod legal_entities;
mod migrations;
mod order;
pub mod points;
pub mod portfolios;
pub mod positions;
mod readers;
pub mod reporting_entities;
mod row;
pub mod transactions;
mod tx;
pub mod users;
pub mod webhooks;
mod writer;

use super::{StoreError, control::Control, log::RequestLog, market::Market, sqlite};
use crate::{clock::Clock, ids::RequestId};
use contract::{Timestamp, ids::SandboxId};
use figures::Published;
use futures::future::BoxFuture;
use job::{Call, Job};
use readers::Readers;
use sqlx::ConnectOptions;
use std::{
    any::Any,
    path::PathBuf,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::sync::{mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;
use writer::Writer;

pub use bell::Bell;
pub(crate) use draft::Draft;
pub(crate) use migrations::fingerprint;
pub use readers::{LongRead, Read};
pub(crate) use row::set_birth;
pub use transactions::TransactionType;
pub use tx::WriteTx;

/// How many jobs may wait for the writer; past that, callers are told to come back.
const QUEUE: usize = 256;

pub(in crate::store) mod sealed {
    //! What lets only the store write SQL.

    use sqlx::SqliteConnection;

    /// Access to the SQL connection behind a [`super::Conn`].
    pub trait Sealed {
        /// The connection.
        fn sql(&mut self) -> &mut SqliteConnection;
    }
}

/// Something that can read one tenant's data: [`Read`] or [`WriteTx`].
pub trait Conn: sealed::Sealed + Send {
    /// The market data that all tenants share.
    fn market(&self) -> &Arc<Market>;
}

/// What it takes to open a tenant.
#[derive(Debug)]
pub(crate) struct Opening {
    /// The sandbox it is.
    pub(crate) sandbox_id: SandboxId,
    /// The epoch its file must be of.
    pub(crate) epoch: u32,
    /// Its file.
    pub(crate) path: PathBuf,
    /// The market data that all tenants share.
    pub(crate) market: Arc<Market>,
    /// Where its calls are logged.
    pub(crate) log: Arc<RequestLog>,
    /// Where the next due instant is announced.
    pub(crate) control: Control,
    /// Real time.
    pub(crate) clock: Clock,
    /// Rung when deliveries are queued.
    pub(crate) bell: Arc<Bell>,
}

/// An open tenant. Dropping the last handle lets the writer finish and closes the file.
#[derive(Debug)]
pub struct Tenant {
    sandbox_id: SandboxId,
    epoch: u32,
    jobs: mpsc::Sender<Box<dyn Job>>,
    readers: Arc<Readers>,
    published: Arc<Published>,
    market: Arc<Market>,
    log: Arc<RequestLog>,
    companion: OnceLock<Arc<dyn Any + Send + Sync>>,
    retired: Arc<AtomicBool>,
    closed: CancellationToken,
}

impl Tenant {
    /// Opens the tenant's file, brings its schema up to date and starts its writer.
    pub(crate) async fn open(opening: Opening) -> Result<Self, StoreError> {
        let mut conn = sqlite::writer(&opening.path).connect().await?;
        migrations::run_if_needed(&mut conn).await?;
        let figures = row::open(&mut conn, &opening.sandbox_id, opening.epoch).await?;
        let published = Arc::new(Published::new(figures));
        let readers = Arc::new(Readers::new(&opening.path, Arc::clone(&opening.market)));
        let tx = WriteTx::new(
            conn,
            Arc::clone(&opening.market),
            (figures.clock_offset, figures.listens),
        );
        let (jobs, queue) = mpsc::channel(QUEUE);
        let writer = Writer {
            sandbox_id: opening.sandbox_id.clone(),
            path: opening.path,
            control: Some(opening.control),
            clock: opening.clock,
            bell: opening.bell,
            announced: None,
            figures,
            published: Arc::clone(&published),
            readers: Arc::clone(&readers),
            retired: Arc::default(),
            closed: CancellationToken::new(),
        };
        let (retired, closed) = (Arc::clone(&writer.retired), writer.closed.clone());
        tokio::spawn(writer.run(tx, queue));
        Ok(Self {
            sandbox_id: opening.sandbox_id,
            epoch: opening.epoch,
            jobs,
            readers,
            published,
            market: opening.market,
            log: opening.log,
            companion: OnceLock::new(),
            retired,
            closed,
        })
    }

    /// Runs `job`, which no call of the API asked for, in a write transaction and answers once that is committed. A job
    /// that fails is undone alone. The job runs to its end even when the caller goes away.
    ///
    /// # Errors
    /// What the job answers, or [`StoreError`] when it cannot be queued or committed.
    pub async fn write<T, E, F>(&self, job: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t mut WriteTx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.run(None, job).await
    }

    /// [`Self::write`] for a call of the API: the events that the job writes name the request that caused them.
    ///
    /// # Errors
    /// What the job answers, or [`StoreError`] when it cannot be queued or committed.
    pub async fn write_for<T, E, F>(&self, request: RequestId, job: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t mut WriteTx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.run(Some(request), job).await
    }

    async fn run<T, E, F>(&self, cause: Option<RequestId>, job: F) -> Result<T, E>
    where
        F: for<'t> FnOnce(&'t mut WriteTx) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (caller, answer) = oneshot::channel();
        self.jobs
            .try_send(Box::new(Call { cause, job, caller }))
            .map_err(|refused| match refused {
                mpsc::error::TrySendError::Full(_) => StoreError::Overloaded,
                mpsc::error::TrySendError::Closed(_) => StoreError::Closing,
            })?;
        answer.await.map_err(|_| StoreError::Closing)?
    }

    /// A connection for reading.
    ///
    /// # Errors
    /// [`StoreError::Overloaded`] when none comes free in time, or when the file cannot be opened.
    pub async fn read(&self) -> Result<Read, StoreError> {
        self.readers.take().await
    }

    /// A connection of its own, for reading that takes long. Other readers are not held up.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub async fn read_long(&self) -> Result<LongRead, StoreError> {
        self.readers.long().await
    }

    /// Counts the committed changes to the tenant's data. What is read after this call is at least as new.
    pub fn version(&self) -> u64 {
        self.published.version()
    }

    /// Counts the resets of the sandbox, from 1.
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// The sandbox that this tenant is.
    pub fn sandbox_id(&self) -> &SandboxId {
        &self.sandbox_id
    }

    /// The market data that all tenants share.
    pub fn market(&self) -> &Arc<Market> {
        &self.market
    }

    /// The sandbox's request log.
    pub fn log(&self) -> &Arc<RequestLog> {
        &self.log
    }

    /// What the layer above keeps in memory of this tenant for as long as it is open: one value, of one type.
    pub fn companion<T: Any + Default + Send + Sync>(&self) -> Arc<T> {
        let kept = self.companion.get_or_init(|| Arc::new(T::default()));
        Arc::clone(kept).downcast().unwrap_or_default()
    }

    /// Domain time: real time and how far the sandbox's clock was advanced.
    pub fn now(&self, clock: &Clock) -> Timestamp {
        clock.now().plus_millis(self.clock_offset())
    }

    /// How far domain time is ahead of real time, in milliseconds.
    pub fn clock_offset(&self) -> i64 {
        self.published.clock_offset()
    }

    /// The next instant, in domain time, at which something changes by itself.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.published.next_due()
    }

    /// Whether a fault waits for a call to strike.
    pub fn has_faults(&self) -> bool {
        self.published.has_faults()
    }

    /// The next instant, in real time, at which a delivery is to be attempted.
    pub fn next_delivery(&self) -> Option<Timestamp> {
        self.published.next_delivery()
    }

    /// Has the file removed once the last user has gone: another epoch has taken its place.
    pub(crate) fn retire(&self) {
        self.retired.store(true, Ordering::Release);
        self.published.wake();
    }

    /// Whether another epoch has taken its place.
    pub fn is_retired(&self) -> bool {
        self.retired.load(Ordering::Acquire)
    }

    /// Told of every commit from now on, and when the tenant is retired.
    pub fn changes(&self) -> watch::Receiver<()> {
        self.published.changes()
    }

    /// Fires once the file is closed.
    pub(crate) fn closed(&self) -> CancellationToken {
        self.closed.clone()
    }
}
