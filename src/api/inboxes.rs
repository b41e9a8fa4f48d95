//! Inboxes: their operations, and the address at which they receive.

use axum::{
    Router,
    body::Body,
    extract::{Path, Request, State},
    http::{HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
    routing::any,
};
use contract::{
    Nothing, Page,
    deliveries::HeaderLine,
    events::Event,
    ids::{InboxId, SandboxId},
    inboxes::{
        CreateInbox, DeleteInbox, FireEvent, GetInbox, Inbox, InboxAnswer, InboxMessage, ListInboxMessages,
        ListInboxes, UpdateInbox, Verification,
    },
};
use std::time::Duration;

use super::{
    admission::refuse,
    call::{Call, Context},
    input,
    mount::Operations,
    state::Api,
};
use crate::{
    layers::RequestFacts,
    problem::ApiError,
    sandbox::{
        DomainError,
        inboxes::{self, Arrived, Owner},
        webhooks,
    },
    store::tenant::Tenant,
};

/// Serves their operations.
pub(super) fn mount(all: Operations) -> Operations {
    all.mount::<FireEvent, _, _>(fire)
        .mount::<ListInboxes, _, _>(list)
        .mount::<CreateInbox, _, _>(create)
        .mount::<GetInbox, _, _>(get)
        .mount::<UpdateInbox, _, _>(update)
        .mount::<DeleteInbox, _, _>(delete)
        .mount::<ListInboxMessages, _, _>(messages)
}

/// The address at which inboxes receive. It takes no token: whoever knows it may send.
pub(super) fn router() -> Router<Api> {
    Router::new().route("/inbox/{sandbox}/{inbox}", any(receive))
}

fn owner(context: &Context) -> Owner<'_> {
    Owner {
        installation: &context.api.installation,
        sandbox: context.tenant.sandbox_id(),
    }
}

async fn fire(call: Call<FireEvent>) -> Result<Event, ApiError> {
    call.write(|tx, input| {
        Box::pin(async move {
            let kind = input.body.event_type;
            let data = input.body.data.unwrap_or_else(|| match kind.example() {
                serde_json::Value::Object(data) => data,
                _ => serde_json::Map::new(),
            });
            webhooks::fire(tx, input.now, (kind, data)).await
        })
    })
    .await
}

async fn list(call: Call<ListInboxes>) -> Result<Page<Inbox>, ApiError> {
    let page = call.page_request()?;
    let rows = inboxes::list(&mut call.read().await?, owner(&call.context), page).await?;
    Ok(call.page(rows))
}

async fn create(call: Call<CreateInbox>) -> Result<Inbox, ApiError> {
    let (api, tenant) = (call.context.api.clone(), call.context.tenant.sandbox_id().clone());
    call.write(move |tx, input| {
        Box::pin(async move {
            let owner = Owner {
                installation: &api.installation,
                sandbox: &tenant,
            };
            inboxes::create(tx, owner, input.body).await
        })
    })
    .await
}

async fn get(call: Call<GetInbox>) -> Result<Inbox, ApiError> {
    let (_, stored) = inboxes::get(&mut call.read().await?, &call.path.id).await?;
    Ok(owner(&call.context).shown(stored)?)
}

async fn update(call: Call<UpdateInbox>) -> Result<Inbox, ApiError> {
    let (api, tenant) = (call.context.api.clone(), call.context.tenant.sandbox_id().clone());
    call.write(move |tx, mut input| {
        Box::pin(async move {
            let owner = Owner {
                installation: &api.installation,
                sandbox: &tenant,
            };
            let patch = std::mem::take(&mut input.body);
            inboxes::update(tx, owner, (&input.path.id, patch), &|current| {
                input.allows(current)
            })
            .await
        })
    })
    .await
}

