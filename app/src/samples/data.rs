//! Sample data for the pages that are not docs.

use crate::{
    model::{
        Assets, BuilderPage, ChecklistItem, ChecklistPage, Evidence, FaultPanel, Foreign, Frame, HomePage,
        ItemState, LiveCall, LoggedCall, LogsPage, Moment, OperationLink, Outcome, PastCall, SandboxPage,
        SandboxView, SearchHit, SearchPage, Suggestion, WaitingFault,
    },
    port::{SendError, Sent},
    sample,
};
use contract::{
    contract, demo,
    form::{Form, Input, Kind},
};

const CLIENT_ID: &str = "sbx_client_01k0q7w6f4m2x9r3";

pub(super) fn frame() -> Frame {
    Frame {
        assets: Assets {
            stylesheet: "/assets/main.css".into(),
            page_js: "/assets/page.js".into(),
            islands_js: "/assets/islands.js".into(),
            wasm_js: "/assets/web.js".into(),
            wasm: "/assets/web_bg.wasm".into(),
            key_js: "/assets/key.js".into(),
            live_js: "/assets/live.js".into(),
            font_serif: "/assets/fonts/serif.woff2".into(),
            font_sans: "/assets/fonts/sans.woff2".into(),
            favicon: "/favicon.svg".into(),
        },
        theme: crate::model::Theme::System,
        portal_url: "https://developers.aleta.io".into(),
        path: "/".into(),
    }
}

pub(super) fn form(operation: &str) -> Form {
    contract().form(contract().card(operation).expect("the operation exists"))
}

fn at(time: &str) -> Moment {
    Moment::from_rfc3339(&format!("2026-05-23T{time}Z"))
}

fn sent(operation: &str, status: u16, reason: &str, body: &str) -> Sent {
    let form = form(operation);
    let request = crate::request::SendRequest::example(&form);
    let wire = request
        .wire(&form, "https://api.aleta.io")
        .expect("examples are whole");
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    Sent {
        operation: operation.into(),
        request_line: wire.request_line(),
        curl: sample::curl(&wire, sample::Bearer::Variable),
        at: at("14:02:11"),
        status,
        reason: reason.into(),
        duration_us: 4_180,
        size: body.len() as u64,
        headers: vec![
            header(
                "content-type",
                if status < 400 {
                    "application/json"
                } else {
                    "application/problem+json"
                },
            ),
            header("etag", "\"k3v7Qm2x1fA9\""),
            header("cache-control", "private, no-cache"),
            header("request-id", "req_01K0Q7W6F4M2X9R3T5B8N1C7D2"),
            header(
                "ratelimit-policy",
                "\"read\";q=120;w=60, \"concurrent-requests\";q=8;qu=\"concurrent-requests\"",
            ),
            header("x-ratelimit-limit", "120"),
            header("x-ratelimit-remaining", "118"),
            header("x-ratelimit-reset", "1"),
        ],
        body: body.into(),
        request_id: "req_01K0Q7W6F4M2X9R3T5B8N1C7D2".into(),
    }
}

fn clients() -> String {
    format!(
        r#"{{"data":[{{"id":"{}","name":"Halvorsen Family","parent_id":null,"reference_currency":"EUR","accounting_method":"fifo","created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z"}},{{"id":"{}","name":"Halvorsen Foundation","parent_id":"{}","reference_currency":"DKK","accounting_method":"average","created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z"}}],"has_more":true,"next_cursor":"eyJrIjoxfQ.9fQ2"}}"#,
        demo::CLIENT,
        demo::CHILD_CLIENT,
        demo::CLIENT
    )
}

pub(super) fn home() -> HomePage {
    HomePage {
        live: Some(LiveCall {
            sent: sent("clients.list", 200, "OK", &clients()),
            at: at("14:02:11"),
            source: "a shared sandbox".into(),
        }),
        has_sandbox: false,
        operations: contract().cards.len(),
    }
}

pub(super) fn silent_home() -> HomePage {
    HomePage {
        live: None,
        has_sandbox: true,
        ..home()
    }
}

pub(super) fn no_sandbox() -> SandboxPage {
    SandboxPage::Absent {
        problem: Some("The sandbox could not be created: the disk is full. Try again in a moment.".into()),
    }
}

pub(super) fn sandbox(fresh: bool) -> SandboxPage {
    let counts = [
        ("Clients", 3),
        ("Legal entities", 9),
        ("Accounts", 14),
        ("Depositories", 9),
        ("Reporting entities", 5),
        ("Portfolios", 10),
        ("Custodian authorities", 8),
        ("Transactions", 4_112),
    ];
    SandboxPage::Present(Box::new(SandboxView {
        name: "amber-ledger".into(),
        id: "sbx_01k0q7w6f4m2x9r3t5b8n1c7d2".into(),
        client_id: CLIENT_ID.into(),
        secret: fresh.then(|| "sk_sbx_5Zr0fV9cXq3nTg7LwK2mB8yD4hJ6pS1a".into()),
        secret_at: at("13:58:40"),
        api_url: "https://api.aleta.io".into(),
        plan: "sandbox".into(),
        budget: "120 reads and 30 writes a minute".into(),
        scopes: contract::Scope::ALL.iter().map(ToString::to_string).collect(),
        created: at("13:58:40"),
        ends: Moment::from_rfc3339("2026-06-06T13:58:40Z"),
        clock: Moment::from_rfc3339("2026-11-20T13:58:40Z"),
        counts: counts.map(|(name, count)| (name.to_owned(), count)).to_vec(),
        may_manage: true,
        claimed: !fresh,
        notice: fresh.then(|| "Your sandbox is ready.".into()),
        problem: (!fresh)
            .then(|| "Not deleted: the name did not match. Type amber-ledger to confirm.".into()),
    }))
}

