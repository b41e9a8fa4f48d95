//! Who may come in: token, budgets, a place among the requests in flight, scope; in this order.

use axum::{
    body::{Body, Bytes, HttpBody},
    http::{HeaderMap, Response, header},
};
use contract::{Card, ProblemCode};
use http_body::{Frame, SizeHint};
use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tokio::sync::OwnedSemaphorePermit;

use super::{
    budget::{Standing, TenantBudget, TenantStanding},
    refusal,
    state::Api,
};
use crate::{
    ids::RequestId,
    layers::{CallFacts, RequestFacts},
    oauth::Caller,
    problem::ApiError,
    store::tenant::Tenant,
};

/// A call with a good token.
pub struct Admitted {
    /// Who asks.
    pub caller: Arc<Caller>,
    /// Whose data it is about.
    pub tenant: Arc<Tenant>,
    /// The request's id.
    pub request: RequestId,
    /// Why it is refused all the same: budget or scope.
    pub refusal: Option<ApiError>,
    standing: TenantStanding,
    permit: Option<OwnedSemaphorePermit>,
}

/// A call without a good token. It never touches a tenant's budget.
pub struct Refused {
    error: Box<ApiError>,
    standing: Standing,
}

/// Admits a call, or says why not.
///
/// # Errors
/// When there is no good token.
pub async fn admit(
    api: &Api,
    card: &Card,
    headers: &HeaderMap,
    facts: &RequestFacts,
) -> Result<Admitted, Refused> {
    let authenticated = match bearer(headers) {
        None => Err(refusal::unauthenticated()),
        Some(token) => api
            .oauth
            .authenticate(token)
            .await
            .map_err(refusal::invalid_token),
    };
    let caller = match authenticated {
        Ok(caller) => caller,
        Err(error) => return Err(refuse(api, facts, error)),
    };
    let tenant = match api.tenants.get(&caller.sandbox, caller.epoch).await {
        Ok(tenant) => tenant,
        Err(error) => return Err(refuse(api, facts, error.into())),
    };
    let budget = api.budgets.tenant(&caller.sandbox, caller.plan);
    let standing = budget.spend(api.budgets.now(), card.spec.method.is_read());
    let (standing, permit, refusal) = match enter(&budget, standing.spent()) {
        Ok(permit) => (
            standing.with_one_more(),
            Some(permit),
            refusal::authorise(card.spec.auth, &caller.scopes).err(),
        ),
        Err(error) => (standing, None, Some(error)),
    };
    Ok(Admitted {
        caller,
        tenant,
        request: facts.id.clone(),
        refusal,
        standing,
        permit,
    })
}

/// A place among the requests in flight, where the budget allows one.
fn enter(budget: &TenantBudget, spent: Standing) -> Result<OwnedSemaphorePermit, ApiError> {
    if !spent.admitted {
        let error = ApiError::new(ProblemCode::RateLimited, "The sandbox has spent its budget.");
        return Err(error.retry_after(spent.reset));
    }
    budget.enter().ok_or_else(|| {
        ApiError::new(
            ProblemCode::ConcurrencyLimited,
            "Too many requests of the sandbox are in flight.",
        )
        .retry_after(1)
    })
}

/// The refusal of a call without a good token, within the budget of its address.
pub fn refuse(api: &Api, facts: &RequestFacts, error: ApiError) -> Refused {
    let standing = api.budgets.spend_anonymous(facts.address);
    let error = if standing.admitted {
        error
    } else {
        ApiError::new(
            ProblemCode::RateLimited,
            "Too many calls without a valid token came from this address.",
        )
        .retry_after(standing.reset)
    };
    Refused {
        error: Box::new(error),
        standing,
    }
}

/// The token of `Authorization: Bearer`, the scheme in any case (RFC 9110 §11.1).
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

impl Refused {
    /// The response, with the budget of the address in its headers.
    pub fn into_response(
        self,
        card: Option<&Card>,
        facts: &RequestFacts,
        portal_url: &str,
    ) -> Response<Body> {
        let track = card.map_or_else(|| facts.track(), |card| card.spec.track);
        let mut response = self.error.into_response(track, facts.id.as_str(), portal_url);
        self.standing.write("anonymous", response.headers_mut());
        response
    }
}

impl Admitted {
    /// Completes the response: budgets in its headers, and the place in flight kept until its body has been sent.
    pub fn finish(self, card: &'static Card, response: Response<Body>) -> Response<Body> {
        let mut response = response.map(|body| match self.permit {
            Some(permit) => Body::new(HeldBody {
                body,
                _permit: permit,
            }),
            None => body,
        });
        self.standing.write(response.headers_mut());
        let facts = CallFacts {
            log: Arc::clone(self.tenant.log()),
            caller: self.caller,
            operation: card.spec.id,
        };
        response.extensions_mut().insert(facts);
        response
    }
}

/// A body that holds a place among the requests in flight until it is sent, or the client has gone.
struct HeldBody {
    body: Body,
    _permit: OwnedSemaphorePermit,
}

impl HttpBody for HeldBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }
    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }
    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
