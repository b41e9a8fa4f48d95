//! What the server observed, found anew each time it is asked for.

use contract::{Auth, ScopeSet, Timestamp, contract, ids::DeliveryId, text::Url};

use super::{
    approval::{self, is_read},
    rules::{Answered, ITEMS, Item, Rule},
};
use crate::store::{
    StoreError,
    control::approvals::{ApprovalRow, Matter, Step},
    log::{Evidence, First, Habit, Refused, RequestLog, Shown, Source},
    tenant::webhooks::proof::Proof as Answers,
};

/// Where an item stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The item.
    pub item: &'static Item,
    /// How far it has come.
    pub state: State,
}

/// How far an item has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing proves it.
    Open,
    /// Aleta agreed to something, which is not enough any more; why, in words.
    Reopened(String),
    /// The workspace asked, and Aleta has not answered.
    Asked(ApprovalRow),
    /// Aleta returned it.
    Returned(ApprovalRow),
    /// This proves it.
    Proven(Proof),
}

/// What proves an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// A call.
    Call(Call),
    /// What an endpoint answered.
    Delivery(Delivered),
    /// Somebody's agreement.
    Approval {
        /// The agreement.
        approved: ApprovalRow,
        /// Who asked for it.
        asked_by: String,
    },
}

/// A delivery that proves something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// The delivery.
    pub delivery: DeliveryId,
    /// Where it went.
    pub url: Url,
    /// The status with which it was refused; none where it was accepted.
    pub refused: Option<u16>,
    /// When it was answered, in real time.
    pub at: Timestamp,
}

/// A call that proves something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The operation that was called.
    pub operation: String,
    /// The call's request id.
    pub request_id: String,
    /// When it arrived, in real time.
    pub at: Timestamp,
    /// The status it was answered with, where that is not the operation's own.
    pub status: Option<u16>,
    /// The refused call that it repeats.
    pub before: Option<Refused>,
    /// Whether it was sent from the builder.
    pub from_builder: bool,
}

impl From<Evidence> for Call {
    fn from(evidence: Evidence) -> Self {
        Self {
            operation: evidence.operation_id,
            request_id: evidence.request_id,
            at: evidence.at,
            status: None,
            before: None,
            from_builder: evidence.source == Source::Builder,
        }
    }
}

impl From<Shown> for Call {
    fn from(shown: Shown) -> Self {
        Self {
            status: Some(shown.status),
            before: shown.before,
            ..Self::from(shown.evidence)
        }
    }
}

impl Proof {
    /// When it was given.
    pub const fn at(&self) -> Timestamp {
        match self {
            Self::Call(call) => call.at,
            Self::Delivery(delivered) => delivered.at,
            Self::Approval { approved, .. } => approved.at,
        }
    }
}

impl State {
    /// When it came to stand so; none while nothing has happened.
    pub const fn since(&self) -> Option<Timestamp> {
        match self {
            Self::Open | Self::Reopened(_) => None,
            Self::Asked(step) | Self::Returned(step) => Some(step.at),
            Self::Proven(proof) => Some(proof.at()),
        }
    }
}

/// Where every item stands, by the log of a sandbox, what its endpoints answered, and what its workspace asked for; all
/// are open without any.
///
/// # Errors
/// When the log cannot be read.
pub async fn read(
    log: Option<&RequestLog>,
    answers: &[Answers],
    steps: &[ApprovalRow],
) -> Result<Vec<Standing>, StoreError> {
    let habits = match log {
        Some(log) => log.habits().await?,
        None => Vec::new(),
    };
    let mut standings = Vec::with_capacity(ITEMS.len());
    for item in &ITEMS {
        let state = match item.rule {
            Rule::SuccessfulCall => first_call(log).await?,
            Rule::Habit(habit) => shown(&habits, habit),
            Rule::Approval(matter) => agreed(log, steps, matter).await?,
            Rule::Endpoint(answered) => delivered(answers, answered),
        };
        standings.push(Standing { item, state });
    }
    Ok(standings)
}

fn shown(habits: &[Shown], habit: Habit) -> State {
    let found = habits.iter().find(|shown| shown.habit == habit).cloned();
    found.map_or(State::Open, |shown| State::Proven(Proof::Call(shown.into())))
}

fn delivered(answers: &[Answers], wanted: Answered) -> State {
    let found = answers.iter().find_map(|proof| {
        let (delivery, refused, at) = match (wanted, &proof.refused) {
            (Answered::Accepted, _) => (&proof.accepted.0, None, proof.accepted.1),
            (Answered::Refused, Some((delivery, status, at))) => (delivery, Some(*status), *at),
            (Answered::Refused, None) => return None,
        };
        Some(Delivered {
            delivery: delivery.clone(),
            url: proof.url.clone(),
            refused,
            at,
        })
    });
    found.map_or(State::Open, |delivered| State::Proven(Proof::Delivery(delivered)))
}

async fn first_call(log: Option<&RequestLog>) -> Result<State, StoreError> {
    let Some(log) = log else {
        return Ok(State::Open);
    };
    let first = log.first(First::default()).await?;
    Ok(first.map_or(State::Open, |first| State::Proven(Proof::Call(first.into()))))
}

async fn agreed(
    log: Option<&RequestLog>,
    steps: &[ApprovalRow],
    matter: Matter,
) -> Result<State, StoreError> {
    let Some((last, asked)) = approval::standing(steps, matter) else {
        return Ok(State::Open);
    };
    Ok(match last.step {
        Step::Asked => State::Asked(last.clone()),
        Step::Returned => State::Returned(last.clone()),
        Step::Approved => {
            if matter == Matter::ReadScopes
                && let Some(beyond) = beyond(&last.subject, &used(log).await?)
            {
                return Ok(State::Reopened(beyond));
            }
            State::Proven(Proof::Approval {
                approved: last.clone(),
                asked_by: asked.by.clone(),
            })
        }
    })
}

/// The read scopes that calls of programs have used. What the builder sends is somebody looking around.
///
/// # Errors
/// When the log cannot be read.
pub async fn used(log: Option<&RequestLog>) -> Result<ScopeSet, StoreError> {
    let Some(log) = log else {
        return Ok(ScopeSet::default());
    };
    let called = log.called(Source::Direct).await?;
    Ok(called
        .iter()
        .filter_map(|operation| match contract().card(operation)?.spec.auth {
            Auth::Scope(scope) => Some(scope),
            Auth::SandboxToken => None,
        })
        .filter(|scope| is_read(*scope))
        .collect())
}

/// What was used beyond what was approved, in words; none where nothing was.
fn beyond(approved: &str, used: &ScopeSet) -> Option<String> {
    let approved: ScopeSet = approved.parse().unwrap_or_default();
    let beyond: ScopeSet = used.iter().filter(|scope| !approved.contains(*scope)).collect();
    (!beyond.is_empty())
        .then(|| format!("Calls have used {beyond} too, which was not among what Aleta approved."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_approved_is_enough_until_a_call_goes_beyond_it() {
        let used: ScopeSet = "positions:read clients:read".parse().unwrap();
        assert_eq!(beyond("clients:read positions:read cashflows:read", &used), None);
        let words = beyond("clients:read", &used).unwrap();
        assert!(
            words.contains("positions:read") && !words.contains("clients:read"),
            "{words}"
        );
    }
}