async fn delete(call: Call<DeleteInbox>) -> Result<Nothing, ApiError> {
    let (api, tenant) = (call.context.api.clone(), call.context.tenant.sandbox_id().clone());
    call.write(move |tx, input| {
        Box::pin(async move {
            let owner = Owner {
                installation: &api.installation,
                sandbox: &tenant,
            };
            inboxes::delete(tx, owner, &input.path.id, &|current| input.allows(current)).await?;
            Ok(Nothing {})
        })
    })
    .await
}

async fn messages(call: Call<ListInboxMessages>) -> Result<Page<InboxMessage>, ApiError> {
    let page = call.page_request()?;
    let rows = inboxes::messages(&mut call.read().await?, &call.path.id, page).await?;
    Ok(call.page(rows))
}

/// What arrives at an inbox. Only what is signed with a secret of its own sandbox is spared the budget of strangers.
async fn receive(
    State(api): State<Api>,
    Path((sandbox, inbox)): Path<(String, String)>,
    request: Request,
) -> Response<Body> {
    let facts = request
        .extensions()
        .get::<RequestFacts>()
        .cloned()
        .unwrap_or_default();
    let explain = |error: ApiError| refuse(&api, &facts, error).into_response(None, &facts, &api.portal_url);
    let (Ok(sandbox), Ok(inbox)) = (sandbox.parse::<SandboxId>(), inbox.parse::<InboxId>()) else {
        return explain(ApiError::not_found());
    };
    let tenant = match api.tenants.get_current(&sandbox).await {
        Ok(tenant) => tenant,
        Err(error) => return explain(error.into()),
    };
    let arrived = match arrived(request).await {
        Ok(arrived) => arrived,
        Err(error) => return explain(error),
    };
    match keep(&api, (&tenant, &inbox), arrived, &facts).await {
        Ok(answer) => given(answer).await,
        Err(error) => explain(error),
    }
}

async fn arrived(request: Request) -> Result<Arrived, ApiError> {
    let (parts, body) = request.into_parts();
    let headers = parts.headers.iter().take(64).map(|(name, value)| HeaderLine {
        name: name.as_str().to_owned(),
        value: String::from_utf8_lossy(value.as_bytes())
            .chars()
            .take(4096)
            .collect(),
    });
    Ok(Arrived {
        method: parts.method.to_string(),
        headers: headers.collect(),
        body: input::bytes(body).await?.to_vec(),
    })
}

async fn keep(
    api: &Api,
    (tenant, inbox): (&Tenant, &InboxId),
    arrived: Arrived,
    facts: &RequestFacts,
) -> Result<InboxAnswer, ApiError> {
    let owner = Owner {
        installation: &api.installation,
        sandbox: tenant.sandbox_id(),
    };
    let mut read = tenant.read().await?;
    inboxes::get(&mut read, inbox).await?;
    let now = api.clock.now();
    let verdict = inboxes::verify(&mut read, owner, (inbox, &arrived), now).await?;
    drop(read);
    if verdict.0 != Verification::Valid {
        let standing = api.budgets.spend_anonymous(facts.address);
        if !standing.admitted {
            return Err(ApiError::new(
                contract::ProblemCode::RateLimited,
                "Too many unsigned calls came from this address.",
            )
            .retry_after(standing.reset));
        }
    }
    let inbox = inbox.clone();
    let answer = tenant
        .write(move |tx| Box::pin(async move { inboxes::receive(tx, &inbox, arrived, verdict).await }))
        .await;
    answer.map_err(|error: DomainError| error.into())
}

/// The answer that the inbox was told to give.
async fn given(answer: InboxAnswer) -> Response<Body> {
    if let Some(millis) = answer.delay_ms {
        tokio::time::sleep(Duration::from_millis(millis.into())).await;
    }
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    // A status without a body must not be given one.
    let body = match answer.status {
        204 | 205 | 304 => Body::empty(),
        _ => Body::from(answer.body.unwrap_or_default()),
    };
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    if let Some(seconds) = answer.retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
