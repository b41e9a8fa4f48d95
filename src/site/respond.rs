//! The few shapes in which pages answer.

use axum::{
    Json,
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

/// Marks an answer as complete whatever its status: the outermost layer draws no error page over it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Final;

/// Whether a script asks, for a part of the page only.
pub(super) fn is_part(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("part=1"))
}

/// A page that belongs to one reader, or that changes from one load to the next.
pub(super) fn html(document: String) -> Response {
    let mut response = own(Body::from(document));
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    response
}

/// Data that belong to one reader.
pub(super) fn json<T: Serialize>(data: &T) -> Response {
    own(Json(data))
}

/// One reader's answer, which nobody else is given and nothing keeps.
fn own(answer: impl IntoResponse) -> Response {
    let mut response = answer.into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-store"),
    );
    headers.insert(header::VARY, HeaderValue::from_static("cookie"));
    response.extensions_mut().insert(Final);
    response
}

/// `303` to a path of the portal, after a form was taken.
pub(super) fn see_other(path: &str, cookie: Option<HeaderValue>) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    // A path that cannot stand in a header names no page either.
    let location = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    headers.insert(header::LOCATION, location);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(cookie) = cookie {
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}
