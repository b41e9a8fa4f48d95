//! The API: every operation, one list, and the layers around them.

pub mod admission;
mod answer;
pub mod budget;
pub mod call;
pub mod conditional;
pub mod cursor;
pub mod idempotency;
pub mod input;
mod instruments;
pub mod mount;
pub mod public;
pub mod refusal;
mod repeat;
pub mod served;
pub mod state;

mod accounts;
mod authorities;
mod cashflows;
mod clients;
mod custodians;
mod depositories;
mod download;
mod events;
mod extracts;
pub(crate) mod faults;
mod holdings;
mod inboxes;
mod legal_entities;
mod performance;
mod portfolios;
mod positions;
mod range;
mod reporting_entities;
mod sandbox;
mod time_series;
mod transactions;
mod users;
mod webhooks;

use axum::{
    Router,
    http::{HeaderName, Method, header},
    middleware,
};
use tower_http::{compression::CompressionLayer, cors::CorsLayer};

use self::{mount::Operations, state::Api};
use crate::layers;

/// Every operation that is served.
pub fn operations() -> Operations {
    let all = Operations::new();
    let all = clients::mount(all);
    let all = legal_entities::mount(all);
    let all = accounts::mount(all);
    let all = depositories::mount(all);
    let all = reporting_entities::mount(all);
    let all = portfolios::mount(all);
    let all = instruments::mount(all);
    let all = time_series::mount(all);
    let all = custodians::mount(all);
    let all = authorities::mount(all);
    let all = transactions::mount(all);
    let all = positions::mount(all);
    let all = cashflows::mount(all);
    let all = holdings::mount(all);
    let all = performance::mount(all);
    let all = extracts::mount(all);
    let all = events::mount(all);
    let all = users::mount(all);
    let all = sandbox::mount(all);
    let all = webhooks::mount(all);
    let all = faults::mount(all);
    inboxes::mount(all)
}

/// The API listener's router.
pub fn router(api: &Api) -> Router {
    operations()
        .into_router()
        .merge(public::router())
        .merge(inboxes::router())
        .fallback(public::fallback)
        .method_not_allowed_fallback(public::method_not_allowed)
        .with_state(api.clone())
        .merge(crate::oauth::router(api.oauth.clone()))
        .layer(CompressionLayer::new())
        .merge(download::router(api))
        .layer(cors())
        .layer(middleware::from_fn_with_state(api.clone(), layers::edge))
}

/// Any origin may call, without credentials: the token is in a header that a page must set itself.
fn cors() -> CorsLayer {
    let exposed = [
        "request-id",
        "etag",
        "link",
        "location",
        "retry-after",
        "ratelimit",
        "ratelimit-policy",
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
        "idempotency-replayed",
        "sandbox-fault",
        "www-authenticate",
        "content-disposition",
        "content-range",
        "accept-ranges",
    ];
    CorsLayer::new()
        .allow_origin(tower_http::cors::Any)
        .allow_methods([
            Method::GET,
            Method::HEAD,
            Method::POST,
            Method::PATCH,
            Method::DELETE,
            Method::OPTIONS,
        ])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::ACCEPT,
            header::IF_MATCH,
            header::IF_NONE_MATCH,
            header::IF_RANGE,
            header::RANGE,
            idempotency::KEY,
        ])
        .expose_headers(exposed.map(HeaderName::from_static))
        .max_age(std::time::Duration::from_hours(24))
}
