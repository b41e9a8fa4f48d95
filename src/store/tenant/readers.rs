//! The connections that read a tenant file: few, opened when first needed, handed out one reader at a time.

use super::{Conn, sealed::Sealed};
use crate::store::{StoreError, market::Market, sqlite};
use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many calls of one tenant read at the same moment.
const READERS: usize = 2;

/// How long a call waits for its turn to read.
const PATIENCE: Duration = Duration::from_secs(5);

/// The reading connections of one tenant.
///
/// Not `sqlx`'s own pool: that one pings a connection whenever it is given back, which is a third of a point read.
#[derive(Debug)]
pub(super) struct Readers {
    options: SqliteConnectOptions,
    market: Arc<Market>,
    turns: Arc<Semaphore>,
    idle: Mutex<Vec<SqliteConnection>>,
}

impl Readers {
    pub(super) fn new(path: &Path, market: Arc<Market>) -> Self {
        Self {
            options: sqlite::reader(path),
            market,
            turns: Arc::new(Semaphore::new(READERS)),
            idle: Mutex::new(Vec::new()),
        }
    }

    /// Waits for a turn and hands out a connection.
    pub(super) async fn take(self: &Arc<Self>) -> Result<Read, StoreError> {
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned())
            .await
            .map_err(|_| StoreError::Overloaded)?
            .map_err(|_| StoreError::Closing)?;
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let conn = match idle {
            Some(conn) => conn,
            None => self.options.connect().await?,
        };
        Ok(Read {
            conn: Some(conn),
            is_snapshot: false,
            home: Arc::clone(self),
            _turn: turn,
        })
    }

    /// A connection beside those that calls take turns on, for reading that takes long.
    pub(super) async fn long(&self) -> Result<LongRead, StoreError> {
        Ok(LongRead {
            conn: self.options.connect().await?,
            market: Arc::clone(&self.market),
        })
    }

    /// Waits for every reader to finish and closes the connections.
    pub(super) async fn close(&self) {
        let all = u32::try_from(READERS).unwrap_or(u32::MAX);
        if let Ok(turns) = self.turns.acquire_many(all).await {
            turns.forget();
        }
        self.turns.close();
        let idle = std::mem::take(&mut *self.idle.lock().unwrap_or_else(PoisonError::into_inner));
        for conn in idle {
            if let Err(error) = conn.close().await {
                tracing::warn!(%error, "a reading connection did not close cleanly");
            }
        }
    }
}

/// A connection that reads one tenant's data; it goes back when dropped.
#[derive(Debug)]
pub struct Read {
    conn: Option<SqliteConnection>,
    /// Whether everything read is of one moment; such a connection is not used again unless it is ended.
    is_snapshot: bool,
    home: Arc<Readers>,
    _turn: OwnedSemaphorePermit,
}

impl Read {
    /// From here on, everything that is read is of the moment of the first query.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin_snapshot(&mut self) -> Result<(), StoreError> {
        self.is_snapshot = true;
        sqlx::query("BEGIN").execute(self.sql()).await?;
        Ok(())
    }

    /// Ends what [`Self::begin_snapshot`] began.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_snapshot(&mut self) -> Result<(), StoreError> {
        sqlx::query("COMMIT").execute(self.sql()).await?;
        self.is_snapshot = false;
        Ok(())
    }
}

impl Drop for Read {
    fn drop(&mut self) {
        if let Some(conn) = self.conn.take().filter(|_| !self.is_snapshot) {
            self.home
                .idle
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(conn);
        }
    }
}

impl Sealed for Read {
    fn sql(&mut self) -> &mut SqliteConnection {
        match &mut self.conn {
            Some(conn) => conn,
            None => unreachable!("a reader keeps its connection until it is dropped"),
        }
    }
}

impl Conn for Read {
    fn market(&self) -> &Arc<Market> {
        &self.home.market
    }
}

/// A connection of its own, for reading that takes long. It must go before its tenant does.
#[derive(Debug)]
pub struct LongRead {
    conn: SqliteConnection,
    market: Arc<Market>,
}

impl LongRead {
    /// From here on, everything that is read is of the moment of the first query.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin_snapshot(&mut self) -> Result<(), StoreError> {
        sqlx::query("BEGIN").execute(self.sql()).await?;
        Ok(())
    }

    /// Closes the connection.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn close(self) -> Result<(), StoreError> {
        Ok(self.conn.close().await?)
    }
}

impl Sealed for LongRead {
    fn sql(&mut self) -> &mut SqliteConnection {
        &mut self.conn
    }
}

impl Conn for LongRead {
    fn market(&self) -> &Arc<Market> {
        &self.market
    }
}
