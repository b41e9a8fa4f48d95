//! The legal tree and what hangs on it.

use crate::{harness::Portal, world::World};
use serde_json::json;

#[tokio::test]
async fn a_legal_entity_with_something_under_it_cannot_be_deleted() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let world = World::of(&developer).await;
    let path = format!("/v1/legal-entities/{}", world.0["LegalEntityId"]);
    let blocked = developer.delete(&path).await.expect(409);
    assert_eq!(blocked.problem(), "in-use");
    developer.get(&path).await.expect(200);
}

#[tokio::test]
async fn an_entity_of_another_client_cannot_be_its_parent() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let world = World::of(&developer).await;
    let body = json!({
        "name": "Stray", "type": "foundation", "jurisdiction": "CH",
        "parent_legal_entity_id": contract::demo::LEGAL_ENTITY,
    });
    let path = format!("/v1/clients/{}/legal-entities", world.0["ClientId"]);
    let answer = developer.post(&path, body).await.expect(422);
    assert_eq!(answer.json()["errors"][0]["pointer"], "#/parent_legal_entity_id");
}

#[tokio::test]
async fn an_external_identifier_is_unique_per_custodian() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let world = World::of(&developer).await;
    let path = format!("/v1/legal-entities/{}/depositories", world.0["LegalEntityId"]);
    let body =
        |custodian: &str| json!({ "custodian_id": custodian, "name": "D", "external_identifier": "X-1" });
    developer.post(&path, body("saxo")).await.expect(201);
    let twice = developer.post(&path, body("saxo")).await.expect(409);
    assert_eq!(
        (twice.problem().as_str(), &twice.json()["errors"][0]["pointer"]),
        ("already-exists", &json!("#/external_identifier"))
    );
    developer.post(&path, body("nordea")).await.expect(201);
}

#[tokio::test]
async fn accounts_and_depositories_name_each_other() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let world = World::of(&developer).await;
    let (account, depository) = (&world.0["AccountId"], &world.0["DepositoryId"]);
    let read = developer
        .get(&format!("/v1/depositories/{depository}"))
        .await
        .expect(200)
        .json();
    assert_eq!(read["account_ids"], json!([account]));
    let account = developer
        .get(&format!("/v1/accounts/{account}"))
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&account["depository_ids"], &account["custodian_id"]),
        (&json!([depository]), &json!("saxo"))
    );
    developer
        .delete(&format!("/v1/depositories/{depository}"))
        .await
        .expect(409);
}
