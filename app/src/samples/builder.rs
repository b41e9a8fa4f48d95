//! Sample data for the builder: a form, what was answered, what was sent before, a fault that waits.

use super::data::{CLIENT_ID, at, clients, form, sent};
use crate::{
    model::{BuilderPage, FaultPanel, Foreign, OperationLink, Outcome, PastCall, Suggestion, WaitingFault},
    port::SendError,
};
use contract::{
    contract, demo,
    form::{Input, Kind},
};

pub(super) fn page(operation: &str, outcome: Option<Outcome>) -> BuilderPage {
    let form = form(operation);
    let operations = contract()
        .cards
        .iter()
        .map(|card| OperationLink {
            id: card.spec.id.into(),
            method: card.spec.method,
            path: card.spec.path.into(),
            summary: card.spec.summary(),
            group: card.spec.group.title().into(),
        })
        .collect();
    let suggestion = |kind: &str, value: &str, label: &str| Suggestion {
        kind: kind.into(),
        value: value.into(),
        label: label.into(),
    };
    BuilderPage {
        operations,
        fields: if outcome.is_some() {
            crate::request::example_fields(&form)
        } else {
            Vec::new()
        },
        form,
        whole: false,
        notice: None,
        foreign: foreign(operation),
        faults: Some(faults(operation)),
        docs_url: Some("/docs/clients".into()),
        suggestions: vec![
            suggestion("ClientId", demo::CLIENT, "Halvorsen Family"),
            suggestion("ClientId", demo::CHILD_CLIENT, "Halvorsen Foundation"),
            suggestion("LegalEntityId", demo::LEGAL_ENTITY, "Halvorsen Holding AS"),
        ],
        client_id: match outcome {
            Some(Outcome::Failed(SendError::NoSandbox)) => None,
            _ => Some(CLIENT_ID.into()),
        },
        history: outcome.iter().flat_map(|_| history()).collect(),
        outcome,
        api_url: "https://api.aleta.io".into(),
        portal_url: "https://developers.aleta.io".into(),
    }
}

/// A form with a list of objects, which has two rows.
pub(super) fn rows() -> BuilderPage {
    let mut page = page("clients.create", None);
    let member = page.form.inputs[0].clone();
    page.form.inputs.push(Input {
        name: "members".into(),
        kind: Kind::List(Box::new(Kind::Object(vec![member]))),
        required: false,
        example: Some(serde_json::json!([{"name": "a"}, {"name": "b"}])),
        ..page.form.inputs[0].clone()
    });
    page
}

/// What was sent before.
fn history() -> Vec<PastCall> {
    let call = |id: &str, line: &str, status, duration_us, time| PastCall {
        request_id: id.into(),
        operation: "clients.list".into(),
        line: line.into(),
        status,
        duration_us,
        at: at(time),
    };
    vec![
        call(
            "req_01K0Q7W6F4M2X9R3T5B8N1C7D2",
            "GET /v1/clients?limit=2",
            200,
            4_180,
            "14:02:11",
        ),
        call(
            "req_01K0Q7W6F4M2X9R3T5B8N1C7D1",
            "POST /v1/clients",
            422,
            6_020,
            "14:01:48",
        ),
    ]
}

/// The fault panel, with one fault that waits.
fn faults(operation: &str) -> FaultPanel {
    FaultPanel {
        operation: operation.into(),
        method: "GET".into(),
        path: "/v1/clients".into(),
        can_be_struck: true,
        waiting: vec![WaitingFault {
            id: "flt_01k2j8x4m6v0q3r5t7w9y1z2a3".into(),
            does: "429, Retry-After 3".into(),
            strikes: "GET /v1/clients".into(),
            remaining: 2,
        }],
        said: None,
    }
}

/// An id of another sandbox, on the one form that has it.
fn foreign(operation: &str) -> Vec<Foreign> {
    if operation != "clients.update" {
        return Vec::new();
    }
    let own = Suggestion {
        kind: "ClientId".into(),
        value: demo::CLIENT.into(),
        label: "Halvorsen Family".into(),
    };
    vec![Foreign {
        name: "id".into(),
        value: "0123456789abcdef01234567".into(),
        choices: vec![(own, "/builder?operation=clients.update&whole=1".into())],
    }]
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "all three outcomes are passed on the same way"
)]
pub(super) fn answered() -> Option<Outcome> {
    Some(Outcome::Answered(Box::new(sent(
        "clients.list",
        200,
        "OK",
        &clients(),
    ))))
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "all three outcomes are passed on the same way"
)]
pub(super) fn refused() -> Option<Outcome> {
    let body = r##"{"type":"https://developers.aleta.io/docs/errors#validation-failed","title":"Validation failed","status":422,"detail":"One member is invalid: reference_currency.","instance":"urn:request:req_01K0Q7W6F4M2X9R3T5B8N1C7D2","request_id":"req_01K0Q7W6F4M2X9R3T5B8N1C7D2","errors":[{"pointer":"#/reference_currency","detail":"EURO is not an ISO 4217 code"}]}"##;
    Some(Outcome::Answered(Box::new(sent(
        "clients.update",
        422,
        "Unprocessable Content",
        body,
    ))))
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "all three outcomes are passed on the same way"
)]
pub(super) fn failed() -> Option<Outcome> {
    Some(Outcome::Failed(SendError::NoSandbox))
}
