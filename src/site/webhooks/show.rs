//! The console's pages.

use app::{
    link,
    model::webhooks::{
        DeliveryPage, EndpointPage, EventRow, EventsPage, InboxPage, InboxRow, Said, WebhooksPage,
        WebhooksView,
    },
};
use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderMap, Method, Uri},
    response::Response,
};
use contract::{
    contract,
    deliveries::DeliveryStatus,
    events::EventType,
    ids::{DeliveryId, InboxId, WebhookId},
};

use super::{Held, held, said, without_sandbox, words};
use crate::{
    sandbox::{
        DomainError, PageRequest, deliveries,
        inboxes::{self, Owner},
        webhooks,
    },
    site::{
        Site,
        checklist::moment,
        cookie,
        fault::Fault,
        live::{self, Subject},
        respond,
        session::Guest,
    },
    store::tenant::{deliveries as stored, deliveries::Latest, events, inboxes as kept, webhooks::pauses},
};

/// How many deliveries and messages a page shows.
const SHOWN: u16 = 50;
/// How many the first page shows.
const LATEST: u16 = 10;
/// More than a sandbox may have of endpoints or inboxes.
const ALL: PageRequest = PageRequest::first(200);

/// What a request says beside its path.
type Asked = (Method, Uri, HeaderMap);

/// `GET /webhooks`.
pub(super) async fn list(
    State(site): State<Site>,
    guest: Guest,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let shown = said(&site, &guest, (&method, &headers));
    let typed = (String::new(), "*".to_owned(), String::new());
    draw_list(&site, &guest, (method, uri, headers), (shown, typed)).await
}

/// Draws the first page.
pub(super) async fn draw_list(
    site: &Site,
    guest: &Guest,
    (_, uri, headers): Asked,
    (shown, typed): (Said, (String, String, String)),
) -> Result<Response, Fault> {
    let page = match held(site, guest).await? {
        None => WebhooksPage::Absent,
        Some(held) => {
            let mut view = view(site, &held).await?;
            (view.said, view.typed) = (shown, typed);
            WebhooksPage::Present(Box::new(view))
        }
    };
    let frame = site.frame(cookie::theme(&headers), &uri);
    Ok(respond::html(app::routes::render_webhooks(&frame, &page)))
}

async fn view(site: &Site, held: &Held<'_>) -> Result<WebhooksView, Fault> {
    let mut read = held.tenant.read().await?;
    let endpoints = webhooks::list(&mut read, ALL).await?;
    let found = inboxes::list(&mut read, owner(site, held), ALL).await?;
    let latest = stored::latest(&mut read, Latest::of_all(LATEST)).await?;
    let pauses = pauses::lasting(&mut read, site.clock.now()).await?;
    let inbox = |inbox: contract::inboxes::Inbox| InboxRow {
        name: inbox
            .name
            .map_or_else(|| inbox.id.to_string(), |name| name.to_string()),
        id: inbox.id.to_string(),
        received: inbox.received,
    };
    Ok(WebhooksView {
        endpoints: endpoints
            .rows
            .iter()
            .map(|(seq, row)| words::endpoint(row, pauses.get(seq)))
            .collect(),
        inboxes: found.rows.into_iter().map(|(_, row)| inbox(row)).collect(),
        latest: latest.iter().map(|(_, row)| words::delivery(row)).collect(),
        ..WebhooksView::default()
    })
}

fn owner<'a>(site: &'a Site, held: &'a Held<'_>) -> Owner<'a> {
    Owner {
        installation: &site.installation,
        sandbox: &held.own.row.id,
    }
}

/// What a page of one object answers where there is none.
fn none(error: DomainError) -> Fault {
    match error {
        DomainError::NotFound => Fault::NoPage,
        error => error.into(),
    }
}

fn parameter(query: Option<&str>, wanted: &str) -> Option<String> {
    form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .find(|(name, _)| name == wanted)
        .map(|(_, value)| value.into_owned())
}

/// `GET /webhooks/endpoints/{id}`, with `status` and `before`.
pub(super) async fn endpoint(
    State(site): State<Site>,
    guest: Guest,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    (method, uri, headers): Asked,
) -> Result<Response, Fault> {
    let Some(held) = held(&site, &guest).await? else {
        return Ok(without_sandbox());
    };
    let id: WebhookId = id.parse().map_err(|_| Fault::NoPage)?;
    let status = parameter(query.as_deref(), "status").and_then(|text| {
        [
            DeliveryStatus::Waiting,
            DeliveryStatus::Delivered,
            DeliveryStatus::Failed,
        ]
        .into_iter()
        .find(|status| status.as_str() == text)
    });
    let before = parameter(query.as_deref(), "before").and_then(|text| text.parse().ok());
    let mut read = held.tenant.read().await?;
    let (seq, webhook) = webhooks::get(&mut read, &id).await.map_err(none)?;
    let wanted = Latest {
        webhook: Some(seq),
        status,
        before,
        limit: SHOWN,
    };
    let rows = stored::latest(&mut read, wanted).await?;
    let pauses = pauses::lasting(&mut read, site.clock.now()).await?;
    let older = (rows.len() == usize::from(SHOWN))
        .then(|| rows.last().map(|(seq, _)| *seq))
        .flatten();
    let page = EndpointPage {
        said: said(&site, &guest, (&method, &headers)),
        endpoint: words::endpoint(&webhook, pauses.get(&seq)),
        created: moment(webhook.created_at),
        overlap: webhook
            .previous_secret_expires_at
            .filter(|until| *until > site.clock.now())
            .map(moment),
        may_manage: held.visitor.admin().is_ok(),
        deliveries: rows.iter().map(|(_, row)| words::delivery(row)).collect(),
        filter: status.map(|status| status.as_str().to_owned()),
        older: older.map(|before| {
            let filter = status.map_or_else(String::new, |status| format!("status={}&", status.as_str()));
            format!(
                "{}?{filter}before={before}#deliveries",
                link::endpoint(id.as_str())
            )
        }),
    };
    let frame = site.frame(cookie::theme(&headers), &uri);
    Ok(respond::html(app::routes::render_endpoint(&frame, &page)))
}

