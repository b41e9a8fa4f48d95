//! Ties an operation of the contract to the function that answers it.

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderValue, Response, header},
    routing::{MethodFilter, on},
};
use contract::{Card, Method, Operation, ProblemCode, Timestamp, contract};
use std::{future::Future, sync::Arc, time::Duration};

use super::{
    admission::{Admitted, admit},
    answer::Reading,
    call::{Call, Context},
    conditional, input,
    repeat::{Repeat, recognise, replay, stored},
    state::Api,
};
use crate::{layers::RequestFacts, problem::ApiError, sandbox::clock, store::tenant::Tenant};

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
