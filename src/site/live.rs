//! What a page of the visitor's sandbox shows, told as it changes (server-sent events).

use axum::{
    http::{HeaderName, HeaderValue},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use contract::ids::InboxId;
use futures::stream;
use std::{convert::Infallible, time::Duration};
use tokio::{
    sync::watch,
    time::{Instant, sleep_until},
};

use super::{Site, fault::Fault, session::Own};
use crate::{
    ids::RequestId,
    sandbox::inboxes,
    store::{
        control::sandboxes::SandboxRow,
        tenant::{Tenant, deliveries::traced},
    },
};

/// After this long the stream ends, and the browser begins another: a tenant is not kept open for a forgotten tab.
const LASTS: Duration = Duration::from_mins(10);
const NO_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// What a page is about.
#[derive(Clone, Debug)]
pub(super) enum Subject {
    /// What arrives at an inbox.
    Inbox(InboxId),
    /// What a request led to.
    Request(RequestId),
}

impl Subject {
    /// A text that is another one as soon as the page is; none where there is no such thing.
    async fn mark(&self, tenant: &Tenant) -> Option<String> {
        let mut read = tenant.read().await.ok()?;
        match self {
            Self::Inbox(id) => {
                let (_, inbox) = inboxes::get(&mut read, id).await.ok()?;
                Some(inbox.received.to_string())
            }
            Self::Request(id) => traced::mark(&mut read, id).await.ok()?,
        }
    }
}

/// One reader's stream.
struct Watch {
    site: Site,
    row: SandboxRow,
    subject: Subject,
    changes: watch::Receiver<()>,
    seen: Option<String>,
    until: Instant,
}

/// An event `arrived` with the subject's mark, now and whenever it changes.
///
/// # Errors
/// When there is no such subject.
pub(super) async fn stream(site: &Site, own: &Own, subject: Subject) -> Result<Response, Fault> {
    let tenant = site.tenant(own).await?;
    if subject.mark(&tenant).await.is_none() {
        return Err(Fault::NoPage);
    }
    let watch = Watch {
        row: own.row.clone(),
        changes: tenant.changes(),
        subject,
        seen: None,
        until: Instant::now() + LASTS,
        site: site.clone(),
    };
    drop(tenant);
    let events = stream::unfold(watch, |mut watch| async move {
        let mark = watch.next().await?;
        let event = Event::default().event("arrived").data(mark);
        Some((Ok::<_, Infallible>(event), watch))
    });
    let mut response = Sse::new(events).keep_alive(KeepAlive::default()).into_response();
    response
        .headers_mut()
        .insert(NO_BUFFERING, HeaderValue::from_static("no"));
    Ok(response)
}

impl Watch {
    /// The mark once it is another than before; none when the stream ends.
    async fn next(&mut self) -> Option<String> {
        loop {
            self.changes.mark_unchanged();
            let tenant = self.site.tenants.get(&self.row.id, self.row.epoch).await.ok()?;
            let now = self.subject.mark(&tenant).await?;
            drop(tenant);
            if self.seen.as_ref() != Some(&now) {
                self.seen = Some(now.clone());
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
