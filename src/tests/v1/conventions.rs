//! What every answer has in common, from every layer.

use crate::harness::Portal;
use contract::ProblemCode;
use serde_json::json;

#[tokio::test]
async fn problems_from_every_layer_have_the_same_shape() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let get = async |path: &str| developer.get(path).await;
    let large = "x".repeat((1 << 20) + 1);
    let too_large = developer
        .request("POST", "/v1/clients")
        .body("application/json", large);
    let bad_tag = developer
        .request("GET", "/v1/clients")
        .header("if-none-match", "no quotes");
    let cases = [
        ("no such route", get("/v1/nothing").await, "no-such-route"),
        ("trailing slash", get("/v1/clients/").await, "no-such-route"),
        (
            "wrong method",
            developer.delete("/v1/clients").await,
            "method-not-allowed",
        ),
        ("malformed id", get("/v1/clients/Ω").await, "not-found"),
        ("bad escape", get("/v1/clients/%ff").await, "not-found"),
        ("too large", too_large.send().await, "body-too-large"),
        ("bad header", bad_tag.send().await, "invalid-header"),
        (
            "limit of 0",
            get("/v1/clients?limit=0").await,
            "invalid-parameter",
        ),
        (
            "limit of 101",
            get("/v1/clients?limit=101").await,
            "invalid-parameter",
        ),
        (
            "limit twice",
            get("/v1/clients?limit=1&limit=2").await,
            "invalid-parameter",
        ),
        (
            "limit as text",
            get("/v1/clients?limit=ten").await,
            "invalid-parameter",
        ),
        (
            "bad cursor",
            get("/v1/clients?cursor=abc").await,
            "invalid-cursor",
        ),
    ];
    for (name, answer, slug) in cases {
        let code = ProblemCode::ALL
            .iter()
            .find(|code| code.slug() == slug)
            .expect("a known problem");
        let status = code.status();
        assert_eq!(answer.status, status, "{name}: {}", answer.text);
        assert_eq!(
            answer.header("content-type"),
            Some("application/problem+json"),
            "{name}"
        );
        assert_eq!(answer.problem(), slug, "{name}");
        let body = answer.json();
        let id = answer.header("request-id").expect("a request id");
        assert_eq!(
            body["type"],
            format!("{}/errors#{slug}", portal.server.portal_url)
        );
        assert_eq!(body["instance"], format!("urn:request:{id}"));
        assert_eq!(
            (&body["request_id"], &body["status"]),
            (&json!(id), &json!(status))
        );
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{name}");
        assert!(
            answer.header("ratelimit").is_some() && answer.header("x-ratelimit-remaining").is_some(),
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let portal = Portal::new().await;
    let answer = portal.sandbox().await.delete("/v1/clients").await.expect(405);
    let mut allowed: Vec<_> = answer
        .header("allow")
        .expect("allow")
        .split(',')
        .map(str::trim)
        .collect();
    allowed.sort_unstable();
    assert_eq!(allowed, ["GET", "HEAD", "POST"]);
}

#[tokio::test]
async fn v2_reports_errors_as_json_api() {
    let portal = Portal::new().await;
    let answer = portal
        .sandbox()
        .await
        .get("/v2/legal-entities/000000000000000000000000/custodian-authorities")
        .await
        .expect(404);
    assert_eq!(answer.header("content-type"), Some("application/vnd.api+json"));
    let error = &answer.json()["errors"][0];
    assert_eq!(
        (&error["status"], &error["code"]),
        (&json!("404"), &json!("not-found"))
    );
    assert_eq!(error["id"], answer.header("request-id").expect("a request id"));
    let elsewhere = portal
        .anonymous()
        .request("GET", "/v2/nothing")
        .send()
        .await
        .expect(404);
    assert_eq!(elsewhere.json()["errors"][0]["code"], "no-such-route");
}

#[tokio::test]
async fn head_answers_like_get_without_a_body() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let (get, head) = (
        developer.get("/v1/clients").await,
        developer.request("HEAD", "/v1/clients").send().await,
    );
    assert_eq!((head.status, head.text.as_str()), (200, ""));
    for name in ["etag", "content-type", "content-length", "cache-control", "vary"] {
        assert_eq!(head.header(name), get.header(name), "{name}");
    }
}

#[tokio::test]
async fn any_origin_may_call_and_read_the_headers_that_matter() {
    let portal = Portal::new().await;
    let preflight = portal
        .anonymous()
        .request("OPTIONS", "/v1/clients")
        .header("origin", "https://example.com")
        .header("access-control-request-method", "PATCH")
        .header(
            "access-control-request-headers",
            "authorization, if-match, idempotency-key",
        )
        .send()
        .await
        .expect(200);
    assert_eq!(preflight.header("access-control-allow-origin"), Some("*"));
    assert_eq!(preflight.header("access-control-allow-credentials"), None);
    let plain = portal.anonymous().request("OPTIONS", "/v1/clients").send().await;
    assert!(plain.status == 204 || plain.status == 200, "{}", plain.status);
    let answer = portal
        .sandbox()
        .await
        .request("GET", "/v1/clients")
        .header("origin", "https://example.com")
        .send()
        .await;
    let exposed = answer
        .header("access-control-expose-headers")
        .expect("exposed headers");
    for name in [
        "request-id",
        "etag",
        "link",
        "location",
        "retry-after",
        "ratelimit",
        "idempotency-replayed",
    ] {
        assert!(exposed.contains(name), "{name}");
    }
}

#[tokio::test]
async fn the_listener_tells_its_health() {
    let portal = Portal::new().await;
    let anonymous = portal.anonymous();
    anonymous.request("GET", "/healthz").send().await.expect(200);
    anonymous.request("GET", "/readyz").send().await.expect(200);
    portal.sandbox().await.get("/v1/clients").await.expect(200);
    let metrics = anonymous.request("GET", "/metrics").send().await.expect(200);
    assert!(
        metrics
            .text
            .contains("portal_http_requests_total{operation=\"clients.list\",status=\"200\"} 1"),
        "{}",
        metrics.text
    );
}

#[tokio::test]
async fn the_openapi_document_is_public_and_cached() {
    let portal = Portal::new().await;
    let first = portal
        .anonymous()
        .request("GET", "/v1/openapi.json")
        .send()
        .await
        .expect(200);
    assert_eq!(first.json()["openapi"], "3.1.0");
    let tag = first.header("etag").expect("a tag").to_owned();
    portal
        .anonymous()
        .request("GET", "/v1/openapi.json")
        .header("if-none-match", tag)
        .send()
        .await
        .expect(304);
}

#[tokio::test]
async fn every_fault_of_a_body_is_named_at_once() {
    let portal = Portal::new().await;
    let body = json!({ "name": " \u{7} ", "reference_currency": "EURO", "accounting_method": "lifo", "colour": "blue" });
    let answer = portal.sandbox().await.post("/v1/clients", body).await.expect(422);
    let mut pointers: Vec<_> = answer.json()["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|error| error["pointer"].as_str().unwrap_or_default().to_owned())
        .collect();
    pointers.sort();
    assert_eq!(
        pointers,
        [
            "#/accounting_method",
            "#/colour",
            "#/name",
            "#/reference_currency"
        ]
    );
}
