//! Ties an operation of the contract to the function that answers it.

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Response, StatusCode, Uri, header, request::Parts},
    routing::{MethodFilter, on},
};
use contract::{Card, Group, Method, Operation, ProblemCode, Reply, Timestamp, Track, contract};
use std::{future::Future, sync::Arc, time::Duration};

use super::{
    admission::{Admitted, admit},
    call::{Call, Context, Idempotent},
    conditional::{self, Condition, Tag},
    idempotency::{self, IdempotencyKey, REPLAYED, RunningGuard},
    input,
    state::Api,
};
use crate::{
    layers::RequestFacts,
    problem::ApiError,
    sandbox::clock,
    store::tenant::{
        Tenant,
        idempotency::{self as rows, Slot, Stored},
    },
};

/// A request may take this long, then it is answered with 503.
const DEADLINE: Duration = Duration::from_secs(30);

/// The operations that are served, and the router that serves them.
pub struct Operations {
    router: Router<Api>,
    mounted: Vec<&'static str>,
}

impl Operations {
    /// None yet.
    pub fn new() -> Self {
        Self {
            router: Router::new(),
            mounted: Vec::new(),
        }
    }

    /// The ids of what is served, in the order it was mounted.
    pub fn mounted(&self) -> &[&'static str] {
        &self.mounted
    }

    /// Serves `O` with `handler`. A handler whose reply differs from the contract does not compile.
    #[must_use]
    pub fn mount<O, F, R>(mut self, handler: F) -> Self
    where
        O: Operation,
        F: Fn(Call<O>) -> R + Clone + Send + Sync + 'static,
        R: Future<Output = Result<O::Reply, ApiError>> + Send + 'static,
    {
        let card = contract().card(O::SPEC.id);
        let answer = move |State(api): State<Api>, request: Request| async move {
            match card {
                Some(card) => respond::<O, F, R>(api, card, handler, request).await,
                None => unreachable!(
                    "an operation is mounted that no list of cards names: {}",
                    O::SPEC.id
                ),
            }
        };
        self.router = self
            .router
            .route(O::SPEC.path, on(filter(O::SPEC.method), answer));
        self.mounted.push(O::SPEC.id);
        self
    }

    /// The router.
    pub fn into_router(self) -> Router<Api> {
        self.router
    }
}

impl Default for Operations {
    fn default() -> Self {
        Self::new()
    }
}

fn filter(method: Method) -> MethodFilter {
    match method {
        Method::Get => MethodFilter::GET,
        Method::Post => MethodFilter::POST,
        Method::Patch => MethodFilter::PATCH,
        Method::Delete => MethodFilter::DELETE,
    }
}

