//! What holds for every operation, read off the contract, so that a new operation is tested by being declared.

use crate::{
    harness::{Answer, Developer, Portal},
    world::World,
};
use contract::{Auth, Card, Method, Scope, Track, check, contract};
use serde_json::{Value, json};

fn request(developer: &Developer, card: &Card, world: &World) -> crate::harness::Request {
    let request = developer.request(card.spec.method.as_str(), &world.path(card));
    match world.body(card) {
        Some(body) => request.json(body),
        None => request,
    }
}

fn failure(answer: &Answer, card: &Card) -> String {
    match card.spec.track {
        Track::V2 => answer.json()["errors"][0]["code"]
            .as_str()
            .unwrap_or_default()
            .to_owned(),
        Track::V1 | Track::Sandbox => answer.problem(),
    }
}

/// Operations in an order in which each still finds what it needs: deletes last, children before parents.
fn in_order() -> Vec<&'static Card> {
    let mut cards: Vec<_> = contract().cards.iter().collect();
    let rank = |card: &Card| match (card.spec.method, card.spec.id) {
        (Method::Get, _) => 0,
        (Method::Patch, _) => 1,
        (Method::Post, "sandbox.reset") => 9,
        (Method::Post, id) if id.ends_with(".revoke") => 4,
        (Method::Post, id) if id.ends_with(".refresh") => 3,
        (Method::Post, _) => 2,
        (Method::Delete, "portfolios.delete") => 5,
        (Method::Delete, "accounts.delete" | "reporting_entities.delete") => 6,
        (Method::Delete, "depositories.delete") => 7,
        (Method::Delete, _) => 8,
    };
    cards.sort_by_key(|card| rank(card));
    cards
}

#[test]
fn what_is_mounted_is_what_is_promised() {
    let operations = portal::api::operations();
    let mut mounted = operations.mounted().to_vec();
    let mut promised: Vec<_> = contract().cards.iter().map(|card| card.spec.id).collect();
    mounted.sort_unstable();
    promised.sort_unstable();
    assert_eq!(mounted, promised);
}

#[tokio::test]
async fn every_operation_succeeds_as_promised_and_its_answer_fits_the_schema() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    for card in in_order() {
        let mut world = World::of(&developer).await;
        prepare(&developer, card, &mut world).await;
        let answer = request(&developer, card, &world).send().await;
        assert_eq!(
            answer.status, card.spec.status,
            "{}: {}",
            card.spec.id, answer.text
        );
        assert!(
            answer
                .header("request-id")
                .is_some_and(|id| id.starts_with("req_")),
            "{}",
            card.spec.id
        );
        assert!(answer.header("ratelimit").is_some(), "{}", card.spec.id);
        match &card.reply {
            Some(schema) => assert_eq!(
                check::faults(contract(), schema, &answer.json()),
                vec![],
                "{}",
                card.spec.id
            ),
            None => assert_eq!(answer.text, "", "{}", card.spec.id),
        }
        assert_eq!(
            answer.header("location").is_some(),
            matches!(card.spec.status, 201 | 202) && card.spec.track != Track::V2
        );
        assert_eq!(
            answer.header("etag").is_some(),
            card.spec.method == Method::Get && card.spec.track != Track::V2
        );
    }
}

/// Brings the world into the state that an operation needs.
async fn prepare(developer: &Developer, card: &Card, world: &mut World) {
    let authority = world.0["AuthorityId"].clone();
    if card.spec.id.ends_with("authorities.refresh") {
        let consent = json!({ "consent_reference": "consent" });
        developer
            .post(&format!("/v1/custodian-authorities/{authority}/link"), consent)
            .await
            .expect(200);
    }
    let delete = async |path: &str, kind: &str| {
        developer
            .delete(&format!("/v1/{path}/{}", world.0[kind]))
            .await
            .expect(204);
    };
    match card.spec.id {
        "reporting_entities.delete" => delete("portfolios", "PortfolioId").await,
        "depositories.delete" => delete("accounts", "AccountId").await,
        // What has a history cannot be deleted, so these need an object that has none.
        "clients.delete" | "legal_entities.delete" => {
            let body = json!({ "name": "Empty", "reference_currency": "EUR" });
            let client = developer.post("/v1/clients", body).await.expect(201).id();
            if card.spec.id == "legal_entities.delete" {
                let body = json!({ "name": "Empty", "type": "trust", "jurisdiction": "LI" });
                let path = format!("/v1/clients/{client}/legal-entities");
                world.0.insert(
                    "LegalEntityId",
                    developer.post(&path, body).await.expect(201).id(),
                );
            }
            world.0.insert("ClientId", client);
        }
        _ => {}
    }
}

