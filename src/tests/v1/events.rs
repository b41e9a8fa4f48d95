//! The feed of events.

use crate::harness::{Developer, Portal};
use contract::{check, contract, events::EventType};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

async fn create(developer: &Developer) -> String {
    let body = json!({ "name": "News", "reference_currency": "EUR" });
    developer.post("/v1/clients", body).await.expect(201).id()
}

/// Everything there is, and where to go on.
async fn drain(developer: &Developer, filter: &str) -> (Vec<Value>, String) {
    let (mut all, mut path) = (Vec::new(), format!("/v1/events?limit=100{filter}"));
    loop {
        let page = developer.get(&path).await.expect(200).json();
        all.extend(page["data"].as_array().expect("events").iter().cloned());
        let cursor = page["next_cursor"].as_str().expect("a cursor").to_owned();
        if page["has_more"] == json!(false) {
            return (all, cursor);
        }
        path = format!("/v1/events?limit=100{filter}&cursor={cursor}");
    }
}

fn types(page: &Value) -> Vec<&str> {
    let events = page["data"].as_array().expect("events");
    events
        .iter()
        .map(|event| event["event_type"].as_str().expect("a type"))
        .collect()
}

#[tokio::test]
async fn each_change_is_told_once_and_in_order() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let (_, cursor) = drain(&developer, "").await;
    let id = create(&developer).await;
    let path = format!("/v1/clients/{id}");
    developer
        .patch(&path, json!({ "name": "Newer" }))
        .await
        .expect(200);
    developer
        .patch(&path, json!({ "name": "Newer" }))
        .await
        .expect(200);
    developer.patch(&path, json!({ "name": "" })).await.expect(422);
    developer.delete(&path).await.expect(204);
    developer.delete(&path).await.expect(404);
    let page = developer
        .get(&format!("/v1/events?cursor={cursor}"))
        .await
        .expect(200)
        .json();
    assert_eq!(
        types(&page),
        ["client.created", "client.updated", "client.deleted"]
    );
    assert_eq!(
        page["data"][1]["data"],
        json!({ "client_id": id, "changed_fields": ["name"] })
    );
    let next = page["next_cursor"].as_str().expect("a cursor");
    let empty = developer
        .get(&format!("/v1/events?cursor={next}"))
        .await
        .expect(200);
    assert_eq!(empty.header("link"), None);
    let empty = empty.json();
    assert_eq!((&empty["data"], &empty["has_more"]), (&json!([]), &json!(false)));
    assert!(empty["next_cursor"].is_string());
}

#[tokio::test]
async fn pages_of_one_tell_the_same_as_the_whole() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let (whole, _) = drain(&developer, "&type=authority.revoked").await;
    assert!(!whole.is_empty());
    let (all, _) = drain(&developer, "").await;
    let revoked: Vec<_> = all
        .iter()
        .filter(|event| event["event_type"] == "authority.revoked")
        .cloned()
        .collect();
    assert_eq!(whole, revoked);
    let (mut singles, mut cursor) = (Vec::new(), String::new());
    for _ in 0..all.len() {
        let page = developer
            .get(&format!("/v1/events?limit=1{cursor}"))
            .await
            .expect(200)
            .json();
        singles.push(page["data"][0].clone());
        cursor = format!("&cursor={}", page["next_cursor"].as_str().expect("a cursor"));
    }
    assert_eq!(singles, all);
}

#[tokio::test]
async fn a_poll_that_waits_is_woken_by_what_it_waits_for() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let (_, cursor) = drain(&developer, "&type=client.deleted").await;
    let started = Instant::now();
    let poll = format!("/v1/events?type=client.deleted&cursor={cursor}&wait=30");
    let (answer, deleted) = tokio::join!(developer.get(&poll), async {
        create(&developer).await;
        let id = create(&developer).await;
        developer.delete(&format!("/v1/clients/{id}")).await.expect(204);
        id
    });
    let page = answer.expect(200).json();
    assert_eq!(types(&page), ["client.deleted"]);
    assert_eq!(page["data"][0]["data"], json!({ "client_id": deleted }));
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[tokio::test]
async fn a_poll_that_waits_in_vain_answers_with_nothing_and_a_cursor() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let (_, cursor) = drain(&developer, "").await;
    let started = Instant::now();
    let path = format!("/v1/events?cursor={cursor}&wait=1");
    let page = developer.get(&path).await.expect(200).json();
    assert_eq!(page["data"], json!([]));
    assert!(started.elapsed() >= Duration::from_secs(1));
    let refused = developer.get("/v1/events?wait=31").await.expect(400);
    assert_eq!(refused.problem(), "invalid-parameter");
}

#[tokio::test]
async fn a_poll_that_waits_does_not_outlive_its_sandbox_s_epoch() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let (_, cursor) = drain(&developer, "").await;
    let started = Instant::now();
    let poll = format!("/v1/events?cursor={cursor}&wait=30");
    let (answer, _) = tokio::join!(developer.get(&poll), developer.post("/sandbox/reset", json!({})));
    assert!(matches!(answer.status, 200 | 400), "{}", answer.text);
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[tokio::test]
async fn a_cursor_whose_events_are_no_longer_kept_is_refused() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let first = developer.get("/v1/events?limit=1").await.expect(200).json();
    let cursor = first["next_cursor"].as_str().expect("a cursor");
    let later = json!({ "by_seconds": 40 * 24 * 60 * 60 });
    developer.post("/sandbox/clock/advance", later).await.expect(200);
    let refused = developer
        .get(&format!("/v1/events?cursor={cursor}"))
        .await
        .expect(400);
    assert_eq!(refused.problem(), "cursor-expired");
    let id = create(&developer).await;
    let (kept, _) = drain(&developer, "").await;
    assert_eq!(kept.last().expect("an event")["data"]["client_id"], json!(id));
    assert!(!kept.contains(&first["data"][0]));
}

#[tokio::test]
async fn what_events_tell_fits_what_is_declared_of_their_type() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let id = create(&developer).await;
    let body = json!({ "name": "Holder", "type": "trust", "jurisdiction": "LI" });
    let path = format!("/v1/clients/{id}/legal-entities");
    let entity = developer.post(&path, body).await.expect(201).id();
    let consent = json!({ "custodian_id": "nordea", "auth_flow_id": "nordea-20260630" });
    let path = format!("/v1/legal-entities/{entity}/custodian-authorities");
    let authority = developer.post(&path, consent).await.expect(201).id();
    let reference = json!({ "consent_reference": "consent" });
    let path = format!("/v1/custodian-authorities/{authority}/link");
    developer.post(&path, reference).await.expect(200);
    let (told, _) = drain(&developer, "").await;
    for event in &told {
        let card = contract()
            .events
            .iter()
            .find(|card| event["event_type"] == card.kind.as_str());
        let card = card.expect("a declared type");
        assert_eq!(
            check::faults(contract(), &card.data, &event["data"]),
            vec![],
            "{event}"
        );
    }
    let is_told = |kind: EventType| told.iter().any(|event| event["event_type"] == kind.as_str());
    assert!(is_told(EventType::AuthorityLinked) && is_told(EventType::AccountConnected));
}

#[test]
fn every_type_is_published_with_an_example_that_fits() {
    let page = include_str!("../../../content/reference/v1/events.md");
    for card in &contract().events {
        let kind = card.kind.as_str();
        assert!(page.contains(&format!("| `{kind}` |")), "{kind} is on the page");
        assert_eq!(
            check::faults(contract(), &card.data, &card.kind.example()),
            vec![],
            "{kind}"
        );
    }
}
