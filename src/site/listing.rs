//! What machines read first: robots, sitemap and llms.txt.

use super::{Site, docs};
use app::link;
use axum::{
    Router,
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse as _, Redirect, Response},
    routing::get,
};

const DAY: HeaderValue = HeaderValue::from_static("public, no-cache");

/// The routes.
pub(super) fn router() -> Router<Site> {
    Router::new()
        .route("/robots.txt", get(robots))
        .route("/sitemap.xml", get(sitemap))
        .route("/llms.txt", get(llms))
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

fn text(headers: &HeaderMap, text: &str, content_type: &'static str) -> Response {
    let etag = docs::tag(text.as_bytes());
    let content_type = HeaderValue::from_static(content_type);
    let mut response = docs::tagged(headers, &etag, DAY, content_type, || Body::from(text.to_owned()));
    response.headers_mut().remove(header::VARY);
    response.into_response()
}