#[tokio::test]
async fn no_operation_answers_without_a_token() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let world = World::of(&developer).await;
    for card in &contract().cards {
        let path = world.path(card);
        let missing = developer
            .client
            .request(card.spec.method.as_str(), &path)
            .send()
            .await
            .expect(401);
        assert_eq!(
            missing.header("www-authenticate"),
            Some("Bearer"),
            "{}",
            card.spec.id
        );
        assert_eq!(failure(&missing, card), "unauthenticated");
        let request = developer.client.request(card.spec.method.as_str(), &path);
        let bad = request
            .header("authorization", "Bearer not-a-token")
            .send()
            .await
            .expect(401);
        assert_eq!(
            bad.header("www-authenticate"),
            Some("Bearer error=\"invalid_token\""),
            "{}",
            card.spec.id
        );
        assert_eq!(failure(&bad, card), "invalid-token");
    }
}

#[tokio::test]
async fn no_operation_answers_without_its_scope() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let world = World::of(&developer).await;
    for card in &contract().cards {
        let Auth::Scope(needed) = card.spec.auth else {
            continue;
        };
        let others: Vec<_> = Scope::ALL
            .iter()
            .filter(|scope| **scope != needed)
            .map(ToString::to_string)
            .collect();
        let limited = developer.with_scope(&others.join(" ")).await;
        let answer = request(&limited, card, &world).send().await.expect(401);
        assert_eq!(failure(&answer, card), "insufficient-scope", "{}", card.spec.id);
        let challenge = format!("Bearer error=\"insufficient_scope\", scope=\"{needed}\"");
        assert_eq!(answer.header("www-authenticate"), Some(&*challenge));
    }
}

/// Two answers that must not tell an absent object from another tenant's.
fn same_but_for_the_request(left: &Answer, right: &Answer) {
    let strip = |answer: &Answer| {
        let id = answer.header("request-id").unwrap_or_default().to_owned();
        answer.text.replace(&id, "req")
    };
    assert_eq!(strip(left), strip(right));
}

#[tokio::test]
async fn no_operation_reaches_another_tenant() {
    let portal = Portal::new().await;
    let (owner, stranger) = (portal.sandbox().await, portal.sandbox().await);
    let world = World::of(&owner).await;
    for card in &contract().cards {
        let kind = card.path["properties"]["id"]["x-id"].as_str().unwrap_or_default();
        if matches!(kind, "" | "CustodianId" | "AuthFlowId") {
            continue;
        }
        let foreign = request(&stranger, card, &world).send().await.expect(404);
        let nobody = "00000000-0000-4000-8000-000000000000";
        let absent_id = match kind {
            "AuthorityId" | "UserId" => nobody,
            _ => "000000000000000000000000",
        };
        let path = card.spec.path.replace("{id}", absent_id);
        let path = path
            .replace("{invite_id}", nobody)
            .replace("{point_id}", absent_id);
        let absent = stranger.request(card.spec.method.as_str(), &path);
        let absent = match world.body(card) {
            Some(body) => absent.json(body),
            None => absent,
        };
        same_but_for_the_request(&foreign, &absent.send().await.expect(404));
        assert_eq!(failure(&foreign, card), "not-found", "{}", card.spec.id);
    }
    for card in contract()
        .cards
        .iter()
        .filter(|card| card.spec.method == Method::Get && card.spec.track == Track::V1)
    {
        let Some(data) = stranger
            .get(&world.path(card))
            .await
            .text
            .contains(&world.0["ClientId"])
            .then_some(card.spec.id)
        else {
            continue;
        };
        panic!("{data} shows another tenant's client");
    }
}

