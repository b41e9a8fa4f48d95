//! The builder's history and its links: opened again with every value, kept without secrets, marked where it is foreign.

use super::browser::Browser;
use crate::harness::Portal;
use app::{link, request::SendRequest};
use contract::demo;

async fn owner(portal: &Portal) -> Browser {
    let visitor = Browser::new(portal);
    visitor.create_sandbox().await;
    visitor
}

/// The addresses on a page that begin like this.
fn links(page: &str, start: &str) -> Vec<String> {
    let start = format!("href=\"{start}");
    page.match_indices(&start)
        .map(|(place, _)| {
            let rest = &page[place + "href=\"".len()..];
            rest.split('"').next().unwrap_or_default().replace("&amp;", "&")
        })
        .collect()
}

#[tokio::test]
async fn a_call_of_the_history_opens_with_its_values() {
    let portal = Portal::new().await;
    let visitor = owner(&portal).await;
    let page = visitor
        .build(
            "clients.create",
            &[("body.name", "Kept & found"), ("header.idempotency-key", "k-1")],
        )
        .await
        .expect(200)
        .text;
    let sent = links(&page, "/builder?sent=");
    assert_eq!(sent.len(), 1, "the history shows the call at once");
    let page = visitor.get(&sent[0]).await.expect(200).text;
    assert!(page.contains("value=\"Kept &amp; found\"") && page.contains("value=\"k-1\""));
    assert!(page.contains("value=\"clients.create\""));
    assert!(!page.contains("eyJ"), "a token is on the page");
}

#[tokio::test]
async fn the_history_holds_the_last_fifty_and_is_each_sandbox_its_own() {
    let portal = Portal::new().await;
    let visitor = owner(&portal).await;
    for limit in 1..=53 {
        let limit = limit.to_string();
        visitor
            .build("clients.list", &[("query.limit", &limit)])
            .await
            .expect(200);
    }
    let page = visitor.get("/builder").await.text;
    let sent = links(&page, "/builder?sent=");
    assert_eq!(sent.len(), 50);
    assert!(page.contains("limit=53") && page.contains("limit=4<") && !page.contains("limit=3<"));
    let other = owner(&portal).await;
    assert!(links(&other.get("/builder").await.text, "/builder?sent=").is_empty());
    let page = other.get(&sent[0]).await.expect(200).text;
    assert!(page.contains("no longer in the history"));
}

#[tokio::test]
async fn a_link_opens_the_same_request_in_another_sandbox() {
    let portal = Portal::new().await;
    let visitor = owner(&portal).await;
    let page = visitor
        .build(
            "clients.update",
            &[("path.id", demo::CLIENT), ("body.name", "Ours")],
        )
        .await
        .expect(200)
        .text;
    let shared = links(&page, "/builder?operation=clients.update&amp;whole=1");
    let other = owner(&portal).await;
    let page = other.get(&shared[0]).await.expect(200).text;
    assert!(page.contains("value=\"Ours\"") && page.contains(demo::CLIENT));
    assert!(!page.contains("not in your sandbox"), "demo data is everybody's");
}

#[tokio::test]
async fn ids_of_another_sandbox_are_marked_and_can_be_replaced() {
    let portal = Portal::new().await;
    let visitor = owner(&portal).await;
    // Once it has been called, a sandbox is asked itself.
    visitor.build("clients.list", &[]).await.expect(200);
    let stranger = "0123456789abcdef01234567";
    let request = SendRequest {
        operation: "clients.get".to_owned(),
        path: vec![("id".to_owned(), stranger.to_owned())],
        ..SendRequest::default()
    };
    let shared = link::shared(&request).expect("a short link");
    let page = visitor.get(&shared).await.expect(200).text;
    assert!(page.contains("not in your sandbox") && page.contains("put together in another sandbox"));
    let picks = links(&page, "/builder?operation=clients.get&amp;whole=1&amp;path.id=");
    let own = picks
        .iter()
        .find(|pick| pick.ends_with(demo::CLIENT))
        .expect("an own client is offered");
    let page = visitor.get(own).await.expect(200).text;
    assert!(!page.contains("not in your sandbox") && page.contains(demo::CLIENT));
}

#[tokio::test]
async fn a_link_carries_no_secret() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    let credentials = visitor.create_sandbox().await;
    let page = visitor.build("clients.list", &[]).await.expect(200).text;
    for link in links(&page, "/builder?operation=clients.list") {
        assert!(
            !link.contains(&credentials.secret)
                && !link.contains(&credentials.client_id)
                && !link.contains("eyJ")
        );
    }
}
