//! How a client behaves, by the calls that show it.

use super::{Evidence, LogRow, Source};
use crate::store::{
    StoreError,
    sqlite::{self, column, instant, one_of},
};
use contract::Timestamp;
use sqlx::{SqliteConnection, sqlite::SqliteRow};
use std::collections::HashSet;

/// What a well-behaved client does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Habit {
    /// It repeats a call that was refused with `Retry-After` no earlier than that said.
    Waited,
    /// It follows the cursor of a list to the last page.
    Walked,
    /// It asks with `If-None-Match` and is told that nothing changed.
    Compared,
    /// It repeats a `POST` with its `Idempotency-Key`, and gets the first answer again.
    Repeated,
}

impl Habit {
    /// The value as it stands in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waited => "waited",
            Self::Walked => "walked",
            Self::Compared => "compared",
            Self::Repeated => "repeated",
        }
    }

    /// The value of this text.
    pub fn from_text(text: &str) -> Option<Self> {
        Some(match text {
            "waited" => Self::Waited,
            "walked" => Self::Walked,
            "compared" => Self::Compared,
            "repeated" => Self::Repeated,
            _ => return None,
        })
    }

    /// What one call shows by itself.
    fn shown_by(row: &LogRow) -> Option<Self> {
        let succeeded = (200..300).contains(&row.status);
        let follows = || {
            row.path.split_once('?').is_some_and(|(_, query)| {
                form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "cursor")
            })
        };
        if row.status == 304 {
            Some(Self::Compared)
        } else if succeeded && row.remarks.replayed {
            Some(Self::Repeated)
        } else if succeeded && !row.remarks.next_page && follows() {
            Some(Self::Walked)
        } else {
            None
        }
    }
}

/// What an answer told its caller beyond the status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Remarks {
    /// After how many seconds to try again.
    pub retry_after: Option<u32>,
    /// That there is another page.
    pub next_page: bool,
    /// That it is an earlier answer, stored under the call's `Idempotency-Key`.
    pub replayed: bool,
    /// That a planted fault had a hand in it.
    pub fault: bool,
}

/// The call that first showed a habit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The habit.
    pub habit: Habit,
    /// The call.
    pub evidence: Evidence,
    /// The status it was answered with.
    pub status: u16,
    /// The refused call that it repeats, where the habit is to wait.
    pub before: Option<Refused>,
}

/// A call that was refused for now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The request id that the caller saw.
    pub request_id: String,
    /// When it arrived, in real time.
    pub at: Timestamp,
    /// The status.
    pub status: u16,
    /// After how many seconds it might be tried again.
    pub retry_after: u32,
}

/// Looks through a log's rows, once they are written, for habits that no earlier row has shown.
#[derive(Debug, Default)]
pub(super) struct Observer {
    /// None until the file has been read.
    known: Option<HashSet<Habit>>,
    /// Whether any call has been told to wait: without one there is nothing to look for.
    refused: bool,
}

impl Observer {
    /// Notes what these rows are the first to show. They must be in the log already, the last of them as number `last`.
    pub(super) async fn look(
        &mut self,
        conn: &mut SqliteConnection,
        rows: &[LogRow],
        last: i64,
    ) -> Result<(), StoreError> {
        let mut known = if let Some(known) = self.known.take() {
            known
        } else {
            self.refused = any_refused(conn).await?;
            all(conn).await?.into_iter().map(|shown| shown.habit).collect()
        };
        self.refused |= rows.iter().any(|row| row.remarks.retry_after.is_some());
        for row in rows {
            if let Some(habit) = Habit::shown_by(row)
                && !known.contains(&habit)
                && insert(conn, row, habit, None).await?
            {
                known.insert(habit);
            }
        }
        if self.refused && !known.contains(&Habit::Waited) && waited(conn, rows, last).await? {
            known.insert(Habit::Waited);
        }
        self.known = Some(known);
        Ok(())
    }
}