async fn respond<O, F, R>(api: Api, card: &'static Card, handler: F, request: Request) -> Response<Body>
where
    O: Operation,
    F: Fn(Call<O>) -> R + Send + Sync,
    R: Future<Output = Result<O::Reply, ApiError>> + Send,
{
    let facts = request
        .extensions()
        .get::<RequestFacts>()
        .cloned()
        .unwrap_or_default();
    let render = |error: ApiError| error.into_response(card.spec.track, &facts.id, &api.portal_url);
    let mut admitted = match admit(&api, card, request.headers(), &facts).await {
        Ok(admitted) => admitted,
        Err(refused) => return refused.into_response(Some(card), &facts, &api.portal_url),
    };
    let answered = match admitted.refusal.take() {
        Some(refusal) => Err(refusal),
        None => tokio::time::timeout(DEADLINE, run::<O, F, R>(&api, card, &admitted, handler, request))
            .await
            .unwrap_or_else(|_| {
                Err(ApiError::new(
                    ProblemCode::Unavailable,
                    "The request took longer than 30 seconds.",
                )
                .retry_after(1))
            }),
    };
    let mut response = answered.unwrap_or_else(render);
    if let Some(successor) = card.spec.successor {
        let link = format!("<{}{successor}>; rel=\"successor-version\"", api.api_url);
        if let Ok(link) = HeaderValue::try_from(link) {
            response.headers_mut().append(header::LINK, link);
        }
    }
    admitted.finish(card, response)
}

async fn run<O, F, R>(
    api: &Api,
    card: &'static Card,
    admitted: &Admitted,
    handler: F,
    mut request: Request,
) -> Result<Response<Body>, ApiError>
where
    O: Operation,
    F: Fn(Call<O>) -> R + Send + Sync,
    R: Future<Output = Result<O::Reply, ApiError>> + Send,
{
    let path = input::path::<O>(&mut request).await?;
    let (parts, body) = request.into_parts();
    let query = input::query::<O>(contract(), card, parts.uri.query().unwrap_or_default())?;
    let (if_none_match, if_match) = conditional::read(&parts.headers)?;
    let tenant = &admitted.tenant;
    let now = settled(api, tenant).await?;
    let reading = Reading {
        api,
        card,
        tenant,
        uri: &parts.uri,
        if_none_match,
        version: tenant.version(),
    };
    if let Some(unchanged) = reading.unchanged() {
        return Ok(unchanged);
    }
    let bytes = if card.spec.method.has_body() {
        input::bytes(body).await?
    } else {
        Bytes::new()
    };
    let body = input::body::<O>(contract(), card, &parts.headers, &bytes)?;
    let idempotent = recognise(card, admitted, &parts, &bytes)?;
    let running = match replay(api, admitted, idempotent.as_ref()).await? {
        Repeat::Of(answer) => return Ok(stored(api, card, answer)),
        Repeat::Fresh(guard) => guard,
    };
    let context = Context {
        api: api.clone(),
        caller: Arc::clone(&admitted.caller),
        tenant: Arc::clone(tenant),
        now,
        uri: parts.uri.clone(),
        if_match,
        idempotent,
        running,
    };
    let reply = handler(Call {
        path,
        query,
        body,
        context,
    })
    .await?;
    reading.answer(&reply)
}

/// The sandbox's own now, once everything that was due by then has happened: no call sees a state that is overdue.
async fn settled(api: &Api, tenant: &Tenant) -> Result<Timestamp, ApiError> {
    let now = tenant.now(&api.clock);
    clock::settle(tenant, now).await?;
    Ok(now)
}

/// What is needed to answer with a representation, or with 304.
struct Reading<'a> {
    api: &'a Api,
    card: &'static Card,
    tenant: &'a Tenant,
    uri: &'a Uri,
    if_none_match: Condition,
    /// The tenant's version before anything was read.
    version: u64,
}

impl Reading<'_> {
    /// Only v1 reads are conditional; what shows the running clock changes without a change of version.
    fn is_conditional(&self) -> bool {
        self.card.spec.method == Method::Get && self.card.spec.track != Track::V2
    }

    fn target(&self) -> &str {
        self.uri
            .path_and_query()
            .map_or(self.uri.path(), axum::http::uri::PathAndQuery::as_str)
    }

    fn unchanged(&self) -> Option<Response<Body>> {
        let remembered = self.is_conditional() && self.card.spec.group != Group::Sandbox;
        if !remembered || self.if_none_match == Condition::Absent {
            return None;
        }
        let (sandbox, epoch) = (self.tenant.sandbox_id(), self.tenant.epoch());
        let tag = self
            .api
            .tags
            .current(sandbox, epoch, self.target(), self.version)?;
        self.if_none_match.matches_weakly(&tag).map(not_modified)
    }

    fn answer<T: Reply>(&self, reply: &T) -> Result<Response<Body>, ApiError> {
        if reply.is_empty() {
            return Ok(with_status(self.card.spec.status, Body::empty()));
        }
        let body = serde_json::to_vec(reply).map_err(ApiError::internal)?;
        let next = reply
            .next_cursor()
            .and_then(|cursor| next_link(&self.api.api_url, self.uri, cursor));
        let tag = self.is_conditional().then(|| Tag::of(self.tenant.epoch(), &body));
        if let Some(tag) = &tag {
            if self.card.spec.group != Group::Sandbox {
                let (sandbox, epoch) = (self.tenant.sandbox_id(), self.tenant.epoch());
                self.api
                    .tags
                    .remember(sandbox, epoch, self.target(), (self.version, tag.clone()));
            }
            if let Some(matching) = self.if_none_match.matches_weakly(tag) {
                return Ok(not_modified(matching));
            }
        }
        let mut response = with_status(self.card.spec.status, Body::from(body));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        match tag {
            Some(tag) => write_validators(headers, tag.header()),
            None => _ = headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        }
        headers.extend(next.map(|link| (header::LINK, link)));
        if self.card.spec.status == 201 {
            headers.extend(location(&self.api.api_url, reply.location()));
        }
        Ok(response)
    }
}

