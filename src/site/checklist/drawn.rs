//! An item of the checklist as its page draws it: the word for its state, and what proves it.

use app::{
    link,
    model::{ChecklistItem, Evidence, ItemState, checklist::Turn},
};
use contract::contract;

use super::moment;
use crate::{
    checklist::{Call, Delivered, Part, Proof, Standing, State as Stand},
    site::session::Own,
    store::{
        control::approvals::{ApprovalRow, Step},
        log::Refused,
    },
};

/// An item, ready to be drawn.
pub(in crate::site) fn draw(
    standing: Standing,
    own: Option<&Own>,
    next: Option<(String, String)>,
) -> ChecklistItem {
    let Standing { item, state } = standing;
    let hint = match &state {
        Stand::Reopened(why) => Some(why.clone()),
        _ => None,
    };
    ChecklistItem {
        id: item.id.to_owned(),
        title: item.title.to_owned(),
        why: item.why.to_owned(),
        rule: item.rule_text.to_owned(),
        action: next,
        launch: item.part == Part::Launch,
        hint,
        state: match state {
            Stand::Open | Stand::Reopened(_) => ItemState::Open,
            Stand::Asked(step) => ItemState::Asked(turn(&step)),
            Stand::Returned(step) => ItemState::Returned(turn(&step)),
            Stand::Proven(Proof::Delivery(delivered)) => ItemState::Proven(answered(&delivered, own)),
            Stand::Proven(Proof::Call(call)) => ItemState::Proven(called(call, own)),
            Stand::Proven(Proof::Approval { approved, asked_by }) => {
                ItemState::Proven(agreed(approved, &asked_by))
            }
        },
    }
}

/// The word for where an item stands.
pub(in crate::site) const fn word(state: &Stand) -> &'static str {
    match state {
        Stand::Open | Stand::Reopened(_) => "Open",
        Stand::Asked(_) => "Asked",
        Stand::Returned(_) => "Returned",
        Stand::Proven(_) => "Proven",
    }
}

fn called(call: Call, own: Option<&Own>) -> Evidence {
    let what = contract().card(&call.operation).map_or_else(
        || call.operation.clone(),
        |card| {
            let spec = card.spec;
            let status = call.status.unwrap_or(spec.status);
            format!("{} {} → {status}", spec.method.as_str(), spec.path)
        },
    );
    let after = call.before.as_ref().map(|before| waited(&call, before));
    let what = what + &after.unwrap_or_default();
    let client = own.map_or_else(String::new, |own| own.client.to_string());
    let by = if call.from_builder {
        format!("{client}, from the builder")
    } else {
        client
    };
    Evidence {
        what,
        href: Some(link::timeline(&call.request_id)),
        request_id: Some(call.request_id),
        by,
        note: String::new(),
        at: moment(call.at),
    }
}

fn answered(delivered: &Delivered, own: Option<&Own>) -> Evidence {
    let what = match delivered.refused {
        Some(status) => format!("{} refused a forged delivery with {status}", delivered.url),
        None => format!("{} accepted a delivery", delivered.url),
    };
    Evidence {
        what,
        request_id: None,
        href: Some(link::delivery(delivered.delivery.as_str())),
        by: own.map_or_else(String::new, |own| own.client.to_string()),
        note: String::new(),
        at: moment(delivered.at),
    }
}

fn agreed(approved: ApprovalRow, asked_by: &str) -> Evidence {
    Evidence {
        what: approved.subject,
        request_id: None,
        href: None,
        by: format!("{}, asked for by {asked_by}", approved.by),
        note: approved.note,
        at: moment(approved.at),
    }
}

/// One step of a matter, ready to be drawn.
pub(in crate::site) fn turn(step: &ApprovalRow) -> Turn {
    let word = match step.step {
        Step::Asked => "Asked for",
        Step::Approved => "Approved",
        Step::Returned => "Returned",
    };
    Turn {
        word: word.to_owned(),
        what: step.subject.clone(),
        by: step.by.clone(),
        at: moment(step.at),
        note: step.note.clone(),
    }
}

/// How long after which refusal a call was repeated.
fn waited(call: &Call, before: &Refused) -> String {
    let tenths = (call.at.as_millis() - before.at.as_millis()) / 100;
    let (whole, tenth) = (tenths / 10, tenths % 10);
    let Refused {
        request_id,
        status,
        retry_after,
        ..
    } = before;
    format!(", {whole}.{tenth} s after {status} with Retry-After: {retry_after} ({request_id})")
}
