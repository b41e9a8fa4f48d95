//! The launch checklist: proven by calls that somebody made, and by nothing else.

use super::browser::Browser;
use crate::harness::Portal;
use app::model::{ChecklistPage, ItemState};
use contract::Timestamp;
use portal::clock::Clock;

/// The checklist as data.
pub(super) async fn read(visitor: &Browser) -> ChecklistPage {
    let answer = visitor.get("/checklist.json").await.expect(200);
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
    assert!(
        page.contains(&format!("data-count=\"{}\"", checklist.mark())),
        "the page watches for another state"
    );
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

/// The standing of one item.
pub(super) async fn state(visitor: &Browser, id: &str) -> ItemState {
    let page = read(visitor).await;
    page.items
        .into_iter()
        .find(|item| item.id == id)
        .expect("the item")
        .state
}

#[tokio::test]
async fn a_repeat_that_waited_as_long_as_it_was_told_proves_the_retry_handling() {
    let portal = Portal::with(Clock::fixed(Timestamp::from_millis(1_780_000_000_000)), |_| {}).await;
    let visitor = Browser::new(&portal);
    let credentials = visitor.create_sandbox().await;
    let api = portal.anonymous();
    let token = api.token(&credentials.client_id, &credentials.secret, None).await;
    let bearer = format!("Bearer {token}");
    let call =
        |method: &'static str, path: &'static str| api.request(method, path).header("authorization", &bearer);
    let fault = serde_json::json!({ "kind": "rate_limited", "retry_after": 5, "times": 2, "match": { "path": "/v1/clients" } });
    call("POST", "/sandbox/faults")
        .json(fault)
        .send()
        .await
        .expect(201);

    let first = call("GET", "/v1/clients").send().await.expect(429);
    portal.clock.advance_millis(1_000);
    call("GET", "/v1/clients").send().await.expect(429);
    portal.clock.advance_millis(4_000);
    call("GET", "/v1/clients").send().await.expect(200);
    assert_eq!(
        state(&visitor, "retry-handling-tested").await,
        ItemState::Open,
        "five seconds after {:?}, but one more try came in between",
        first.header("request-id")
    );

    let fault = serde_json::json!({ "kind": "rate_limited", "retry_after": 5, "times": 1, "match": { "path": "/v1/clients" } });
    call("POST", "/sandbox/faults")
        .json(fault)
        .send()
        .await
        .expect(201);
    let refused = call("GET", "/v1/clients").send().await.expect(429);
    // The answer itself may have taken a few milliseconds of real time.
    portal.clock.advance_millis(6_000);
    let repeated = call("GET", "/v1/clients").send().await.expect(200);
    let ItemState::Proven(evidence) = state(&visitor, "retry-handling-tested").await else {
        panic!("not proven");
    };
    let refused = refused.header("request-id").expect("an id");
    assert_eq!(
        evidence.what,
        format!("GET /v1/clients → 200, 6.0 s after 429 with Retry-After: 5 ({refused})")
    );
    assert_eq!(evidence.request_id.as_deref(), repeated.header("request-id"));
}

#[tokio::test]
async fn good_practice_is_seen_in_the_calls_and_no_launch_waits_for_it() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    let credentials = visitor.create_sandbox().await;
    let api = portal.anonymous();
    let token = api.token(&credentials.client_id, &credentials.secret, None).await;
    let bearer = format!("Bearer {token}");
    let get = |path: &str| api.request("GET", path).header("authorization", &bearer);
    let page = get("/v1/clients?limit=1").send().await.expect(200);
    let mut next = page.json()["next_cursor"].as_str().map(str::to_owned);
    while let Some(cursor) = next {
        assert_eq!(state(&visitor, "pagination-walked").await, ItemState::Open);
        let page = get(&format!("/v1/clients?limit=1&cursor={cursor}"))
            .send()
            .await
            .expect(200);
        next = page.json()["next_cursor"].as_str().map(str::to_owned);
    }
    let tag = page.header("etag").expect("a tag");
    get("/v1/clients?limit=1")
        .header("if-none-match", tag)
        .send()
        .await
        .expect(304);
    for _ in 0..2 {
        let body = serde_json::json!({ "name": "Once", "reference_currency": "EUR" });
        let request = api
            .request("POST", "/v1/clients")
            .header("authorization", &bearer);
        request
            .header("idempotency-key", "once")
            .json(body)
            .send()
            .await
            .expect(201);
    }
    for (id, what) in [
        ("pagination-walked", "GET /v1/clients → 200"),
        ("conditional-request-used", "GET /v1/clients → 304"),
        ("idempotent-repeat-seen", "POST /v1/clients → 201"),
    ] {
        let ItemState::Proven(evidence) = state(&visitor, id).await else {
            panic!("{id} is not proven");
        };
        assert_eq!(evidence.what, what);
    }
    let page = read(&visitor).await;
    assert_eq!(
        (page.proven(), page.launch().count()),
        (1, 5),
        "the credentials alone"
    );
}