/// Finds the first of the rows that repeats a refused call in time. A builder's user who presses a button again proves
/// nothing about a program, so only programs count.
async fn waited(conn: &mut SqliteConnection, rows: &[LogRow], last: i64) -> Result<bool, StoreError> {
    // The newest has the number `last`, and those before it the numbers before that.
    let numbered = rows.iter().rev().zip((0..=last).rev());
    for (row, number) in numbered.filter(|(row, _)| row.source == Source::Direct && row.status < 400) {
        if let Some(refused) = refused_before(conn, row, number).await?
            && insert(conn, row, Habit::Waited, Some(&refused)).await?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The refused call that `row` repeats no earlier than it was told to, and without another try in between.
async fn refused_before(
    conn: &mut SqliteConnection,
    row: &LogRow,
    number: i64,
) -> Result<Option<Refused>, StoreError> {
    let found = sqlx::query(
        "SELECT request_id, at, status, retry_after FROM requests AS refused
         WHERE seq = (SELECT max(seq) FROM requests
                      WHERE method = ?2 AND path = ?3 AND retry_after IS NOT NULL AND seq < ?1)
           AND status IN (429, 503) AND client_id IS ?4 AND at + duration_us / 1000 + retry_after * 1000 <= ?5
           AND NOT EXISTS (SELECT 1 FROM requests AS hasty
                           WHERE hasty.seq > refused.seq AND hasty.seq < ?1
                             AND hasty.method = ?2 AND hasty.path = ?3)",
    )
    .bind(number)
    .bind(row.method.as_ref())
    .bind(&row.path)
    .bind(&row.client_id)
    .bind(row.at.as_millis())
    .fetch_optional(conn)
    .await?;
    found
        .map(|row| {
            Ok(Refused {
                request_id: column(&row, 0)?,
                at: instant(&row, 1)?,
                status: column(&row, 2)?,
                retry_after: column(&row, 3)?,
            })
        })
        .transpose()
}

async fn any_refused(conn: &mut SqliteConnection) -> Result<bool, StoreError> {
    let row = sqlx::query("SELECT EXISTS (SELECT 1 FROM requests WHERE retry_after IS NOT NULL)")
        .fetch_one(conn)
        .await?;
    column(&row, 0)
}

/// Notes what shows a habit. A call that is no operation shows none.
async fn insert(
    conn: &mut SqliteConnection,
    row: &LogRow,
    habit: Habit,
    before: Option<&Refused>,
) -> Result<bool, StoreError> {
    let Some(operation_id) = row.operation_id.as_deref() else {
        return Ok(false);
    };
    let done = sqlx::query(
        "INSERT INTO habits (habit, operation_id, source, request_id, at, status,
                             before_id, before_at, before_status, before_wait)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )
    .bind(habit.as_str())
    .bind(operation_id)
    .bind(row.source.as_str())
    .bind(&row.request_id)
    .bind(row.at.as_millis())
    .bind(row.status)
    .bind(before.map(|before| before.request_id.as_str()))
    .bind(before.map(|before| before.at.as_millis()))
    .bind(before.map(|before| before.status))
    .bind(before.map(|before| before.retry_after))
    .execute(conn)
    .await?;
    sqlite::affected("note a habit", 1, &done)?;
    Ok(true)
}

/// Every habit that was shown.
pub(super) async fn all(conn: &mut SqliteConnection) -> Result<Vec<Shown>, StoreError> {
    let rows = sqlx::query(
        "SELECT operation_id, source, request_id, at, habit, status, before_id, before_at, before_status, before_wait
         FROM habits",
    )
    .fetch_all(conn)
    .await?;
    rows.iter().map(shown).collect()
}

fn shown(row: &SqliteRow) -> Result<Shown, StoreError> {
    let before: Option<String> = column(row, 6)?;
    Ok(Shown {
        habit: one_of(row, 4, Habit::from_text)?,
        evidence: Evidence {
            operation_id: column(row, 0)?,
            source: one_of(row, 1, Source::from_text)?,
            request_id: column(row, 2)?,
            at: instant(row, 3)?,
        },
        status: column(row, 5)?,
        before: before
            .map(|request_id| {
                Ok::<_, StoreError>(Refused {
                    request_id,
                    at: instant(row, 7)?,
                    status: column(row, 8)?,
                    retry_after: column(row, 9)?,
                })
            })
            .transpose()?,
    })
}
