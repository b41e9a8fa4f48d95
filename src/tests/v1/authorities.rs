//! The life of a consent, on v1 and v2.

use crate::{
    harness::{Answer, Developer, Portal},
    world::World,
};
use serde_json::{Value, json};

const DAY: i64 = 86_400;

async fn reserve(developer: &Developer, custodian: &str, flow: &str) -> String {
    let world = World::of(developer).await;
    let path = format!(
        "/v1/legal-entities/{}/custodian-authorities",
        world.0["LegalEntityId"]
    );
    developer
        .post(&path, json!({ "custodian_id": custodian, "auth_flow_id": flow }))
        .await
        .expect(201)
        .id()
}

async fn act(developer: &Developer, id: &str, action: &str) -> Answer {
    let request = developer.request("POST", &format!("/v1/custodian-authorities/{id}/{action}"));
    let request = if action == "link" {
        request.json(json!({ "consent_reference": "consent-1" }))
    } else {
        request
    };
    request.send().await
}

async fn read(developer: &Developer, id: &str) -> Value {
    developer
        .get(&format!("/v1/custodian-authorities/{id}"))
        .await
        .expect(200)
        .json()
}

async fn advance(developer: &Developer, days: i64) {
    developer
        .post("/sandbox/clock/advance", json!({ "by_seconds": days * DAY }))
        .await
        .expect(200);
}

fn day_after(text: &Value, days: i64) -> contract::Timestamp {
    let at: contract::Timestamp = text
        .as_str()
        .and_then(|text| text.parse().ok())
        .expect("a timestamp");
    at.plus_millis(days * DAY * 1000)
}

#[tokio::test]
async fn linking_opens_the_window_and_brings_data() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let id = reserve(&developer, "nordea", "nordea-20260630").await;
    let pending = read(&developer, &id).await;
    assert_eq!(
        (&pending["status"], &pending["expires_at"]),
        (&json!("pending"), &json!(null))
    );
    let linked = act(&developer, &id, "link").await.expect(200).json();
    assert_eq!(linked["status"], "active");
    let window = day_after(&linked["linked_at"], 180).to_string();
    assert_eq!(linked["expires_at"], window);
    let entity = linked["legal_entity_id"].as_str().expect("an entity");
    let brought = developer
        .get(&format!("/v1/legal-entities/{entity}/accounts"))
        .await
        .expect(200)
        .json();
    let accounts: Vec<_> = brought["data"]
        .as_array()
        .expect("rows")
        .iter()
        .filter(|row| row["custodian_authority_id"] == *id)
        .collect();
    assert!((2..=3).contains(&accounts.len()), "{brought}");
    assert!(
        accounts
            .iter()
            .all(|account| account["custodian_id"] == "nordea" && account["depository_ids"][0].is_string())
    );
}

#[tokio::test]
async fn moves_that_the_state_does_not_allow_name_both_states() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let id = reserve(&developer, "nordea", "nordea-20260630").await;
    let early = act(&developer, &id, "refresh").await.expect(409);
    assert_eq!(early.problem(), "invalid-state-transition");
    assert!(
        early.json()["detail"]
            .as_str()
            .is_some_and(|detail| detail.contains("pending") && detail.contains("active"))
    );
    act(&developer, &id, "link").await.expect(200);
    act(&developer, &id, "link").await.expect(409);
    advance(&developer, 181).await;
    assert_eq!(read(&developer, &id).await["status"], "expired");
    for action in ["link", "refresh", "revoke"] {
        act(&developer, &id, action).await.expect(409);
    }
}

#[tokio::test]
async fn refreshing_counts_the_window_anew() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let id = reserve(&developer, "nordea", "nordea-20260630").await;
    let first = act(&developer, &id, "link").await.expect(200).json();
    advance(&developer, 100).await;
    let renewed = act(&developer, &id, "refresh").await.expect(200).json();
    let gained =
        day_after(&renewed["expires_at"], 0).as_seconds() - day_after(&first["expires_at"], 0).as_seconds();
    assert!((100 * DAY..100 * DAY + 60).contains(&gained), "{gained}");
    assert_eq!(renewed["linked_at"], first["linked_at"]);
}

#[tokio::test]
async fn revoking_again_answers_the_same_and_changes_nothing() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let id = reserve(&developer, "nordea", "nordea-20260630").await;
    act(&developer, &id, "link").await.expect(200);
    let first = act(&developer, &id, "revoke").await.expect(200);
    assert_eq!(first.json()["status"], "revoked");
    assert!(first.json()["upstream_revocation"].is_string());
    advance(&developer, 1).await;
    assert_eq!(act(&developer, &id, "revoke").await.expect(200).text, first.text);
}

