//! The request builder without JavaScript, and the ways in which somebody might bend it.

use super::browser::Browser;
use crate::harness::Portal;
use app::{
    model::Outcome,
    port::SendError,
    request::{Pairs, SendRequest},
};
use contract::{Timestamp, demo};
use portal::{
    clock::Clock,
    store::{control::sandboxes, log::Source},
};
use reqwest::Method;

#[tokio::test]
async fn a_request_is_sent_and_its_answer_shown() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    visitor.create_sandbox().await;
    let page = visitor
        .build("clients.get", &[("path.id", demo::CLIENT)])
        .await
        .expect(200)
        .text;
    assert!(page.contains(">200<"), "{page}");
    assert!(page.contains(demo::CLIENT) && page.contains("reference_currency"));
    assert!(page.contains("ratelimit-policy") && page.contains("req_"));
    assert!(page.contains(&format!("{}/v1/clients/{}", portal.server.api_url, demo::CLIENT)));
    assert!(!page.contains("eyJ"), "a token is on the page");
}

#[tokio::test]
async fn every_operation_has_its_form_with_real_ids() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    visitor.create_sandbox().await;
    for card in &contract::contract().cards {
        let page = visitor
            .get(&format!("/builder?operation={}", card.spec.id))
            .await
            .expect(200)
            .text;
        assert!(page.contains(card.spec.path), "{}", card.spec.id);
    }
    let form = visitor.get("/builder?operation=clients.get").await.text;
    assert!(form.contains(demo::OTHER_CLIENT), "no ids are offered");
    let form = visitor.get("/builder?operation=authorities.get").await.text;
    assert!(
        form.contains(demo::AUTHORITY),
        "no ids are offered where a list has a parent"
    );
}

#[tokio::test]
async fn what_a_page_reads_for_itself_is_nobodys_call() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    visitor.create_sandbox().await;
    visitor.build("clients.list", &[]).await.expect(200);
    // Once a sandbox has been called, pages read from it and no longer from the shared one.
    for page in [
        "/",
        "/builder?operation=authorities.get",
        "/builder?operation=accounts.create",
    ] {
        visitor.get(page).await.expect(200);
    }
    let sandboxes = sandboxes::list(&portal.server.control, None, 10)
        .await
        .expect("sandboxes");
    let mut calls = Vec::new();
    for sandbox in sandboxes {
        let tenant = portal
            .server
            .api
            .tenants
            .get_current(&sandbox.id)
            .await
            .expect("a tenant");
        calls.extend(tenant.log().recent(100, None).await.expect("a log"));
    }
    let calls: Vec<_> = calls
        .iter()
        .map(|call| (call.operation_id.as_deref(), call.source))
        .collect();
    assert_eq!(calls, [(Some("clients.list"), Source::Builder)]);
}

#[tokio::test]
async fn without_a_sandbox_the_page_says_what_to_do() {
    let portal = Portal::new().await;
    let page = Browser::new(&portal)
        .build("clients.list", &[])
        .await
        .expect(200)
        .text;
    assert!(page.contains("There is no sandbox to send to") && page.contains("Create sandbox"));
}

#[tokio::test]
async fn an_unknown_operation_is_explained() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    visitor.create_sandbox().await;
    for page in [
        visitor.get("/builder?operation=no.such").await,
        visitor.build("https://evil.example/", &[]).await,
    ] {
        assert!(page.expect(200).text.contains("There is no operation"));
    }
}

/// What the island gets for a request.
async fn act(visitor: &Browser, request: &SendRequest) -> Outcome {
    let body = serde_json::json!({ "request": request });
    let request = visitor
        .request(Method::POST, "/actions/send")
        .header("sec-fetch-site", "same-origin");
    let answer = visitor.send(request.json(&body)).await.expect(200);
    serde_json::from_str(&answer.text).expect("an outcome")
}

fn pairs(pairs: &[(&str, &str)]) -> Pairs {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn get_client(id: &str, headers: &[(&str, &str)]) -> SendRequest {
    SendRequest {
        operation: "clients.get".to_owned(),
        path: pairs(&[("id", id)]),
        headers: pairs(headers),
        ..SendRequest::default()
    }
}

#[tokio::test]
async fn an_island_gets_what_a_form_gets() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    assert_eq!(
        act(&visitor, &get_client("x", &[])).await,
        Outcome::Failed(SendError::NoSandbox)
    );
    visitor.create_sandbox().await;
    let Outcome::Answered(sent) = act(&visitor, &get_client(demo::CLIENT, &[])).await else {
        panic!("no answer");
    };
    assert_eq!((sent.status, sent.reason.as_str()), (200, "OK"));
    assert_eq!(sent.size, sent.body.len() as u64);
    assert!(sent.duration_us > 0 && sent.request_id.starts_with("req_"));
    let tag = sent.header("etag").expect("a tag").to_owned();
    let Outcome::Answered(again) = act(&visitor, &get_client(demo::CLIENT, &[("if-none-match", &tag)])).await
    else {
        panic!("no answer");
    };
    assert_eq!((again.status, again.body.as_str()), (304, ""));
}

