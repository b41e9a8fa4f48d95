//! The browser's files: embedded in the binary under names that carry their hash, compressed before they got here.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use axum::{
    Router,
    body::Body,
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use bytes::Bytes;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use rust_embed::Embed;

pub mod encoding;

use self::encoding::Encoding;

/// Everything that `cargo xtask build-site` wrote. Empty if it has not run: the pages then work, unstyled. A debug
/// build reads it from the checkout instead, so that a change of style compiles nothing.
#[derive(Embed)]
#[folder = "target/site"]
struct Site;

/// Plain name to hashed name.
static MANIFEST: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let manifest = Site::get("manifest.json").map(|file| serde_json::from_slice(&file.data));
    manifest.and_then(Result::ok).unwrap_or_default()
});

/// The names that may be asked for: neither the manifest nor a compressed twin is a file of its own.
static PUBLISHED: LazyLock<BTreeSet<&str>> =
    LazyLock::new(|| MANIFEST.values().map(String::as_str).collect());

/// What cannot stand in a `data:` address as it is.
const IN_DATA: &AsciiSet = &CONTROLS.add(b'#').add(b'%').add(b'<').add(b'>').add(b'"');

// The name changes with the bytes, so a copy is good for ever.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const FOR_A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");

/// Where the browser finds a file, `main.css` for example. A name that is not published comes back without a hash.
pub fn url(name: &str) -> String {
    format!("/assets/{}", MANIFEST.get(name).map_or(name, String::as_str))
}

/// A drawing as an address that holds it, `favicon.svg` for example; empty for a name that is not published.
pub fn inline_svg(name: &str) -> String {
    let file = MANIFEST.get(name).and_then(|hashed| Site::get(hashed));
    file.map_or_else(String::new, |file| {
        // One line, in quotes that an attribute need not escape.
        let svg = String::from_utf8_lossy(&file.data)
            .replace('"', "'")
            .replace('\n', "");
        format!("data:image/svg+xml,{}", utf8_percent_encode(&svg, IN_DATA))
    })
}

/// The routes of all files. They compress for themselves, so they belong outside of any compression layer.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/assets/{*path}", get(serve))
        .route(
            "/favicon.ico",
            get(|headers: HeaderMap| async move { named("favicon.svg", &headers) }),
        )
        .route(
            "/favicon.svg",
            get(|headers: HeaderMap| async move { named("favicon.svg", &headers) }),
        )
        .route(
            "/robots.txt",
            get(|headers: HeaderMap| async move { named("robots.txt", &headers) }),
        )
}

/// Answers `/assets/{*path}`.
pub async fn serve(Path(path): Path<String>, headers: HeaderMap) -> Response {
    if PUBLISHED.contains(path.as_str()) {
        find(&path, &headers, FOR_EVER)
    } else {
        missing()
    }
}

/// Answers an address that the world has fixed, which therefore cannot carry a hash.
fn named(name: &str, headers: &HeaderMap) -> Response {
    MANIFEST
        .get(name)
        .map_or_else(missing, |hashed| find(hashed, headers, FOR_A_DAY))
}

fn missing() -> Response {
    (StatusCode::NOT_FOUND, "no such file\n").into_response()
}

fn find(path: &str, headers: &HeaderMap, cache: HeaderValue) -> Response {
    let get = |encoding: Encoding| Site::get(&format!("{path}{}", encoding.suffix()));
    let available: Vec<_> = Encoding::ALL
        .into_iter()
        .filter(|encoding| get(*encoding).is_some())
        .collect();
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok());
    let encoding = encoding::choose(accepted, &available);
    let Some(file) = get(encoding) else {
        return missing();
    };
    let hash = file.metadata.sha256_hash();
    let tag = format!("\"{}\"", hex::encode(&hash[..8]));
    let bytes = match file.data {
        std::borrow::Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        std::borrow::Cow::Owned(bytes) => Bytes::from(bytes),
    };
    let mut response = respond(headers, &tag, bytes);
    let fields = response.headers_mut();
    fields.insert(header::CACHE_CONTROL, cache);
    fields.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    fields.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    if response.status() == StatusCode::OK {
        let fields = response.headers_mut();
        fields.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
        if let Some(name) = encoding.name() {
            fields.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
        }
    }
    response
}

/// The bytes under their tag, or 304 if the browser says that it has them.
fn respond(headers: &HeaderMap, tag: &str, bytes: Bytes) -> Response {
    let known = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut known = known
        .flat_map(|list| list.split(','))
        .map(|tag| tag.trim().trim_start_matches("W/"));
    if known.any(|candidate| candidate == tag || candidate == "*") {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    ([(header::ETAG, tag)], Body::from(bytes)).into_response()
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("woff2") => "font/woff2",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use tower::ServiceExt as _;

    use super::*;

    async fn ask(path: &str, name: header::HeaderName, value: &str) -> Response {
        let request = Request::get(path)
            .header(name, value)
            .body(Body::empty())
            .unwrap();
        router().oneshot(request).await.unwrap()
    }

    #[test]
    fn an_unknown_name_keeps_its_plain_address() {
        assert_eq!(url("nothing.css"), "/assets/nothing.css");
    }

    #[test]
    fn a_browser_that_has_the_bytes_gets_none() {
        let headers =
            HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_static("\"x\", W/\"a\""))]);
        assert_eq!(
            respond(&headers, "\"a\"", Bytes::new()).status(),
            StatusCode::NOT_MODIFIED
        );
        assert_eq!(respond(&headers, "\"b\"", Bytes::new()).status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn neither_the_manifest_nor_a_stranger_nor_a_twin_is_served() {
        let twin = format!("{}.br", url("main.css"));
        for path in [
            "/assets/manifest.json",
            "/assets/../Cargo.toml",
            "/assets/none.css",
            &twin,
        ] {
            let response = ask(path, header::ACCEPT_ENCODING, "br").await;
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        }
    }

    #[tokio::test]
    async fn every_published_file_is_immutable_typed_and_distinct_per_encoding() {
        for (name, hashed) in &*MANIFEST {
            let path = format!("/assets/{hashed}");
            let plain = ask(&path, header::ACCEPT_ENCODING, "identity").await;
            let small = ask(&path, header::ACCEPT_ENCODING, "gzip, br").await;
            assert_eq!(plain.status(), StatusCode::OK, "{name}");
            assert_eq!(plain.headers()[header::CACHE_CONTROL], FOR_EVER, "{name}");
            assert_ne!(
                plain.headers()[header::CONTENT_TYPE],
                "application/octet-stream",
                "{name}"
            );
            assert_eq!(plain.headers()[header::VARY], "accept-encoding", "{name}");
            if small.headers().contains_key(header::CONTENT_ENCODING) {
                assert_ne!(
                    plain.headers()[header::ETAG],
                    small.headers()[header::ETAG],
                    "{name}"
                );
            }
            let tag = small.headers()[header::ETAG].to_str().unwrap().to_owned();
            let again = Request::get(&path)
                .header(header::IF_NONE_MATCH, tag)
                .header(header::ACCEPT_ENCODING, "br");
            let again = router::<()>()
                .oneshot(again.body(Body::empty()).unwrap())
                .await
                .unwrap();
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{name}");
        }
    }
}
