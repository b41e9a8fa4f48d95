//! The one task that writes and reads a request log.

use super::{
    Evidence, First, LogRow, Placed, Shown, Source, Wanted,
    habits::{self, Observer},
    rows::{self, Kind},
    sends::{self, SendRow},
};
use crate::{ids::RequestId, store::StoreError};
use contract::Timestamp;
use sqlx::{Connection, SqliteConnection};
use std::{collections::HashSet, path::PathBuf, time::Duration};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, timeout_at},
};

/// How long a row waits for others at most.
const PATIENCE: Duration = Duration::from_millis(250);
/// How many rows are written at once.
const BATCH: usize = 256;
/// How often old rows are removed, in milliseconds.
const PURGE_EVERY_MILLIS: i64 = 60 * 60 * 1000;

/// What the task is asked to do.
#[derive(Debug)]
pub(super) enum Message {
    /// Write a row, some time soon.
    Row(LogRow),
    /// Keep a send of the builder.
    Send(SendRow),
    /// Read the sends that are kept.
    Sends {
        request_id: Option<String>,
        answer: oneshot::Sender<Result<Vec<SendRow>, StoreError>>,
    },
    /// Read a page of calls.
    Page {
        wanted: Wanted,
        answer: oneshot::Sender<Result<Vec<Placed>, StoreError>>,
    },
    /// Find the first call of a kind.
    First {
        operation_id: Option<String>,
        source: Option<Source>,
        problem: Option<String>,
        answer: oneshot::Sender<Result<Option<Evidence>, StoreError>>,
    },
    /// Find what is remembered of a call.
    Evidence {
        request_id: RequestId,
        answer: oneshot::Sender<Result<Option<Evidence>, StoreError>>,
    },
    /// Read which habits were shown.
    Habits {
        answer: oneshot::Sender<Result<Vec<Shown>, StoreError>>,
    },
    /// List the operations that were called with success.
    Called {
        source: Source,
        answer: oneshot::Sender<Result<Vec<String>, StoreError>>,
    },
    /// Write what waits.
    Flush {
        answer: oneshot::Sender<Result<(), StoreError>>,
    },
}

/// The task's state.
pub(super) struct Keeper {
    path: PathBuf,
    conn: Option<SqliteConnection>,
    waiting: Vec<LogRow>,
    /// The kinds of call whose first one is on record.
    known: HashSet<Kind>,
    observer: Observer,
    purged_at: Option<Timestamp>,
}

impl Keeper {
    pub(super) fn new(path: PathBuf) -> Self {
        Self {
            path,
            conn: None,
            waiting: Vec::new(),
            known: HashSet::new(),
            observer: Observer::default(),
            purged_at: None,
        }
    }

    pub(super) async fn run(mut self, mut queue: mpsc::Receiver<Message>) {
        while let Some(message) = queue.recv().await {
            self.handle(message).await;
            let deadline = Instant::now() + PATIENCE;
            while !self.waiting.is_empty() {
                match timeout_at(deadline, queue.recv()).await {
                    Ok(Some(message)) => self.handle(message).await,
                    Ok(None) | Err(_) => self.write_or_warn().await,
                }
            }
        }
        if let Some(conn) = self.conn
            && let Err(error) = conn.close().await
        {
            tracing::warn!(%error, "a request log did not close cleanly");
        }
    }

