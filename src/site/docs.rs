//! The docs over HTTP: from memory, as HTML or Markdown, with the reader's own values where there are any.

use app::{link, model::SearchPage, request::last};
use axum::{
    Router,
    body::Body,
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use sha2::{Digest as _, Sha256};

use super::{Site, cookie, fault::Fault, form, respond, session::Guest};
use crate::{
    assets::{
        self,
        encoding::{self, Encoding},
    },
    docs::{Docs, Slots},
};

/// The same page in other clothes: for other themes, encodings, formats and readers.
const VARY: HeaderValue = HeaderValue::from_static("accept, accept-encoding, cookie");
/// Kept by anyone, asked about every time.
const SHARED: HeaderValue = HeaderValue::from_static("public, no-cache");
/// Kept by its reader alone, asked about every time.
const OWN: HeaderValue = HeaderValue::from_static("private, no-cache");

/// So many hits are shown.
const HITS: usize = 30;

/// A route for each page, and one for the same page as Markdown.
pub(super) fn router(docs: &Docs) -> Router<Site> {
    docs.paths().fold(Router::new(), |router, path| {
        router
            .route(path, get(page))
            .route(&format!("{path}.md"), get(markdown))
    })
}

/// What is asked for where nothing is routed: a file of the browser's, or a page of the docs by another name.
pub(super) fn elsewhere(docs: &Docs) -> Router {
    let other_names = docs.paths().fold(Router::new(), |router, path| {
        let target = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
        let moved =
            get(move || async move { (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, target)]) });
        router.route(&format!("{path}/"), moved)
    });
    other_names.merge(assets::router())
}

/// A page of the docs.
pub(super) async fn page(
    State(site): State<Site>,
    guest: Guest,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    if wants_markdown(&headers) {
        return as_markdown(&site, uri.path(), &guest, &headers);
    }
    let page = site.docs.page(uri.path()).ok_or(Fault::NoPage)?;
    let theme = cookie::theme(&headers);
    if guest.sandbox().is_some()
        && let Some(personal) = page.personal(theme, &slots(&guest))
    {
        let body = Body::from(personal.html);
        return Ok(tagged(&headers, &personal.etag, OWN, HTML, || body));
    }
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok());
    let body = page.body(theme, encoding::choose(accepted, &Encoding::ALL));
    let mut response = tagged(&headers, &body.etag, SHARED, HTML, || {
        Body::from(body.bytes.clone())
    });
    if response.status() == StatusCode::OK
        && let Some(name) = body.encoding.name()
    {
        response
            .headers_mut()
            .insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    Ok(response)
}

/// The same page as Markdown.
async fn markdown(
    State(site): State<Site>,
    guest: Guest,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let path = uri.path().strip_suffix(".md").unwrap_or(uri.path());
    as_markdown(&site, path, &guest, &headers)
}

const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
const MARKDOWN: HeaderValue = HeaderValue::from_static("text/markdown; charset=utf-8");

fn as_markdown(site: &Site, path: &str, guest: &Guest, headers: &HeaderMap) -> Result<Response, Fault> {
    let text = site.docs.markdown(path).ok_or(Fault::NoPage)?;
    let own = guest.sandbox().is_some() && !text.is_constant();
    let filled = text.fill(&slots(guest));
    let etag = tag(filled.as_bytes());
    let cache = if own { OWN } else { SHARED };
    let mut response = tagged(headers, &etag, cache, MARKDOWN, || Body::from(filled));
    let canonical = format!("<{}{path}>; rel=\"canonical\"", site.config.portal_url);
    if let Ok(canonical) = HeaderValue::try_from(canonical) {
        response.headers_mut().insert(header::LINK, canonical);
    }
    Ok(response)
}

/// A strong entity tag of these bytes.
pub(super) fn tag(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    let short = hash
        .iter()
        .take(8)
        .fold(0_u64, |short, byte| short << 8 | u64::from(*byte));
    format!("\"{short:016x}\"")
}

fn slots(guest: &Guest) -> Slots {
    guest.sandbox().map_or_else(Slots::default, |own| Slots {
        client_id: Some(own.client.to_string()),
        sandbox_id: Some(own.row.id.to_string()),
    })
}

/// The body under its tag, or 304 if the reader has it.
pub(super) fn tagged(
    headers: &HeaderMap,
    etag: &str,
    cache: HeaderValue,
    content_type: HeaderValue,
    body: impl FnOnce() -> Body,
) -> Response {
    let fields = [
        (header::ETAG, HeaderValue::from_str(etag).ok()),
        (header::CACHE_CONTROL, Some(cache)),
        (header::VARY, Some(VARY)),
    ];
    let mut response = if is_known(headers, etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = body().into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, content_type);
        response
    };
    let fields = fields
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)));
    response
        .headers_mut()
        .extend::<Vec<(HeaderName, HeaderValue)>>(fields.collect());
    response
}

/// Whether `If-None-Match` names this tag, by weak comparison (RFC 9110 §13.1.2).
fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == etag)
}

/// Whether Markdown is asked for, and liked no less than HTML.
fn wants_markdown(headers: &HeaderMap) -> bool {
    let Some(accept) = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let quality = |wanted: &str| {
        accept.split(',').find_map(|range| {
            let (name, parameters) = range.split_once(';').unwrap_or((range, ""));
            let named = name.trim().eq_ignore_ascii_case(wanted);
            let quality = parameters.split(';').find_map(|p| p.trim().strip_prefix("q="));
            named.then(|| quality.map_or(1.0, |quality| quality.trim().parse().unwrap_or(0.0)))
        })
    };
    let (markdown, html): (Option<f32>, Option<f32>) = (quality("text/markdown"), quality("text/html"));
    markdown.is_some_and(|markdown| markdown > 0.0 && markdown >= html.unwrap_or(0.0))
}

/// `GET /search?q=…`.
pub(super) async fn search(
    State(site): State<Site>,
    uri: Uri,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let fields = form::parse(query.unwrap_or_default().as_bytes());
    let query = last(&fields, "q").unwrap_or_default().trim().to_owned();
    let hits = if query.is_empty() {
        Vec::new()
    } else {
        site.docs.search(&query, HITS)
    };
    let frame = site.frame(cookie::theme(&headers), &uri);
    debug_assert_eq!(uri.path(), link::SEARCH);
    respond::html(app::routes::render_search(&frame, &SearchPage { query, hits }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn a_browser_gets_html_and_a_machine_that_asks_gets_markdown() {
        let wants = |accept| wants_markdown(&headers(header::ACCEPT, accept));
        assert!(!wants(
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
        ));
        assert!(!wants("*/*"));
        assert!(wants("text/markdown"));
        assert!(wants("text/markdown, text/html;q=0.9"));
        assert!(wants("text/html;q=0.5, text/markdown;q=0.5"));
        assert!(!wants("text/html, text/markdown;q=0.5"));
        assert!(!wants("text/markdown;q=0"));
    }

    #[test]
    fn a_reader_who_has_the_page_is_told_so() {
        let known = |list| is_known(&headers(header::IF_NONE_MATCH, list), "\"a\"");
        assert!(known("\"a\"") && known("W/\"a\"") && known("\"b\", \"a\"") && known("*"));
        assert!(!known("\"b\"") && !known("a"));
    }
}
