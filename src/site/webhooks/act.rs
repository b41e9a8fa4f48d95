//! What the console's forms do.

use app::{
    link,
    model::webhooks::Said,
    request::{Pairs, last},
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, Method, Uri},
    response::Response,
};
use contract::{
    Change,
    deliveries::{NewReplay, ReplayOnly},
    events::EventType,
    ids::{DeliveryId, InboxId, WebhookId},
    inboxes::{InboxAnswer, InboxPatch, NewInbox},
    webhooks::{NewWebhook, WebhookPatch, WebhookStatus},
};

use super::{Held, held, said, show, without_sandbox, words::refusal};
use crate::{
    sandbox::{
        DomainError, deliveries,
        inboxes::{self, Owner},
        webhooks::{self, Installation},
    },
    site::{Site, fault::Fault, flash::Flash, form::Fields, respond, session::Guest},
};

/// What a request says beside its path.
type Asked = (Method, Uri, HeaderMap);

const HOUR_MILLIS: i64 = 60 * 60 * 1000;

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
pub(super) async fn create(
    State(site): State<Site>,
    guest: Guest,
    asked: Asked,
    Fields(fields): Fields,
) -> Result<Response, Fault> {
    let Some(held) = held(&site, &guest).await? else {
        return Ok(without_sandbox());
    };
    let made = match endpoint_of(&fields) {
        Ok(new) => add(&site, &held, new).await,
        Err(problem) => Err(Ok(problem)),
    };
    let problem = match made {
        Ok((id, secret)) => return Ok(shown(&site, &held, (&id, secret), "Endpoint added.")),
        Err(problem) => problem?,
    };
    let text = |name| last(&fields, name).unwrap_or_default().to_owned();
    let said = Said {
        problem: Some(problem),
        ..Said::default()
    };
    let typed = (text("url"), text("event_types"), text("description"));
    show::draw_list(&site, &guest, asked, (said, typed)).await
}

/// Adds an endpoint: its id and secret, or why not.
async fn add(
    site: &Site,
    held: &Held<'_>,
    new: NewWebhook,
) -> Result<(WebhookId, String), Result<String, Fault>> {
    let (installation, sandbox) = (site.installation.clone(), held.own.row.id.clone());
    let made = held
        .tenant
        .write(move |tx| Box::pin(async move { webhooks::create(tx, &installation, &sandbox, new).await }))
        .await;
    let webhook = made.map_err(refusal)?;
    Ok((webhook.id, webhook.secret.unwrap_or_default()))
}

fn shown(site: &Site, held: &Held<'_>, (id, secret): (&WebhookId, String), notice: &str) -> Response {
    let flash = Flash::Secret {
        secret,
        notice: notice.to_owned(),
    };
    held.then(site, flash, &link::endpoint(id.as_str()))
}

/// `POST /webhooks/inbox`: an inbox and an endpoint that sends it everything, in one go.
pub(super) async fn create_inbox(State(site): State<Site>, guest: Guest) -> Result<Response, Fault> {
    let Some(held) = held(&site, &guest).await? else {
        return Ok(without_sandbox());
    };
    let (installation, sandbox) = (site.installation.clone(), held.own.row.id.clone());
    let made = held
        .tenant
        .write(move |tx| {
            Box::pin(async move {
                let owner = Owner {
                    installation: &installation,
                    sandbox: &sandbox,
                };
                let inbox = inboxes::create(tx, owner, NewInbox::default()).await?;
                let new = NewWebhook {
                    url: inbox.url,
                    event_types: "*".parse().into_iter().collect(),
                    description: "Inbox".parse().ok(),
                    status: None,
                };
                let webhook = webhooks::create(tx, &installation, &sandbox, new).await?;
                Ok::<_, DomainError>((inbox.id, webhook.secret))
            })
        })
        .await;
    Ok(match made {
        Ok((id, secret)) => {
            let flash = Flash::Secret {
                secret: secret.unwrap_or_default(),
                notice:
                    "The inbox is ready, and an endpoint sends it every event. Send a test to see one arrive."
                        .to_owned(),
            };
            held.then(&site, flash, &link::inbox(id.as_str()))
        }
        Err(error) => held.then(&site, Flash::Problem(refusal(error)?), link::WEBHOOKS),
    })
}

