//! Inboxes, and events fired by hand.

use super::{all, client, deliveries, endpoint, path, portal_with};
use crate::harness::{Developer, Portal};
use serde_json::{Value, json};

async fn inbox(developer: &Developer, body: Value) -> Value {
    developer.post("/sandbox/inboxes", body).await.expect(201).json()
}

async fn messages(developer: &Developer, inbox: &Value) -> Vec<Value> {
    let path = format!(
        "/sandbox/inboxes/{}/messages",
        inbox["id"].as_str().expect("an id")
    );
    let page = developer.get(&path).await.expect(200).json();
    page["data"].as_array().expect("rows").clone()
}

#[tokio::test]
async fn the_whole_loop_is_tried_with_nothing_public() {
    let portal = portal_with("0s,100ms,200ms,300ms").await;
    let developer = portal.sandbox().await;
    let answers =
        json!([{ "status": 503 }, { "status": 429, "retry_after": 1 }, { "status": 200, "body": "thanks" }]);
    let made = inbox(&developer, json!({ "name": "Loop", "answers": answers })).await;
    let hook = endpoint(
        &developer,
        made["url"].as_str().expect("a URL"),
        &["client.created"],
    )
    .await;
    client(&developer).await;
    deliveries(&developer, &hook, all("delivered")).await;
    let kept = messages(&developer, &made).await;
    let told: Vec<_> = kept
        .iter()
        .map(|one| {
            (
                one["answered_status"].clone(),
                one["verification"].clone(),
                one["webhook_id"].clone(),
            )
        })
        .collect();
    let expected = |status: u16| (json!(status), json!("valid"), hook["id"].clone());
    assert_eq!(told, [expected(503), expected(429), expected(200)]);
    let event: Value = serde_json::from_str(kept[0]["body"].as_str().expect("a body")).expect("JSON");
    assert_eq!(event["event_type"], "client.created");
    let path = format!("/sandbox/inboxes/{}", made["id"].as_str().expect("an id"));
    assert_eq!(developer.get(&path).await.expect(200).json()["received"], 3);
    let changed = developer
        .patch(&path, json!({ "answers": [{ "status": 410 }] }))
        .await
        .expect(200);
    assert_eq!(changed.json()["answers"][0]["status"], 410);
    client(&developer).await;
    deliveries(&developer, &hook, |rows| {
        rows.iter().any(|row| row["status"] == "failed")
    })
    .await;
    developer.delete(&path).await.expect(204);
    developer.get(&path).await.expect(404);
}

#[tokio::test]
async fn an_inbox_tells_what_is_not_genuine() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let made = inbox(&developer, json!({})).await;
    let address = made["url"]
        .as_str()
        .expect("a URL")
        .trim_start_matches(&portal.server.api_url)
        .to_owned();
    let send = async |headers: &[(&str, &str)]| {
        let mut request = portal.anonymous().request("POST", &address);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        request.body("application/json", "{}").send().await.expect(200)
    };
    send(&[]).await;
    let hook = endpoint(&developer, made["url"].as_str().expect("a URL"), &["position.*"]).await;
    send(&[]).await;
    let now = portal.clock.now().as_seconds().to_string();
    let forged = [
        ("webhook-id", "evt_1"),
        ("webhook-timestamp", now.as_str()),
        ("webhook-signature", "v1,AAAA"),
    ];
    send(&forged).await;
    let signer =
        standardwebhooks::Webhook::new(hook["secret"].as_str().expect("a secret")).expect("a secret");
    let old = signer.sign("evt_1", 1_600_000_000, b"{}").expect("a signature");
    send(&[
        ("webhook-id", "evt_1"),
        ("webhook-timestamp", "1600000000"),
        ("webhook-signature", &old),
    ])
    .await;
    let kept = messages(&developer, &made).await;
    let verdicts: Vec<_> = kept.iter().map(|one| one["verification"].clone()).collect();
    assert_eq!(verdicts, ["no_endpoint", "unsigned", "mismatch", "stale"]);
    for wrong in [
        "/inbox/sbx_1/inb_1".to_owned(),
        format!("{address}x"),
        "/inbox/a".to_owned(),
    ] {
        portal
            .anonymous()
            .request("POST", &wrong)
            .send()
            .await
            .expect(404);
    }
}

#[tokio::test]
async fn any_event_can_be_fired_if_its_data_fits() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let made = inbox(&developer, json!({})).await;
    let hook = endpoint(&developer, made["url"].as_str().expect("a URL"), &["*"]).await;
    for kind in contract::events::EventType::ALL {
        let fired = developer
            .post("/sandbox/events", json!({ "event_type": kind.as_str() }))
            .await;
        assert_eq!(fired.expect(200).json()["data"], kind.example());
    }
    let own = json!({ "event_type": "client.created", "data": { "client_id": "66a1f0c2d4e5b60718290001" } });
    let fired = developer.post("/sandbox/events", own).await.expect(200).json();
    let number = contract::events::EventType::ALL.len() + 1;
    deliveries(&developer, &hook, |rows| {
        rows.len() == number && all("delivered")(rows)
    })
    .await;
    let feed = developer
        .get("/v1/events?limit=100&type=client.created")
        .await
        .expect(200)
        .json();
    assert_eq!(feed["data"].as_array().and_then(|all| all.last()), Some(&fired));
    for (data, pointer) in [
        (json!({}), "#/data/client_id"),
        (json!({ "client_id": 7 }), "#/data/client_id"),
    ] {
        let body = json!({ "event_type": "client.created", "data": data });
        let refused = developer.post("/sandbox/events", body).await.expect(422);
        assert_eq!(refused.json()["errors"][0]["pointer"], pointer);
    }
    developer.delete(&path(&hook)).await.expect(204);
    developer.get(&path(&hook)).await.expect(404);
}