#[tokio::test]
async fn a_flow_that_is_not_the_custodians_is_refused() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let world = World::of(&developer).await;
    let path = format!(
        "/v1/legal-entities/{}/custodian-authorities",
        world.0["LegalEntityId"]
    );
    let crossed = developer
        .post(
            &path,
            json!({ "custodian_id": "nordea", "auth_flow_id": "saxo-20260630" }),
        )
        .await
        .expect(422);
    assert_eq!(crossed.json()["errors"][0]["pointer"], "#/auth_flow_id");
    let unknown = developer
        .post(
            &path,
            json!({ "custodian_id": "nobody", "auth_flow_id": "saxo-20260630" }),
        )
        .await
        .expect(422);
    assert_eq!(unknown.json()["errors"][0]["pointer"], "#/custodian_id");
}

#[tokio::test]
async fn a_flow_that_renews_silently_outlives_its_window() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let flows = developer.get("/v1/custodian-auth-flows").await.expect(200).json();
    let silent = flows["data"]
        .as_array()
        .expect("rows")
        .iter()
        .find(|flow| flow["silent_renewal"] == true)
        .expect("one");
    let (custodian, flow) = (
        silent["custodian_id"].as_str().expect("id"),
        silent["id"].as_str().expect("id"),
    );
    let days = silent["retention_days"].as_i64().expect("a window");
    let id = reserve(&developer, custodian, flow).await;
    let first = act(&developer, &id, "link").await.expect(200).json();
    advance(&developer, days - 6).await;
    let renewed = read(&developer, &id).await;
    assert_eq!(renewed["status"], "active");
    assert_eq!(
        renewed["expires_at"],
        day_after(&first["expires_at"], days - 7).to_string()
    );
    advance(&developer, 5 * days).await;
    assert_eq!(read(&developer, &id).await["status"], "active");
}

#[tokio::test]
async fn the_clock_only_goes_forward() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    for body in [
        json!({}),
        json!({ "by_seconds": 1, "to": "2099-01-01T00:00:00Z" }),
        json!({ "to": "2001-01-01T00:00:00Z" }),
    ] {
        assert_eq!(
            developer
                .post("/sandbox/clock/advance", body)
                .await
                .expect(422)
                .problem(),
            "validation-failed"
        );
    }
    advance(&developer, 10).await;
    let clock = developer.get("/sandbox/clock").await.expect(200).json();
    assert_eq!(clock["ahead_by_seconds"], 10 * DAY);
    developer
        .request("POST", "/sandbox/reset")
        .send()
        .await
        .expect(200);
    assert_eq!(
        developer.get("/sandbox/clock").await.expect(200).json()["ahead_by_seconds"],
        0
    );
}

#[tokio::test]
async fn v2_shows_the_same_consents_flat_and_points_to_v1() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let world = World::of(&developer).await;
    let (entity, authority) = (&world.0["LegalEntityId"], &world.0["AuthorityId"]);
    let path = format!("/v2/legal-entities/{entity}/custodian-authorities");
    let list = developer.get(&path).await.expect(200);
    let row = &list.json()["data"][0];
    let members: Vec<_> = row
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    assert_eq!(
        members,
        [
            "id",
            "legal_entity_id",
            "custodian_id",
            "auth_flow_id",
            "status",
            "expires_at"
        ]
    );
    let successor = format!(
        "<{}{}>; rel=\"successor-version\"",
        portal.server.api_url,
        path.replace("/v2/", "/v1/")
    );
    assert_eq!(list.header("link"), Some(&*successor));
    let prefixed = developer.get(&format!("/api{path}")).await.expect(200);
    assert_eq!(prefixed.json(), list.json());
    assert_eq!(prefixed.header("link"), Some(&*successor));
    let absent = developer.get("/api/v2/nothing").await.expect(404);
    assert_eq!(absent.json()["errors"][0]["code"], "no-such-route");
    assert_eq!(
        (list.header("etag"), list.json().get("next_cursor")),
        (None, None)
    );
    let link = developer.request("POST", &format!("/v2/custodian-authorities/{authority}/link"));
    let linked = link
        .json(json!({ "consent_reference": "c" }))
        .send()
        .await
        .expect(200)
        .json();
    assert_eq!(linked["status"], "active");
    assert_eq!(read(&developer, authority).await["status"], "active");
    for _ in 0..2 {
        let revoke = developer.request("POST", &format!("/v2/custodian-authorities/{authority}/revoke"));
        assert_eq!(revoke.send().await.expect(200).json()["status"], "revoked");
    }
}

#[tokio::test]
async fn a_reset_brings_the_demo_data_back_and_keeps_the_token() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let before = developer.get("/sandbox").await.expect(200).json();
    let client = developer
        .post(
            "/v1/clients",
            json!({ "name": "Gone", "reference_currency": "EUR" }),
        )
        .await
        .expect(201)
        .id();
    let reset = developer
        .request("POST", "/sandbox/reset")
        .send()
        .await
        .expect(200)
        .json();
    assert_eq!(
        reset["epoch"].as_u64(),
        before["epoch"].as_u64().map(|epoch| epoch + 1)
    );
    developer.get(&format!("/v1/clients/{client}")).await.expect(404);
    developer
        .get(&format!("/v1/clients/{}", contract::demo::CLIENT))
        .await
        .expect(200);
}
