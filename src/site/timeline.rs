//! What one request led to: the call, the events that it wrote, their deliveries, and how each attempt was answered.

mod steps;

use app::{
    link,
    model::{Timeline, TimelinePage, timeline::Instant},
};
use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, Uri},
    response::Response,
    routing::get,
};
use contract::{Timestamp, deliveries::Delivery};
use std::collections::HashMap;

use super::{
    Site,
    checklist::moment,
    cookie,
    fault::Fault,
    live::{self, Subject},
    logs, respond,
    session::{Guest, Own},
};
use crate::{
    ids::RequestId,
    sandbox::{PageRequest, webhooks},
    store::{
        log::{self, Evidence, Placed},
        tenant::{
            Tenant,
            deliveries::traced::{self, Tried},
            events::{self, Caused},
            extracts,
        },
    },
};

/// So many events of one request are shown.
const EVENTS: u16 = 50;
/// So many deliveries of them.
const DELIVERIES: u16 = 200;
/// So many attempts at those.
const ATTEMPTS: u16 = 500;
/// More than a sandbox may have of endpoints.
const ENDPOINTS: PageRequest = PageRequest::first(200);

/// The routes.
pub(super) fn router() -> Router<Site> {
    Router::new()
        .route("/timeline/{id}", get(show))
        .route("/timeline/{id}/live", get(watch))
}

