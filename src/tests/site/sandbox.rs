//! A visitor's sandbox: created, shown once, rotated, reset, deleted.

use super::browser::{Browser, text_of};
use crate::harness::{Anonymous, Portal};
use contract::Timestamp;
use portal::clock::Clock;
use reqwest::Method;
use serde_json::json;

const DAY: i64 = 24 * 60 * 60 * 1000;

fn start() -> Timestamp {
    Timestamp::from_millis(1_780_000_000_000)
}

async fn token(api: &Anonymous, client_id: &str, secret: &str) -> u16 {
    let body = json!({ "grant_type": "client_credentials", "client_id": client_id, "client_secret": secret });
    api.request("POST", "/oauth/token").json(body).send().await.status
}

/// What the visitor's sandbox is called.
async fn name_of(visitor: &Browser) -> String {
    let page = visitor.get("/sandbox").await.text;
    let (_, rest) = page.split_once("<h1>").expect("a heading");
    let (name, _) = rest.split_once("</h1>").expect("a heading");
    name.to_owned()
}

#[tokio::test]
async fn a_script_that_takes_a_part_of_a_page_leaves_what_is_shown_once() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    visitor.post("/sandbox", &[]).await.expect(303);
    for (name, value) in [("accept", "text/html; part=1"), ("sec-purpose", "prefetch")] {
        let request = visitor.request(Method::GET, "/webhooks").header(name, value);
        visitor.send(request).await.expect(200);
    }
    let page = visitor.get("/sandbox").await.expect(200).text;
    assert!(
        text_of(&page, "client-secret").is_some(),
        "the secret was spent on a script"
    );
}

#[tokio::test]
async fn one_press_gives_credentials_that_work_and_shows_the_secret_once() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    let empty = visitor.get("/sandbox").await.expect(200);
    assert!(empty.text.contains("You have none yet"));
    assert!(!visitor.has_cookies(), "a session before it is needed");

    let credentials = visitor.create_sandbox().await;
    assert_eq!(
        token(&portal.anonymous(), &credentials.client_id, &credentials.secret).await,
        200
    );

    let again = visitor.get("/sandbox").await.expect(200);
    assert_eq!(text_of(&again.text, "client-id"), Some(credentials.client_id));
    assert_eq!(text_of(&again.text, "client-secret"), None);
    assert!(!again.text.contains(&credentials.secret));
    assert_eq!(again.header("cache-control"), Some("private, no-store"));
}

#[tokio::test]
async fn what_shows_nothing_does_not_spend_the_secret() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    visitor.post("/sandbox", &[]).await.expect(303);
    visitor
        .send(visitor.request(reqwest::Method::HEAD, "/sandbox"))
        .await
        .expect(200);
    let prefetch = visitor
        .request(reqwest::Method::GET, "/sandbox")
        .header("sec-purpose", "prefetch");
    let prefetched = visitor.send(prefetch).await.expect(200);
    assert_eq!(text_of(&prefetched.text, "client-secret"), None);
    let page = visitor.get("/sandbox").await.expect(200);
    assert!(text_of(&page.text, "client-secret").is_some());
}

#[tokio::test]
async fn a_second_press_makes_no_second_sandbox() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    let credentials = visitor.create_sandbox().await;
    visitor.post("/sandbox", &[]).await.expect(303);
    let page = visitor.get("/sandbox").await;
    assert_eq!(text_of(&page.text, "client-id"), Some(credentials.client_id));
}

#[tokio::test]
async fn a_rotated_secret_lets_the_one_before_work_for_a_day() {
    let clock = Clock::fixed(start());
    let portal = Portal::with(clock.clone(), |_| {}).await;
    let visitor = Browser::new(&portal);
    let old = visitor.create_sandbox().await;
    visitor.post("/sandbox/rotate", &[]).await.expect(303);
    let page = visitor.get("/sandbox").await.expect(200).text;
    let new = text_of(&page, "client-secret").expect("a new secret");
    assert_ne!(new, old.secret);
    assert!(!visitor.get("/sandbox").await.text.contains(&new));

    let api = portal.anonymous();
    assert_eq!(token(&api, &old.client_id, &old.secret).await, 200);
    assert_eq!(token(&api, &old.client_id, &new).await, 200);
    clock.advance_millis(DAY);
    assert_eq!(token(&api, &old.client_id, &old.secret).await, 401);
    assert_eq!(token(&api, &old.client_id, &new).await, 200);
}