#[tokio::test]
async fn a_reference_to_another_tenants_object_is_refused_like_an_unknown_one() {
    let portal = Portal::new().await;
    let (owner, stranger) = (portal.sandbox().await, portal.sandbox().await);
    let (theirs, ours) = (World::of(&owner).await, World::of(&stranger).await);
    let cases: Vec<(String, Value, &str)> = vec![
        (
            "/v1/clients".into(),
            json!({ "name": "A", "reference_currency": "EUR", "parent_id": theirs.0["ClientId"] }),
            "#/parent_id",
        ),
        (
            format!("/v1/clients/{}/legal-entities", ours.0["ClientId"]),
            json!({ "name": "A", "type": "trust", "jurisdiction": "DK", "parent_legal_entity_id": theirs.0["LegalEntityId"] }),
            "#/parent_legal_entity_id",
        ),
        (
            format!("/v1/legal-entities/{}/accounts", ours.0["LegalEntityId"]),
            json!({ "name": "A", "currency": "EUR", "depository_ids": [theirs.0["DepositoryId"]] }),
            "#/depository_ids/0",
        ),
        (
            format!(
                "/v1/reporting-entities/{}/portfolios",
                ours.0["ReportingEntityId"]
            ),
            json!({ "name": "A", "account_ids": [theirs.0["AccountId"]] }),
            "#/account_ids/0",
        ),
    ];
    let cases = cases.into_iter().chain([
        (
            "/v1/instruments".into(),
            json!({ "type": "option", "name": "A", "currency": "EUR", "class_id": "derivatives", "terms": {
                "underlying_id": theirs.0["InstrumentId"], "right": "call", "strike": "1", "expiry": "2027-12-31" } }),
            "#/terms/underlying_id",
        ),
        (
            "/v1/transactions".into(),
            json!({ "type": "dividend", "account_id": ours.0["AccountId"], "instrument_id": theirs.0["InstrumentId"],
                    "trade_date": "2026-06-30", "amount": "1" }),
            "#/instrument_id",
        ),
    ]);
    for (path, body, pointer) in cases {
        let answer = stranger.post(&path, body).await.expect(422);
        assert_eq!(answer.json()["errors"][0]["pointer"], pointer);
    }
}

#[tokio::test]
async fn every_operation_refuses_a_parameter_that_it_does_not_have() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let world = World::of(&developer).await;
    for card in &contract().cards {
        let path = format!("{}?colour=blue", world.path(card));
        let request = developer.request(card.spec.method.as_str(), &path);
        let request = match world.body(card) {
            Some(body) => request.json(body),
            None => request,
        };
        assert_eq!(
            failure(&request.send().await.expect(400), card),
            "unknown-parameter",
            "{}",
            card.spec.id
        );
    }
}

#[tokio::test]
async fn every_body_is_checked_member_by_member() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let world = World::of(&developer).await;
    for card in contract().cards.iter().filter(|card| card.body.is_some()) {
        let send = async |content_type: &str, body: &'static str| {
            let request = developer.request(card.spec.method.as_str(), &world.path(card));
            request.body(content_type, body).send().await
        };
        assert_eq!(
            failure(&send("text/plain", "{}").await.expect(415), card),
            "unsupported-media-type",
            "{}",
            card.spec.id
        );
        assert_eq!(
            failure(&send("application/json", "{").await.expect(400), card),
            "malformed-json",
            "{}",
            card.spec.id
        );
        assert_eq!(
            failure(&send("application/json", "[]").await.expect(422), card),
            "validation-failed",
            "{}",
            card.spec.id
        );
        let unknown = send("application/json", "{\"colour/blue\": 1}").await.expect(422);
        assert!(
            unknown.text.contains("/colour~1blue"),
            "{}: {}",
            card.spec.id,
            unknown.text
        );
    }
}