    async fn handle(&mut self, message: Message) {
        match message {
            Message::Row(row) => {
                self.waiting.push(row);
                if self.waiting.len() >= BATCH {
                    self.write_or_warn().await;
                }
            }
            Message::Send(send) => {
                if let Err(error) = self.keep(&send).await {
                    tracing::warn!(%error, path = %self.path.display(), "a send was not kept");
                }
            }
            Message::Sends { request_id, answer } => {
                let _ = answer.send(self.sends(request_id.as_deref()).await);
            }
            Message::Page { wanted, answer } => {
                let _ = answer.send(self.page(&wanted).await);
            }
            Message::First {
                operation_id,
                source,
                problem,
                answer,
            } => {
                let first = self.first(operation_id.as_deref(), source, problem.as_deref());
                let _ = answer.send(first.await);
            }
            Message::Evidence { request_id, answer } => {
                let _ = answer.send(self.evidence(&request_id).await);
            }
            Message::Habits { answer } => {
                let _ = answer.send(self.habits().await);
            }
            Message::Called { source, answer } => {
                let _ = answer.send(self.called(source).await);
            }
            Message::Flush { answer } => {
                let _ = answer.send(self.write().await);
            }
        }
    }

    async fn write_or_warn(&mut self) {
        if let Err(error) = self.write().await {
            tracing::warn!(%error, path = %self.path.display(), "requests were not logged");
        }
    }

    /// Writes what waits. What cannot be written is lost rather than kept in memory.
    async fn write(&mut self) -> Result<(), StoreError> {
        let rows = std::mem::take(&mut self.waiting);
        let Some(newest) = rows.last().map(|row| row.at) else {
            return Ok(());
        };
        let firsts = self.firsts(&rows);
        self.open().await?;
        let Some(conn) = &mut self.conn else {
            return Err(StoreError::Closing);
        };
        let mut tx = conn.begin_with("BEGIN IMMEDIATE").await?;
        let last = rows::insert(&mut tx, &rows).await?;
        for row in firsts {
            rows::insert_first(&mut tx, row).await?;
        }
        self.observer.look(&mut tx, &rows, last).await?;
        tx.commit().await?;
        let due = |purged: Timestamp| newest.as_millis() - purged.as_millis() >= PURGE_EVERY_MILLIS;
        if self.purged_at.is_none_or(due) {
            self.purged_at = Some(newest);
            rows::purge(self.open().await?, newest).await?;
        }
        self.waiting = rows;
        self.waiting.clear();
        Ok(())
    }

    /// Those of `rows` that are the first of their kind since the log was opened.
    fn firsts<'r>(&mut self, rows: &'r [LogRow]) -> Vec<&'r LogRow> {
        rows.iter()
            .filter(|row| {
                rows::kind(row).is_some_and(|kind| !self.known.contains(&kind) && self.known.insert(kind))
            })
            .collect()
    }

    async fn open(&mut self) -> Result<&mut SqliteConnection, StoreError> {
        match self.conn {
            Some(ref mut conn) => Ok(conn),
            ref mut none => Ok(none.insert(rows::open(&self.path).await?)),
        }
    }

    async fn keep(&mut self, send: &SendRow) -> Result<(), StoreError> {
        sends::insert(self.open().await?, send).await
    }

    async fn sends(&mut self, request_id: Option<&str>) -> Result<Vec<SendRow>, StoreError> {
        sends::list(self.open().await?, request_id).await
    }

    async fn page(&mut self, wanted: &Wanted) -> Result<Vec<Placed>, StoreError> {
        self.write().await?;
        rows::page(self.open().await?, wanted).await
    }

    async fn habits(&mut self) -> Result<Vec<Shown>, StoreError> {
        self.write().await?;
        habits::all(self.open().await?).await
    }

    async fn evidence(&mut self, id: &RequestId) -> Result<Option<Evidence>, StoreError> {
        self.write().await?;
        rows::evidence(self.open().await?, id).await
    }

    async fn called(&mut self, source: Source) -> Result<Vec<String>, StoreError> {
        self.write().await?;
        rows::called(self.open().await?, source).await
    }

    async fn first(
        &mut self,
        operation_id: Option<&str>,
        source: Option<Source>,
        problem: Option<&str>,
    ) -> Result<Option<Evidence>, StoreError> {
        self.write().await?;
        let wanted = First {
            operation_id,
            source,
            problem,
        };
        rows::first(self.open().await?, wanted).await
    }
}
