//! What the console says in words, and rows as it shows them.

use app::model::webhooks::{AttemptRow, DeliveryRow, EndpointRow, MessageRow, Standing};
use contract::{
    deliveries::{Attempt, AttemptError, Delivery, HeaderLine, Trigger},
    events::EventPattern,
    inboxes::{InboxAnswer, InboxMessage, Verification},
    webhooks::{DisabledReason, Webhook, WebhookStatus},
};

use std::collections::HashMap;

use crate::{
    sandbox::DomainError,
    site::{checklist::moment, fault::Fault},
    store::tenant::webhooks::pauses::Pause,
};

/// What a refusal says to a person.
///
/// # Errors
/// When it is our fault, or the object is not there.
pub(super) fn refusal(error: DomainError) -> Result<String, Fault> {
    Ok(match error {
        DomainError::Invalid(faults) => {
            let sentences = faults.into_iter().map(|fault| {
                let member = fault
                    .pointer
                    .as_deref()
                    .map(|pointer| pointer.trim_start_matches(['#', '/']).replace('/', "."))
                    .filter(|member| !member.is_empty());
                match member {
                    Some(member) => format!("{member}: {}.", fault.detail.trim_end_matches('.')),
                    None => format!("{}.", fault.detail.trim_end_matches('.')),
                }
            });
            sentences.collect::<Vec<_>>().join(" ")
        }
        DomainError::WrongState { detail } => detail,
        DomainError::NotFound => return Err(Fault::NoPage),
        other => return Err(other.into()),
    })
}

/// Where an endpoint stands; `pause` is one that lasts.
fn standing(webhook: &Webhook, pause: Option<&Pause>) -> Standing {
    match (webhook.status, webhook.disabled_reason, pause) {
        (WebhookStatus::Disabled, reason, _) => Standing::Disabled {
            why: match reason {
                Some(DisabledReason::Gone) => "Disabled because it answered 410.",
                Some(DisabledReason::Failing) => "Disabled after five days of nothing but failures.",
                Some(DisabledReason::Requested) | None => "Disabled because somebody asked for it.",
            }
            .to_owned(),
            asked_for: !matches!(reason, Some(DisabledReason::Gone | DisabledReason::Failing)),
        },
        (WebhookStatus::Enabled, _, Some(pause)) => Standing::Paused {
            until: moment(pause.until),
            why: match (pause.status, &pause.asked) {
                (Some(status), Some(asked)) => {
                    format!("the receiver answered {status} with Retry-After: {asked}")
                }
                (Some(status), None) => format!("the receiver answered {status} and asked for it"),
                (None, _) => "the receiver asked for it".to_owned(),
            },
        },
        (WebhookStatus::Enabled, _, None) => match webhook.failing_since {
            Some(since) => Standing::Retrying { since: moment(since) },
            None => Standing::Enabled,
        },
    }
}

/// An endpoint as a row.
pub(super) fn endpoint(webhook: &Webhook, pause: Option<&Pause>) -> EndpointRow {
    let events: Vec<_> = webhook.event_types.iter().map(EventPattern::as_str).collect();
    EndpointRow {
        id: webhook.id.to_string(),
        url: webhook.url.to_string(),
        description: webhook.description.as_ref().map(ToString::to_string),
        events: match events.as_slice() {
            ["*"] => "every event".to_owned(),
            _ => events.join(", "),
        },
        standing: standing(webhook, pause),
    }
}

/// A delivery as a row.
pub(super) fn delivery(delivery: &Delivery) -> DeliveryRow {
    DeliveryRow {
        id: delivery.id.to_string(),
        webhook_id: delivery.webhook_id.to_string(),
        event_id: delivery.event_id.to_string(),
        event_type: delivery.event_type.as_str().to_owned(),
        status: delivery.status.as_str().to_owned(),
        attempts: delivery.attempts_made,
        next: delivery.next_attempt_at.map(moment),
        at: moment(delivery.created_at),
    }
}

fn lines(headers: Vec<HeaderLine>) -> Vec<(String, String)> {
    headers.into_iter().map(|line| (line.name, line.value)).collect()
}

/// An attempt as a row.
pub(super) fn attempt(attempt: Attempt) -> AttemptRow {
    AttemptRow {
        number: attempt.number,
        manual: attempt.trigger == Trigger::Manual,
        at: moment(attempt.started_at),
        millis: attempt.duration_ms,
        status: attempt.response_status,
        error: attempt.error.map(failure),
        sent: lines(attempt.request_headers),
        answered: lines(attempt.response_headers),
        body: attempt.response_body,
    }
}

/// The failure of an attempt, and what it means.
pub(in crate::site) fn failure(error: AttemptError) -> (String, String) {
    (error.as_str().replace('_', " "), meaning(error).to_owned())
}

/// What the failure of an attempt means, and what to do about it.
const fn meaning(error: AttemptError) -> &'static str {
    match error {
        AttemptError::AddressNotAllowed => {
            "The address leads to a network that this installation does not send to. Use one that is public, or an inbox."
        }
        AttemptError::Dns => "The name has no address. Check the spelling and the name server.",
        AttemptError::Connect => {
            "Nothing answered at the address. Check that the receiver runs and the port is open."
        }
        AttemptError::Tls => {
            "No encryption was agreed on. Check the certificate: its name, its chain and its dates."
        }
        AttemptError::Timeout => {
            "The answer took longer than 10 seconds. Answer first and work afterwards: 202 and a queue of your own."
        }
        AttemptError::Interrupted => "The connection broke before the answer was complete.",
        AttemptError::Redirect => {
            "The answer was a redirect, which is never followed. Register the address it leads to."
        }
        AttemptError::Status => "The answer was not 2xx. Its body may say why.",
    }
}

/// The event that a message tells, by the id in its headers.
pub(super) fn told(message: &InboxMessage) -> Option<&str> {
    HeaderLine::value_of(&message.headers, "webhook-id")
}

/// A message as a row; `causes` are requests by the events that they caused.
pub(super) fn message(message: InboxMessage, causes: &HashMap<String, String>) -> MessageRow {
    let event = serde_json::from_str::<serde_json::Value>(&message.body).ok();
    let event_type = event.and_then(|event| Some(event.get("event_type")?.as_str()?.to_owned()));
    MessageRow {
        cause: told(&message).and_then(|event| causes.get(event)).cloned(),
        id: message.id.to_string(),
        at: moment(message.received_at),
        method: message.method,
        genuine: message.verification == Verification::Valid,
        verdict: match message.verification {
            Verification::Valid => "The signature is good.",
            Verification::Mismatch => {
                "The signature is not that of an endpoint that points here, or not of these bytes."
            }
            Verification::Stale => "The signature is good, but its timestamp is more than five minutes away.",
            Verification::Unsigned => "It is not signed.",
            Verification::NoEndpoint => "No endpoint points here, so there is no secret to check with.",
        }
        .to_owned(),
        event_type,
        headers: lines(message.headers),
        body: message.body,
        status: message.answered_status,
    }
}

/// How an inbox answers, one answer of several.
pub(super) fn answer((index, answer): (usize, &InboxAnswer), total: usize) -> String {
    let mut text = answer.status.to_string();
    if let Some(seconds) = answer.retry_after {
        text = format!("{text} with Retry-After: {seconds}");
    }
    if let Some(millis) = answer.delay_ms {
        text = format!("{text} after {millis} ms");
    }
    if answer.body.is_some() {
        text.push_str(", with a body");
    }
    if index + 1 == total {
        text.push_str(if total == 1 {
            ", to everything."
        } else {
            ", from then on."
        });
    } else {
        text.push('.');
    }
    text
}
