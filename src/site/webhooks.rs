//! The webhook console: what a sandbox sends, where to, and what became of it.

mod act;
mod show;
mod signature;
mod words;

use app::{link, model::webhooks::Said};
use axum::{
    Router,
    http::{HeaderMap, Method},
    response::Response,
    routing::{get, post},
};
use std::sync::Arc;

use super::{
    Site,
    fault::Fault,
    flash::Flash,
    respond,
    session::{Guest, Own, Visitor},
};
use crate::store::tenant::Tenant;

/// The routes.
pub(super) fn router() -> Router<Site> {
    Router::new()
        .route(link::WEBHOOKS, get(show::list).post(act::create))
        .route(link::WEBHOOKS_INBOX, post(act::create_inbox))
        .route(link::WEBHOOKS_EVENTS, get(show::catalogue).post(act::fire))
        .route(
            link::WEBHOOKS_SIGNATURE,
            get(signature::show).post(signature::debug),
        )
        .route("/webhooks/endpoints/{id}", get(show::endpoint))
        .route("/webhooks/endpoints/{id}/{verb}", post(act::on_endpoint))
        .route(
            "/webhooks/deliveries/{id}",
            get(show::delivery).post(act::attempt),
        )
        .route("/webhooks/inboxes/{id}", get(show::inbox))
        .route("/webhooks/inboxes/{id}/live", get(show::watch))
        .route("/webhooks/inboxes/{id}/{verb}", post(act::on_inbox))
}

pub(super) use words::failure;

/// A visitor with a sandbox.
struct Held<'a> {
    visitor: &'a Visitor,
    own: &'a Own,
    tenant: Arc<Tenant>,
}

/// The visitor's sandbox; none where there is none.
async fn held<'a>(site: &Site, guest: &'a Guest) -> Result<Option<Held<'a>>, Fault> {
    let Some((visitor, own)) = guest.visitor().zip(guest.sandbox()) else {
        return Ok(None);
    };
    Ok(Some(Held {
        visitor,
        own,
        tenant: site.tenant(own).await?,
    }))
}

/// The way to the page on which a sandbox is made.
fn without_sandbox() -> Response {
    respond::see_other(link::WEBHOOKS, None)
}

/// What waits to be shown once.
fn said(site: &Site, guest: &Guest, (method, headers): (&Method, &HeaderMap)) -> Said {
    let session = guest.visitor().map(|visitor| visitor.session);
    let flash = session.and_then(|session| site.shown_once(session, (method, headers)));
    let mut said = Said::default();
    match flash {
        Some(Flash::Secret { secret, notice }) => {
            said.secret = Some(secret);
            said.notice = Some(notice);
        }
        Some(Flash::Notice(text)) => said.notice = Some(text),
        Some(Flash::Problem(text)) => said.problem = Some(text),
        Some(Flash::Link { .. }) | None => {}
    }
    said
}
