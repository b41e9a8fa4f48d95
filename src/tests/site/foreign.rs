//! Requests that other sites would have a visitor's browser make, and places they would like it sent to.

use super::browser::{Browser, text_of};
use crate::harness::Portal;
use reqwest::Method;

const CHANGES: [&str; 26] = [
    "/checklist/cutover-scheduled",
    "/board/sign-in",
    "/board/sign-out",
    "/board/password-link",
    "/board/workspaces/wsp_00000000000000000000000000",
    "/workspace/claim",
    "/workspace/invite",
    "/workspace/revoke",
    "/workspace/role",
    "/workspace/remove",
    "/workspace/password-link",
    "/workspace/password",
    "/workspace/leave",
    "/workspace/switch",
    "/sign-in",
    "/sign-out",
    "/sign-out/everywhere",
    "/join",
    "/password",
    "/sandbox",
    "/sandbox/rotate",
    "/sandbox/reset",
    "/sandbox/delete",
    "/builder",
    "/theme",
    "/actions/send",
];

#[tokio::test]
async fn nothing_changes_at_another_sites_bidding() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    let credentials = visitor.create_sandbox().await;
    let portal_url = portal.server.portal_url.as_str();
    let looks_alike = format!("{portal_url}.evil.example");
    let foreign: [&[(&str, &str)]; 6] = [
        &[],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "cross-site"), ("origin", portal_url)],
        &[("origin", "null")],
        &[("origin", &looks_alike)],
    ];
    for path in CHANGES {
        for headers in foreign {
            let mut request = visitor.request(Method::POST, path).form(&[("confirm", "x")]);
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let refused = visitor.send(request).await.expect(403);
            assert!(refused.text.contains("Nothing was changed"), "{path} {headers:?}");
            assert_eq!(refused.header("set-cookie"), None);
        }
    }
    let page = visitor.get("/sandbox").await.text;
    assert_eq!(text_of(&page, "client-id"), Some(credentials.client_id));
    assert_eq!(text_of(&page, "client-secret"), None);
}

#[tokio::test]
async fn an_old_browser_is_known_by_its_origin() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    let request = visitor
        .request(Method::POST, "/theme")
        .header("origin", &portal.server.portal_url);
    visitor.send(request.form(&[("theme", "dark")])).await.expect(303);
    assert!(visitor.get("/").await.text.contains("data-theme=\"dark\""));
}

#[tokio::test]
async fn a_reader_is_only_ever_sent_to_the_portal() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    for (wanted, got) in [
        ("/quickstart", "/quickstart"),
        (
            "/builder?operation=clients.get&path.id=x",
            "/builder?operation=clients.get&path.id=x",
        ),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("/x\r\nset-cookie: a=b", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ] {
        let answer = visitor
            .post("/theme", &[("theme", "light"), ("return", wanted)])
            .await
            .expect(303);
        assert_eq!(answer.header("location"), Some(got), "{wanted:?}");
        assert_eq!(answer.headers.get_all("set-cookie").iter().count(), 1);
    }
}

#[tokio::test]
async fn the_default_colours_need_no_cookie() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    visitor.post("/theme", &[("theme", "dark")]).await.expect(303);
    assert!(visitor.has_cookies());
    visitor.post("/theme", &[("theme", "system")]).await.expect(303);
    assert!(!visitor.has_cookies());
}
