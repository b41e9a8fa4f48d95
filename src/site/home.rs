//! The home page, with a request that was really sent.

use app::{
    model::{HomePage, LiveCall},
    request::SendRequest,
};
use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
};
use std::time::Duration;

use super::{
    Site, catalog, checklist, cookie, respond,
    send::Purpose,
    session::{Guest, Own},
};
use crate::store::log::First;

/// An answer is shown for so long, in milliseconds.
const FRESH: i64 = 30_000;

/// The page does not wait longer than this for its answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// `GET /`.
pub(super) async fn show(State(site): State<Site>, guest: Guest, uri: Uri, headers: HeaderMap) -> Response {
    let live = tokio::time::timeout(PATIENCE, site.live_call(guest.sandbox())).await;
    let page = HomePage {
        live: live.ok().flatten(),
        has_sandbox: guest.sandbox().is_some(),
        operations: catalog::forms().len(),
    };
    let frame = site.frame(cookie::theme(&headers), &uri);
    respond::html(app::routes::render_home(&frame, &page))
}

impl Site {
    /// The sandbox that a page reads from on behalf of `own`: itself once its owner has called it, the shared one
    /// before. Until then both hold the same demo data, and only calls that somebody made may prove anything.
    pub(super) async fn data_source(&self, own: &Own) -> Own {
        if self.was_called(own).await {
            return own.clone();
        }
        self.showcase.get(self).await.unwrap_or_else(|fault| {
            tracing::warn!(?fault, "no shared sandbox");
            own.clone()
        })
    }

    async fn was_called(&self, own: &Own) -> bool {
        if self.called.get(&own.client).is_some() {
            return true;
        }
        let Ok(tenant) = self.tenant(own).await else {
            return false;
        };
        let called = matches!(tenant.log().first(First::default()).await, Ok(Some(_)));
        if called {
            self.called.insert(own.client.clone(), ());
        }
        called
    }

    async fn live_call(&self, own: Option<&Own>) -> Option<LiveCall> {
        let source = match own {
            Some(own) => self.data_source(own).await,
            None => self.showcase.get(self).await.ok()?,
        };
        let now = self.clock.now();
        if let Some((until, live)) = self.live.get(&source.client)
            && until > now
        {
            return Some(live);
        }
        let request = SendRequest {
            operation: "clients.list".to_owned(),
            query: vec![("limit".to_owned(), "2".to_owned())],
            ..SendRequest::default()
        };
        let sent = self
            .sender
            .send(&self.tokens, (&source).into(), request, Purpose::Page)
            .await
            .ok()?;
        let shared = own.is_none_or(|own| own.client != source.client);
        if sent.status == 401 && shared {
            self.showcase.forget().await;
            return None;
        }
        let live = LiveCall {
            sent,
            at: checklist::moment(now),
            source: if shared {
                "a shared sandbox"
            } else {
                "your sandbox"
            }
            .to_owned(),
        };
        self.live
            .insert(source.client.clone(), (now.plus_millis(FRESH), live.clone()));
        Some(live)
    }
}