/// `GET /timeline/{request id}`.
async fn show(
    State(site): State<Site>,
    guest: Guest,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let id: RequestId = id.parse().map_err(|_| Fault::NoPage)?;
    let page = match guest.sandbox() {
        None => TimelinePage::Absent,
        Some(own) => match find(&site, own, &id).await? {
            None => TimelinePage::Unknown(id.to_string()),
            Some(trace) => TimelinePage::Known(Box::new(draw(&site, trace))),
        },
    };
    let frame = site.frame(cookie::theme(&headers), &uri);
    let mut response = respond::html(app::routes::render_timeline(&frame, &page));
    if !matches!(page, TimelinePage::Known(_)) {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    Ok(response)
}

/// `GET /timeline/{request id}/live`: tells of every change to what the request led to.
async fn watch(State(site): State<Site>, guest: Guest, Path(id): Path<String>) -> Result<Response, Fault> {
    let id: RequestId = id.parse().map_err(|_| Fault::NoPage)?;
    let own = guest.sandbox().ok_or(Fault::NoPage)?;
    live::stream(&site, own, Subject::Request(id)).await
}

/// All that is known of a request.
struct Trace {
    id: RequestId,
    call: Option<Placed>,
    /// Whether the builder can open the call whole.
    is_kept: bool,
    evidence: Option<Evidence>,
    events: Vec<Caused>,
    /// How many events there are, shown or not.
    count: u32,
    deliveries: Vec<Delivery>,
    tried: Vec<Tried>,
    /// The address of each endpoint, by its id.
    urls: HashMap<String, String>,
    mark: Option<String>,
    /// Whether an extract that it asked for is still to be made.
    at_work: bool,
}

/// What the sandbox knows of a request; none where it knows nothing.
async fn find(site: &Site, own: &Own, id: &RequestId) -> Result<Option<Trace>, Fault> {
    let tenant = site.tenant(own).await?;
    let log = tenant.log();
    let call = log.call(id).await?;
    let evidence = match call {
        Some(_) => None,
        None => log.evidence(id).await?,
    };
    let is_kept = log.send(id.as_str()).await?.is_some();
    let trace = led_to(&tenant, id).await?;
    let known = call.is_some() || evidence.is_some() || trace.count > 0 || trace.at_work;
    Ok(known.then_some(Trace {
        call,
        is_kept,
        evidence,
        ..trace
    }))
}

/// What the request led to, as the sandbox's data tell.
async fn led_to(tenant: &Tenant, id: &RequestId) -> Result<Trace, Fault> {
    let mut read = tenant.read().await?;
    // Of one moment, or a delivery would wait beside the attempt that ended it.
    read.begin_snapshot().await?;
    let mark = traced::mark(&mut read, id).await?;
    let at_work = extracts::is_unfinished(&mut read, id).await?;
    let (events, count) = events::of_request(&mut read, id, EVENTS).await?;
    let deliveries = traced::of_request(&mut read, id, DELIVERIES).await?;
    let tried = traced::attempts(&mut read, id, ATTEMPTS).await?;
    let urls = if deliveries.is_empty() {
        HashMap::new()
    } else {
        let endpoints = webhooks::list(&mut read, ENDPOINTS).await?.rows.into_iter();
        endpoints
            .map(|(_, row)| (row.id.to_string(), row.url.to_string()))
            .collect()
    };
    read.end_snapshot().await?;
    Ok(Trace {
        id: id.clone(),
        call: None,
        is_kept: false,
        evidence: None,
        events,
        count,
        deliveries,
        tried,
        urls,
        mark,
        at_work,
    })
}

/// The page of what is known.
fn draw(site: &Site, trace: Trace) -> Timeline {
    let now = site.clock.now();
    let chain = steps::chain(&trace, now);
    let remarks = remarks(&trace, now);
    let arrived = trace.arrived();
    let log = trace
        .call
        .as_ref()
        .map(|placed| link::logged(placed.seq, trace.id.as_str()));
    let operation = trace.operation().and_then(|id| logs::operation(site, id));
    let more = trace.count.saturating_sub(u32::from(EVENTS));
    let live = trace.mark.filter(|_| chain.waits || trace.at_work);
    Timeline {
        request_id: trace.id.to_string(),
        at: moment(arrived),
        call: trace
            .call
            .map(|placed| logs::shown(site, placed.call, trace.is_kept)),
        log,
        operation,
        remarks,
        steps: chain.steps,
        more,
        total: chain.total,
        live,
    }
}

impl Trace {
    /// When the request arrived, in real time.
    fn arrived(&self) -> Timestamp {
        match (&self.call, &self.evidence) {
            (Some(placed), _) => placed.call.at,
            (None, Some(evidence)) => evidence.at,
            (None, None) => self.id.made_at(),
        }
    }

    /// The operation that was called, as far as anybody remembers.
    fn operation(&self) -> Option<&str> {
        let logged = self
            .call
            .as_ref()
            .and_then(|placed| placed.call.operation_id.as_deref());
        logged.or(self
            .evidence
            .as_ref()
            .map(|evidence| evidence.operation_id.as_str()))
    }
}

/// What there is to say about the call.
fn remarks(trace: &Trace, now: Timestamp) -> Vec<String> {
    let mut remarks = Vec::new();
    let Some(Placed { call, .. }) = &trace.call else {
        let gone = if trace.arrived().plus_millis(log::KEPT_MILLIS) <= now {
            "The call itself is no longer in the log: calls are kept for seven days."
        } else {
            "The log has no line of the call itself."
        };
        remarks.push(gone.to_owned());
        if trace.evidence.is_some() {
            remarks
                .push("It is remembered because an item of the launch checklist may rest on it.".to_owned());
        }
        return remarks;
    };
    if call.remarks.fault {
        remarks.push("A fault that you planted struck it.".to_owned());
    }
    let nothing = match (trace.count, call.status) {
        (0, _) if trace.at_work => "The extract is still being made. What comes of it appears here.",
        (0, _) if call.remarks.replayed => {
            "Its Idempotency-Key had been used before: the first answer was given again, and nothing was changed."
        }
        (0, 400..) => "It was refused, so it changed nothing.",
        (0, _) if call.method == "GET" => "It read, and changed nothing.",
        (0, _) => "It changed nothing that an event tells of.",
        _ if trace.deliveries.is_empty() => "No endpoint listened to what it changed, so nothing was sent.",
        _ => return remarks,
    };
    remarks.push(nothing.to_owned());
    remarks
}

/// A moment to the millisecond.
fn instant(at: Timestamp) -> Instant {
    Instant {
        moment: moment(at),
        millis: u16::try_from(at.as_millis().rem_euclid(1000)).unwrap_or_default(),
    }
}
