//! The rows of attempts, and what an attempt makes of its delivery.

use super::{
    super::{Conn, WriteTx, sealed::Sealed},
    claims::Claim,
};
use crate::store::{
    StoreError,
    sqlite::{self, Millis, from_json},
};
use contract::{
    Timestamp,
    deliveries::{Attempt, AttemptError, HeaderLine, Trigger},
};
use serde::Deserialize;

/// How many attempts of one delivery are shown, the last ones.
const SHOWN: u16 = 100;

/// What becomes of a delivery after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It has arrived.
    Done,
    /// It is attempted again.
    Again {
        /// When.
        at: Timestamp,
        /// How far it is in the schedule then.
        step: u32,
    },
    /// It is given up.
    GivenUp,
}

/// Writes down an attempt and what becomes of its delivery. One whose lease has run out decides nothing, unless it
/// succeeded. `false` where the delivery is gone.
///
/// # Errors
/// When the database fails.
pub async fn record(
    tx: &mut WriteTx,
    claim: &Claim,
    attempt: &Attempt,
    next: Next,
) -> Result<bool, StoreError> {
    let now = tx.began_at().as_millis();
    let (status, at, step) = match next {
        Next::Done => ("delivered", None, claim.step),
        Next::Again { at, step } => ("waiting", Some(at.as_millis()), step),
        Next::GivenUp => ("failed", None, claim.step),
    };
    let decides = next == Next::Done || is_held(tx, claim).await?;
    let done = sqlx::query(
        "UPDATE deliveries SET attempts = attempts + 1, updated_at = ?2,
             status = CASE WHEN ?6 THEN ?3 ELSE status END, next_at = CASE WHEN ?6 THEN ?4 ELSE next_at END,
             step = CASE WHEN ?6 THEN ?5 ELSE step END, at_once = CASE WHEN ?6 THEN 0 ELSE at_once END,
             delivered_at = CASE WHEN ?3 = 'delivered' THEN ?2 ELSE delivered_at END
         WHERE seq = ?1",
    )
    .bind(claim.delivery)
    .bind(now)
    .bind(status)
    .bind(at)
    .bind(step)
    .bind(decides)
    .execute(tx.sql())
    .await?;
    tx.note_deliveries();
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    insert(tx, claim.delivery, attempt).await?;
    Ok(true)
}

/// Whether the claim still holds.
async fn is_held(conn: &mut impl Conn, claim: &Claim) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM deliveries WHERE seq = ?1 AND claims = ?2 AND status = 'waiting')",
    )
    .bind(claim.delivery)
    .bind(claim.claims)
    .fetch_one(conn.sql())
    .await?)
}

async fn insert(tx: &mut WriteTx, delivery: i64, attempt: &Attempt) -> Result<(), StoreError> {
    let done = sqlx::query(
        "INSERT INTO delivery_attempts (delivery_seq, number, trigger, started_at, duration_ms, error, response_status,
                                        response_headers, response_body, request_headers)
         SELECT seq, attempts, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 FROM deliveries WHERE seq = ?1",
    )
    .bind(delivery)
    .bind(attempt.trigger.as_str())
    .bind(attempt.started_at.as_millis())
    .bind(attempt.duration_ms)
    .bind(attempt.error.map(AttemptError::as_str))
    .bind(attempt.response_status)
    .bind(lines(&attempt.response_headers)?)
    .bind(&attempt.response_body)
    .bind(lines(&attempt.request_headers)?)
    .execute(tx.sql())
    .await?;
    sqlite::affected("write down an attempt", 1, &done)
}

fn lines(headers: &[HeaderLine]) -> Result<String, StoreError> {
    serde_json::to_string(headers).map_err(|error| StoreError::Inconsistent(error.to_string()))
}

/// An attempt without its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "BriefRow")]
pub struct Brief {
    /// Which attempt at its delivery, from 1.
    pub number: u32,
    /// Who asked for it.
    pub trigger: Trigger,
    /// When it began.
    pub started_at: Timestamp,
    /// How long the exchange took, in milliseconds.
    pub duration_ms: u32,
    /// Why it failed.
    pub error: Option<AttemptError>,
    /// The status of the answer.
    pub response_status: Option<u16>,
}

/// What a [`Brief`] is read from.
macro_rules! brief {
    () => {
        "json_array(number, trigger, started_at, duration_ms, error, response_status)"
    };
}
pub(super) use brief;

#[derive(Deserialize)]
struct BriefRow(u32, Trigger, Millis, u32, Option<AttemptError>, Option<u16>);

impl From<BriefRow> for Brief {
    fn from(row: BriefRow) -> Self {
        let BriefRow(number, trigger, started_at, duration_ms, error, response_status) = row;
        Self {
            number,
            trigger,
            started_at: started_at.into(),
            duration_ms,
            error,
            response_status,
        }
    }
}

#[derive(Deserialize)]
struct Row(Brief, Vec<HeaderLine>, Option<String>, Vec<HeaderLine>);

impl From<Row> for Attempt {
    fn from(Row(brief, response_headers, response_body, request_headers): Row) -> Self {
        Self {
            number: brief.number,
            trigger: brief.trigger,
            started_at: brief.started_at,
            duration_ms: brief.duration_ms,
            error: brief.error,
            response_status: brief.response_status,
            response_headers,
            response_body,
            request_headers,
        }
    }
}

/// The attempts at a delivery, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of(conn: &mut impl Conn, delivery: i64) -> Result<Vec<Attempt>, StoreError> {
    let found = sqlx::query(concat!(
        "SELECT json_group_array(json_array(",
        brief!(),
        ", json(response_headers), response_body, json(request_headers)))
         FROM (SELECT * FROM delivery_attempts WHERE delivery_seq = ?1 ORDER BY number DESC LIMIT ?2)"
    ))
    .bind(delivery)
    .bind(SHOWN)
    .fetch_one(conn.sql())
    .await?;
    let mut rows: Vec<Row> = from_json(&found)?;
    rows.sort_by_key(|row| row.0.number);
    Ok(rows.into_iter().map(Into::into).collect())
}
