//! The docs as browsers, caches and machines get them.

use super::browser::Browser;
use crate::harness::{Answer, Portal};
use reqwest::Method;
use std::io::Read as _;

const PAGE: &str = "/quickstart";

async fn ask(visitor: &Browser, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = visitor.request(method, path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    visitor.send(request).await
}

#[tokio::test]
async fn a_page_is_the_same_for_everyone_who_has_no_sandbox() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    let page = visitor.get(PAGE).await.expect(200);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(page.header("cache-control"), Some("public, no-cache"));
    assert_eq!(page.header("vary"), Some("accept, accept-encoding, cookie"));
    assert!(!visitor.has_cookies(), "a cookie on a page that needs none");
    assert!(page.text.contains("your_client_id"));

    let tag = page.header("etag").expect("a tag").to_owned();
    let known = ask(&visitor, Method::GET, PAGE, &[("if-none-match", &tag)])
        .await
        .expect(304);
    assert!(known.text.is_empty());
    assert_eq!(known.header("etag"), Some(tag.as_str()));

    let head = ask(&visitor, Method::HEAD, PAGE, &[]).await.expect(200);
    assert_eq!(
        head.header("content-length"),
        Some(page.text.len().to_string().as_str())
    );
    assert_eq!(head.header("etag"), Some(tag.as_str()));
}

#[tokio::test]
async fn each_encoding_and_theme_has_a_tag_of_its_own_and_the_same_text() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    let plain = visitor.get(PAGE).await.expect(200);
    let mut tags = vec![plain.header("etag").expect("a tag").to_owned()];
    for encoding in ["br", "gzip"] {
        let request = visitor
            .request(Method::GET, PAGE)
            .header("accept-encoding", encoding);
        let response = request.send().await.expect("a response");
        assert_eq!(response.headers()["content-encoding"], encoding);
        tags.push(response.headers()["etag"].to_str().expect("a tag").to_owned());
        let packed = response.bytes().await.expect("a body");
        let mut text = String::new();
        let read = match encoding {
            "br" => brotli::Decompressor::new(&packed[..], 4096).read_to_string(&mut text),
            _ => flate2::read::GzDecoder::new(&packed[..]).read_to_string(&mut text),
        };
        read.expect("well packed");
        assert_eq!(text, plain.text, "{encoding}");
    }
    visitor.post("/theme", &[("theme", "dark")]).await.expect(303);
    let dark = visitor.get(PAGE).await.expect(200);
    assert!(dark.text.contains("data-theme=\"dark\""));
    tags.push(dark.header("etag").expect("a tag").to_owned());
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), 4, "{tags:?}");
}

#[tokio::test]
async fn a_reader_with_a_sandbox_finds_its_own_values_in_the_samples() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    let credentials = visitor.create_sandbox().await;
    let page = visitor.get(PAGE).await.expect(200);
    assert!(page.text.contains(&credentials.client_id) && !page.text.contains("your_client_id"));
    assert!(!page.text.contains(&credentials.secret));
    assert_eq!(page.header("cache-control"), Some("private, no-cache"));
    let tag = page.header("etag").expect("a tag").to_owned();
    ask(&visitor, Method::GET, PAGE, &[("if-none-match", &tag)])
        .await
        .expect(304);
    let stranger = Browser::new(&portal);
    ask(&stranger, Method::GET, PAGE, &[("if-none-match", &tag)])
        .await
        .expect(200);

    let text = visitor.get(&format!("{PAGE}.md")).await.expect(200);
    assert!(text.text.contains(&credentials.client_id));
    assert_eq!(text.header("cache-control"), Some("private, no-cache"));
}

#[tokio::test]
async fn every_page_has_a_twin_in_markdown() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    let twin = visitor.get(&format!("{PAGE}.md")).await.expect(200);
    assert_eq!(twin.header("content-type"), Some("text/markdown; charset=utf-8"));
    assert!(twin.text.starts_with("# "), "{}", twin.text);
    let canonical = format!("<{}{PAGE}>; rel=\"canonical\"", portal.server.portal_url);
    assert_eq!(twin.header("link"), Some(canonical.as_str()));
    let asked = ask(&visitor, Method::GET, PAGE, &[("accept", "text/markdown")])
        .await
        .expect(200);
    assert_eq!(asked.text, twin.text);
    let tag = twin.header("etag").expect("a tag").to_owned();
    ask(
        &visitor,
        Method::GET,
        PAGE,
        &[("accept", "text/markdown"), ("if-none-match", &tag)],
    )
    .await
    .expect(304);
}

#[tokio::test]
async fn machines_find_their_way() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    let portal_url = &portal.server.portal_url;
    let robots = visitor.get("/robots.txt").await.expect(200).text;
    assert!(
        robots.contains(&format!("Sitemap: {portal_url}/sitemap.xml")),
        "{robots}"
    );
    let sitemap = visitor.get("/sitemap.xml").await.expect(200);
    assert_eq!(sitemap.header("content-type"), Some("application/xml"));
    let places: Vec<_> = sitemap
        .text
        .split("<loc>")
        .skip(1)
        .filter_map(|part| part.split("</loc>").next())
        .collect();
    assert!(places.len() > 10, "{places:?}");
    for place in places {
        let path = place.strip_prefix(portal_url.as_str()).expect("a page of ours");
        visitor
            .get(if path.is_empty() { "/" } else { path })
            .await
            .expect(200);
    }
    let llms = visitor.get("/llms.txt").await.expect(200);
    assert_eq!(llms.header("content-type"), Some("text/plain; charset=utf-8"));
    let openapi = visitor.get("/openapi.json").await.expect(200).json();
    assert_eq!(openapi["servers"][0]["url"], portal.server.api_url);
    for card in &contract::contract().cards {
        let method = card.spec.method.as_str().to_lowercase();
        assert_eq!(
            openapi["paths"][card.spec.path][method]["operationId"],
            card.spec.id
        );
    }
    assert!(
        openapi["openapi"]
            .as_str()
            .is_some_and(|version| version.starts_with("3.1"))
    );
}

#[tokio::test]
async fn other_names_of_a_page_lead_to_it() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    for (name, page) in [("/quickstart/", "/quickstart"), ("/docs", "/quickstart")] {
        let moved = visitor.get(name).await.expect(308);
        assert_eq!(moved.header("location"), Some(page));
    }
}

#[tokio::test]
async fn a_search_finds_a_field_and_takes_any_text() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    let found = visitor.get("/search?q=expires_at").await.expect(200).text;
    assert!(found.contains("<mark>"), "{found}");
    visitor.get("/search").await.expect(200);
    let page = visitor
        .get("/search?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E")
        .await
        .expect(200)
        .text;
    assert!(!page.contains("<script>alert"));
}
