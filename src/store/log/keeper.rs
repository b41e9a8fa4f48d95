//! The one task that writes and reads a request log.

use super::{Evidence, LogRow, Source};
use crate::store::{
    StoreError,
    sqlite::{self, column, instant, one_of},
};
use contract::Timestamp;
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, SqliteConnection, migrate::Migrator, sqlite::SqliteRow,
};
use std::{borrow::Cow, collections::HashSet, path::PathBuf, time::Duration};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, timeout_at},
};

static MIGRATOR: Migrator = sqlx::migrate!("migrations/log");

/// How long a row waits for others at most.
const PATIENCE: Duration = Duration::from_millis(250);
/// How many rows are written at once.
const BATCH: usize = 256;
/// How long rows are kept, in milliseconds.
const KEPT_MILLIS: i64 = 7 * 24 * 60 * 60 * 1000;
/// How often old rows are removed, in milliseconds.
const PURGE_EVERY_MILLIS: i64 = 60 * 60 * 1000;
/// How many old rows go at once.
const PURGE_BATCH: u64 = 2000;

/// What the task is asked to do.
#[derive(Debug)]
pub(super) enum Message {
    /// Write a row, some time soon.
    Row(LogRow),
    /// Read the last rows.
    Recent {
        limit: u32,
        operation_id: Option<String>,
        answer: oneshot::Sender<Result<Vec<LogRow>, StoreError>>,
    },
    /// Find the first call of a kind.
    First {
        operation_id: Option<String>,
        source: Option<Source>,
        problem: Option<String>,
        answer: oneshot::Sender<Result<Option<Evidence>, StoreError>>,
    },
    /// Write what waits.
    Flush {
        answer: oneshot::Sender<Result<(), StoreError>>,
    },
}

/// A kind of call: operation, source and problem code.
type Kind = (Cow<'static, str>, Source, Cow<'static, str>);

/// The task's state.
pub(super) struct Keeper {
    path: PathBuf,
    conn: Option<SqliteConnection>,
    waiting: Vec<LogRow>,
    /// The kinds of call whose first one is on record.
    known: HashSet<Kind>,
    purged_at: Option<Timestamp>,
}

impl Keeper {
    pub(super) fn new(path: PathBuf) -> Self {
        Self {
            path,
            conn: None,
            waiting: Vec::new(),
            known: HashSet::new(),
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
            Message::Recent {
                limit,
                operation_id,
                answer,
            } => {
                let _ = answer.send(self.recent(limit, operation_id.as_deref()).await);
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
        let conn = self.open().await?;
        let mut tx = conn.begin_with("BEGIN IMMEDIATE").await?;
        insert(&mut tx, &rows).await?;
        for row in firsts {
            insert_first(&mut tx, row).await?;
        }
        tx.commit().await?;
        let due = |purged: Timestamp| newest.as_millis() - purged.as_millis() >= PURGE_EVERY_MILLIS;
        if self.purged_at.is_none_or(due) {
            self.purged_at = Some(newest);
            purge(self.open().await?, newest).await?;
        }
        self.waiting = rows;
        self.waiting.clear();
        Ok(())
    }

    /// Those of `rows` that are the first of their kind since the log was opened.
    fn firsts<'r>(&mut self, rows: &'r [LogRow]) -> Vec<&'r LogRow> {
        rows.iter()
            .filter(|row| {
                kind(row).is_some_and(|kind| !self.known.contains(&kind) && self.known.insert(kind))
            })
            .collect()
    }

    async fn open(&mut self) -> Result<&mut SqliteConnection, StoreError> {
        match self.conn {
            Some(ref mut conn) => Ok(conn),
            ref mut none => Ok(none.insert(open(&self.path).await?)),
        }
    }

    async fn recent(&mut self, limit: u32, operation_id: Option<&str>) -> Result<Vec<LogRow>, StoreError> {
        self.write().await?;
        let rows = sqlx::query(
            "SELECT request_id, at, operation_id, method, path, status, duration_us, source, client_id, problem, note
             FROM requests WHERE ?2 IS NULL OR operation_id = ?2 ORDER BY seq DESC LIMIT ?1",
        )
        .bind(limit)
        .bind(operation_id)
        .fetch_all(self.open().await?)
        .await?;
        rows.iter().map(log_row).collect()
    }

