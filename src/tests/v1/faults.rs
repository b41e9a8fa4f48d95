//! Planted faults.

use crate::harness::{Developer, Portal};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

async fn plant(developer: &Developer, fault: Value) -> String {
    developer.post("/sandbox/faults", fault).await.expect(201).id()
}

#[tokio::test]
async fn a_fault_strikes_as_often_as_it_says_and_is_gone() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let planted = json!({
        "kind": "rate_limited", "times": 2, "retry_after": 7,
        "match": { "method": "GET", "path": "/v1/clients" },
    });
    let id = plant(&developer, planted).await;
    let other = developer
        .get(&format!("/v1/clients/{}", contract::demo::CLIENT))
        .await;
    assert_eq!(other.expect(200).header("sandbox-fault"), None);
    for remaining in [1, 0] {
        let struck = developer.get("/v1/clients").await.expect(429);
        assert_eq!(struck.problem(), "rate-limited");
        assert_eq!(
            (struck.header("retry-after"), struck.header("sandbox-fault")),
            (Some("7"), Some(&*id))
        );
        let left = developer.get("/sandbox/faults").await.expect(200).json();
        let left = left["data"]
            .as_array()
            .expect("rows")
            .first()
            .map(|row| row["remaining"].clone());
        assert_eq!(left, (remaining > 0).then(|| json!(remaining)));
    }
    developer.get("/v1/clients").await.expect(200);
    developer.get(&format!("/sandbox/faults/{id}")).await.expect(404);
}

#[tokio::test]
async fn what_a_fault_strikes_changes_nothing() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    plant(&developer, json!({ "kind": "server_error" })).await;
    let body = json!({ "name": "Struck", "reference_currency": "EUR" });
    let create = |body: Value| {
        let request = developer.request("POST", "/v1/clients");
        request.header("idempotency-key", "k").json(body).send()
    };
    assert_eq!(create(body.clone()).await.expect(500).problem(), "internal-error");
    let named = |answer: Value| {
        let rows = answer["data"].as_array().cloned().unwrap_or_default();
        rows.iter().filter(|row| row["name"] == "Struck").count()
    };
    assert_eq!(named(developer.get("/v1/clients?limit=100").await.json()), 0);
    create(body).await.expect(201);
    assert_eq!(named(developer.get("/v1/clients?limit=100").await.json()), 1);
}

#[tokio::test]
async fn latency_holds_the_true_answer_and_a_timeout_ends_in_503() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    plant(&developer, json!({ "kind": "latency", "delay_ms": 300 })).await;
    let started = Instant::now();
    let late = developer.get("/v1/clients").await.expect(200);
    assert!(late.header("sandbox-fault").is_some());
    assert!(started.elapsed() >= Duration::from_millis(300));
    plant(
        &developer,
        json!({ "kind": "timeout", "delay_ms": 1, "retry_after": 2 }),
    )
    .await;
    let timed_out = developer.get("/v1/clients").await.expect(503);
    assert_eq!(
        (timed_out.problem().as_str(), timed_out.header("retry-after")),
        ("unavailable", Some("2"))
    );
}

#[tokio::test]
async fn a_connection_can_break() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    plant(&developer, json!({ "kind": "connection_reset" })).await;
    let answer = developer
        .client
        .http
        .get(format!("{}/v1/clients", developer.client.base))
        .bearer_auth(&developer.token)
        .send()
        .await;
    let broken = match answer {
        Ok(response) => response.bytes().await.is_err(),
        Err(_) => true,
    };
    assert!(broken, "the answer arrived whole");
    developer.get("/v1/clients").await.expect(200);
}

#[tokio::test]
async fn faults_stay_with_their_sandbox_survive_a_restart_and_leave_with_a_reset() {
    let portal = Portal::new().await;
    let (mine, other) = (portal.sandbox().await, portal.sandbox().await);
    let id = plant(&mine, json!({ "kind": "server_error", "times": 5 })).await;
    other.get("/v1/clients").await.expect(200);
    other.get(&format!("/sandbox/faults/{id}")).await.expect(404);
    let portal = portal.restart().await;
    mine.get("/v1/clients").await.expect(500);
    mine.request("POST", "/sandbox/reset").send().await.expect(200);
    mine.get("/v1/clients").await.expect(200);
    plant(&mine, json!({ "kind": "server_error", "times": 5 })).await;
    mine.delete("/sandbox/faults").await.expect(204);
    mine.get("/v1/clients").await.expect(200);
    drop(portal);
}

#[tokio::test]
async fn what_does_not_go_together_is_refused() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    for (fault, pointer) in [
        (json!({ "kind": "latency" }), "#/delay_ms"),
        (json!({ "kind": "flood" }), "#/kind"),
        (json!({ "kind": "server_error", "times": 0 }), "#/times"),
        (
            json!({ "kind": "server_error", "match": { "verb": "GET" } }),
            "#/match/verb",
        ),
    ] {
        let refused = developer.post("/sandbox/faults", fault).await.expect(422);
        assert_eq!(refused.json()["errors"][0]["pointer"], pointer);
    }
}
