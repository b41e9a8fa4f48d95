//! What surrounds every answer of the portal: request id, security headers, foreign requests, panics, error pages.

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, Uri, header},
    middleware::Next,
    response::IntoResponse as _,
};
use futures::FutureExt as _;
use std::{panic::AssertUnwindSafe, time::Duration};

use super::{Site, cookie, fault::Fault, origin, reports, respond};
use crate::ids::RequestId;

/// A page may take this long. A send may take 30 seconds by itself.
const DEADLINE: Duration = Duration::from_secs(45);

/// Where everything on a page may come from: from here, and nowhere else.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'; report-uri /csp-report";

const NOTHING: &str = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), \
    magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), screen-wake-lock=(), \
    serial=(), usb=(), xr-spatial-tracking=()";

/// What a file of the pages needs of the headers; the others would be a kilobyte beside a font of ten.
const OF_FILES: [&str; 3] = [
    "x-content-type-options",
    "cross-origin-resource-policy",
    "strict-transport-security",
];
const FILES: [&str; 5] = [
    "font/",
    "text/css",
    "text/javascript",
    "application/wasm",
    "application/json",
];

/// The headers of every response. Only a browser that came over https is told to stay there.
pub(super) fn headers(portal_url: &str) -> HeaderMap {
    let pairs = [
        ("content-security-policy", POLICY),
        ("permissions-policy", NOTHING),
        ("referrer-policy", "same-origin"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ];
    let mut headers: HeaderMap = pairs
        .into_iter()
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
        .collect();
    if portal_url.starts_with("https://") {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    headers
}

/// The outermost layer.
pub(super) async fn edge(State(site): State<Site>, request: Request, next: Next) -> Response<Body> {
    let id = RequestId::new(site.clock.now());
    let uri = request.uri().clone();
    let theme = cookie::theme(request.headers());
    let foreign = origin::must_be_ours(request.method())
        && uri.path() != reports::PATH
        && !origin::is_ours(request.headers(), &site.config.portal_url);
    let answered = if foreign {
        Fault::Foreign.into_response()
    } else {
        let answering = tokio::time::timeout(DEADLINE, next.run(request));
        match AssertUnwindSafe(answering).catch_unwind().await {
            Ok(Ok(response)) => response,
            Ok(Err(_)) => Fault::TimedOut.into_response(),
            Err(_) => Fault::Broken("a handler panicked".to_owned()).into_response(),
        }
    };
    let frame = || site.frame(theme, &uri);
    let mut response = match fault(&answered) {
        Some(fault) => draw(&fault, id.as_str(), &uri, &answered, &frame()),
        None => answered,
    };
    let all = !is_file(&uri, &response);
    let headers = response.headers_mut();
    for (name, value) in &site.headers {
        if all || OF_FILES.contains(&name.as_str()) {
            headers.insert(name, value.clone());
        }
    }
    if let Ok(id) = HeaderValue::from_str(id.as_str()) {
        headers.insert("request-id", id);
    }
    response
}

/// Whether it is a font, a script or a style sheet, or what a script asked for: what can be no document, which most of
/// the headers are about.
fn is_file(uri: &Uri, response: &Response<Body>) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let begins = |text: &str, any: &[&str]| any.iter().any(|start| text.starts_with(start));
    begins(uri.path(), &["/assets/", "/actions/"]) && begins(kind, &FILES)
}

/// The fault that a response stands for, unless it has a body of its own to say so.
fn fault(response: &Response<Body>) -> Option<Fault> {
    if let Some(fault) = response.extensions().get::<Fault>() {
        return Some(fault.clone());
    }
    if response.extensions().get::<respond::Final>().is_some() {
        return None;
    }
    Fault::of(response.status())
}

fn draw(
    fault: &Fault,
    id: &str,
    uri: &Uri,
    answered: &Response<Body>,
    frame: &app::model::Frame,
) -> Response<Body> {
    if let Fault::Broken(cause) = fault {
        tracing::error!(request_id = id, path = uri.path(), cause, "page failed");
    }
    let page = fault.page(uri.path(), id);
    let mut response = respond::html(app::routes::render_error(frame, &page));
    *response.status_mut() = fault.status();
    let kept = [header::ALLOW, header::RETRY_AFTER, header::SET_COOKIE];
    for name in kept {
        for value in answered.headers().get_all(&name) {
            response.headers_mut().append(name.clone(), value.clone());
        }
    }
    if fault.status() == StatusCode::METHOD_NOT_ALLOWED {
        tracing::debug!(request_id = id, path = uri.path(), "method not allowed");
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_is_made_to_last() {
        let name = header::STRICT_TRANSPORT_SECURITY;
        assert!(headers("https://developer.example").contains_key(&name));
        assert!(!headers("http://127.0.0.1:3000").contains_key(&name));
    }

    #[test]
    fn nothing_inline_and_nobody_else_is_allowed() {
        assert!(!POLICY.contains("unsafe-inline") && !POLICY.contains("'unsafe-eval'"));
        assert!(!POLICY.contains("http") && !POLICY.contains('*'));
    }
}
