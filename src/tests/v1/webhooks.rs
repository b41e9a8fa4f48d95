//! Webhook endpoints, signatures, retries and replays, with real receivers.

mod addresses;
mod certificates;
mod dead;
mod failures;
mod fresh;
mod inboxes;
mod pauses;
mod signatures;

use crate::{
    harness::{Answer, Developer, Portal},
    receiver::Receiver,
};
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use contract::Timestamp;
use portal::clock::Clock;
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use std::time::{Duration, Instant};

/// A server whose schedule of retries is this.
pub(super) async fn portal_with(schedule: &str) -> Portal {
    let schedule = schedule.parse().expect("a schedule");
    Portal::with(Clock::system(), |config| config.webhook_retry_schedule = schedule).await
}

/// A new endpoint, as its creation shows it.
pub(super) async fn endpoint(developer: &Developer, url: &str, patterns: &[&str]) -> Value {
    let body = json!({ "url": url, "event_types": patterns });
    developer.post("/v1/webhooks", body).await.expect(201).json()
}

pub(super) fn path(endpoint: &Value) -> String {
    format!("/v1/webhooks/{}", endpoint["id"].as_str().expect("an id"))
}

pub(super) async fn client(developer: &Developer) -> String {
    let body = json!({ "name": "Told", "reference_currency": "EUR" });
    developer.post("/v1/clients", body).await.expect(201).id()
}

/// The deliveries to an endpoint, once they are as `wanted` says.
pub(super) async fn deliveries(
    developer: &Developer,
    endpoint: &Value,
    wanted: impl Fn(&[Value]) -> bool,
) -> Vec<Value> {
    let started = Instant::now();
    loop {
        let page = developer
            .get(&format!("{}/deliveries?limit=100", path(endpoint)))
            .await;
        let rows = page.expect(200).json()["data"].as_array().expect("rows").clone();
        if wanted(&rows) {
            return rows;
        }
        assert!(started.elapsed() < Duration::from_secs(40), "{rows:#?}");
        tokio::task::yield_now().await;
    }
}

pub(super) fn all(status: &'static str) -> impl Fn(&[Value]) -> bool {
    move |rows| !rows.is_empty() && rows.iter().all(|row| row["status"] == status)
}

/// A delivery with its attempts.
pub(super) async fn report(developer: &Developer, delivery: &Value) -> Value {
    let path = format!("/v1/deliveries/{}", delivery["id"].as_str().expect("an id"));
    developer.get(&path).await.expect(200).json()
}

pub(super) fn busy(seconds: &str) -> Response {
    (
        StatusCode::SERVICE_UNAVAILABLE,
        [("retry-after", seconds.to_owned())],
    )
        .into_response()
}

#[tokio::test]
async fn an_endpoint_hears_what_it_listens_to_and_nothing_else() {
    let portal = Portal::new().await;
    let (developer, other) = (portal.sandbox().await, portal.sandbox().await);
    let (some, every, off) = (
        Receiver::new().await,
        Receiver::new().await,
        Receiver::new().await,
    );
    endpoint(&developer, &some.url(), &["client.deleted", "position.*"]).await;
    endpoint(&developer, &every.url(), &["*", "client.*"]).await;
    let body = json!({ "url": off.url(), "event_types": ["*"], "status": "disabled" });
    developer.post("/v1/webhooks", body).await.expect(201);
    client(&other).await;
    let id = client(&developer).await;
    developer.delete(&format!("/v1/clients/{id}")).await.expect(204);
    let types = |arrived: Vec<crate::receiver::Arrived>| -> Vec<Value> {
        arrived
            .iter()
            .map(|one| one.json()["event_type"].clone())
            .collect()
    };
    let mut heard = types(every.until(2).await);
    heard.sort_by_key(ToString::to_string);
    assert_eq!(heard, ["client.created", "client.deleted"]);
    assert_eq!(types(some.until(1).await), ["client.deleted"]);
    assert!(off.seen().is_empty());
}

