//! The steps of a timeline in order: each event after the call, each delivery after its event, each attempt after those
//! before it.

use app::{
    figures::gap,
    model::timeline::{Attempted, Step, What},
};
use contract::{
    Timestamp,
    deliveries::{Delivery, Trigger},
};
use serde_json::Value;

use super::{Trace, Tried, instant};
use crate::{
    site::{checklist::moment, webhooks::failure},
    store::tenant::{deliveries::attempts::Brief, events::Caused},
};

/// Where the two clocks differ by less than this, in milliseconds, only one is told.
const SAME_MILLIS: u64 = 1_000;

/// The steps, and what follows from all of them.
pub(super) struct Chain {
    pub(super) steps: Vec<Step>,
    /// From the call to the last answer.
    pub(super) total: Option<String>,
    /// Whether something is still to come.
    pub(super) waits: bool,
}

/// The steps of what is known, as they stand at `now`.
pub(super) fn chain(trace: &Trace, now: Timestamp) -> Chain {
    let arrived = trace.arrived();
    let mut steps: Vec<Step> = called(trace).into_iter().collect();
    for caused in &trace.events {
        steps.push(changed(caused, arrived));
        let deliveries = trace.deliveries.iter();
        for delivery in deliveries.filter(|delivery| delivery.event_id == caused.event.event_id) {
            let tried = trace.tried.iter().filter(|tried| tried.delivery == delivery.id);
            let tried: Vec<&Brief> = tried.map(|tried| &tried.attempt).collect();
            steps.push(queued(trace, delivery));
            steps.extend(attempts(delivery, &tried));
            steps.extend(due(delivery, now));
        }
    }
    let last = trace.tried.iter().map(ended).max();
    let waits = |delivery: &Delivery| delivery.next_attempt_at.is_some();
    Chain {
        steps,
        total: last.map(|last| since(arrived, last)),
        waits: trace.deliveries.iter().any(waits),
    }
}

/// How long after `from` it was `to`; not at all where clocks disagree by a moment.
fn since(from: Timestamp, to: Timestamp) -> String {
    gap(between(from, to))
}

fn between(from: Timestamp, to: Timestamp) -> u64 {
    u64::try_from(to.as_millis() - from.as_millis()).unwrap_or_default()
}

fn called(trace: &Trace) -> Option<Step> {
    let call = &trace.call.as_ref()?.call;
    Some(Step {
        at: Some(instant(call.at)),
        gap: None,
        what: What::Called {
            line: format!("{} {}", call.method, call.path),
            status: call.status,
            duration_us: call.duration_us,
        },
    })
}

/// An event is dated by the sandbox's own clock, which may be ahead of real time.
fn changed(caused: &Caused, arrived: Timestamp) -> Step {
    let (event, at) = (&caused.event, caused.written_at);
    let differs = |at: Timestamp| event.created_at.as_millis().abs_diff(at.as_millis()) >= SAME_MILLIS;
    let data = event.data.iter();
    Step {
        at: at.map(instant),
        gap: at.map(|at| since(arrived, at)),
        what: What::Changed {
            kind: event.event_type.as_str().to_owned(),
            id: event.event_id.to_string(),
            data: data.map(|(name, value)| (name.clone(), words(value))).collect(),
            sandbox_time: at.is_none_or(differs).then(|| moment(event.created_at)),
        },
    }
}

/// A value as it is read.
fn words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(words).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

fn queued(trace: &Trace, delivery: &Delivery) -> Step {
    let url = trace.urls.get(delivery.webhook_id.as_str());
    Step {
        at: Some(instant(delivery.created_at)),
        gap: Some(since(trace.arrived(), delivery.created_at)),
        what: What::Queued {
            delivery: delivery.id.to_string(),
            url: url.map_or_else(|| delivery.webhook_id.to_string(), Clone::clone),
            status: delivery.status.as_str().to_owned(),
        },
    }
}

fn ended(tried: &Tried) -> Timestamp {
    let attempt = &tried.attempt;
    attempt.started_at.plus_millis(attempt.duration_ms.into())
}

/// The attempts at a delivery: the first follows from its being queued, each other one from the one before.
fn attempts(delivery: &Delivery, tried: &[&Brief]) -> Vec<Step> {
    let before = tried.iter().map(|tried| tried.started_at);
    let before = std::iter::once(delivery.created_at).chain(before);
    let step = |(tried, before): (&&Brief, Timestamp)| Step {
        at: Some(instant(tried.started_at)),
        gap: Some(since(before, tried.started_at)),
        what: What::Attempted(Attempted {
            number: tried.number,
            manual: tried.trigger == Trigger::Manual,
            status: tried.response_status,
            error: tried.error.map(failure),
            millis: tried.duration_ms,
        }),
    };
    tried.iter().zip(before).map(step).collect()
}

fn due(delivery: &Delivery, now: Timestamp) -> Option<Step> {
    let at = delivery.next_attempt_at?;
    let left = Some(between(now, at)).filter(|left| *left > 0);
    Some(Step {
        at: Some(instant(at)),
        gap: None,
        what: What::Due {
            number: delivery.attempts_made + 1,
            within: left.map(|left| gap(left).trim_start_matches('+').to_owned()),
        },
    })
}
