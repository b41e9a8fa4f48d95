//! The shape of requests and answers at the endpoints.

use super::desk::{Answer, CLIENT_CREDENTIALS, Desk, JWT_BEARER, rsa_pem};
use crate::oauth::{OAuth, OAuthConfig, SigningKeys, router};
use axum::{
    body::Body,
    http::{Method, Request, header},
};

async fn raw(desk: &Desk, content_type: &str, body: impl Into<Body>) -> Answer {
    let request = Request::post("/oauth/token").header(header::CONTENT_TYPE, content_type);
    desk.send(request.body(body.into()).unwrap()).await
}

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn malformed_requests_are_invalid_requests() {
    let desk = Desk::open().await;
    let cases: &[(&str, &str)] = &[
        (FORM, ""),
        (FORM, "grant_type="),
        (FORM, "scope=clients:read"),
        (
            FORM,
            "grant_type=client_credentials&grant_type=client_credentials",
        ),
        (FORM, "grant_type=client_credentials&scope=&scope="),
        (FORM, "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer"),
        (
            FORM,
            "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=",
        ),
        ("", "grant_type=client_credentials"),
        ("text/plain", "grant_type=client_credentials"),
        ("multipart/form-data; boundary=x", "--x--"),
        ("application/json", ""),
        ("application/json", "[]"),
        ("application/json", "{\"grant_type\":\"client_credentials\""),
        (
            "application/json",
            r#"{"grant_type":"client_credentials","grant_type":"client_credentials"}"#,
        ),
        ("application/json", r#"{"grant_type":["client_credentials"]}"#),
        ("application/json", r#"{"grant_type":1}"#),
        ("application/json", r#"{"grant_type":null}"#),
        (FORM, "grant_type=client_credentials&client_secret=x"),
    ];
    for (content_type, body) in cases {
        let answer = raw(&desk, content_type, *body).await;
        assert_eq!(
            answer.refused(),
            (400, "invalid_request"),
            "{content_type} {body}"
        );
        assert_eq!(answer.header(header::CACHE_CONTROL), "no-store");
        assert_eq!(answer.header(header::CONTENT_TYPE), "application/json");
        let description = answer.body["error_description"].as_str().unwrap();
        let printable = |byte: u8| matches!(byte, 0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e);
        assert!(
            !description.is_empty() && description.bytes().all(printable),
            "{description}"
        );
    }
}

#[tokio::test]
async fn grants_clients_and_scopes_have_their_own_errors() {
    let desk = Desk::open().await;
    let owner = &desk.owner;
    let mut form = vec![
        ("grant_type", "password"),
        owner.id(),
        owner.secret(),
        ("unknown", "is ignored"),
    ];
    assert_eq!(
        desk.post("/oauth/token", &form).await.refused(),
        (400, "unsupported_grant_type")
    );
    form[0] = CLIENT_CREDENTIALS;
    desk.post("/oauth/token", &form).await.token();
    for scope in ["clients:read admin", "clients:write,clients:read", "CLIENTS:READ"] {
        form.push(("scope", scope));
        assert_eq!(
            desk.post("/oauth/token", &form).await.refused(),
            (400, "invalid_scope"),
            "{scope}"
        );
        form.pop();
    }
    let anonymous = desk.post("/oauth/token", &[CLIENT_CREDENTIALS, owner.id()]).await;
    assert_eq!(anonymous.refused(), (401, "invalid_client"));
    let grant = desk
        .post("/oauth/token", &[JWT_BEARER, ("assertion", "nonsense")])
        .await;
    assert_eq!(grant.refused(), (400, "invalid_grant"));
}

#[tokio::test]
async fn a_body_that_is_too_large_is_not_read() {
    let desk = Desk::open().await;
    let answer = raw(&desk, FORM, "x".repeat(32 * 1024 + 1)).await;
    assert_eq!(answer.refused(), (413, "invalid_request"));
}

#[tokio::test]
async fn credentials_in_the_url_are_refused() {
    let desk = Desk::open().await;
    let (_, secret) = desk.owner.secret();
    let path = format!("/oauth/token?client_secret={secret}");
    let answer = desk.post(&path, &[CLIENT_CREDENTIALS, desk.owner.id()]).await;
    assert_eq!(answer.refused(), (400, "invalid_request"));
    assert!(!answer.body.to_string().contains(secret));
}

#[tokio::test]
async fn other_methods_are_told_which_are_allowed() {
    let desk = Desk::open().await;
    for (path, allow) in [
        ("/oauth/token", "POST, OPTIONS"),
        ("/oauth/revoke", "POST, OPTIONS"),
        ("/oauth/introspect", "POST, OPTIONS"),
        ("/.well-known/jwks.json", "GET, HEAD, OPTIONS"),
        ("/.well-known/oauth-authorization-server", "GET, HEAD, OPTIONS"),
    ] {
        for method in [Method::PUT, Method::DELETE, Method::PATCH] {
            let request = Request::builder()
                .method(method)
                .uri(path)
                .body(Body::empty())
                .unwrap();
            let answer = desk.send(request).await;
            assert_eq!(answer.refused(), (405, "invalid_request"), "{path}");
            assert_eq!(answer.headers.get_all(header::ALLOW).iter().count(), 1);
            assert_eq!(answer.header(header::ALLOW), allow);
        }
        let request = Request::options(path).body(Body::empty()).unwrap();
        let answer = desk.send(request).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header(header::ALLOW)),
            (204, allow)
        );
    }
    assert_eq!(desk.get("/oauth/token").await.refused(), (405, "invalid_request"));
}

#[tokio::test]
async fn the_metadata_describes_the_server() {
    let desk = Desk::open().await;
    let answer = desk.get("/.well-known/oauth-authorization-server").await;
    assert_eq!(answer.header(header::CACHE_CONTROL), "public, max-age=300");
    insta::assert_json_snapshot!(answer.body);
}

#[tokio::test]
async fn an_issuer_with_a_path_has_its_metadata_after_the_well_known_part() {
    let desk = Desk::open().await;
    let keys = SigningKeys::from_pem(rsa_pem()).unwrap();
    let config = OAuthConfig::new("https://example.test/api/");
    let oauth = OAuth::new(desk.control.clone(), desk.clock.clone(), config, keys);
    let desk = Desk {
        router: router(oauth),
        ..desk
    };
    let answer = desk.get("/.well-known/oauth-authorization-server/api").await;
    assert_eq!(answer.body["issuer"], "https://example.test/api");
    assert_eq!(
        answer.body["token_endpoint"],
        "https://example.test/api/oauth/token"
    );
}

#[tokio::test]
async fn urls_come_from_configuration_and_never_from_the_request() {
    let desk = Desk::open().await;
    let request = Request::get("/.well-known/oauth-authorization-server")
        .header(header::HOST, "evil.example")
        .header("x-forwarded-host", "evil.example");
    let answer = desk.send(request.body(Body::empty()).unwrap()).await;
    assert!(!answer.body.to_string().contains("evil"));
}
