//! What surrounds every answer of the API listener: request id, panics, the request log, entity tags of compressed copies.

use axum::{
    body::Body,
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Response, header},
    middleware::Next,
};
use contract::{Timestamp, Track};
use futures::FutureExt;
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    panic::AssertUnwindSafe,
    sync::Arc,
    time::Instant,
};

use crate::{
    api::{faults, idempotency, mount::LEGACY_PREFIX, state::Api},
    ids::RequestId,
    oauth::Caller,
    problem::{ApiError, Failure},
    store::log::{LogRow, Remarks, RequestLog, Source},
};

/// The header that names the request.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");
/// Shown by the portal's own server when a reader sends a request from the builder.
pub const BUILDER: HeaderName = HeaderName::from_static("portal-builder");
/// What follows the proof in [`BUILDER`] where a page of the portal reads something for itself.
pub const PAGE: &str = ";page";

/// What is known of a request before anything has looked at it.
#[derive(Clone, Debug)]
pub struct RequestFacts {
    /// Its id.
    pub id: RequestId,
    /// Where it came from.
    pub address: IpAddr,
    /// The path it asked for.
    pub path: Arc<str>,
}

impl Default for RequestFacts {
    fn default() -> Self {
        Self {
            id: RequestId::unknown(),
            address: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            path: "/".into(),
        }
    }
}

impl RequestFacts {
    /// The track whose error format the path calls for.
    pub fn track(&self) -> Track {
        let path = self.path.strip_prefix(LEGACY_PREFIX).unwrap_or(&self.path);
        if path.starts_with("/v2/") || path.starts_with("/v3/") {
            Track::V2
        } else {
            Track::V1
        }
    }
}

/// What is known of a call once its token has been read; left on the response for the request log.
#[derive(Clone)]
pub struct CallFacts {
    /// The request log of its sandbox.
    pub log: Arc<RequestLog>,
    /// Who made it.
    pub caller: Arc<Caller>,
    /// The operation.
    pub operation: &'static str,
}

/// The outermost layer: names the request, catches panics, counts and logs the answer.
pub async fn edge(State(api): State<Api>, mut request: Request, next: Next) -> Response<Body> {
    let (started, at) = (Instant::now(), api.clock.now());
    let facts = RequestFacts {
        id: RequestId::new(at),
        address: address(&request),
        path: request.uri().path().into(),
    };
    request.extensions_mut().insert(facts.clone());
    let call = Observed {
        method: request.method().to_string(),
        target: request
            .uri()
            .path_and_query()
            .map_or_else(String::new, ToString::to_string),
        source: source(request.headers(), &api.builder_secret),
        started,
        at,
    };
    let mut response = match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(_) => ApiError::internal("a handler panicked").into_response(
            facts.track(),
            facts.id.as_str(),
            &api.portal_url,
        ),
    };
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(facts.id.as_str()) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    distinguish_encodings(headers);
    call.record(&api, &facts, &response);
    response
}

fn address(request: &Request) -> IpAddr {
    let info = request.extensions().get::<ConnectInfo<SocketAddr>>();
    info.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(address)| {
        address.ip()
    })
}

/// Who calls. None where a page of the portal reads what it shows: nobody made that call, so it is not logged and
/// proves nothing.
fn source(headers: &HeaderMap, secret: &str) -> Option<Source> {
    use subtle::ConstantTimeEq;
    let shown = headers.get(&BUILDER).map_or(&[][..], HeaderValue::as_bytes);
    let page = shown.strip_suffix(PAGE.as_bytes());
    let genuine = bool::from(page.unwrap_or(shown).ct_eq(secret.as_bytes()));
    match (genuine, page) {
        (true, Some(_)) => None,
        (true, None) => Some(Source::Builder),
        (false, _) => Some(Source::Direct),
    }
}

