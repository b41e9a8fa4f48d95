//! What machines read first: robots, sitemap, llms.txt and the OpenAPI document.

use app::link;
use axum::{
    Router,
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse as _, Redirect, Response},
    routing::get,
};
use contract::{contract, openapi};

use super::{Site, docs};

const DAY: HeaderValue = HeaderValue::from_static("public, no-cache");

/// The routes.
pub(super) fn router() -> Router<Site> {
    Router::new()
        .route("/robots.txt", get(robots))
        .route("/sitemap.xml", get(sitemap))
        .route("/llms.txt", get(llms))
        .route("/openapi.json", get(document))
        .route("/docs", get(async || Redirect::permanent(link::DOCS)))
}

async fn robots(State(site): State<Site>, headers: HeaderMap) -> Response {
    text(&headers, site.docs.robots(), "text/plain; charset=utf-8")
}

async fn sitemap(State(site): State<Site>, headers: HeaderMap) -> Response {
    text(&headers, site.docs.sitemap(), "application/xml")
}

async fn llms(State(site): State<Site>, headers: HeaderMap) -> Response {
    text(&headers, site.docs.llms(), "text/plain; charset=utf-8")
}

/// The OpenAPI document, the same as the API's own.
async fn document(State(site): State<Site>, headers: HeaderMap) -> Response {
    let (bytes, etag) = site.openapi.get_or_init(|| {
        let urls = openapi::Urls {
            portal: &site.config.portal_url,
            api: &site.config.api_url,
        };
        let bytes = serde_json::to_vec_pretty(&openapi::document(contract(), urls)).unwrap_or_default();
        let etag = docs::tag(&bytes);
        (bytes.into(), etag)
    });
    let json = HeaderValue::from_static("application/json");
    docs::tagged(&headers, etag, DAY, json, || Body::from(bytes.clone()))
}

fn text(headers: &HeaderMap, text: &str, content_type: &'static str) -> Response {
    let etag = docs::tag(text.as_bytes());
    let content_type = HeaderValue::from_static(content_type);
    let mut response = docs::tagged(headers, &etag, DAY, content_type, || Body::from(text.to_owned()));
    response.headers_mut().remove(header::VARY);
    response.into_response()
}