#[tokio::test]
async fn a_failure_is_repeated_by_the_schedule_with_the_same_id_and_a_new_signature() {
    let portal = portal_with("0s,1s,2s,60s").await;
    let developer = portal.sandbox().await;
    let receiver = Receiver::answering(|number| match number {
        0 => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        1 => (StatusCode::FOUND, [("location", "https://elsewhere.example/")]).into_response(),
        _ => (StatusCode::OK, "thanks").into_response(),
    })
    .await;
    let made = endpoint(&developer, &receiver.url(), &["client.*"]).await;
    client(&developer).await;
    let arrived = receiver.until(3).await;
    let judge = Webhook::new(made["secret"].as_str().expect("a secret")).expect("a secret");
    for one in &arrived {
        judge.verify(&one.body, &one.headers).expect("genuine");
        assert_eq!(
            (one.header("webhook-id"), &one.body),
            (arrived[0].header("webhook-id"), &arrived[0].body)
        );
    }
    assert!(arrived[1].at - arrived[0].at >= Duration::from_millis(800));
    let delivered = deliveries(&developer, &made, all("delivered")).await;
    let report = report(&developer, &delivered[0]).await;
    let attempts = report["attempts"].as_array().expect("attempts");
    let told: Vec<_> = attempts
        .iter()
        .map(|one| {
            (
                one["number"].clone(),
                one["response_status"].clone(),
                one["error"].clone(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (json!(1), json!(500), json!("status")),
            (json!(2), json!(302), json!("redirect")),
            (json!(3), json!(200), Value::Null)
        ]
    );
    assert_eq!(attempts[2]["response_body"], "thanks");
    assert_eq!(
        report["request_body"].as_str().expect("a body").as_bytes(),
        &arrived[0].body
    );
    let healthy = developer.get(&path(&made)).await.expect(200).json();
    assert_eq!(healthy["failing_since"], Value::Null);
}

#[tokio::test]
async fn a_receiver_that_asks_for_a_pause_gets_it() {
    let portal = portal_with("0s,100ms,200ms").await;
    let developer = portal.sandbox().await;
    let receiver = Receiver::answering(|number| match number {
        0 => busy("2"),
        _ => StatusCode::OK.into_response(),
    })
    .await;
    endpoint(&developer, &receiver.url(), &["client.*"]).await;
    client(&developer).await;
    let arrived = receiver.until(2).await;
    assert!(arrived[1].at - arrived[0].at >= Duration::from_secs(2));
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_not_called_again() {
    let portal = portal_with("0s,1s,60s").await;
    let developer = portal.sandbox().await;
    let receiver = Receiver::answering(|_| StatusCode::GONE.into_response()).await;
    let watcher = Receiver::new().await;
    let made = endpoint(&developer, &receiver.url(), &["client.*"]).await;
    endpoint(&developer, &watcher.url(), &["webhook.disabled"]).await;
    client(&developer).await;
    let told = watcher.until(1).await.remove(0).json();
    assert_eq!(
        told["data"],
        json!({ "webhook_id": made["id"], "reason": "gone" })
    );
    let gone = developer.get(&path(&made)).await.expect(200).json();
    assert_eq!(
        (&gone["status"], &gone["disabled_reason"]),
        (&json!("disabled"), &json!("gone"))
    );
    deliveries(&developer, &made, all("failed")).await;
    client(&developer).await;
    let refused = developer
        .post(&format!("{}/test", path(&made)), json!({}))
        .await
        .expect(409);
    assert_eq!(refused.problem(), "invalid-state-transition");
    assert_eq!(receiver.seen().len(), 1);
    let enabled = developer
        .patch(&path(&made), json!({ "status": "enabled" }))
        .await
        .expect(200)
        .json();
    assert_eq!(enabled["disabled_reason"], Value::Null);
}

#[tokio::test]
async fn an_endpoint_that_fails_for_five_days_is_disabled() {
    let clock = Clock::fixed(Timestamp::from_millis(1_780_000_000_000));
    let portal = Portal::with(clock, |_| {}).await;
    let developer = portal.sandbox().await;
    let receiver = Receiver::answering(|_| StatusCode::BAD_GATEWAY.into_response()).await;
    let made = endpoint(&developer, &receiver.url(), &["client.*"]).await;
    client(&developer).await;
    let failing = |rows: &[Value]| rows.iter().any(|row| row["attempts_made"] == 1);
    deliveries(&developer, &made, failing).await;
    portal.clock.advance_millis(5 * 24 * 60 * 60 * 1000);
    // The token of before has expired meanwhile.
    let token = developer
        .client
        .token(&developer.client_id, &developer.client_secret, None)
        .await;
    let developer = Developer { token, ..developer };
    let failed = deliveries(&developer, &made, all("failed")).await;
    assert_eq!(failed.len(), 1);
    let disabled = developer.get(&path(&made)).await.expect(200).json();
    assert_eq!(disabled["disabled_reason"], "failing");
}

#[tokio::test]
async fn a_secret_is_shown_once_repeated_to_the_same_key_and_lies_in_no_file() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let body = json!({ "url": "https://hooks.example/aleta", "event_types": ["*"] });
    let create = || {
        let request = developer
            .request("POST", "/v1/webhooks")
            .header("idempotency-key", "once");
        request.json(body.clone()).send()
    };
    let made = create().await.expect(201);
    let secret = made.json()["secret"].as_str().expect("a secret").to_owned();
    let again = create().await.expect(201);
    assert_eq!(
        (again.json(), again.header("idempotency-replayed")),
        (made.json(), Some("true"))
    );
    for read in [path(&made.json()), "/v1/webhooks".to_owned()] {
        assert!(
            !developer.get(&read).await.expect(200).text.contains("whsec_"),
            "{read}"
        );
    }
    let mut folders = vec![portal.folder().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(bytes) = std::fs::read(&path) {
                let held = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
                assert!(!held, "{} holds the secret", path.display());
            }
        }
    }
}

async fn replay(developer: &Developer, endpoint: &Value, since: &str, only: &str) -> Answer {
    let body = json!({ "since": since, "only": only });
    developer.post(&format!("{}/replay", path(endpoint)), body).await
}

#[tokio::test]
async fn what_failed_what_was_missed_and_everything_can_be_replayed() {
    let portal = portal_with("0s").await;
    let developer = portal.sandbox().await;
    let since = portal.clock.now().plus_millis(-1000).to_string();
    client(&developer).await;
    let receiver = Receiver::answering(|number| match number {
        0 => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        _ => StatusCode::OK.into_response(),
    })
    .await;
    let made = endpoint(&developer, &receiver.url(), &["client.created"]).await;
    client(&developer).await;
    let failed = deliveries(&developer, &made, all("failed")).await;
    for (only, queued, arrived) in [
        ("failed", 1, 2),
        ("failed", 0, 2),
        ("missing", 1, 3),
        ("missing", 0, 3),
        ("all", 2, 5),
    ] {
        let answer = replay(&developer, &made, &since, only).await.expect(200).json();
        assert_eq!(answer["queued"], queued, "{only}");
        receiver.until(arrived).await;
        deliveries(&developer, &made, all("delivered")).await;
    }
    let seen = receiver.seen();
    assert_eq!(seen[0].header("webhook-id"), seen[1].header("webhook-id"));
    assert_eq!(seen.len(), 5);
    let one = format!(
        "/v1/deliveries/{}/replay",
        failed[0]["id"].as_str().expect("an id")
    );
    let again = developer.post(&one, json!({})).await.expect(200).json();
    assert_eq!(
        (&again["status"], &again["trigger"]),
        (&json!("waiting"), &json!("manual"))
    );
    let last = receiver.until(6).await.pop().expect("one more");
    assert_eq!(last.header("webhook-id"), seen[0].header("webhook-id"));
    deliveries(&developer, &made, all("delivered")).await;
    let report = report(&developer, &failed[0]).await;
    assert_eq!(
        report["attempts"]
            .as_array()
            .and_then(|all| all.last())
            .expect("one")["trigger"],
        "manual"
    );
    let long_ago = portal.clock.now().plus_millis(-73 * 60 * 60 * 1000).to_string();
    let refused = replay(&developer, &made, &long_ago, "all").await.expect(422);
    assert_eq!(refused.json()["errors"][0]["pointer"], "#/since");
}

#[tokio::test]
async fn a_test_goes_to_one_endpoint_whatever_it_listens_to() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let (receiver, other) = (Receiver::new().await, Receiver::new().await);
    let made = endpoint(&developer, &receiver.url(), &["position.*"]).await;
    endpoint(&developer, &other.url(), &["*"]).await;
    let delivery = developer
        .post(&format!("{}/test", path(&made)), json!({}))
        .await
        .expect(200)
        .json();
    assert_eq!(delivery["trigger"], "manual");
    let arrived = receiver.until(1).await.remove(0).json();
    assert_eq!(arrived["event_type"], "webhook.test");
    assert_eq!(
        (&arrived["event_id"], &arrived["data"]),
        (&delivery["event_id"], &json!({ "webhook_id": made["id"] }))
    );
    client(&developer).await;
    assert_eq!(other.until(1).await[0].json()["event_type"], "client.created");
}

