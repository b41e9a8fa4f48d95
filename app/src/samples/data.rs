//! Sample data for the frame and the simpler pages, and what several samples share.

use crate::{
    model::{
        Assets, Frame, HomePage, LiveCall, LoggedCall, LogsPage, Moment, SandboxPage, SandboxView, SearchHit,
        SearchPage,
    },
    port::Sent,
    sample,
};
use contract::{contract, demo, form::Form};

pub(super) const CLIENT_ID: &str = "sbx_client_01k0q7w6f4m2x9r3";

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
            fonts: ["serif", "sans", "mono"].map(|font| format!("/assets/fonts/{font}.woff2")),
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

pub(super) fn at(time: &str) -> Moment {
    Moment::from_rfc3339(&format!("2026-05-23T{time}Z"))
}

pub(super) fn sent(operation: &str, status: u16, reason: &str, body: &str) -> Sent {
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

pub(super) fn clients() -> String {
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
