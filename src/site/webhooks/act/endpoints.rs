//! What is done with endpoints and their deliveries.

use app::{
    link,
    model::webhooks::Said,
    request::{Pairs, last},
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use contract::{
    Change,
    deliveries::{NewReplay, ReplayOnly},
    ids::{DeliveryId, WebhookId},
    webhooks::{NewWebhook, Webhook, WebhookPatch, WebhookStatus},
};

use super::{Asked, Done};
use crate::{
    sandbox::{DomainError, deliveries, webhooks},
    site::{
        Site,
        fault::Fault,
        form::Fields,
        session::Guest,
        webhooks::{Held, held, show, without_sandbox, words::refusal},
    },
};

const HOUR_MILLIS: i64 = 60 * 60 * 1000;

const UNDER_WAY: &str = "It is being attempted now.";

fn endpoint_of(fields: &Pairs) -> Result<NewWebhook, String> {
    let text = |name| last(fields, name).unwrap_or_default().trim();
    let types = text("event_types")
        .split([',', ' '])
        .filter(|part| !part.is_empty());
    let event_types = types
        .map(|part| part.parse().map_err(|_| format!("There is no event `{part}`.")))
        .collect::<Result<Vec<_>, _>>()?;
    if event_types.is_empty() {
        return Err("Say which events to send, * for all.".to_owned());
    }
    let description = match text("description") {
        "" => None,
        text => Some(
            text.parse()
                .map_err(|_| "The description is longer than 200 characters.".to_owned())?,
        ),
    };
    Ok(NewWebhook {
        url: text("url")
            .parse()
            .map_err(|_| "The address is not a URL.".to_owned())?,
        event_types,
        description,
        status: None,
    })
}

/// `POST /webhooks`: adds an endpoint and shows its secret.
pub(in crate::site::webhooks) async fn create(
    State(site): State<Site>,
    guest: Guest,
    asked: Asked,
    Fields(fields): Fields,
) -> Result<Response, Fault> {
    let Some(held) = held(&site, &guest).await? else {
        return Ok(without_sandbox());
    };
    let problem = match endpoint_of(&fields) {
        Ok(new) => match add(&site, &held, new).await {
            Ok(webhook) => {
                let page = link::endpoint(webhook.id.as_str());
                let done = Done::secret(webhook.secret, "Endpoint added.", page);
                return held.end(&site, Ok(done), link::WEBHOOKS);
            }
            Err(error) => refusal(error)?,
        },
        Err(problem) => problem,
    };
    let text = |name| last(&fields, name).unwrap_or_default().to_owned();
    let said = Said {
        problem: Some(problem),
        ..Said::default()
    };
    let typed = (text("url"), text("event_types"), text("description"));
    show::draw_list(&site, &guest, asked, (said, typed)).await
}

async fn add(site: &Site, held: &Held<'_>, new: NewWebhook) -> Result<Webhook, DomainError> {
    let (installation, sandbox) = (site.installation.clone(), held.own.row.id.clone());
    held.tenant
        .write(move |tx| Box::pin(async move { webhooks::create(tx, &installation, &sandbox, new).await }))
        .await
}

/// `POST /webhooks/endpoints/{id}/{verb}`.
pub(in crate::site::webhooks) async fn on_endpoint(
    State(site): State<Site>,
    guest: Guest,
    Path((id, verb)): Path<(String, String)>,
    Fields(fields): Fields,
) -> Result<Response, Fault> {
    let Some(held) = held(&site, &guest).await? else {
        return Ok(without_sandbox());
    };
    let id: WebhookId = id.parse().map_err(|_| Fault::NoPage)?;
    let page = link::endpoint(id.as_str());
    if matches!(&*verb, "rotate" | "delete")
        && let Err(refused) = held.visitor.admin()
    {
        return Ok(held.refuse(&site, refused.to_string(), &page));
    }
    let done = match &*verb {
        "test" => test(&site, &held, id, false).await,
        "missign" => test(&site, &held, id, true).await,
        "rotate" => rotate(&site, &held, id).await,
        "attempt" => attempt_next(&held, id).await,
        "replay" => replay(&site, &held, id, &fields).await,
        "enable" => switch(&site, &held, id, WebhookStatus::Enabled).await,
        "disable" => switch(&site, &held, id, WebhookStatus::Disabled).await,
        "delete" => held
            .tenant
            .write(move |tx| Box::pin(async move { webhooks::delete(tx, &id, &|_| true).await }))
            .await
            .map(|()| Done::notice("Endpoint deleted.", link::WEBHOOKS)),
        _ => return Err(Fault::NoPage),
    };
    held.end(&site, done, &page)
}

async fn test(site: &Site, held: &Held<'_>, id: WebhookId, forged: bool) -> Result<Done, DomainError> {
    let now = held.tenant.now(&site.clock);
    let delivery = held
        .tenant
        .write(move |tx| {
            Box::pin(async move {
                if forged {
                    webhooks::test_forged(tx, now, &id).await
                } else {
                    webhooks::test(tx, now, &id).await
                }
            })
        })
        .await?;
    Ok(Done {
        shown: None,
        page: link::delivery(delivery.id.as_str()),
    })
}

async fn attempt_next(held: &Held<'_>, id: WebhookId) -> Result<Done, DomainError> {
    let delivery = held
        .tenant
        .write(move |tx| Box::pin(async move { deliveries::attempt_next(tx, &id).await }))
        .await?;
    Ok(Done::notice(UNDER_WAY, link::delivery(delivery.as_str())))
}

async fn rotate(site: &Site, held: &Held<'_>, id: WebhookId) -> Result<Done, DomainError> {
    let (installation, sandbox) = (site.installation.clone(), held.own.row.id.clone());
    let webhook = held
        .tenant
        .write(move |tx| Box::pin(async move { webhooks::rotate(tx, &installation, &sandbox, &id).await }))
        .await?;
    let notice = "Secret rotated. The one before signs too for 24 hours.";
    Ok(Done::secret(
        webhook.secret,
        notice,
        link::endpoint(webhook.id.as_str()),
    ))
}

async fn switch(
    site: &Site,
    held: &Held<'_>,
    id: WebhookId,
    status: WebhookStatus,
) -> Result<Done, DomainError> {
    let installation = site.installation.clone();
    let patch = WebhookPatch {
        status: Change::To(status),
        ..WebhookPatch::default()
    };
    let page = link::endpoint(id.as_str());
    held.tenant
        .write(move |tx| {
            Box::pin(async move { webhooks::update(tx, &installation, (&id, patch), &|_| true).await })
        })
        .await?;
    Ok(Done::notice(
        format!("The endpoint is {}.", status.as_str()),
        page,
    ))
}

async fn replay(site: &Site, held: &Held<'_>, id: WebhookId, fields: &Pairs) -> Result<Done, DomainError> {
    let only = match last(fields, "only") {
        Some("missing") => ReplayOnly::Missing,
        Some("all") => ReplayOnly::All,
        _ => ReplayOnly::Failed,
    };
    let hours: i64 = last(fields, "hours")
        .and_then(|text| text.parse().ok())
        .unwrap_or(24);
    let new = NewReplay {
        since: site.clock.now().plus_millis(-hours.clamp(1, 71) * HOUR_MILLIS),
        only: Some(only),
    };
    let page = link::endpoint(id.as_str());
    let done = held
        .tenant
        .write(move |tx| Box::pin(async move { deliveries::replay_many(tx, &id, &new).await }))
        .await?;
    let notice = match done.queued {
        0 => "There is nothing to replay.".to_owned(),
        1 => "One delivery is on its way again.".to_owned(),
        queued => format!("{queued} deliveries are on their way again."),
    };
    Ok(Done::notice(notice, page))
}

/// `POST /webhooks/deliveries/{id}`: attempts it now.
pub(in crate::site::webhooks) async fn attempt(
    State(site): State<Site>,
    guest: Guest,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let Some(held) = held(&site, &guest).await? else {
        return Ok(without_sandbox());
    };
    let id: DeliveryId = id.parse().map_err(|_| Fault::NoPage)?;
    let page = link::delivery(id.as_str());
    let done = held
        .tenant
        .write(move |tx| Box::pin(async move { deliveries::replay(tx, &id).await }))
        .await
        .map(|_| Done::notice(UNDER_WAY, &page));
    held.end(&site, done, &page)
}
