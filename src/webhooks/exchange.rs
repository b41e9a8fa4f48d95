//! One request to a receiver and what it answers, within one deadline.

use super::dial::{self, Dial, NotConnected, Outside};
use crate::sandbox::webhooks::target::{Target, TargetRules};
use axum::{
    body::Bytes,
    http::{HeaderMap, Method, Request, Uri, header, response::Parts},
};
use contract::deliveries::{AttemptError, HeaderLine};
use http_body_util::{BodyExt, Full};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, Error},
    rt::{TokioExecutor, TokioTimer},
};
use rustls::RootCertStore;
use std::{error::Error as _, net::SocketAddr, sync::Arc, time::Duration};

/// The whole exchange may take this long: connecting, the head and the body.
const DEADLINE: Duration = Duration::from_secs(10);
/// How much of an answer is read, in bytes.
const READ: usize = 16 * 1024;
/// How much of it is kept, in bytes.
const KEPT: usize = 4 * 1024;
/// How many headers of an answer are kept, and how much of each.
const KEPT_HEADERS: (usize, usize) = (64, 1024);
/// A connection that nothing uses is closed after this long.
const IDLE: Duration = Duration::from_secs(15);

type Http = Client<HttpsConnector<Dial>, Full<Bytes>>;

/// Sends to receivers.
#[derive(Clone)]
pub(super) struct Exchange {
    rules: Arc<TargetRules>,
    elsewhere: Http,
    inboxes: Http,
}

/// What came of a request.
#[derive(Debug, Default)]
pub(super) struct Exchanged {
    /// Why it failed.
    pub(super) error: Option<AttemptError>,
    /// The status of the answer.
    pub(super) status: Option<u16>,
    /// Its headers.
    pub(super) headers: Vec<HeaderLine>,
    /// The beginning of its body.
    pub(super) body: Option<String>,
    /// What its `Retry-After` says.
    pub(super) retry_after: Option<String>,
}

impl Exchanged {
    fn failed(error: AttemptError) -> Self {
        Self {
            error: Some(error),
            ..Self::default()
        }
    }
}

/// The client cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("the client of webhooks: {0}")]
pub struct ClientError(#[from] rustls::Error);

fn authorities() -> RootCertStore {
    RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    }
}

fn client(dial: Dial, roots: RootCertStore) -> Result<Http, ClientError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(tls)
        .https_or_http()
        .enable_http1()
        .wrap_connector(dial);
    Ok(Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE)
        .pool_max_idle_per_host(64)
        .build(connector))
}

impl Exchange {
    /// A client under these rules; inboxes are reached at `api`.
    pub(super) fn new(rules: TargetRules, outside: Outside, api: SocketAddr) -> Result<Self, ClientError> {
        let rules = Arc::new(rules);
        let roots = outside.roots.unwrap_or_else(authorities);
        let guarded = Dial::Guarded {
            rules: Arc::clone(&rules),
            lookup: outside.lookup.unwrap_or_else(dial::system),
        };
        Ok(Self {
            rules,
            elsewhere: client(guarded, roots.clone())?,
            inboxes: client(Dial::Always(api), roots)?,
        })
    }

    /// Posts `body` to `url`.
    pub(super) async fn post(&self, url: &str, headers: &[HeaderLine], body: Bytes) -> Exchanged {
        let (http, uri) = match self.rules.judge(url) {
            Err(_) => return Exchanged::failed(AttemptError::AddressNotAllowed),
            Ok(Target::Inbox(path)) => (&self.inboxes, format!("http://api.internal{path}")),
            Ok(Target::Elsewhere(url)) => (&self.elsewhere, url.to_string()),
        };
        let Ok(uri) = uri.parse::<Uri>() else {
            return Exchanged::failed(AttemptError::AddressNotAllowed);
        };
        let mut request = Request::builder().method(Method::POST).uri(uri);
        for line in headers {
            request = request.header(&line.name, &line.value);
        }
        let Ok(request) = request.body(Full::new(body)) else {
            return Exchanged::failed(AttemptError::Interrupted);
        };
        let mut exchanged = Exchanged::default();
        let within = tokio::time::timeout(DEADLINE, run(http, request, &mut exchanged)).await;
        exchanged.error = match within {
            Ok(error) => error,
            Err(_) => Some(AttemptError::Timeout),
        };
        exchanged
    }
}

/// Sends the request and reads the answer into `exchanged`; why it failed, if it did.
async fn run(http: &Http, request: Request<Full<Bytes>>, exchanged: &mut Exchanged) -> Option<AttemptError> {
    let (head, mut body) = match http.request(request).await {
        Ok(response) => response.into_parts(),
        Err(error) => return Some(class(&error)),
    };
    exchanged.status = Some(head.status.as_u16());
    exchanged.headers = lines(&head.headers);
    exchanged.retry_after = retry_after(&head);
    let mut read = Vec::new();
    let mut broken = None;
    while read.len() < READ {
        match body.frame().await {
            None => break,
            Some(Ok(frame)) => read.extend_from_slice(frame.data_ref().map_or(&[][..], |data| data)),
            Some(Err(_)) => {
                broken = Some(AttemptError::Interrupted);
                break;
            }
        }
        let kept = read.get(..KEPT).unwrap_or(&read);
        exchanged.body = Some(String::from_utf8_lossy(kept).into_owned());
    }
    match head.status.as_u16() {
        200..=299 => broken,
        300..=399 => Some(AttemptError::Redirect),
        _ => Some(AttemptError::Status),
    }
}

fn lines(headers: &HeaderMap) -> Vec<HeaderLine> {
    let (most, longest) = KEPT_HEADERS;
    let kept = headers.iter().take(most).map(|(name, value)| HeaderLine {
        name: name.as_str().to_owned(),
        value: String::from_utf8_lossy(value.as_bytes())
            .chars()
            .take(longest)
            .collect(),
    });
    kept.collect()
}

/// The pause that a receiver asks for, where its status is one that may.
fn retry_after(head: &Parts) -> Option<String> {
    let may = matches!(head.status.as_u16(), 429 | 502 | 503 | 504);
    let value = head.headers.get(header::RETRY_AFTER).filter(|_| may)?;
    value.to_str().ok().map(str::to_owned)
}

/// Why no answer came.
fn class(error: &Error) -> AttemptError {
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(NotConnected(why)) = inner.downcast_ref() {
            return *why;
        }
        cause = inner.source();
    }
    if error.is_connect() {
        AttemptError::Tls
    } else {
        AttemptError::Interrupted
    }
}
