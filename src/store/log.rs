//! The request log of a sandbox: handed over without waiting, written in batches.

mod habits;
mod keeper;
mod rows;
mod sends;

pub use habits::{Habit, Refused, Remarks, Shown};

use super::StoreError;
use crate::ids::RequestId;
use contract::Timestamp;
use keeper::{Keeper, Message};
use std::{
    borrow::Cow,
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering},
};
use tokio::sync::{mpsc, oneshot};

pub use rows::KEPT_MILLIS;
pub use sends::{KEPT as SENDS_KEPT, SendRow};

/// How many rows may wait to be written. Past that they are dropped and counted: a log must not slow what it logs.
const QUEUE: usize = 4096;

/// Where a call came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// The portal's request builder.
    Builder,
    /// A program.
    Direct,
}

impl Source {
    /// The value as it stands in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Builder => "builder",
            Self::Direct => "direct",
        }
    }
    /// The value of this text.
    pub fn from_text(text: &str) -> Option<Self> {
        Some(match text {
            "builder" => Self::Builder,
            "direct" => Self::Direct,
            _ => return None,
        })
    }
}

/// One call. Nothing of who sent it beyond the OAuth client, and neither body nor headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogRow {
    /// The request id that the caller saw.
    pub request_id: String,
    /// When it arrived, in real time.
    pub at: Timestamp,
    /// The operation; none where the path is no route.
    pub operation_id: Option<Cow<'static, str>>,
    /// The HTTP method.
    pub method: Cow<'static, str>,
    /// The path with its query.
    pub path: String,
    /// The HTTP status.
    pub status: u16,
    /// How long the answer took, in microseconds.
    pub duration_us: u64,
    /// Where it came from.
    pub source: Source,
    /// The OAuth client; none where the token did not tell.
    pub client_id: Option<String>,
    /// The problem code it was answered with.
    pub problem: Option<Cow<'static, str>>,
    /// What the answer does not tell: why a token was refused, say.
    pub note: Option<String>,
    /// What the answer told beside its status.
    pub remarks: Remarks,
}

/// Which calls are asked for; what is none matches every call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The id that the caller saw.
    pub request_id: Option<RequestId>,
    /// The operation.
    pub operation_id: Option<String>,
    /// Where they came from.
    pub source: Option<Source>,
    /// The lowest and the highest status.
    pub status: Option<(u16, u16)>,
    /// The earliest arrival.
    pub since: Option<Timestamp>,
    /// Only those that were written before this one.
    pub before: Option<i64>,
    /// At most so many.
    pub limit: u32,
}

/// A call and its place in the log, by which the next page is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Its place.
    pub seq: i64,
    /// The call.
    pub call: LogRow,
}

/// Which first call is asked for; what is none matches every call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct First<'a> {
    /// The operation.
    pub operation_id: Option<&'a str>,
    /// Where it came from.
    pub source: Option<Source>,
    /// The problem code it was answered with; none is a success.
    pub problem: Option<&'a str>,
}

/// The first call of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The operation that was called.
    pub operation_id: String,
    /// Where it came from.
    pub source: Source,
    /// The request id that the caller saw.
    pub request_id: String,
    /// When it arrived, in real time.
    pub at: Timestamp,
}

/// A sandbox's request log. Dropping the last handle writes what waits and closes the file.
#[derive(Debug)]
pub struct RequestLog {
    messages: mpsc::Sender<Message>,
    dropped: AtomicU64,
}

impl RequestLog {
    /// A log in the file at `path`, which is opened with the first row.
    pub(crate) fn new(path: PathBuf) -> Self {
        let (messages, queue) = mpsc::channel(QUEUE);
        tokio::spawn(Keeper::new(path).run(queue));
        Self {
            messages,
            dropped: AtomicU64::new(0),
        }
    }

    /// Hands a row over. It is dropped when too many wait.
    pub fn record(&self, row: LogRow) {
        if self.messages.try_send(Message::Row(row)).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Hands over a send of the builder, to be kept among the last ones. It is dropped when too much waits.
    pub fn keep(&self, send: SendRow) {
        if self.messages.try_send(Message::Send(send)).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The last sends of the builder, newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn sends(&self) -> Result<Vec<SendRow>, StoreError> {
        self.ask(|answer| Message::Sends {
            request_id: None,
            answer,
        })
        .await
    }

    /// The send that was answered under this id, if it is among the last ones.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn send(&self, request_id: &str) -> Result<Option<SendRow>, StoreError> {
        let request_id = Some(request_id.to_owned());
        let found = self.ask(|answer| Message::Sends { request_id, answer }).await?;
        Ok(found.into_iter().next())
    }

    /// How many rows were dropped because too many waited.
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// The last `limit` calls, newest first; of one operation where one is named.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn recent(&self, limit: u32, operation_id: Option<&str>) -> Result<Vec<LogRow>, StoreError> {
        let wanted = Wanted {
            operation_id: operation_id.map(str::to_owned),
            limit,
            ..Wanted::default()
        };
        let placed = self.page(wanted).await?;
        Ok(placed.into_iter().map(|placed| placed.call).collect())
    }

    /// The calls that are wanted, newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn page(&self, wanted: Wanted) -> Result<Vec<Placed>, StoreError> {
        self.ask(|answer| Message::Page { wanted, answer }).await
    }

    /// The first call of a kind, however long ago.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn first(&self, first: First<'_>) -> Result<Option<Evidence>, StoreError> {
        let First {
            operation_id,
            source,
            problem,
        } = first;
        let (operation_id, problem) = (operation_id.map(str::to_owned), problem.map(str::to_owned));
        self.ask(|answer| Message::First {
            operation_id,
            source,
            problem,
            answer,
        })
        .await
    }

    /// The call with this id, if it is still logged.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn call(&self, id: &RequestId) -> Result<Option<Placed>, StoreError> {
        let wanted = Wanted {
            request_id: Some(id.clone()),
            limit: 1,
            ..Wanted::default()
        };
        Ok(self.page(wanted).await?.into_iter().next())
    }

    /// What is remembered of the call with this id because it proves something, however long ago.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn evidence(&self, id: &RequestId) -> Result<Option<Evidence>, StoreError> {
        let request_id = id.clone();
        self.ask(|answer| Message::Evidence { request_id, answer }).await
    }

    /// The habits that a client has shown, each by the first call that did, however long ago.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn habits(&self) -> Result<Vec<Shown>, StoreError> {
        self.ask(|answer| Message::Habits { answer }).await
    }

    /// The operations that were called with success from there, however long ago.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn called(&self, source: Source) -> Result<Vec<String>, StoreError> {
        self.ask(|answer| Message::Called { source, answer }).await
    }

    /// Waits until every row that was handed over is written.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn flush(&self) -> Result<(), StoreError> {
        self.ask(|answer| Message::Flush { answer }).await
    }

    async fn ask<T>(
        &self,
        message: impl FnOnce(oneshot::Sender<Result<T, StoreError>>) -> Message,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        self.messages
            .send(message(answer))
            .await
            .map_err(|_| StoreError::Closing)?;
        answered.await.map_err(|_| StoreError::Closing)?
    }
}