    async fn first(
        &mut self,
        operation_id: Option<&str>,
        source: Option<Source>,
        problem: Option<&str>,
    ) -> Result<Option<Evidence>, StoreError> {
        self.write().await?;
        let row = sqlx::query(
            "SELECT operation_id, source, request_id, at FROM firsts
             WHERE (?1 IS NULL OR operation_id = ?1) AND (?2 IS NULL OR source = ?2) AND problem = ?3
             ORDER BY at LIMIT 1",
        )
        .bind(operation_id)
        .bind(source.map(Source::as_str))
        .bind(problem.unwrap_or_default())
        .fetch_optional(self.open().await?)
        .await?;
        row.map(|row| {
            Ok(Evidence {
                operation_id: column(&row, 0)?,
                source: one_of(&row, 1, Source::from_text)?,
                request_id: column(&row, 2)?,
                at: instant(&row, 3)?,
            })
        })
        .transpose()
    }
}

/// The kind of a call: none where it is no operation, or failed without a problem code.
fn kind(row: &LogRow) -> Option<Kind> {
    let operation = row.operation_id.clone()?;
    match &row.problem {
        Some(problem) => Some((operation, row.source, problem.clone())),
        None => (row.status < 400).then_some((operation, row.source, Cow::Borrowed(""))),
    }
}

async fn open(path: &std::path::Path) -> Result<SqliteConnection, StoreError> {
    let mut conn = sqlite::log(path).connect().await?;
    let latest = MIGRATOR
        .iter()
        .map(|migration| migration.version)
        .max()
        .unwrap_or(0);
    if sqlite::user_version(&mut conn).await? != latest {
        MIGRATOR.run_direct(None, &mut conn, false).await?;
        // PRAGMA takes no parameters; the value is a number of our own.
        sqlx::query(AssertSqlSafe(format!("PRAGMA user_version = {latest}")))
            .execute(&mut conn)
            .await?;
    }
    Ok(conn)
}

/// Writes all rows with one statement: a statement for each would cost more than the rows themselves.
async fn insert(conn: &mut SqliteConnection, rows: &[LogRow]) -> Result<(), StoreError> {
    let json: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                &row.request_id,
                row.at.as_millis(),
                &row.operation_id,
                &row.method,
                &row.path,
                row.status,
                row.duration_us,
                row.source.as_str(),
                &row.client_id,
                &row.problem,
                &row.note,
            )
        })
        .collect();
    let json = serde_json::to_string(&json).map_err(|error| StoreError::Inconsistent(error.to_string()))?;
    let done = sqlx::query(
        "INSERT INTO requests (request_id, at, operation_id, method, path, status, duration_us, source, client_id,
                               problem, note)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
                value ->> 7, value ->> 8, value ->> 9, value ->> 10
         FROM json_each(?1)",
    )
    .bind(json)
    .execute(conn)
    .await?;
    sqlite::affected("log requests", rows.len() as u64, &done)
}

async fn insert_first(conn: &mut SqliteConnection, row: &LogRow) -> Result<(), StoreError> {
    let Some((operation_id, source, problem)) = kind(row) else {
        return Ok(());
    };
    sqlx::query(
        "INSERT INTO firsts (operation_id, source, problem, request_id, at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO NOTHING",
    )
    .bind(operation_id.as_ref())
    .bind(source.as_str())
    .bind(problem.as_ref())
    .bind(&row.request_id)
    .bind(row.at.as_millis())
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes rows that are older than a week. Rows are as good as in order of time, so the oldest are the lowest.
async fn purge(conn: &mut SqliteConnection, now: Timestamp) -> Result<(), StoreError> {
    loop {
        let done = sqlx::query(
            "DELETE FROM requests
             WHERE seq IN (SELECT seq FROM requests ORDER BY seq LIMIT 2000) AND at < ?1",
        )
        .bind(now.as_millis() - KEPT_MILLIS)
        .execute(&mut *conn)
        .await?;
        if done.rows_affected() < PURGE_BATCH {
            return Ok(());
        }
    }
}

fn log_row(row: &SqliteRow) -> Result<LogRow, StoreError> {
    let (operation_id, problem): (Option<String>, Option<String>) = (column(row, 2)?, column(row, 9)?);
    Ok(LogRow {
        request_id: column(row, 0)?,
        at: instant(row, 1)?,
        operation_id: operation_id.map(Cow::Owned),
        method: Cow::Owned(column(row, 3)?),
        path: column(row, 4)?,
        status: column(row, 5)?,
        duration_us: column(row, 6)?,
        source: one_of(row, 7, Source::from_text)?,
        client_id: column(row, 8)?,
        problem: problem.map(Cow::Owned),
        note: column(row, 10)?,
    })
}
