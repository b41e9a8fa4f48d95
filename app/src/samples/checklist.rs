//! Sample data for the checklist: untouched, and with a step in each state.

use super::{
    board,
    data::{CLIENT_ID, at},
};
use crate::model::{ChecklistItem, ChecklistPage, Evidence, ItemState};

pub(super) fn page(begun: bool) -> ChecklistPage {
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
        items[1].state = ItemState::Asked(board::turn("Asked for", "clients:read"));
        items[4].state = ItemState::Returned(board::turn("Returned", "2026-06-30"));
    }
    ChecklistPage {
        holder: "amber-ledger".into(),
        client_id: begun.then(|| CLIENT_ID.into()),
        as_of: at("14:05:37"),
        items,
    }
}
