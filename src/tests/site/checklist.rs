//! The launch checklist: proven by calls that somebody made, and by nothing else.

use super::browser::Browser;
use crate::harness::Portal;
use app::model::{ChecklistPage, ItemState};
use reqwest::Method;

async fn read(visitor: &Browser) -> ChecklistPage {
    let request = visitor
        .request(Method::POST, "/actions/checklist")
        .header("sec-fetch-site", "same-origin");
    let answer = visitor
        .send(request.json(&serde_json::json!({})))
        .await
        .expect(200);
    serde_json::from_str(&answer.text).expect("a checklist")
}

#[tokio::test]
async fn the_items_stand_there_before_anything_is_proven() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    let page = visitor.get("/checklist").await.expect(200).text;
    for title in [
        "Sandbox credentials issued",
        "Read scopes approved",
        "Webhook secret generated",
        "Retry handling tested",
        "Production cutover scheduled",
    ] {
        assert!(page.contains(title), "{title}");
    }
    assert_eq!(read(&visitor).await.proven(), 0);
}

#[tokio::test]
async fn only_a_call_that_somebody_made_proves_the_credentials() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    visitor.create_sandbox().await;
    for path in [
        "/",
        "/builder?operation=authorities.get",
        "/sandbox",
        "/quickstart",
    ] {
        visitor.get(path).await.expect(200);
    }
    visitor
        .build("clients.get", &[("path.id", "66a1f0c2d4e5b607182900ff")])
        .await
        .expect(200);
    assert_eq!(
        read(&visitor).await.proven(),
        0,
        "a page or a refused call proved something"
    );

    visitor.build("clients.list", &[]).await.expect(200);
    let checklist = read(&visitor).await;
    let ItemState::Proven(evidence) = &checklist.items[0].state else {
        panic!("{checklist:?}");
    };
    assert_eq!(evidence.what, "GET /v1/clients → 200");
    assert!(
        evidence
            .by
            .starts_with(checklist.client_id.as_deref().expect("a client"))
    );
    assert!(
        evidence
            .request_id
            .as_deref()
            .is_some_and(|id| id.starts_with("req_"))
    );
    assert_eq!(checklist.proven(), 1);
    let page = visitor.get("/checklist").await.expect(200).text;
    assert!(page.contains(evidence.request_id.as_deref().expect("an id")));
}

#[tokio::test]
async fn a_program_with_the_credentials_proves_them_too() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    let credentials = visitor.create_sandbox().await;
    let api = portal.anonymous();
    let token = api.token(&credentials.client_id, &credentials.secret, None).await;
    assert_eq!(read(&visitor).await.proven(), 0, "a token alone proves no call");
    let call = api
        .request("GET", "/v1/custodians")
        .header("authorization", format!("Bearer {token}"));
    let request_id = call
        .send()
        .await
        .expect(200)
        .header("request-id")
        .expect("an id")
        .to_owned();
    let ItemState::Proven(evidence) = read(&visitor).await.items[0].state.clone() else {
        panic!("not proven");
    };
    assert_eq!(evidence.request_id, Some(request_id));
}
