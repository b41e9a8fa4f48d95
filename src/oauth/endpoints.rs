//! The routes of the authorization server.

use super::{
    OAuth,
    keys::{self, KeyFailure},
    metadata,
    refusal::{Fault, Refusal},
};
use axum::{
    Json, Router,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{MethodRouter, get, post},
};
use serde_json::Value;

/// Where the metadata is (RFC 8414 §3); an issuer's own path comes after it.
const METADATA: &str = "/.well-known/oauth-authorization-server";

/// The routes of the authorization server: token, revocation and introspection endpoint, metadata and keys.
///
/// The address that a request is charged to is axum's `ConnectInfo<SocketAddr>`, when it is there.
pub fn router(oauth: OAuth) -> Router {
    let path = oauth.0.config.issuer_path();
    let mut router = Router::new()
        .route("/oauth/token", endpoint(post(token)))
        .route("/oauth/revoke", endpoint(post(revoke)))
        .route("/oauth/introspect", endpoint(post(introspect)))
        .route("/.well-known/jwks.json", document(get(jwks)))
        .route(METADATA, document(get(describe)));
    if !path.is_empty() {
        router = router.route(&format!("{METADATA}{path}"), document(get(describe)));
    }
    router.with_state(oauth)
}

fn endpoint(route: MethodRouter<OAuth>) -> MethodRouter<OAuth> {
    const ALLOW: &str = "POST, OPTIONS";
    route
        .options(|| async { (StatusCode::NO_CONTENT, [(header::ALLOW, ALLOW)]) })
        .fallback(|| async {
            uncached(Refusal::new(Fault::MethodNotAllowed(ALLOW), "not POST").into_response())
        })
}

fn document(route: MethodRouter<OAuth>) -> MethodRouter<OAuth> {
    const ALLOW: &str = "GET, HEAD, OPTIONS";
    route
        .options(|| async { (StatusCode::NO_CONTENT, [(header::ALLOW, ALLOW)]) })
        .fallback(|| async { Refusal::new(Fault::MethodNotAllowed(ALLOW), "not GET") })
}

async fn token(State(oauth): State<OAuth>, request: Request) -> Response {
    uncached(oauth.exchange(request).await.into_response())
}

async fn revoke(State(oauth): State<OAuth>, request: Request) -> Response {
    uncached(oauth.revoke(request).await.into_response())
}

async fn introspect(State(oauth): State<OAuth>, request: Request) -> Response {
    uncached(oauth.introspect(request).await.into_response())
}

async fn describe(State(oauth): State<OAuth>) -> Response {
    published(&metadata::document(&oauth.0.config))
}

async fn jwks(State(oauth): State<OAuth>) -> Response {
    match oauth.0.keys.current(&oauth.0.control, oauth.0.clock.now()).await {
        Ok(keys) => published(&keys.jwks()),
        Err(failure) => Refusal::from(failure).into_response(),
    }
}

fn published(body: &Value) -> Response {
    let cache = format!("public, max-age={}", keys::PUBLISHED_SECONDS);
    ([(header::CACHE_CONTROL, cache)], Json(body)).into_response()
}

/// RFC 6749 §5.1: nothing on the way may keep what these endpoints answer.
fn uncached(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

impl From<KeyFailure> for Refusal {
    fn from(failure: KeyFailure) -> Self {
        tracing::error!(error = %failure, "the signing keys could not be used");
        Self::new(Fault::Server, "the server failed")
    }
}
