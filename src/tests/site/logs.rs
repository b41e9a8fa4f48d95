//! The request log: every call from anywhere, filtered, paged, opened again; and the panel that plants faults.

use super::browser::Browser;
use crate::harness::{Anonymous, Portal};
use reqwest::Method;

/// Someone with a sandbox, and a token for their own programs.
async fn owner(portal: &Portal) -> (Browser, String) {
    let visitor = Browser::new(portal);
    let credentials = visitor.create_sandbox().await;
    let token = portal
        .anonymous()
        .token(&credentials.client_id, &credentials.secret, None)
        .await;
    (visitor, token)
}

async fn call(anonymous: &Anonymous, token: &str, method: Method, path: &str) {
    let request = anonymous
        .http
        .request(method, format!("{}{path}", anonymous.base))
        .bearer_auth(token);
    request.send().await.expect("an answer");
}

#[tokio::test]
async fn calls_from_anywhere_are_listed_and_can_be_filtered() {
    let portal = Portal::new().await;
    let (visitor, token) = owner(&portal).await;
    visitor
        .build("clients.list", &[("query.limit", "2")])
        .await
        .expect(200);
    let program = portal.anonymous();
    call(&program, &token, Method::GET, "/v1/accounts?limit=3").await;
    call(
        &program,
        &token,
        Method::GET,
        "/v1/clients/66a1f0c2d4e5b607182900ff",
    )
    .await;
    let log = |query: &'static str| {
        let visitor = &visitor;
        async move { visitor.get(&format!("/logs{query}")).await.expect(200).text }
    };
    let all = log("").await;
    assert!(all.contains("/v1/clients?limit=2") && all.contains("/v1/accounts?limit=3"));
    assert!(all.contains(">builder<") && all.contains(">direct<") && all.contains("not-found"));
    assert!(!all.contains("eyJ"));
    let direct = log("?source=direct").await;
    assert!(!direct.contains("/v1/clients?limit=2") && direct.contains("/v1/accounts?limit=3"));
    let refused = log("?status=4xx").await;
    assert!(refused.contains("182900ff") && !refused.contains("limit=3"));
    let accounts = log("?operation=accounts.list&since=15m").await;
    assert!(accounts.contains("limit=3") && !accounts.contains("182900ff"));
    assert!(
        log("?operation=accounts.list&status=5xx")
            .await
            .contains("No call of the last seven days is like this")
    );
}

#[tokio::test]
async fn a_program_s_call_opens_in_the_builder_with_its_values() {
    let portal = Portal::new().await;
    let (visitor, token) = owner(&portal).await;
    let path = format!("/v1/clients/{}/legal-entities?limit=7", contract::demo::CLIENT);
    call(&portal.anonymous(), &token, Method::GET, &path).await;
    let page = visitor.get("/logs").await.expect(200).text;
    let (_, rest) = page
        .split_once("href=\"/builder?operation=legal_entities.list")
        .expect("a link");
    let address = rest.split('"').next().unwrap_or_default().replace("&amp;", "&");
    let form = visitor
        .get(&format!("/builder?operation=legal_entities.list{address}"))
        .await
        .expect(200)
        .text;
    assert!(form.contains("value=\"7\"") && form.contains(&format!("value=\"{}\"", contract::demo::CLIENT)));
}

#[tokio::test]
async fn pages_of_the_log_hold_every_call_once() {
    let portal = Portal::new().await;
    let (visitor, token) = owner(&portal).await;
    let program = portal.anonymous();
    for limit in 1..=55 {
        call(
            &program,
            &token,
            Method::GET,
            &format!("/v1/custodians?limit={limit}&n={limit}"),
        )
        .await;
    }
    let mut seen = 0;
    let mut next = Some("/logs".to_owned());
    while let Some(address) = next {
        let page = visitor.get(&address).await.expect(200).text;
        seen += page.matches("class=\"call-line\"").count();
        next = page.split_once("rel=\"next\"").map(|(before, _)| {
            let (_, href) = before.rsplit_once("href=\"").expect("a link");
            href.split('"').next().unwrap_or_default().replace("&amp;", "&")
        });
    }
    assert_eq!(seen, 55);
}

#[tokio::test]
async fn the_last_calls_of_an_operation_stand_in_the_docs_and_are_their_readers_alone() {
    let portal = Portal::new().await;
    let (visitor, token) = owner(&portal).await;
    call(&portal.anonymous(), &token, Method::GET, "/v1/clients?limit=9").await;
    let docs = visitor.get("/reference/v1/clients").await.expect(200);
    assert!(docs.text.contains("/logs/part?operation=clients.list") && !docs.text.contains("limit=9"));
    let part = visitor.get("/logs/part?operation=clients.list").await.expect(200);
    assert!(part.text.contains("limit=9"));
    assert_eq!(part.header("cache-control"), Some("private, no-store"));
    let stranger = Browser::new(&portal);
    let part = stranger
        .get("/logs/part?operation=clients.list")
        .await
        .expect(200);
    assert!(!part.text.contains("limit=9") && part.text.contains("no sandbox yet"));
    assert!(
        stranger
            .get("/logs")
            .await
            .expect(200)
            .text
            .contains("Create sandbox")
    );
}

#[tokio::test]
async fn a_fault_is_planted_strikes_and_is_taken_away_from_the_panel() {
    let portal = Portal::new().await;
    let (visitor, _) = owner(&portal).await;
    let plant = [
        ("operation", "clients.list"),
        ("do", "plant"),
        ("kind", "rate_limited"),
        ("strikes", "this"),
        ("times", "2"),
        ("retry_after", "7"),
    ];
    let page = visitor.post("/builder/faults", &plant).await.expect(200).text;
    assert!(
        page.contains("The fault is planted")
            && page.contains("429, Retry-After 7")
            && page.contains("2 calls left")
    );
    let struck = visitor.build("clients.list", &[]).await.expect(200).text;
    assert!(struck.contains(">429<") && struck.contains("A fault that you planted struck this call"));
    let panel = visitor
        .get("/builder/faults?operation=clients.list")
        .await
        .expect(200)
        .text;
    assert!(panel.contains("1 call left"), "{panel}");
    let (_, id) = panel.split_once("name=\"fault\" value=\"").expect("a fault");
    let id = id.split('"').next().unwrap_or_default();
    let remove = [("operation", "clients.list"), ("do", "remove"), ("fault", id)];
    let page = visitor.post("/builder/faults", &remove).await.expect(200).text;
    assert!(page.contains("The fault is taken away") && !page.contains("name=\"fault\""));
    assert!(visitor.build("clients.list", &[]).await.text.contains(">200<"));
}

#[tokio::test]
async fn a_fault_that_cannot_be_planted_says_why() {
    let portal = Portal::new().await;
    let (visitor, _) = owner(&portal).await;
    let plant = [
        ("operation", "clients.list"),
        ("do", "plant"),
        ("kind", "latency"),
        ("strikes", "every"),
    ];
    let page = visitor.post("/builder/faults", &plant).await.expect(200).text;
    assert!(page.contains("delay_ms is required for latency"), "{page}");
}
