//! What the server observed, found anew each time it is asked for.

use contract::Timestamp;

use super::rules::{ITEMS, Item, Rule};
use crate::store::{
    StoreError,
    log::{Evidence, First, Refused, RequestLog, Shown, Source},
};

/// Where an item stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The item.
    pub item: &'static Item,
    /// What proved it; none while it is open.
    pub proof: Option<Proof>,
}

/// A call that proves something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
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

impl From<Evidence> for Proof {
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

impl From<Shown> for Proof {
    fn from(shown: Shown) -> Self {
        Self {
            status: Some(shown.status),
            before: shown.before,
            ..Self::from(shown.evidence)
        }
    }
}

/// Where every item stands, by the log of a sandbox; all are open where there is no sandbox.
///
/// # Errors
/// When the log cannot be read.
pub async fn read(log: Option<&RequestLog>) -> Result<Vec<Standing>, StoreError> {
    let habits = match log {
        Some(log) => log.habits().await?,
        None => Vec::new(),
    };
    let mut standings = Vec::with_capacity(ITEMS.len());
    for item in &ITEMS {
        let proof = match (item.rule, log) {
            (Rule::SuccessfulCall, Some(log)) => log.first(First::default()).await?.map(Proof::from),
            (Rule::Habit(habit), _) => habits
                .iter()
                .find(|shown| shown.habit == habit)
                .cloned()
                .map(Proof::from),
            (Rule::SuccessfulCall, None) | (Rule::NotObservable, _) => None,
        };
        standings.push(Standing { item, proof });
    }
    Ok(standings)
}