#[tokio::test]
async fn what_waits_survives_a_restart_though_nobody_calls() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let address = Receiver::new().await.address.to_string();
    let made = endpoint(&developer, &format!("http://{address}/hooks"), &["client.*"]).await;
    client(&developer).await;
    deliveries(&developer, &made, |rows| {
        rows.iter().any(|row| row["attempts_made"] == 1)
    })
    .await;
    let portal = portal.restart().await;
    let receiver = Receiver::on(&address, |_| StatusCode::OK.into_response()).await;
    receiver.until(1).await;
    deliveries(&developer, &made, all("delivered")).await;
    drop(portal);
}

#[tokio::test]
async fn what_makes_no_endpoint_is_refused_with_a_pointer() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let good = "https://hooks.example/";
    for (body, pointer) in [
        (
            json!({ "url": "ftp://hooks.example/", "event_types": ["*"] }),
            "#/url",
        ),
        (
            json!({ "url": "https://a:b@hooks.example/", "event_types": ["*"] }),
            "#/url",
        ),
        (json!({ "url": good, "event_types": [] }), "#/event_types"),
        (
            json!({ "url": good, "event_types": ["*", "position.moved"] }),
            "#/event_types/1",
        ),
        (json!({ "url": good }), "#/event_types"),
        (
            json!({ "url": good, "event_types": ["*"], "secret": "mine" }),
            "#/secret",
        ),
    ] {
        let refused = developer.post("/v1/webhooks", body).await.expect(422);
        assert_eq!(refused.json()["errors"][0]["pointer"], pointer);
    }
    let made = endpoint(&developer, good, &["position.*", "position.*"]).await;
    assert_eq!(made["event_types"], json!(["position.*"]));
    let stale = developer
        .request("PATCH", &path(&made))
        .header("if-match", "\"other\"");
    stale
        .json(json!({ "status": "disabled" }))
        .send()
        .await
        .expect(412);
}
