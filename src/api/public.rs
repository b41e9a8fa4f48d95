//! What the API listener serves without a token: health, metrics, the OpenAPI document, and answers to wrong paths.

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use contract::{ProblemCode, contract, openapi};
use std::{net::SocketAddr, sync::OnceLock};

use super::{
    admission::refuse,
    conditional::{Condition, Tag},
    state::Api,
};
use crate::{layers::RequestFacts, problem::ApiError};

/// Routes that need no token.
pub fn router() -> Router<Api> {
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .route("/v1/openapi.json", get(document))
}

/// Whether the databases answer.
async fn ready(State(api): State<Api>) -> impl IntoResponse {
    match api.control.ping().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
        }
    }
}

/// Counters for the operator; only to loopback unless the operator says otherwise.
async fn metrics(State(api): State<Api>, request: Request) -> Response<Body> {
    let address = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|ConnectInfo(address)| address.ip());
    if !api.metrics_public && !address.is_some_and(|address| address.is_loopback()) {
        return no_such_route(&api, &request);
    }
    api.metrics
        .open_tenants
        .set(i64::try_from(api.tenants.open_count()).unwrap_or(i64::MAX));
    match api.metrics.text() {
        Ok(text) => ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "metrics cannot be encoded");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// The OpenAPI document of this installation.
async fn document(State(api): State<Api>, headers: HeaderMap, request: Request) -> Response<Body> {
    static DOCUMENT: OnceLock<(Bytes, Tag)> = OnceLock::new();
    let (bytes, tag) = DOCUMENT.get_or_init(|| {
        let urls = openapi::Urls {
            portal: &api.portal_url,
            api: &api.api_url,
        };
        let bytes = serde_json::to_vec_pretty(&openapi::document(contract(), urls)).unwrap_or_default();
        let tag = Tag::of(0, &bytes);
        (bytes.into(), tag)
    });
    let facts = request
        .extensions()
        .get::<RequestFacts>()
        .cloned()
        .unwrap_or_default();
    let standing = api.budgets.spend_anonymous(facts.address);
    let matching = Condition::read(&headers, &header::IF_NONE_MATCH)
        .ok()
        .and_then(|tags| tags.matches_weakly(tag));
    let mut response = match &matching {
        Some(_) => StatusCode::NOT_MODIFIED.into_response(),
        None => Body::from(bytes.clone()).into_response(),
    };
    let written = response.headers_mut();
    written.insert(header::ETAG, matching.unwrap_or_else(|| tag.header()));
    written.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    written.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, no-cache"),
    );
    standing.write("anonymous", written);
    response
}

/// 404 for a path that nothing is served at.
pub async fn fallback(State(api): State<Api>, request: Request) -> Response<Body> {
    no_such_route(&api, &request)
}

fn no_such_route(api: &Api, request: &Request) -> Response<Body> {
    let facts = request
        .extensions()
        .get::<RequestFacts>()
        .cloned()
        .unwrap_or_default();
    let error = ApiError::new(ProblemCode::NoSuchRoute, "Nothing is served at this path.");
    refuse(api, &facts, error).into_response(None, &facts, &api.portal_url)
}

/// 405 for a path that is served, but not with this method; `OPTIONS` is told which are. The router adds `Allow`.
pub async fn method_not_allowed(State(api): State<Api>, request: Request) -> Response<Body> {
    let facts = request
        .extensions()
        .get::<RequestFacts>()
        .cloned()
        .unwrap_or_default();
    if request.method() == Method::OPTIONS {
        return StatusCode::NO_CONTENT.into_response();
    }
    let error = ApiError::new(
        ProblemCode::MethodNotAllowed,
        "The path is served, but not with this method; see `Allow`.",
    );
    refuse(&api, &facts, error).into_response(None, &facts, &api.portal_url)
}