#[tokio::test]
async fn only_harmless_headers_travel() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    visitor.create_sandbox().await;
    for name in [
        "authorization",
        "Host",
        "content-type",
        "cookie",
        "portal-builder",
        "transfer-encoding",
    ] {
        let outcome = act(&visitor, &get_client(demo::CLIENT, &[(name, "x")])).await;
        assert_eq!(
            outcome,
            Outcome::Failed(SendError::BadHeader(name.to_lowercase()))
        );
        let field = format!("header.{name}");
        let page = visitor
            .build("clients.list", &[(&field, "x")])
            .await
            .expect(200)
            .text;
        assert!(page.contains("cannot be sent"), "{name}");
    }
    let outcome = act(
        &visitor,
        &get_client(demo::CLIENT, &[("accept", "a\r\nx-evil: b")]),
    )
    .await;
    assert_eq!(
        outcome,
        Outcome::Failed(SendError::BadHeader("accept".to_owned()))
    );
}

#[tokio::test]
async fn a_value_cannot_leave_its_place_in_the_path() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    visitor.create_sandbox().await;
    for id in ["", ".", "..", "a\r\nHost: evil.example", "\u{0}"] {
        let outcome = act(&visitor, &get_client(id, &[])).await;
        assert_eq!(
            outcome,
            Outcome::Failed(SendError::MissingPath("id".to_owned())),
            "{id:?}"
        );
    }
    for id in [
        "../custodians",
        "..%2fcustodians",
        "%2e%2e/custodians",
        "..\\custodians",
        "http://evil.example/",
        "//evil.example/",
        "@evil.example",
        "x?limit=1",
        "x#y",
        "x;y",
    ] {
        let Outcome::Answered(sent) = act(&visitor, &get_client(id, &[])).await else {
            panic!("{id} was not sent");
        };
        assert!(matches!(sent.status, 400 | 404), "{id}: {}", sent.status);
        let path = sent
            .request_line
            .strip_prefix("GET /v1/clients/")
            .expect("the path of the operation");
        assert!(!path.contains(['/', '?', '#', '\\', '@']), "{path}");
    }
}

#[tokio::test]
async fn an_expired_token_is_renewed_unseen() {
    let clock = Clock::fixed(Timestamp::from_millis(1_780_000_000_000));
    let portal = Portal::with(clock.clone(), |_| {}).await;
    let visitor = Browser::new(&portal);
    visitor.create_sandbox().await;
    for _ in 0..3 {
        assert!(visitor.build("clients.list", &[]).await.text.contains(">200<"));
        clock.advance_millis(59 * 60 * 1000);
    }
}

#[tokio::test]
async fn every_button_that_leads_to_the_builder_produces_its_error() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    visitor.create_sandbox().await;
    let page = visitor.get("/errors").await.expect(200).text;
    let mut tried = 0;
    for section in page.split("<section ").skip(1) {
        let (_, rest) = section.split_once("id=\"").expect("an anchor");
        let (slug, rest) = rest.split_once('"').expect("an anchor");
        let section = rest.split("</section>").next().unwrap_or_default();
        if !section.contains("<form") {
            continue;
        }
        let (_, action) = section
            .split_once("action=\"")
            .expect("a form that leads somewhere");
        // What the builder cannot send is rehearsed, which the tests of the docs try.
        if !action.starts_with("/builder") {
            continue;
        }
        let fields: Vec<_> = section.split("<input").skip(1).filter_map(field).collect();
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let sent = visitor.post("/builder", &fields).await.expect(200).text;
        assert!(
            sent.contains(&format!("/errors#{slug}\"")),
            "{fields:?} did not produce {slug}"
        );
        tried += 1;
    }
    assert!(tried >= 8, "{tried} buttons");
}

/// Name and value of an input.
fn field(input: &str) -> Option<(String, String)> {
    let attribute = |name: &str| {
        let (_, rest) = input.split_once(&format!("{name}=\""))?;
        rest.split_once('"').map(|(value, _)| unescape(value))
    };
    Some((attribute("name")?, attribute("value").unwrap_or_default()))
}

fn unescape(text: &str) -> String {
    text.replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}
