//! Clients.

use crate::{harness::Portal, world::World};
use contract::demo;
use serde_json::json;

#[tokio::test]
async fn a_client_is_created_read_changed_and_deleted() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let created = developer
        .post(
            "/v1/clients",
            json!({ "name": "  Berg  ", "reference_currency": "DKK" }),
        )
        .await
        .expect(201);
    let body = created.json();
    assert_eq!(
        (&body["name"], &body["accounting_method"], &body["parent_id"]),
        (&json!("Berg"), &json!("fifo"), &json!(null))
    );
    let path = format!("/v1/clients/{}", created.id());
    assert_eq!(
        created.header("location"),
        Some(&*format!("{}{path}", portal.server.api_url))
    );
    assert_eq!(developer.get(&path).await.expect(200).json(), body);
    let changed = developer
        .patch(&path, json!({ "accounting_method": "average" }))
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&changed["name"], &changed["accounting_method"]),
        (&json!("Berg"), &json!("average"))
    );
    developer.delete(&path).await.expect(204);
    developer.delete(&path).await.expect(404);
    developer.get(&path).await.expect(404);
}

#[tokio::test]
async fn a_merge_patch_tells_absent_null_and_a_value_apart() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let body = json!({ "name": "Child", "reference_currency": "EUR", "parent_id": contract::demo::CLIENT });
    let path = format!(
        "/v1/clients/{}",
        developer.post("/v1/clients", body).await.expect(201).id()
    );
    let merge = async |body| {
        let request = developer.request("PATCH", &path).body(
            "application/merge-patch+json",
            serde_json::Value::to_string(&body),
        );
        request.send().await
    };
    assert_eq!(
        merge(json!({})).await.expect(200).json()["parent_id"],
        contract::demo::CLIENT
    );
    assert_eq!(
        merge(json!({ "parent_id": null })).await.expect(200).json()["parent_id"],
        json!(null)
    );
    let null_name = merge(json!({ "name": null })).await.expect(422);
    assert_eq!(null_name.json()["errors"][0]["pointer"], "#/name");
}

#[tokio::test]
async fn a_patch_that_changes_nothing_leaves_the_object_as_it_is() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let path = format!("/v1/clients/{}", contract::demo::CLIENT);
    let before = developer.get(&path).await.expect(200);
    let name = before.json()["name"].clone();
    developer.patch(&path, json!({ "name": name })).await.expect(200);
    assert_eq!(developer.get(&path).await.text, before.text);
}

#[tokio::test]
async fn a_client_cannot_stand_under_itself() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let new = async |parent: Option<&str>| {
        let body = json!({ "name": "Node", "reference_currency": "EUR", "parent_id": parent });
        developer.post("/v1/clients", body).await.expect(201).id()
    };
    let top = new(None).await;
    let middle = new(Some(&top)).await;
    let bottom = new(Some(&middle)).await;
    for parent in [&top, &middle, &bottom] {
        let answer = developer
            .patch(&format!("/v1/clients/{top}"), json!({ "parent_id": parent }))
            .await
            .expect(422);
        assert_eq!(answer.json()["errors"][0]["pointer"], "#/parent_id");
    }
    let blocked = developer.delete(&format!("/v1/clients/{top}")).await.expect(409);
    assert_eq!(blocked.problem(), "in-use");
}

#[tokio::test]
async fn the_docs_own_ids_exist_in_a_fresh_sandbox() {
    use contract::demo;
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    for path in [
        format!("/v1/clients/{}", demo::CLIENT),
        format!("/v1/clients/{}", demo::CHILD_CLIENT),
        format!("/v1/clients/{}", demo::OTHER_CLIENT),
        format!("/v1/legal-entities/{}", demo::LEGAL_ENTITY),
        format!("/v1/legal-entities/{}", demo::CHILD_LEGAL_ENTITY),
        format!("/v1/accounts/{}", demo::ACCOUNT),
        format!("/v1/depositories/{}", demo::DEPOSITORY),
        format!("/v1/reporting-entities/{}", demo::REPORTING_ENTITY),
        format!("/v1/reporting-entities/{}", demo::CHILD_REPORTING_ENTITY),
        format!("/v1/portfolios/{}", demo::PORTFOLIO),
        format!("/v1/custodian-authorities/{}", demo::AUTHORITY),
        format!("/v1/custodian-authorities/{}", demo::PENDING_AUTHORITY),
        format!("/v1/custodians/{}", demo::CUSTODIAN),
        format!("/v1/custodian-auth-flows/{}", demo::AUTH_FLOW),
    ] {
        developer.get(&path).await.expect(200);
    }
    assert_eq!(
        developer.get("/v1/clients").await.json()["data"]
            .as_array()
            .map(Vec::len),
        Some(3)
    );
    assert_eq!(
        developer.get("/v1/accounts").await.json()["data"]
            .as_array()
            .map(Vec::len),
        Some(14)
    );
    assert_eq!(
        developer.get("/v1/custodians").await.json()["data"]
            .as_array()
            .map(Vec::len),
        Some(6)
    );
    assert_eq!(
        developer.get("/v1/custodian-auth-flows").await.json()["data"]
            .as_array()
            .map(Vec::len),
        Some(8)
    );
}

#[tokio::test]
async fn an_accounting_method_that_old_sales_cannot_be_replayed_by_is_refused() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let world = World::of(&developer).await;
    let path = format!("/v1/clients/{}", world.0["ClientId"]);
    let account_by = async |method: &str| {
        developer
            .patch(&path, json!({ "accounting_method": method }))
            .await
    };
    let enter = async |kind: &str, day: &str, members: serde_json::Value| {
        let mut body = json!({
            "type": kind, "account_id": world.0["AccountId"], "depository_id": world.0["DepositoryId"],
            "instrument_id": demo::SHARE, "trade_date": day,
        });
        for (name, value) in members.as_object().into_iter().flatten() {
            body[name] = value.clone();
        }
        developer.post("/v1/transactions", body).await.expect(201).id()
    };
    account_by("specific_id").await.expect(200);
    let bought = json!({ "quantity": "100", "price": "78", "amount": "-7800" });
    let lot = enter("buy", "2026-06-01", bought.clone()).await;
    enter("buy", "2026-06-02", bought).await;
    let sale = json!({ "quantity": "-50", "price": "78", "amount": "3900", "lot_ids": [lot] });
    let sold = enter("sell", "2026-06-10", sale).await;
    account_by("fifo").await.expect(200);
    // What leaves on the fifth is the lot that the sale of the tenth names, but for the order of purchase.
    let other = json!({ "custodian_id": "saxo", "name": "Other" });
    let other = developer
        .post(
            &format!("/v1/legal-entities/{}/depositories", world.0["LegalEntityId"]),
            other,
        )
        .await
        .expect(201)
        .id();
    let moved = json!({ "quantity": "-100", "counterparty_depository_id": other });
    let moved = enter("transfer", "2026-06-05", moved).await;
    let refused = account_by("specific_id").await.expect(409);
    assert_eq!(refused.problem(), "in-use");
    assert!(refused.text.contains(&sold), "{}", refused.text);
    let client = developer.get(&path).await.expect(200).json();
    assert_eq!(client["accounting_method"], "fifo");
    developer
        .delete(&format!("/v1/transactions/{moved}"))
        .await
        .expect(204);
    account_by("specific_id").await.expect(200);
}
