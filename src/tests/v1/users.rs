//! Users and invites.

use crate::harness::{Developer, Portal};
use contract::demo;
use serde_json::{Value, json};

const DAY: u32 = 24 * 60 * 60;

fn users() -> String {
    format!("/v1/clients/{}/users", demo::CLIENT)
}

fn person(email: &str) -> Value {
    json!({ "email": email, "first_name": "Ida", "last_name": "Holm", "reporting_entity_ids": [demo::REPORTING_ENTITY] })
}

async fn create(developer: &Developer, email: &str) -> String {
    let created = developer.post(&users(), person(email)).await.expect(201);
    format!("/v1/users/{}", created.id())
}

async fn states(developer: &Developer, user: &str) -> Vec<String> {
    let page = developer.get(&format!("{user}/invites")).await.expect(200).json();
    let rows = page["data"].as_array().expect("rows");
    rows.iter()
        .map(|row| row["state"].as_str().expect("a state").to_owned())
        .collect()
}

#[tokio::test]
async fn a_user_is_created_changed_listed_and_deleted() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let user = create(&developer, "ida@example.com").await;
    let read = developer.get(&user).await.expect(200).json();
    assert_eq!(
        (&read["status"], &read["client_id"]),
        (&json!("invited"), &json!(demo::CLIENT))
    );
    let patch = json!({ "last_name": "Lind", "reporting_entity_ids": [] });
    let changed = developer.patch(&user, patch).await.expect(200).json();
    assert_eq!(
        (&changed["last_name"], &changed["reporting_entity_ids"]),
        (&json!("Lind"), &json!([]))
    );
    let listed = developer.get(&users()).await.expect(200).json();
    assert!(listed["data"].as_array().expect("rows").contains(&changed));
    developer.delete(&user).await.expect(204);
    developer.get(&user).await.expect(404);
    developer.get(&format!("{user}/invites")).await.expect(404);
}

#[tokio::test]
async fn an_address_is_checked_and_belongs_to_one_user() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    create(&developer, "ida@example.com").await;
    let other = create(&developer, "eva@example.com").await;
    let again = developer
        .post(&users(), person("IDA@example.com"))
        .await
        .expect(409);
    assert_eq!(again.json()["errors"][0]["pointer"], "#/email");
    let taken = json!({ "email": "Ida@Example.com" });
    assert_eq!(
        developer.patch(&other, taken).await.expect(409).problem(),
        "already-exists"
    );
    let recased = json!({ "email": "Eva@example.com" });
    developer.patch(&other, recased).await.expect(200);
    for bad in [
        "",
        "ida",
        "@example.com",
        "ida@",
        "i da@example.com",
        "a@b@c.com",
        "ida@.com",
    ] {
        let refused = developer.post(&users(), person(bad)).await.expect(422);
        assert_eq!(refused.json()["errors"][0]["pointer"], "#/email", "{bad}");
    }
}

#[tokio::test]
async fn a_user_looks_only_at_what_the_client_has() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let path = format!("/v1/clients/{}/users", demo::OTHER_CLIENT);
    let refused = developer.post(&path, person("ida@example.com")).await.expect(422);
    assert_eq!(refused.json()["errors"][0]["pointer"], "#/reporting_entity_ids/0");
}

#[tokio::test]
async fn an_invite_is_used_replaced_cancelled_or_expires() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let user = create(&developer, "ida@example.com").await;
    let invites = format!("{user}/invites");
    let activate = json!({ "status": "active" });
    let refused = developer.patch(&user, activate.clone()).await.expect(422);
    assert_eq!(refused.json()["errors"][0]["pointer"], "#/status");
    let first = developer.post(&invites, json!({})).await.expect(201).id();
    developer.post(&invites, json!({})).await.expect(201);
    assert_eq!(states(&developer, &user).await, ["cancelled", "valid"]);
    let cancel = format!("{invites}/{first}/cancel");
    let once = developer.post(&cancel, json!({})).await.expect(200).json();
    assert_eq!(developer.post(&cancel, json!({})).await.expect(200).json(), once);
    let advance = json!({ "by_seconds": 60 * DAY + 60 });
    developer
        .post("/sandbox/clock/advance", advance)
        .await
        .expect(200);
    assert_eq!(states(&developer, &user).await, ["cancelled", "expired"]);
    let third = developer.post(&invites, json!({})).await.expect(201).id();
    developer.patch(&user, activate).await.expect(200);
    assert_eq!(states(&developer, &user).await, ["cancelled", "expired", "used"]);
    let refused = developer
        .post(&format!("{invites}/{third}/cancel"), json!({}))
        .await
        .expect(409);
    assert_eq!(refused.problem(), "invalid-state-transition");
    let superfluous = developer.post(&invites, json!({})).await.expect(409);
    assert_eq!(superfluous.problem(), "invalid-state-transition");
}

#[tokio::test]
async fn an_invite_ends_when_the_call_says_and_not_before_now() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let user = create(&developer, "ida@example.com").await;
    let invites = format!("{user}/invites");
    let past = json!({ "expires_at": "2020-01-01T00:00:00Z" });
    let refused = developer.post(&invites, past).await.expect(422);
    assert_eq!(refused.json()["errors"][0]["pointer"], "#/expires_at");
    let far = json!({ "expires_at": "2099-01-01T00:00:00Z" });
    let invite = developer.post(&invites, far).await.expect(201).json();
    assert_eq!(invite["expires_at"], "2099-01-01T00:00:00Z");
    let disable = json!({ "status": "disabled" });
    developer.patch(&user, disable).await.expect(200);
    assert_eq!(states(&developer, &user).await, ["cancelled"]);
}

#[tokio::test]
async fn what_a_user_looks_at_goes_with_it() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let view = json!({ "name": "View", "currency": "EUR" });
    let path = format!("/v1/clients/{}/reporting-entities", demo::CLIENT);
    let view = developer.post(&path, view).await.expect(201).id();
    let mut body = person("ida@example.com");
    body["reporting_entity_ids"] = json!([view]);
    let user = developer.post(&users(), body).await.expect(201).id();
    developer
        .delete(&format!("/v1/reporting-entities/{view}"))
        .await
        .expect(204);
    let read = developer.get(&format!("/v1/users/{user}")).await.expect(200);
    assert_eq!(read.json()["reporting_entity_ids"], json!([]));
}