/// `POST /webhooks/endpoints/{id}/{verb}`.
pub(super) async fn on_endpoint(
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
        return Ok(held.then(&site, Flash::Problem(refused.to_string()), &page));
    }
    let done = match &*verb {
        "test" => return test(&site, &held, &id, false).await,
        "missign" => return test(&site, &held, &id, true).await,
        "rotate" => return rotate(&site, &held, &id).await,
        "replay" => replay(&site, &held, &id, &fields).await,
        "enable" => switch(&site, &held, &id, WebhookStatus::Enabled).await,
        "disable" => switch(&site, &held, &id, WebhookStatus::Disabled).await,
        "delete" => {
            let done = held
                .tenant
                .write(move |tx| Box::pin(async move { webhooks::delete(tx, &id, &|_| true).await }))
                .await;
            return Ok(match done {
                Ok(()) => held.then(
                    &site,
                    Flash::Notice("Endpoint deleted.".to_owned()),
                    link::WEBHOOKS,
                ),
                Err(error) => held.then(&site, Flash::Problem(refusal(error)?), &page),
            });
        }
        _ => return Err(Fault::NoPage),
    };
    Ok(match done {
        Ok(notice) => held.then(&site, Flash::Notice(notice), &page),
        Err(error) => held.then(&site, Flash::Problem(refusal(error)?), &page),
    })
}

async fn test(site: &Site, held: &Held<'_>, id: &WebhookId, forged: bool) -> Result<Response, Fault> {
    let (now, wanted) = (held.tenant.now(&site.clock), id.clone());
    let sent = held
        .tenant
        .write(move |tx| {
            Box::pin(async move {
                if forged {
                    webhooks::test_forged(tx, now, &wanted).await
                } else {
                    webhooks::test(tx, now, &wanted).await
                }
            })
        })
        .await;
    Ok(match sent {
        Ok(delivery) => respond::see_other(&link::delivery(delivery.id.as_str()), None),
        Err(error) => held.then(
            site,
            Flash::Problem(refusal(error)?),
            &link::endpoint(id.as_str()),
        ),
    })
}

async fn rotate(site: &Site, held: &Held<'_>, id: &WebhookId) -> Result<Response, Fault> {
    let (installation, sandbox, wanted) = (site.installation.clone(), held.own.row.id.clone(), id.clone());
    let rotated = held
        .tenant
        .write(move |tx| {
            Box::pin(async move { webhooks::rotate(tx, &installation, &sandbox, &wanted).await })
        })
        .await;
    Ok(match rotated {
        Ok(webhook) => {
            let notice = "Secret rotated. The one before signs too for 24 hours.";
            shown(site, held, (id, webhook.secret.unwrap_or_default()), notice)
        }
        Err(error) => held.then(
            site,
            Flash::Problem(refusal(error)?),
            &link::endpoint(id.as_str()),
        ),
    })
}

async fn switch(
    site: &Site,
    held: &Held<'_>,
    id: &WebhookId,
    status: WebhookStatus,
) -> Result<String, DomainError> {
    let (installation, wanted): (Installation, _) = (site.installation.clone(), id.clone());
    let patch = WebhookPatch {
        status: Change::To(status),
        ..WebhookPatch::default()
    };
    held.tenant
        .write(move |tx| {
            Box::pin(async move { webhooks::update(tx, &installation, (&wanted, patch), &|_| true).await })
        })
        .await?;
    Ok(format!("The endpoint is {}.", status.as_str()))
}

async fn replay(site: &Site, held: &Held<'_>, id: &WebhookId, fields: &Pairs) -> Result<String, DomainError> {
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
    let wanted = id.clone();
    let done = held
        .tenant
        .write(move |tx| Box::pin(async move { deliveries::replay_many(tx, &wanted, &new).await }))
        .await?;
    Ok(match done.queued {
        0 => "There is nothing to replay.".to_owned(),
        1 => "One delivery is on its way again.".to_owned(),
        queued => format!("{queued} deliveries are on their way again."),
    })
}

/// `POST /webhooks/deliveries/{id}`: attempts it now.
pub(super) async fn attempt(
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
        .await;
    Ok(match done {
        Ok(_) => held.then(
            &site,
            Flash::Notice("It is being attempted now.".to_owned()),
            &page,
        ),
        Err(error) => held.then(&site, Flash::Problem(refusal(error)?), &page),
    })
}

/// What one press tells an inbox to do.
fn preset(name: &str) -> Option<Vec<InboxAnswer>> {
    let answer = |status| InboxAnswer {
        status,
        delay_ms: None,
        retry_after: None,
        body: None,
    };
    Some(vec![match name {
        "200" => answer(200),
        "500" => answer(500),
        "410" => answer(410),
        "429" => InboxAnswer {
            retry_after: Some(5),
            ..answer(429)
        },
        "slow" => InboxAnswer {
            delay_ms: Some(3_000),
            ..answer(200)
        },
        "never" => InboxAnswer {
            delay_ms: Some(12_000),
            ..answer(200)
        },
        _ => return None,
    }])
}

