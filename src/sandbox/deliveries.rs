//! The rules of deliveries: when they are attempted again, when they are given up, how they are replayed.

use super::{DomainError, PageRequest, Rows, webhooks};
use crate::store::{
    StoreError,
    tenant::{
        Conn, Read, WriteTx,
        deliveries::{
            self as store, Filter,
            attempts::{self, Next},
            claims::Claim,
            replay::{self, Replayed},
        },
        webhooks::{
            self as endpoints,
            pauses::{self, Pause},
            proof,
        },
    },
};
use contract::{
    Timestamp,
    deliveries::{Attempt, Delivery, DeliveryQuery, HeaderLine, NewReplay, REPLAY_HOURS, Replay, ReplayOnly},
    ids::{DeliveryId, WebhookId},
    webhooks::DisabledReason,
};
use std::time::Duration;

const HOUR_MILLIS: i64 = 60 * 60 * 1000;
/// An endpoint at which everything has failed for this long is disabled, in milliseconds.
const PATIENCE_MILLIS: i64 = 5 * 24 * HOUR_MILLIS;
/// A receiver cannot ask for a longer pause than this, in milliseconds.
const LONGEST_PAUSE_MILLIS: i64 = 24 * HOUR_MILLIS;
/// A `Retry-After` that is longer than this is not repeated, in bytes.
const LONGEST_REASON: usize = 64;

/// When a delivery is attempted, counted from the first attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule(Vec<Duration>);

/// The schedule makes no sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a schedule of retries is a rising list such as `0s,5s,5m,30m,2h,72h`")]
pub struct MalformedSchedule;

impl Default for Schedule {
    fn default() -> Self {
        let (minute, hour) = (60, 60 * 60);
        let at = [
            0,
            5,
            5 * minute,
            30 * minute,
            2 * hour,
            5 * hour,
            10 * hour,
            14 * hour,
            20 * hour,
            72 * hour,
        ];
        Self(at.map(Duration::from_secs).to_vec())
    }
}

impl std::str::FromStr for Schedule {
    type Err = MalformedSchedule;
    fn from_str(text: &str) -> Result<Self, MalformedSchedule> {
        let at = text
            .split(',')
            .map(|part| duration(part.trim()))
            .collect::<Option<Vec<_>>>();
        let at = at.ok_or(MalformedSchedule)?;
        if at.is_empty() || at.len() > 50 || !at.is_sorted() {
            return Err(MalformedSchedule);
        }
        Ok(Self(at))
    }
}

fn duration(text: &str) -> Option<Duration> {
    let digits = text.trim_end_matches(|character: char| character.is_ascii_alphabetic());
    let number: u64 = digits.parse().ok()?;
    let millis = match &text[digits.len()..] {
        "ms" => 1,
        "" | "s" => 1000,
        "m" => 60 * 1000,
        "h" => 60 * 60 * 1000,
        "d" => 24 * 60 * 60 * 1000,
        _ => return None,
    };
    Some(Duration::from_millis(number.checked_mul(millis)?))
}

impl Schedule {
    /// How long after the attempt of `step` the next one follows, by a chance between 0 and 1 shorter or longer by up to
    /// a fifth; none after the last.
    pub fn pause(&self, step: u32, chance: f64) -> Option<Duration> {
        let step = usize::try_from(step).ok()?;
        let (this, next) = (self.0.get(step)?, self.0.get(step + 1)?);
        Some(
            next.saturating_sub(*this)
                .mul_f64(0.8 + 0.4 * chance.clamp(0.0, 1.0)),
        )
    }
}

/// How an attempt ended, as far as the rules care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The endpoint accepted the event.
    Accepted,
    /// The endpoint is gone for good.
    Gone,
    /// It failed; where the receiver asked for a pause, with that.
    Failed(Option<Duration>),
}

/// What deciding takes that is neither in the database nor in the outcome.
#[derive(Clone, Copy, Debug)]
pub struct Chance<'a> {
    /// When attempts follow each other.
    pub schedule: &'a Schedule,
    /// Between 0 and 1.
    pub chance: f64,
}

