//! Budgets: truthful headers, truthful `Retry-After`, and no tenant on another's account.

use crate::harness::Portal;
use contract::sandbox::Plan;
use portal::api::budget::PlanLimits;
use serde_json::json;
use std::time::{Duration, Instant};

fn number(text: Option<&str>) -> u64 {
    text.and_then(|text| text.parse().ok()).expect("a number")
}

#[tokio::test]
async fn the_budget_is_announced_and_counts_down() {
    let portal = Portal::new().await;
    let developer = portal.sandbox_on(Plan::Sandbox).await;
    let first = developer.get("/v1/clients").await.expect(200);
    let policy = "\"read\";q=240;w=120, \"write\";q=60;w=120, \"concurrent\";q=8;qu=\"concurrent-requests\"";
    assert_eq!(first.header("ratelimit-policy"), Some(policy));
    assert_eq!(
        first.header("ratelimit"),
        Some("\"read\";r=239;t=1, \"write\";r=60;t=0, \"concurrent\";r=7")
    );
    assert_eq!(number(first.header("x-ratelimit-remaining")), 239);
    let write = developer.post("/v1/clients", json!({})).await.expect(422);
    assert_eq!(number(write.header("x-ratelimit-remaining")), 59);
}

#[tokio::test]
async fn a_spent_budget_refuses_changes_nothing_and_keeps_its_word() {
    let portal = Portal::with(portal::clock::Clock::system(), |config| {
        config.limits.sandbox = PlanLimits {
            reads_per_minute: 600,
            writes_per_minute: 60,
            concurrent: 8,
        };
    })
    .await;
    let developer = portal.sandbox_on(Plan::Sandbox).await;
    let body = || json!({ "name": "Paid", "reference_currency": "EUR" });
    let mut created = 0;
    let refused = loop {
        let answer = developer.post("/v1/clients", body()).await;
        if answer.status == 429 {
            break answer;
        }
        created += 1;
        answer.expect(201);
    };
    assert_eq!(refused.problem(), "rate-limited");
    let wait = number(refused.header("retry-after"));
    assert_eq!(number(refused.header("x-ratelimit-remaining")), 0);
    let list = developer.get("/v1/clients?limit=100").await.expect(200);
    let mine = list.json()["data"]
        .as_array()
        .expect("rows")
        .iter()
        .filter(|row| row["name"] == "Paid")
        .count();
    assert_eq!(mine, created.min(97));
    let until = Instant::now() + Duration::from_secs(wait);
    tokio::time::timeout_at(until.into(), std::future::pending::<()>())
        .await
        .expect_err("the wait that was asked for");
    developer.post("/v1/clients", body()).await.expect(201);
}

#[tokio::test]
async fn one_tenants_flood_leaves_another_its_budget() {
    let portal = Portal::new().await;
    let (loud, quiet) = (
        portal.sandbox_on(Plan::Sandbox).await,
        portal.sandbox_on(Plan::Sandbox).await,
    );
    let flood = (0..300).map(|_| loud.get("/v1/clients"));
    let refused = futures::future::join_all(flood)
        .await
        .into_iter()
        .filter(|answer| answer.status == 429)
        .count();
    assert!(refused >= 50, "{refused}");
    assert_eq!(
        number(
            quiet
                .get("/v1/clients")
                .await
                .expect(200)
                .header("x-ratelimit-remaining")
        ),
        239
    );
}

#[tokio::test]
async fn too_many_requests_at_once_are_refused() {
    let portal = Portal::with(portal::clock::Clock::system(), |config| {
        config.limits.unlimited.concurrent = 1;
    })
    .await;
    let developer = portal.sandbox().await;
    let answers = futures::future::join_all((0..64).map(|_| developer.get("/v1/accounts?limit=100"))).await;
    let refused: Vec<_> = answers.iter().filter(|answer| answer.status == 429).collect();
    assert!(!refused.is_empty(), "one place, 64 requests at once");
    assert!(refused.iter().all(|answer| answer.problem() == "concurrency-limited" && answer.header("retry-after").is_some()));
    developer.get("/v1/clients").await.expect(200);
}

#[tokio::test]
async fn calls_without_a_token_have_a_budget_of_their_own() {
    let portal = Portal::with(portal::clock::Clock::system(), |config| {
        config.limits.anonymous_per_minute = 3;
    })
    .await;
    let developer = portal.sandbox_on(Plan::Sandbox).await;
    let mut statuses = Vec::new();
    for _ in 0..8 {
        statuses.push(
            portal
                .anonymous()
                .request("GET", "/v1/clients")
                .send()
                .await
                .status,
        );
    }
    assert_eq!(
        statuses.iter().filter(|status| **status == 401).count(),
        6,
        "{statuses:?}"
    );
    assert_eq!(statuses.last(), Some(&429));
    developer.get("/v1/clients").await.expect(200);
}
