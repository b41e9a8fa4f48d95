//! Faults: planting them, and what a call that one strikes is answered with.

use axum::{
    body::{Body, Bytes},
    http::{HeaderName, HeaderValue, Response},
};
use contract::{
    Card, Nothing, Page, ProblemCode, Track,
    faults::{ClearFaults, CreateFault, DeleteFault, Fault, FaultKind, GetFault, ListFaults},
};
use std::{io, time::Duration};

use super::{call::Call, mount::Operations};
use crate::{
    problem::ApiError,
    sandbox::{
        DomainError,
        faults::{self, Struck},
    },
    store::tenant::{Tenant, faults as rows},
};

/// Names the fault that struck.
pub(crate) const FAULT: HeaderName = HeaderName::from_static("sandbox-fault");

/// Serves them.
pub(super) fn mount(all: Operations) -> Operations {
    all.mount::<ListFaults, _, _>(list)
        .mount::<CreateFault, _, _>(create)
        .mount::<GetFault, _, _>(get)
        .mount::<DeleteFault, _, _>(delete)
        .mount::<ClearFaults, _, _>(clear)
}

async fn list(call: Call<ListFaults>) -> Result<Page<Fault>, ApiError> {
    let found = rows::page(&mut call.read().await?, call.page_request()?).await?;
    Ok(call.page(found))
}

async fn create(call: Call<CreateFault>) -> Result<Fault, ApiError> {
    let now = call.context.api.clock.now();
    call.write(move |tx, input| Box::pin(async move { faults::create(tx, input.body, now).await }))
        .await
}

async fn get(call: Call<GetFault>) -> Result<Fault, ApiError> {
    let found = rows::find(&mut call.read().await?, &call.path.id).await?;
    found.ok_or_else(ApiError::not_found)
}

async fn delete(call: Call<DeleteFault>) -> Result<Nothing, ApiError> {
    call.write(|tx, input| {
        Box::pin(async move {
            faults::delete(tx, &input.path.id).await?;
            Ok(Nothing {})
        })
    })
    .await
}

async fn clear(call: Call<ClearFaults>) -> Result<Nothing, ApiError> {
    call.write(|tx, _| {
        Box::pin(async move {
            rows::clear(tx).await.map_err(DomainError::from)?;
            Ok(Nothing {})
        })
    })
    .await
}

/// The fault that strikes this call, if one does. Sandbox controls are never struck.
pub(super) async fn strike(
    tenant: &Tenant,
    card: &'static Card,
    path: &str,
) -> Result<Option<Fault>, ApiError> {
    if card.spec.track == Track::Sandbox {
        return Ok(None);
    }
    let call = Struck {
        method: card.spec.method,
        template: card.spec.path,
        path: path.to_owned(),
    };
    Ok(faults::strike(tenant, call).await?)
}

/// What the struck call is answered with; nothing where it only comes later.
pub(super) async fn suffer(fault: &Fault) -> Option<Result<Response<Body>, ApiError>> {
    if let Some(millis) = fault.delay_ms {
        tokio::time::sleep(Duration::from_millis(millis.into())).await;
    }
    let because = format!("the sandbox's fault {} struck", fault.id);
    let error = match fault.kind {
        FaultKind::Latency => return None,
        FaultKind::ConnectionReset => return Some(Ok(broken())),
        FaultKind::RateLimited => ApiError::new(
            ProblemCode::RateLimited,
            "A fault that you planted answers as if the budget were spent.",
        ),
        FaultKind::Timeout => ApiError::new(
            ProblemCode::Unavailable,
            "A fault that you planted answers as if the request had taken too long.",
        ),
        FaultKind::ServerError => ApiError::new(
            ProblemCode::InternalError,
            "A fault that you planted answers as if something had failed on our side.",
        ),
    };
    let error = match fault.retry_after {
        Some(seconds) => error.retry_after(seconds.into()),
        None => error,
    };
    Some(Err(error.because(because)))
}

/// Marks an answer with the fault that struck it.
pub(super) fn mark(response: &mut Response<Body>, fault: &Fault) {
    if let Ok(id) = HeaderValue::from_str(fault.id.as_str()) {
        response.headers_mut().insert(FAULT, id);
    }
}

/// An answer whose body breaks off, which takes the connection with it.
fn broken() -> Response<Body> {
    let reset = io::Error::new(io::ErrorKind::ConnectionReset, "a planted fault");
    let body = futures::stream::iter([Ok(Bytes::from_static(b"{")), Err(reset)]);
    Response::new(Body::from_stream(body))
}
