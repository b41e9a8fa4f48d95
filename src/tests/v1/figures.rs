//! The figures that pages show are those that the demo ledger gives. `UPDATE_FIGURES=1` writes them into the pages.

use crate::harness::{Developer, Portal};
use contract::{contract, demo};
use serde_json::Value;
use std::{env, fs, path::Path};

/// Pages whose samples are answers: each a JSON block with the request as its title.
const PAGES: [&str; 9] = [
    "cashflows",
    "holdings",
    "custodian-holdings",
    "performance",
    "positions",
    "private-markets",
    "instruments",
    "time-series",
    "transactions",
];
const PAID_IN_AUTUMN: &str = "?portfolio_id=66a1f0c2d4e5b60718295001&from=2026-07-01&to=2026-10-31&limit=1";
const OPEN: &str = "```json title=\"GET ";

pub(super) fn settled(path: &str) -> String {
    path.replace("⟦reporting_entity⟧", demo::REPORTING_ENTITY)
        .replace("⟦legal_entity⟧", demo::LEGAL_ENTITY)
        .replace("⟦portfolio⟧", demo::PORTFOLIO)
        .replace("⟦account⟧", demo::ACCOUNT)
}

/// The answer as it is printed; a cursor is different every hour.
fn printed(mut answer: Value) -> String {
    if answer["next_cursor"].is_string() {
        answer["next_cursor"] = "…".into();
    }
    serde_json::to_string_pretty(&answer).expect("JSON")
}

/// A sandbox as the page leaves it: at the moment that its command moves the clock to, where it has one.
async fn sandbox(portal: &Portal, text: &str) -> Developer {
    let developer = portal.sandbox().await;
    let command = text.split_once("/sandbox/clock/advance").map(|(_, rest)| rest);
    if let Some((_, rest)) = command.and_then(|rest| rest.split_once("-d '")) {
        let (body, _) = rest.split_once('\'').expect("an end of the body");
        let body: Value = serde_json::from_str(body).expect("JSON");
        developer.post("/sandbox/clock/advance", body).await.expect(200);
    }
    developer
}

#[tokio::test]
async fn every_answer_on_a_page_is_the_one_that_is_given() {
    let portal = Portal::new().await;
    let mut shown = 0;
    for page in PAGES {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("content/reference/v1/{page}.md"));
        let text = fs::read_to_string(&file).expect("a page");
        let developer = sandbox(&portal, &text).await;
        let mut fresh = String::new();
        let mut parts = text.split(OPEN);
        fresh.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let (path, rest) = part.split_once("\"\n").expect("a title");
            let (_, after) = rest.split_once("\n```\n").expect("an end");
            let answer = developer.get(&settled(path)).await.expect(200).json();
            fresh.extend([OPEN, path, "\"\n", &printed(answer), "\n```\n", after]);
            shown += 1;
        }
        if env::var_os("UPDATE_FIGURES").is_some() {
            fs::write(&file, fresh).expect("the page is written");
        } else {
            assert!(fresh == text, "{page}: run this test once with UPDATE_FIGURES=1");
        }
    }
    assert!(shown >= 10, "{shown}");
}

#[tokio::test]
async fn every_example_of_figures_is_a_row_of_the_demo_data() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    for (id, query) in [
        ("holdings.list", "?as_of=2026-06-30&limit=1"),
        ("custodian_holdings.list", "?date=2026-06-30&limit=1"),
        ("performance.get", "?from=2026-06-26&to=2026-06-26"),
        ("private_markets.list", "?date=2026-06-30&limit=1"),
        ("cashflows.list", PAID_IN_AUTUMN),
    ] {
        let card = contract().card(id).expect("an operation");
        let entity = card
            .example
            .path
            .get("id")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let path = format!("{}{query}", card.spec.path.replace("{id}", entity));
        let mut answer = developer.get(&path).await.expect(200).json();
        if answer["data"].is_array() {
            (answer["has_more"], answer["next_cursor"]) = (false.into(), Value::Null);
        }
        assert_eq!(card.example.reply, Some(answer), "{id}");
    }
}