fn answers_of(fields: &Pairs) -> Result<Vec<InboxAnswer>, String> {
    match (last(fields, "preset"), last(fields, "script")) {
        (Some(name), _) => preset(name).ok_or_else(|| "There is no such answer.".to_owned()),
        (None, Some(script)) => serde_json::from_str(script)
            .map_err(|error| format!("The script is not a list of answers: {error}.")),
        (None, None) => Err("Nothing was said about how to answer.".to_owned()),
    }
}

/// `POST /webhooks/inboxes/{id}/{verb}`.
pub(super) async fn on_inbox(
    State(site): State<Site>,
    guest: Guest,
    Path((id, verb)): Path<(String, String)>,
    Fields(fields): Fields,
) -> Result<Response, Fault> {
    let Some(held) = held(&site, &guest).await? else {
        return Ok(without_sandbox());
    };
    let id: InboxId = id.parse().map_err(|_| Fault::NoPage)?;
    let page = link::inbox(id.as_str());
    let (installation, sandbox) = (site.installation.clone(), held.own.row.id.clone());
    let patch = match &*verb {
        "answer" => match answers_of(&fields) {
            Ok(answers) => Some(InboxPatch {
                answers: Change::To(answers),
            }),
            Err(problem) => return Ok(held.then(&site, Flash::Problem(problem), &page)),
        },
        "delete" => None,
        _ => return Err(Fault::NoPage),
    };
    let deleted = patch.is_none();
    let done = held
        .tenant
        .write(move |tx| {
            Box::pin(async move {
                let owner = Owner {
                    installation: &installation,
                    sandbox: &sandbox,
                };
                match patch {
                    Some(patch) => inboxes::update(tx, owner, (&id, patch), &|_| true)
                        .await
                        .map(drop),
                    None => inboxes::delete(tx, owner, &id, &|_| true).await,
                }
            })
        })
        .await;
    Ok(match done {
        Ok(()) if deleted => held.then(&site, Flash::Notice("Inbox deleted.".to_owned()), link::WEBHOOKS),
        Ok(()) => held.then(
            &site,
            Flash::Notice("The inbox answers like this now.".to_owned()),
            &page,
        ),
        Err(error) => held.then(&site, Flash::Problem(refusal(error)?), &page),
    })
}

/// `POST /webhooks/events`: fires an event.
pub(super) async fn fire(
    State(site): State<Site>,
    guest: Guest,
    asked: Asked,
    Fields(fields): Fields,
) -> Result<Response, Fault> {
    let Some(held) = held(&site, &guest).await? else {
        return Ok(without_sandbox());
    };
    let (name, data) = (
        last(&fields, "event_type").unwrap_or_default().to_owned(),
        last(&fields, "data").unwrap_or_default().to_owned(),
    );
    let problem = match event_of(&name, &data) {
        Ok(event) => {
            let now = held.tenant.now(&site.clock);
            let fired = held
                .tenant
                .write(move |tx| Box::pin(async move { webhooks::fire(tx, now, event).await }))
                .await;
            match fired {
                Ok(event) => {
                    let notice = format!("Fired {} as {}.", event.event_type.as_str(), event.event_id);
                    return Ok(held.then(&site, Flash::Notice(notice), link::WEBHOOKS_EVENTS));
                }
                Err(error) => refusal(error)?,
            }
        }
        Err(problem) => problem,
    };
    let said = Said {
        problem: Some(problem),
        ..said(&site, &guest, (&asked.0, &asked.2))
    };
    Ok(show::draw_events(&site, &guest, asked, (said, (name, data))))
}

type Fired = (EventType, serde_json::Map<String, serde_json::Value>);

fn event_of(name: &str, data: &str) -> Result<Fired, String> {
    let kind = EventType::ALL.iter().copied().find(|kind| kind.as_str() == name);
    let kind = kind.ok_or_else(|| format!("There is no event `{name}`."))?;
    let value = if data.trim().is_empty() {
        kind.example()
    } else {
        serde_json::from_str(data).map_err(|error| format!("The data is not JSON: {error}."))?
    };
    match value {
        serde_json::Value::Object(data) => Ok((kind, data)),
        _ => Err("The data is not a JSON object.".to_owned()),
    }
}
