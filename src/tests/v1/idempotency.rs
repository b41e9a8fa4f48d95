//! `Idempotency-Key`.

use crate::harness::{Answer, Developer, Portal};
use serde_json::json;

async fn create(developer: &Developer, key: &str, name: &str) -> Answer {
    let request = developer
        .request("POST", "/v1/clients")
        .header("idempotency-key", key);
    request
        .json(json!({ "name": name, "reference_currency": "EUR" }))
        .send()
        .await
}

#[tokio::test]
async fn the_same_request_gets_the_first_answer_again() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let first = create(&developer, "k1", "Once").await.expect(201);
    let again = create(&developer, "\"k1\"", "Once").await.expect(201);
    assert_eq!(first.text, again.text);
    assert_eq!(first.header("location"), again.header("location"));
    assert_eq!(
        (
            first.header("idempotency-replayed"),
            again.header("idempotency-replayed")
        ),
        (None, Some("true"))
    );
    let named = |answer: Answer| {
        answer.json()["data"]
            .as_array()
            .expect("rows")
            .iter()
            .filter(|row| row["name"] == "Once")
            .count()
    };
    assert_eq!(named(developer.get("/v1/clients?limit=100").await), 1);
}

#[tokio::test]
async fn the_same_key_with_another_request_is_refused() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    create(&developer, "k1", "Once").await.expect(201);
    assert_eq!(
        create(&developer, "k1", "Twice").await.expect(422).problem(),
        "idempotency-key-reused"
    );
    let other_path = developer
        .request("POST", "/sandbox/clock/advance")
        .header("idempotency-key", "k1");
    other_path
        .json(json!({ "by_seconds": 1 }))
        .send()
        .await
        .expect(200);
}

#[tokio::test]
async fn a_refusal_is_not_remembered() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let bad = developer
        .request("POST", "/v1/clients")
        .header("idempotency-key", "k1")
        .json(json!({ "name": "A" }));
    bad.send().await.expect(422);
    create(&developer, "k1", "Once").await.expect(201);
}

#[tokio::test]
async fn keys_of_two_sandboxes_do_not_meet() {
    let portal = Portal::new().await;
    let (one, other) = (portal.sandbox().await, portal.sandbox().await);
    let first = create(&one, "k1", "Once").await.expect(201);
    let second = create(&other, "k1", "Once").await.expect(201);
    assert_ne!(first.id(), second.id());
}

#[tokio::test]
async fn many_at_once_make_one_object() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let tries = (0..16).map(|_| create(&developer, "k1", "Once"));
    let answers = futures::future::join_all(tries).await;
    let mut ids = Vec::new();
    for answer in answers {
        match answer.status {
            201 => ids.push(answer.id()),
            409 => {
                assert_eq!(answer.problem(), "idempotency-in-progress");
                assert!(answer.header("retry-after").is_some());
            }
            other => panic!("{other}: {}", answer.text),
        }
    }
    ids.dedup();
    assert_eq!(ids.len(), 1, "{ids:?}");
}

#[tokio::test]
async fn answers_survive_a_restart() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let first = create(&developer, "k1", "Once").await.expect(201);
    let portal = portal.restart().await;
    let developer = Developer {
        client: portal.anonymous(),
        ..developer
    };
    let again = create(&developer, "k1", "Once").await;
    assert_ne!(
        again.status, 401,
        "the token must survive a restart: {}",
        again.text
    );
    assert_eq!(again.expect(201).text, first.text);
}

#[tokio::test]
async fn a_malformed_key_is_refused() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let long = "k".repeat(256);
    for key in ["", "\"\"", &long] {
        assert_eq!(
            create(&developer, key, "Never").await.expect(400).problem(),
            "invalid-header"
        );
    }
}