/// Writes down an attempt, and decides what becomes of the delivery and of its endpoint.
///
/// # Errors
/// When the database fails.
pub async fn conclude(
    tx: &mut WriteTx,
    claim: &Claim,
    (attempt, outcome): (&Attempt, Outcome),
    chance: Chance<'_>,
) -> Result<(), StoreError> {
    let now = tx.began_at();
    if claim.forged {
        return conclude_forged(tx, claim, (attempt, outcome)).await;
    }
    let next = match outcome {
        Outcome::Accepted => Next::Done,
        Outcome::Gone => Next::GivenUp,
        Outcome::Failed(asked) => match chance.schedule.pause(claim.step, chance.chance) {
            None => Next::GivenUp,
            Some(pause) => Next::Again {
                at: now.plus_millis(millis(pause).max(asked.map_or(0, bounded))),
                step: claim.step + 1,
            },
        },
    };
    if attempts::record(tx, claim, attempt, next).await? {
        if let Outcome::Failed(Some(pause)) = outcome {
            let asked = HeaderLine::value_of(&attempt.response_headers, "retry-after");
            let pause = Pause {
                until: now.plus_millis(bounded(pause)),
                status: attempt.response_status,
                asked: asked
                    .filter(|text| text.len() <= LONGEST_REASON)
                    .map(str::to_owned),
            };
            pauses::begin(tx, claim.webhook, &pause).await?;
        }
        note_health(tx, claim, outcome).await?;
    }
    Ok(())
}

