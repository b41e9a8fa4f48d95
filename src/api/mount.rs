//! Ties an operation of the contract to the function that answers it.

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderValue, Response, header},
    routing::{MethodFilter, on},
};
use contract::{Card, Method, Operation, ProblemCode, Spec, Timestamp, Track, contract};
use std::{future::Future, sync::Arc, time::Duration};

use super::{
    admission::{Admitted, admit},
    answer::Reading,
    call::{Call, Context},
    conditional, faults, input,
    repeat::{Repeat, recognise, replay, stored},
    served::Moment,
    state::Api,
};
use crate::{layers::RequestFacts, problem::ApiError, sandbox::clock, store::tenant::Tenant};

/// A request may take this long, then it is answered with 503.
const DEADLINE: Duration = Duration::from_secs(30);

/// The prefix under which the legacy host served its tracks; good here as well, and left out just as well.
pub(crate) const LEGACY_PREFIX: &str = "/api";

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
        let methods = on(filter(O::SPEC.method), answer);
        if O::SPEC.track == Track::V2 {
            let path = format!("{LEGACY_PREFIX}{}", O::SPEC.path);
            self.router = self.router.route(&path, methods.clone());
        }
        self.router = self.router.route(O::SPEC.path, methods);
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
    let render = |error: ApiError| error.into_response(card.spec.track, facts.id.as_str(), &api.portal_url);
    let mut admitted = match admit(&api, card, request.headers(), &facts).await {
        Ok(admitted) => admitted,
        Err(refused) => return refused.into_response(Some(card), &facts, &api.portal_url),
    };
    let struck = match &admitted.refusal {
        Some(_) => Ok(None),
        None => faults::strike(&admitted.tenant, card, &facts.path).await,
    };
    let (fault, suffered) = match struck {
        Ok(Some(fault)) => {
            let suffered = faults::suffer(&fault).await;
            (Some(fault), suffered)
        }
        Ok(None) => (None, None),
        Err(error) => (None, Some(Err(error))),
    };
    let answered = match (admitted.refusal.take(), suffered) {
        (Some(refusal), _) => Err(refusal),
        (None, Some(suffered)) => suffered,
        (None, None) => {
            tokio::time::timeout(DEADLINE, run::<O, F, R>(&api, card, &admitted, handler, request))
                .await
                .unwrap_or_else(|_| {
                    Err(ApiError::new(
                        ProblemCode::Unavailable,
                        "The request took longer than 30 seconds.",
                    )
                    .retry_after(1))
                })
        }
    };
    let mut response = answered.unwrap_or_else(render);
    if let Some(fault) = &fault {
        faults::mark(&mut response, fault);
    }
    if let Some(link) = successor(&api.api_url, &card.spec, &facts.path) {
        response.headers_mut().append(header::LINK, link);
    }
    admitted.finish(card, response)
}

/// `Link: rel="successor-version"` of a legacy call: the v1 path of the same object (RFC 5829 §3.3).
fn successor(api_url: &str, spec: &Spec, path: &str) -> Option<HeaderValue> {
    let successor = spec.successor?;
    let path = path.strip_prefix(LEGACY_PREFIX).unwrap_or(path);
    let values: Vec<(&str, &str)> = spec
        .path
        .split('/')
        .zip(path.split('/'))
        .filter(|(name, _)| name.starts_with('{'))
        .collect();
    let filled = values
        .into_iter()
        .fold(successor.to_owned(), |filled, (name, value)| {
            filled.replace(name, value)
        });
    HeaderValue::try_from(format!("<{api_url}{filled}>; rel=\"successor-version\"")).ok()
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
        at: Moment::new(tenant.version(), now, api.clock.now()),
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
        request: admitted.request.clone(),
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
