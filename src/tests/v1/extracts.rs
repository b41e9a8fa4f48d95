//! Extracts: ordered, made in the background, fetched as files, and kept on record.

mod files;
mod life;

use crate::harness::{Developer, Portal};
use contract::demo;
use portal::clock::Clock;
use reqwest::Response;
use serde_json::{Value, json};

#[expect(
    clippy::needless_pass_by_value,
    reason = "filters read best as a literal in the call"
)]
fn order(dataset: &str, format: &str, filters: Value) -> Value {
    json!({ "dataset": dataset, "format": format, "filters": filters, "purpose": "Reconciliation" })
}

/// A server that leaves what is ordered queued.
async fn idle() -> Portal {
    Portal::with(Clock::system(), |config| config.extracts_at_once = 0).await
}

/// Orders an extract and waits until it has ended.
async fn made(developer: &Developer, order: Value) -> Value {
    let id = developer.post("/v1/extracts", order).await.expect(202).id();
    ended(developer, &id).await
}

/// The extract once it has ended, which the feed of events tells.
async fn ended(developer: &Developer, id: &str) -> Value {
    let mut cursor = String::new();
    loop {
        let page = developer
            .get(&format!("/v1/events?wait=20&limit=100{cursor}"))
            .await;
        let page = page.expect(200).json();
        let events = page["data"].as_array().expect("events");
        if events.iter().any(|event| event["data"]["extract_id"] == id) {
            return developer
                .get(&format!("/v1/extracts/{id}"))
                .await
                .expect(200)
                .json();
        }
        assert!(!events.is_empty(), "nothing is heard of {id}");
        cursor = format!("&cursor={}", page["next_cursor"].as_str().expect("a cursor"));
    }
}

/// Fetches a file by its link alone, with these headers.
async fn fetch(developer: &Developer, extract: &Value, headers: &[(&str, &str)]) -> Response {
    let link = extract["download_url"].as_str().expect("a link");
    let request = headers
        .iter()
        .fold(developer.client.http.get(link), |request, (name, value)| {
            request.header(*name, *value)
        });
    request.send().await.expect("a response")
}

async fn text(developer: &Developer, extract: &Value) -> String {
    assert_eq!(extract["status"], "succeeded", "{extract}");
    fetch(developer, extract, &[]).await.text().await.expect("a text")
}

#[tokio::test]
async fn an_order_is_checked_before_anything_is_made() {
    let portal = idle().await;
    let developer = portal.sandbox().await;
    let nobody = "66a1f0c2d4e5b607182900ff";
    let cases = [
        (
            order("holdings", "csv", json!({ "portfolio_id": demo::PORTFOLIO })),
            "#/filters/portfolio_id",
        ),
        (
            order("positions", "csv", json!({ "from": "2026-01-01" })),
            "#/filters/from",
        ),
        (
            order("performance", "csv", json!({ "reporting_entity_id": nobody })),
            "#/filters/reporting_entity_id",
        ),
        (
            order("transactions", "csv", json!({ "from": "2999-01-01" })),
            "#/filters/from",
        ),
        (
            order("performance", "csv", json!({ "from": "2001-01-01" })),
            "#/filters/from",
        ),
        (
            order("cashflows", "csv", json!({ "status": "open" })),
            "#/filters/status",
        ),
        (json!({ "dataset": "positions", "format": "csv" }), "#/purpose"),
        (
            json!({ "dataset": "positions", "format": "csv", "purpose": " " }),
            "#/purpose",
        ),
        (
            json!({ "dataset": "positions", "format": "xlsx", "purpose": "A" }),
            "#/format",
        ),
        (
            json!({ "dataset": "positions", "format": "csv", "purpose": "A", "as_of": "2999-01-01" }),
            "#/as_of",
        ),
    ];
    for (body, pointer) in cases {
        let refused = developer
            .post("/v1/extracts", body.clone())
            .await
            .expect(422)
            .json();
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{body}");
    }
    let listed = developer.get("/v1/extracts").await.expect(200).json();
    assert_eq!(listed["data"], json!([]));
}

#[tokio::test]
async fn one_of_each_data_set_is_made_at_a_time() {
    let portal = idle().await;
    let developer = portal.sandbox().await;
    let first = developer
        .post("/v1/extracts", order("positions", "csv", json!({})))
        .await
        .expect(202);
    let id = first.id();
    assert_eq!(
        first.header("location"),
        Some(&*format!("{}/v1/extracts/{id}", developer.client.base))
    );
    let refused = developer
        .post("/v1/extracts", order("positions", "parquet", json!({})))
        .await
        .expect(409);
    assert_eq!(refused.problem(), "extract-already-running");
    assert_eq!(refused.json()["extract_id"], id);
    let other = developer.post("/v1/extracts", order("holdings", "csv", json!({})));
    other.await.expect(202);
    let queued = developer
        .get("/v1/extracts?status=queued")
        .await
        .expect(200)
        .json();
    assert_eq!(queued["data"].as_array().map(Vec::len), Some(2));
    let of_positions = developer
        .get("/v1/extracts?dataset=positions")
        .await
        .expect(200)
        .json();
    assert_eq!(of_positions["data"][0]["id"], id);
    assert_eq!(of_positions["data"][0]["requested_by"], developer.client_id);
}

#[tokio::test]
async fn one_that_cannot_be_made_says_why_and_makes_room() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let body = order("holdings", "csv", json!({ "currency": "ISK" }));
    let failed = made(&developer, body.clone()).await;
    assert_eq!(failed["status"], "failed");
    assert_eq!(failed["download_url"], Value::Null);
    assert_eq!(
        failed["failure"],
        "No exchange rate of ISK is known, so what is in it cannot be converted."
    );
    developer.post("/v1/extracts", body).await.expect(202);
}