/// A forgery is attempted once, and how it is taken says nothing about the endpoint's health. A refusal is a status by
/// which a receiver means this very message; what it answers when it is broken, missing or busy proves nothing.
async fn conclude_forged(
    tx: &mut WriteTx,
    claim: &Claim,
    (attempt, outcome): (&Attempt, Outcome),
) -> Result<(), StoreError> {
    let next = match outcome {
        Outcome::Accepted => Next::Done,
        Outcome::Gone | Outcome::Failed(_) => Next::GivenUp,
    };
    if !attempts::record(tx, claim, attempt, next).await? {
        return Ok(());
    }
    match (outcome, attempt.response_status) {
        (Outcome::Accepted, _) => proof::withdraw_refusal(tx, claim.webhook).await,
        (_, Some(status @ (400 | 401 | 403 | 406 | 422))) => {
            proof::note_refusal(tx, claim.delivery, status).await
        }
        _ => Ok(()),
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// A pause that a receiver asked for, in milliseconds, as far as it gets one.
fn bounded(pause: Duration) -> i64 {
    millis(pause).min(LONGEST_PAUSE_MILLIS)
}

async fn note_health(tx: &mut WriteTx, claim: &Claim, outcome: Outcome) -> Result<(), StoreError> {
    if outcome == Outcome::Accepted {
        return proof::note_acceptance(tx, claim.webhook, claim.delivery).await;
    }
    let now = tx.began_at();
    let Some((_, webhook)) = endpoints::find(tx, &claim.webhook_id).await? else {
        return Ok(());
    };
    let told_at = now.plus_millis(tx.clock_offset());
    let disabled = match (outcome, webhook.failing_since) {
        (Outcome::Gone, _) => DisabledReason::Gone,
        (_, None) => return endpoints::set_failing_since(tx, claim.webhook, now).await,
        (_, Some(since)) if now.as_millis() - since.as_millis() >= PATIENCE_MILLIS => DisabledReason::Failing,
        (_, Some(_)) => return Ok(()),
    };
    webhooks::disable(tx, told_at, &webhook.id, disabled).await
}

/// A page of the deliveries to an endpoint.
///
/// # Errors
/// [`DomainError::NotFound`] when there is no such endpoint.
pub async fn list(
    conn: &mut impl Conn,
    (webhook, query): (&WebhookId, &DeliveryQuery),
    page: PageRequest,
) -> Result<Rows<Delivery>, DomainError> {
    let (seq, _) = webhooks::get(conn, webhook).await?;
    let filter = Filter {
        webhook: seq,
        status: query.status,
        event_type: query.event_type,
    };
    Ok(store::page(conn, filter, page).await?)
}

/// A delivery, the body that is sent, and its attempts, all of one moment.
///
/// # Errors
/// [`DomainError::NotFound`].
pub async fn report(
    read: &mut Read,
    id: &DeliveryId,
) -> Result<(Delivery, String, Vec<Attempt>), DomainError> {
    read.begin_snapshot().await?;
    let told = tell(read, id).await;
    read.end_snapshot().await?;
    told
}

async fn tell(read: &mut Read, id: &DeliveryId) -> Result<(Delivery, String, Vec<Attempt>), DomainError> {
    let (seq, delivery) = store::find(read, id).await?.ok_or(DomainError::NotFound)?;
    let event = store::event(read, seq).await?;
    let body = serde_json::to_string(&event).map_err(|error| StoreError::Inconsistent(error.to_string()))?;
    Ok((delivery, body, attempts::of(read, seq).await?))
}

fn earliest(now: Timestamp) -> Timestamp {
    now.plus_millis(-REPLAY_HOURS * HOUR_MILLIS)
}

/// Has one delivery attempted now.
///
/// # Errors
/// [`DomainError::NotFound`], or [`DomainError::WrongState`] when it is too old or its endpoint is disabled.
pub async fn replay(tx: &mut WriteTx, id: &DeliveryId) -> Result<Delivery, DomainError> {
    let (seq, delivery) = store::find(tx, id).await?.ok_or(DomainError::NotFound)?;
    let (_, webhook) = webhooks::get(tx, &delivery.webhook_id).await?;
    webhooks::require_enabled(&webhook)?;
    if delivery.created_at < earliest(tx.began_at()) {
        return Err(DomainError::WrongState {
            detail: format!("The delivery was queued more than {REPLAY_HOURS} hours ago."),
        });
    }
    replay::one(tx, seq).await?;
    let found = store::find(tx, id).await?.ok_or(DomainError::NotFound)?;
    Ok(found.1)
}

/// Has the delivery attempted now that would be attempted next, whatever it waits for; its id.
///
/// # Errors
/// [`DomainError::NotFound`] when there is no such endpoint, or [`DomainError::WrongState`] when it is disabled or
/// nothing that may still be attempted waits for it.
pub async fn attempt_next(tx: &mut WriteTx, id: &WebhookId) -> Result<DeliveryId, DomainError> {
    let (seq, webhook) = webhooks::get(tx, id).await?;
    webhooks::require_enabled(&webhook)?;
    let since = earliest(tx.began_at());
    let Some((delivery, id)) = replay::next_of(tx, seq, since).await? else {
        return Err(DomainError::WrongState {
            detail: "Nothing waits for the endpoint.".to_owned(),
        });
    };
    replay::one(tx, delivery).await?;
    Ok(id)
}

/// Queues many deliveries of an endpoint once more.
///
/// # Errors
/// [`DomainError::NotFound`], [`DomainError::Invalid`] when `since` is too long ago, or [`DomainError::WrongState`] when
/// the endpoint is disabled.
pub async fn replay_many(tx: &mut WriteTx, id: &WebhookId, new: &NewReplay) -> Result<Replay, DomainError> {
    let (seq, webhook) = webhooks::get(tx, id).await?;
    if new.since < earliest(tx.began_at()) {
        let detail = format!("is more than {REPLAY_HOURS} hours ago");
        return Err(DomainError::at("/since", detail));
    }
    webhooks::require_enabled(&webhook)?;
    let only = new.only.unwrap_or(ReplayOnly::Failed);
    let what = Replayed {
        webhook: seq,
        since: new.since,
        only,
    };
    let queued = replay::many(tx, what).await?;
    Ok(Replay {
        webhook_id: webhook.id,
        since: new.since,
        only,
        queued: u32::try_from(queued).unwrap_or(u32::MAX),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schedule_of_the_docs_ends_after_three_days() {
        let schedule = Schedule::default();
        let text = "0s,5s,5m,30m,2h,5h,10h,14h,20h,72h";
        assert_eq!(text.parse(), Ok(schedule.clone()));
        let whole: Duration = (0..).map_while(|step| schedule.pause(step, 0.5)).sum();
        assert_eq!(whole.as_secs(), 72 * 60 * 60);
        assert_eq!(
            (schedule.pause(8, 0.5).is_some(), schedule.pause(9, 0.5)),
            (true, None)
        );
    }

    #[test]
    fn a_pause_is_a_fifth_shorter_or_longer_by_chance() {
        let schedule: Schedule = "0,10".parse().unwrap();
        let pause = |chance| (schedule.pause(0, chance).unwrap().as_micros() + 500) / 1000;
        assert_eq!((pause(0.0), pause(0.5), pause(1.0)), (8_000, 10_000, 12_000));
    }

    #[test]
    fn what_is_no_schedule_is_refused() {
        for text in [
            "",
            "0s,",
            "5s,1s",
            "0w",
            "-1s",
            "1.5s",
            "0s;5s",
            "99999999999999999999s",
        ] {
            assert_eq!(text.parse::<Schedule>(), Err(MalformedSchedule), "{text}");
        }
    }
}
