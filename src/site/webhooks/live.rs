//! What arrives at an inbox, told as it arrives (server-sent events).

use axum::{
    extract::{Path, State},
    http::{HeaderName, HeaderValue},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use contract::ids::InboxId;
use futures::stream;
use std::{convert::Infallible, sync::Arc, time::Duration};
use tokio::{
    sync::watch,
    time::{Instant, sleep_until},
};

use super::{Held, held};
use crate::{
    sandbox::inboxes,
    site::{Site, fault::Fault, session::Guest},
    store::{control::sandboxes::SandboxRow, tenant::Tenant},
};

/// After this long the stream ends, and the browser begins another: a tenant is not kept open for a forgotten tab.
const LASTS: Duration = Duration::from_mins(10);
const NO_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// One reader's stream.
struct Watch {
    site: Site,
    row: SandboxRow,
    id: InboxId,
    changes: watch::Receiver<()>,
    seen: Option<u32>,
    until: Instant,
}

/// `GET /webhooks/inboxes/{id}/live`: an event `arrived` with the number of messages, now and whenever it changes.
pub(super) async fn watch(
    State(site): State<Site>,
    guest: Guest,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let id: InboxId = id.parse().map_err(|_| Fault::NoPage)?;
    let Some(Held { own, tenant, .. }) = held(&site, &guest).await? else {
        return Err(Fault::NoPage);
    };
    if count(&tenant, &id).await.is_none() {
        return Err(Fault::NoPage);
    }
    let watch = Watch {
        row: own.row.clone(),
        changes: tenant.changes(),
        id,
        seen: None,
        until: Instant::now() + LASTS,
        site: site.clone(),
    };
    drop(tenant);
    let events = stream::unfold(watch, |mut watch| async move {
        let count = watch.next().await?;
        let event = Event::default().event("arrived").data(count.to_string());
        Some((Ok::<_, Infallible>(event), watch))
    });
    let mut response = Sse::new(events).keep_alive(KeepAlive::default()).into_response();
    response
        .headers_mut()
        .insert(NO_BUFFERING, HeaderValue::from_static("no"));
    Ok(response)
}

async fn count(tenant: &Arc<Tenant>, id: &InboxId) -> Option<u32> {
    let mut read = tenant.read().await.ok()?;
    let (_, inbox) = inboxes::get(&mut read, id).await.ok()?;
    Some(inbox.received)
}

impl Watch {
    /// The number of messages once it is another than before; none when the stream ends.
    async fn next(&mut self) -> Option<u32> {
        loop {
            self.changes.mark_unchanged();
            let tenant = self.site.tenants.get(&self.row.id, self.row.epoch).await.ok()?;
            let now = count(&tenant, &self.id).await?;
            drop(tenant);
            if self.seen != Some(now) {
                self.seen = Some(now);
                return Some(now);
            }
            tokio::select! {
                changed = self.changes.changed() => changed.ok()?,
                () = sleep_until(self.until) => return None,
                () = self.site.stopping.cancelled() => return None,
            }
        }
    }
}