#[tokio::test]
async fn a_reset_restores_the_data_and_keeps_the_credentials() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    let credentials = visitor.create_sandbox().await;
    let fields = [("body.name", "Passing Fancy"), ("body.reference_currency", "EUR")];
    let created = visitor.build("clients.create", &fields).await.expect(200);
    assert!(created.text.contains("201"), "{}", created.text);
    assert!(
        visitor
            .build("clients.list", &[])
            .await
            .text
            .contains("Passing Fancy")
    );

    visitor.post("/sandbox/reset", &[]).await.expect(303);
    assert!(visitor.get("/sandbox").await.text.contains("Nothing was reset"));
    assert!(
        visitor
            .build("clients.list", &[])
            .await
            .text
            .contains("Passing Fancy")
    );
    let name = name_of(&visitor).await;
    visitor
        .post("/sandbox/reset", &[("confirm", &name)])
        .await
        .expect(303);
    assert!(visitor.get("/sandbox").await.text.contains("Demo data restored"));
    assert!(
        !visitor
            .build("clients.list", &[])
            .await
            .text
            .contains("Passing Fancy")
    );
    assert_eq!(
        token(&portal.anonymous(), &credentials.client_id, &credentials.secret).await,
        200
    );
}

#[tokio::test]
async fn a_deletion_takes_the_name_and_then_leaves_nothing() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    let credentials = visitor.create_sandbox().await;
    for wrong in [&[][..], &[("confirm", "")], &[("confirm", "sandbox")]] {
        visitor.post("/sandbox/delete", wrong).await.expect(303);
        assert!(visitor.get("/sandbox").await.text.contains("Nothing was deleted"));
    }
    let name = name_of(&visitor).await;

    let gone = visitor
        .post("/sandbox/delete", &[("confirm", &name)])
        .await
        .expect(303);
    let cookie = gone.header("set-cookie").expect("the session's end");
    assert!(
        cookie.starts_with("portal_session=;") && cookie.contains("Max-Age=0"),
        "{cookie}"
    );
    assert!(!visitor.has_cookies());
    assert!(visitor.get("/sandbox").await.text.contains("You have none yet"));
    assert_eq!(
        token(&portal.anonymous(), &credentials.client_id, &credentials.secret).await,
        401
    );
}

#[tokio::test]
async fn an_address_that_creates_too_many_is_told_when_to_come_back() {
    let clock = Clock::fixed(start());
    let portal = Portal::with(clock.clone(), |config| config.sandboxes_per_hour = 10).await;
    for _ in 0..10 {
        Browser::new(&portal).post("/sandbox", &[]).await.expect(303);
    }
    let late = Browser::new(&portal);
    let refused = late.post("/sandbox", &[]).await.expect(429);
    assert_eq!(refused.header("retry-after"), Some("3600"));
    assert!(refused.text.contains("It works again in 60 minutes"));
    assert!(!late.has_cookies());
    clock.advance_millis(60 * 60 * 1000);
    late.post("/sandbox", &[]).await.expect(303);
}

#[tokio::test]
async fn the_page_says_when_an_unused_sandbox_goes_and_then_it_is_gone() {
    let clock = Clock::fixed(start());
    let portal = Portal::with(clock.clone(), |_| {}).await;
    let visitor = Browser::new(&portal);
    let credentials = visitor.create_sandbox().await;
    let page = visitor.get("/sandbox").await.text;
    let ends = start().plus_millis(14 * DAY).to_string();
    assert!(page.contains(&ends), "{ends} in {page}");

    clock.advance_millis(14 * DAY);
    portal.server.api.tenants.sweep().await.expect("a sweep");
    assert!(visitor.get("/sandbox").await.text.contains("You have none yet"));
    assert_eq!(
        token(&portal.anonymous(), &credentials.client_id, &credentials.secret).await,
        401
    );
}