/// `GET /webhooks/deliveries/{id}`.
pub(super) async fn delivery(
    State(site): State<Site>,
    guest: Guest,
    Path(id): Path<String>,
    (method, uri, headers): Asked,
) -> Result<Response, Fault> {
    let Some(held) = held(&site, &guest).await? else {
        return Ok(without_sandbox());
    };
    let id: DeliveryId = id.parse().map_err(|_| Fault::NoPage)?;
    let mut read = held.tenant.read().await?;
    let (delivery, body, attempts) = deliveries::report(&mut read, &id).await.map_err(none)?;
    let (_, webhook) = webhooks::get(&mut read, &delivery.webhook_id)
        .await
        .map_err(none)?;
    let mut causes = events::causes(&mut read, [delivery.event_id.as_str()]).await?;
    let page = DeliveryPage {
        said: said(&site, &guest, (&method, &headers)),
        delivery: words::delivery(&delivery),
        cause: causes.remove(delivery.event_id.as_str()),
        url: webhook.url.to_string(),
        body,
        attempts: attempts.into_iter().rev().map(words::attempt).collect(),
    };
    let frame = site.frame(cookie::theme(&headers), &uri);
    Ok(respond::html(app::routes::render_delivery(&frame, &page)))
}

/// `GET /webhooks/inboxes/{id}`.
pub(super) async fn inbox(
    State(site): State<Site>,
    guest: Guest,
    Path(id): Path<String>,
    (method, uri, headers): Asked,
) -> Result<Response, Fault> {
    let Some(held) = held(&site, &guest).await? else {
        return Ok(without_sandbox());
    };
    let id: InboxId = id.parse().map_err(|_| Fault::NoPage)?;
    let mut read = held.tenant.read().await?;
    let (seq, stored) = inboxes::get(&mut read, &id).await.map_err(none)?;
    let messages = kept::latest_messages(&mut read, seq, SHOWN).await?;
    let told = messages.iter().filter_map(words::told);
    let causes = events::causes(&mut read, told).await?;
    let endpoints = webhooks::list(&mut read, ALL).await?;
    drop(read);
    let inbox = owner(&site, &held).shown(stored)?;
    let url = inbox.url.to_string();
    let total = inbox.answers.len();
    let pointing = endpoints.rows.iter().find(|(_, row)| row.url.as_str() == url);
    let page = InboxPage {
        said: said(&site, &guest, (&method, &headers)),
        name: inbox
            .name
            .as_ref()
            .map_or_else(|| inbox.id.to_string(), ToString::to_string),
        id: inbox.id.to_string(),
        received: inbox.received,
        answers: inbox
            .answers
            .iter()
            .enumerate()
            .map(|answer| words::answer(answer, total))
            .collect(),
        endpoint: pointing.map(|(_, row)| row.id.to_string()),
        messages: messages
            .into_iter()
            .map(|message| words::message(message, &causes))
            .collect(),
        url,
    };
    let frame = site.frame(cookie::theme(&headers), &uri);
    Ok(respond::html(app::routes::render_inbox(&frame, &page)))
}

/// `GET /webhooks/inboxes/{id}/live`: tells the number of messages, now and whenever it changes.
pub(super) async fn watch(
    State(site): State<Site>,
    guest: Guest,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let id: InboxId = id.parse().map_err(|_| Fault::NoPage)?;
    let own = guest.sandbox().ok_or(Fault::NoPage)?;
    live::stream(&site, own, Subject::Inbox(id)).await
}

/// `GET /webhooks/events`.
pub(super) async fn catalogue(
    State(site): State<Site>,
    guest: Guest,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let shown = said(&site, &guest, (&method, &headers));
    let first = EventType::ALL.first().map_or("", |kind| kind.as_str());
    Ok(draw_events(
        &site,
        &guest,
        (method, uri, headers),
        (shown, (first.to_owned(), String::new())),
    ))
}

/// Draws the catalogue of events.
pub(super) fn draw_events(
    site: &Site,
    guest: &Guest,
    (_, uri, headers): Asked,
    (said, typed): (Said, (String, String)),
) -> Response {
    let pretty = |value: &serde_json::Value| serde_json::to_string_pretty(value).unwrap_or_default();
    let rows = contract().events.iter().map(|card| EventRow {
        name: card.kind.as_str().to_owned(),
        doc: card.kind.doc().to_owned(),
        example: pretty(&card.kind.example()),
        schema: pretty(&card.data),
    });
    let page = EventsPage {
        said,
        has_sandbox: guest.sandbox().is_some(),
        events: rows.collect(),
        typed,
    };
    let frame = site.frame(cookie::theme(&headers), &uri);
    respond::html(app::routes::render_events(&frame, &page))
}
