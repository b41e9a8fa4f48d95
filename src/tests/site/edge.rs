//! What every answer carries, and the pages for everything that goes wrong.

use super::browser::Browser;
use crate::harness::{Answer, Portal};
use reqwest::Method;

const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'; report-uri /csp-report";

#[track_caller]
fn assert_guarded(answer: &Answer) {
    for (name, value) in [
        ("content-security-policy", POLICY),
        ("referrer-policy", "same-origin"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    assert!(
        answer
            .header("permissions-policy")
            .is_some_and(|policy| policy.contains("camera=()"))
    );
    assert!(
        answer
            .header("request-id")
            .is_some_and(|id| id.starts_with("req_"))
    );
    assert_eq!(
        answer.header("strict-transport-security"),
        None,
        "over plain http"
    );
}

#[tokio::test]
async fn every_answer_is_guarded_and_named() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    let paths = [
        "/",
        "/quickstart",
        "/quickstart.md",
        "/search?q=x",
        "/sandbox",
        "/builder",
        "/checklist",
        "/robots.txt",
        "/sitemap.xml",
        "/llms.txt",
        "/openapi.json",
        "/favicon.svg",
        "/nothing/here",
        "/assets/none.css",
        "/theme",
        "/actions/send",
        "/csp-report",
        "/quickstart/",
    ];
    for path in paths {
        assert_guarded(&visitor.get(path).await);
    }
    assert_guarded(&visitor.post("/sandbox", &[]).await);
    let first = visitor.get("/").await;
    assert_ne!(
        first.header("request-id"),
        visitor.get("/").await.header("request-id")
    );
}

#[tokio::test]
async fn a_file_carries_what_is_about_files() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    for name in ["main.css", "page.js", "fonts/sans.woff2"] {
        let file = visitor.get(&portal::assets::url(name)).await.expect(200);
        assert_eq!(file.header("x-content-type-options"), Some("nosniff"), "{name}");
        assert_eq!(
            file.header("cross-origin-resource-policy"),
            Some("same-origin"),
            "{name}"
        );
        assert_eq!(file.header("content-security-policy"), None, "{name}");
        assert!(file.header("request-id").is_some(), "{name}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_a_page_that_says_so() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    for path in [
        "/nothing/here",
        "/assets/none.css",
        "/quickstart.html",
        "/nothing.md",
        "/%2e%2e/etc/passwd",
    ] {
        let page = visitor.get(path).await.expect(404);
        assert_eq!(
            page.header("content-type"),
            Some("text/html; charset=utf-8"),
            "{path}"
        );
        assert!(
            page.text.contains("No page here") && page.text.contains("<h1>"),
            "{path}"
        );
    }
    let page = visitor.get("/%3Cscript%3E").await.expect(404).text;
    assert!(
        !page.contains("<script>"),
        "the path stands in the page as it came"
    );
}

#[tokio::test]
async fn a_wrong_method_is_told_which_are_right() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    for (method, path, allow) in [
        (Method::POST, "/quickstart", "GET,HEAD"),
        (Method::DELETE, "/sandbox", "GET,HEAD,POST"),
        (Method::GET, "/theme", "POST"),
        (Method::GET, "/sandbox/delete", "POST"),
    ] {
        let request = visitor
            .request(method, path)
            .header("sec-fetch-site", "same-origin");
        let page = visitor.send(request).await.expect(405);
        assert_eq!(page.header("allow"), Some(allow), "{path}");
        assert!(page.text.contains("This address is not a page"), "{path}");
    }
}

#[tokio::test]
async fn a_form_that_is_too_large_or_no_form_is_refused_in_words() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    let large = "x".repeat(70_000);
    let page = visitor.post("/theme", &[("theme", &large)]).await.expect(413);
    assert!(page.text.contains("The request is too large"));
    let request = visitor
        .request(Method::POST, "/theme")
        .header("sec-fetch-site", "same-origin");
    let page = visitor
        .send(request.json(&serde_json::json!({ "theme": "dark" })))
        .await
        .expect(400);
    assert!(page.text.contains("makes no sense here"));
}

#[tokio::test]
async fn violations_are_counted_and_a_flood_of_them_is_not() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    let report =
        serde_json::json!({ "csp-report": { "violated-directive": "script-src", "blocked-uri": "inline" } });
    let mut statuses = Vec::new();
    for _ in 0..22 {
        let request = visitor
            .request(Method::POST, "/csp-report")
            .body(report.to_string());
        statuses.push(
            visitor
                .send(request.header("content-type", "application/csp-report"))
                .await
                .status,
        );
    }
    assert_eq!(statuses[..20], [204; 20]);
    assert_eq!(statuses[20..], [429; 2]);
    let request = visitor
        .request(Method::POST, "/csp-report")
        .body("x".repeat(100_000));
    visitor.send(request).await.expect(413);
}