/// A strong tag names one sequence of bytes, so a compressed copy needs another than the plain one (RFC 9110 §8.8.3).
fn distinguish_encodings(headers: &mut HeaderMap) {
    let (Some(tag), Some(encoding)) = (headers.get(header::ETAG), headers.get(header::CONTENT_ENCODING))
    else {
        return;
    };
    let (Ok(tag), Ok(encoding)) = (tag.to_str(), encoding.to_str()) else {
        return;
    };
    let suffixed = tag
        .strip_suffix('"')
        .map(|opaque| format!("{opaque}-{encoding}\""));
    if let Some(Ok(value)) = suffixed.map(HeaderValue::try_from) {
        headers.insert(header::ETAG, value);
        headers.insert(
            header::VARY,
            HeaderValue::from_static("Authorization, Accept-Encoding"),
        );
    }
}

/// The target without the values of parameters that look like secrets, which do not belong into an address at all.
fn redacted(target: String) -> String {
    let Some((path, query)) = target.split_once('?') else {
        return target;
    };
    let looks_secret = |pair: &&str| {
        let name = pair.split('=').next().unwrap_or_default().to_ascii_lowercase();
        [
            "secret",
            "token",
            "password",
            "assertion",
            "authorization",
            "api_key",
            "apikey",
        ]
        .iter()
        .any(|word| name.contains(word))
    };
    if !query.split('&').any(|pair| looks_secret(&pair)) {
        return target;
    }
    let pairs: Vec<String> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((name, _)) if looks_secret(&pair) => format!("{name}=…"),
            _ => pair.to_owned(),
        })
        .collect();
    format!("{path}?{}", pairs.join("&"))
}

struct Observed {
    method: String,
    target: String,
    source: Option<Source>,
    started: Instant,
    at: Timestamp,
}

impl Observed {
    fn record(self, api: &Api, facts: &RequestFacts, response: &Response<Body>) {
        let took = self.started.elapsed();
        let status = response.status().as_u16();
        let call = response.extensions().get::<CallFacts>();
        let failure = response.extensions().get::<Failure>();
        let operation = call.map_or("none", |call| call.operation);
        api.metrics.observe(operation, status, took);
        tracing::debug!(
            request_id = facts.id.as_str(),
            method = self.method,
            path = &*facts.path,
            operation,
            status,
            micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
            "answered"
        );
        let (Some(call), Some(source)) = (call, self.source) else {
            return;
        };
        call.log.record(LogRow {
            request_id: facts.id.to_string(),
            at: self.at,
            operation_id: Some(call.operation.into()),
            method: self.method.into(),
            path: redacted(self.target),
            status,
            duration_us: u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
            source,
            client_id: Some(call.caller.client_id.as_str().to_owned()),
            problem: failure.map(|failure| failure.code.slug().into()),
            note: failure.and_then(|failure| failure.cause.clone()),
            remarks: remarks(response.headers()),
        });
    }
}

/// What an answer tells its caller beside the status.
fn remarks(headers: &HeaderMap) -> Remarks {
    let next = |link: &HeaderValue| link.to_str().is_ok_and(|text| text.contains("rel=\"next\""));
    Remarks {
        retry_after: headers
            .get(header::RETRY_AFTER)
            .and_then(|value| value.to_str().ok()?.parse().ok()),
        next_page: headers.get_all(header::LINK).iter().any(next),
        replayed: headers.contains_key(&idempotency::REPLAYED),
        fault: headers.contains_key(&faults::FAULT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_in_an_address_is_not_logged() {
        let kept = |target: &str| redacted(target.to_owned());
        assert_eq!(
            kept("/v1/clients?limit=2&cursor=abc"),
            "/v1/clients?limit=2&cursor=abc"
        );
        assert_eq!(
            kept("/v1/clients?access_token=hush&limit=2&Client_Secret=x"),
            "/v1/clients?access_token=…&limit=2&Client_Secret=…"
        );
        assert_eq!(kept("/v1/clients"), "/v1/clients");
    }
}