fn location(api_url: &str, path: Option<String>) -> Option<(header::HeaderName, HeaderValue)> {
    Some((
        header::LOCATION,
        HeaderValue::try_from(format!("{api_url}{}", path?)).ok()?,
    ))
}

fn write_validators(headers: &mut HeaderMap, tag: HeaderValue) {
    headers.insert(header::ETAG, tag);
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-cache"),
    );
    headers.insert(
        header::VARY,
        HeaderValue::from_static("Authorization, Accept-Encoding"),
    );
}

fn not_modified(tag: HeaderValue) -> Response<Body> {
    let mut response = with_status(304, Body::empty());
    write_validators(response.headers_mut(), tag);
    response
}

fn with_status(status: u16, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response
}

/// `Link: <…>; rel="next"`: the same list with the next cursor, built from the configured URL, never from `Host`.
fn next_link(api_url: &str, uri: &Uri, cursor: &str) -> Option<HeaderValue> {
    let others = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
        .filter(|(name, _)| name != "cursor");
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(others)
        .append_pair("cursor", cursor)
        .finish();
    HeaderValue::try_from(format!("<{api_url}{}?{query}>; rel=\"next\"", uri.path())).ok()
}

/// What makes a request that carries a key recognisable.
fn recognise(
    card: &Card,
    admitted: &Admitted,
    parts: &Parts,
    body: &[u8],
) -> Result<Option<Idempotent>, ApiError> {
    if card.spec.method != Method::Post || card.spec.track == Track::V2 {
        return Ok(None);
    }
    let content_type = parts
        .headers
        .get(header::CONTENT_TYPE)
        .map_or(&[][..], HeaderValue::as_bytes);
    let method = card.spec.method.as_str();
    Ok(IdempotencyKey::read(&parts.headers)?.map(|key| Idempotent {
        slot: Slot {
            client_id: admitted.caller.client_id.as_str().to_owned(),
            method: method.to_owned(),
            path: parts.uri.path().to_owned(),
            key: key.as_str().to_owned(),
        },
        fingerprint: idempotency::fingerprint(method, &parts.uri.to_string(), content_type, body),
    }))
}

enum Repeat {
    Of(Stored),
    Fresh(Option<RunningGuard>),
}

async fn replay(api: &Api, admitted: &Admitted, idempotent: Option<&Idempotent>) -> Result<Repeat, ApiError> {
    let Some(Idempotent { slot, fingerprint }) = idempotent else {
        return Ok(Repeat::Fresh(None));
    };
    let guard = api.running.claim(admitted.tenant.sandbox_id(), slot)?;
    let found = rows::find(&mut admitted.tenant.read().await?, slot, api.clock.now()).await?;
    match found {
        None => Ok(Repeat::Fresh(Some(guard))),
        Some(answer) if answer.fingerprint == fingerprint => Ok(Repeat::Of(answer)),
        Some(_) => Err(ApiError::new(
            ProblemCode::IdempotencyKeyReused,
            "This Idempotency-Key was used for another request in the last 24 hours.",
        )),
    }
}

fn stored(api: &Api, card: &Card, answer: Stored) -> Response<Body> {
    let mut response = with_status(answer.status, Body::from(answer.body));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    if card.spec.status == 201 {
        let kept: serde_json::Value = serde_json::from_str(&answer.headers).unwrap_or_default();
        headers.extend(location(
            &api.api_url,
            kept["location"].as_str().map(str::to_owned),
        ));
    }
    response
}