pub(super) fn builder(operation: &str, outcome: Option<Outcome>) -> BuilderPage {
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
    let mut page = builder("clients.create", None);
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

/// A call of the request log.
pub(super) fn call() -> LoggedCall {
    LoggedCall {
        request_id: "req_01K0Q7W6F4M2X9R3T5B8N1C7D2".into(),
        at: at("14:02:11"),
        method: "GET".into(),
        path: "/v1/clients?limit=2".into(),
        status: 429,
        duration_us: 4_180,
        from_builder: false,
        client_id: Some(CLIENT_ID.into()),
        operation: Some(("List clients".into(), "/docs/clients".into())),
        problem: Some("rate-limited".into()),
        open: Some("/builder?operation=clients.list".into()),
    }
}

/// A page of the request log.
pub(super) fn logs(calls: bool) -> LogsPage {
    LogsPage {
        holder: Some("amber-ledger".into()),
        calls: if calls { vec![call()] } else { Vec::new() },
        older: calls.then(|| "/logs?before=1".into()),
        ..LogsPage::default()
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

pub(super) fn checklist(begun: bool) -> ChecklistPage {
    let item = |id: &str, title: &str, why: &str, rule: &str, action: (&str, &str)| ChecklistItem {
        id: id.into(),
        title: title.into(),
        why: why.into(),
        rule: rule.into(),
        action: Some((action.0.into(), action.1.into())),
        launch: true,
        hint: None,
        state: ItemState::Open,
    };
    let mut items = vec![
        item(
            "credentials-issued",
            "Sandbox credentials issued",
            "Everything else is proven with these credentials.",
            "a token issued to your client, and one call with it that succeeds.",
            ("Send a first request", "/builder?operation=clients.list"),
        ),
        item(
            "scopes-approved",
            "Read scopes approved",
            "Production grants only the scopes that were asked for and reviewed.",
            "a call with a token that carries read scopes alone, and their approval by the onboarding team.",
            ("Read about scopes", "/docs/authentication"),
        ),
        item(
            "webhook-secret",
            "Webhook secret generated",
            "A receiver that does not verify signatures believes anyone.",
            "a delivery that your endpoint accepted, and a forged one that it refused.",
            ("Read about webhooks", "/docs/webhooks"),
        ),
        item(
            "retries-tested",
            "Retry handling tested",
            "Budgets are finite, and every network fails some day.",
            "a call answered 429 or 503 that was repeated no earlier than Retry-After and then succeeded.",
            ("See the errors", "/docs/errors#rate-limited"),
        ),
        item(
            "cutover-scheduled",
            "Production cutover scheduled",
            "Both teams are awake when real data starts to flow.",
            "a date that you propose and the onboarding team confirms.",
            ("Read about going live", "/docs/going-live"),
        ),
    ];
    if begun {
        items[0].state = ItemState::Proven(Evidence {
            what: "GET /v1/clients → 200".into(),
            request_id: Some("req_01K0Q7W6F4M2X9R3T5B8N1C7D2".into()),
            href: Some("/builder?operation=clients.list".into()),
            by: CLIENT_ID.into(),
            note: String::new(),
            at: at("14:02:11"),
        });
        items[0].action = None;
        items[1].state = ItemState::Asked(super::board::turn("Asked for", "clients:read"));
        items[4].state = ItemState::Returned(super::board::turn("Returned", "2026-06-30"));
    }
    ChecklistPage {
        holder: "amber-ledger".into(),
        client_id: begun.then(|| CLIENT_ID.into()),
        as_of: at("14:05:37"),
        items,
    }
}

pub(super) fn search(query: &str) -> SearchPage {
    let hit = |title: &str, trail: &str, href: &str, excerpt: &str| SearchHit {
        title: title.into(),
        href: href.into(),
        trail: trail.into(),
        excerpt_html: excerpt.into(),
    };
    SearchPage {
        query: query.into(),
        hits: if query == "zzz" {
            Vec::new()
        } else {
            vec![
                hit(
                    "expires_at",
                    "Reference · Authorities",
                    "/docs/authorities",
                    "When the consent lapses; null for flows without a ceiling. <mark>expires_at</mark>",
                ),
                hit(
                    "Refresh an authority",
                    "Reference · Authorities",
                    "/docs/authorities",
                    "Moves <mark>expires_at</mark> to the end of a new window.",
                ),
            ]
        },
    }
}
