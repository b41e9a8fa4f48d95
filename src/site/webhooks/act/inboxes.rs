//! What is done with inboxes.

use app::{
    link,
    request::{Pairs, last},
};
use axum::{
    extract::{Path, State},
    response::Response,
};
use contract::{
    Change,
    ids::InboxId,
    inboxes::{InboxAnswer, InboxPatch, NewInbox},
    webhooks::NewWebhook,
};

use super::Done;
use crate::{
    sandbox::{
        DomainError,
        inboxes::{self, Owner},
        webhooks,
    },
    site::{
        Site,
        fault::Fault,
        form::Fields,
        session::Guest,
        webhooks::{held, without_sandbox},
    },
};

/// `POST /webhooks/inbox`: an inbox and an endpoint that sends it everything, in one go.
pub(in crate::site::webhooks) async fn create_inbox(
    State(site): State<Site>,
    guest: Guest,
) -> Result<Response, Fault> {
    let Some(held) = held(&site, &guest).await? else {
        return Ok(without_sandbox());
    };
    let (installation, sandbox) = (site.installation.clone(), held.own.row.id.clone());
    let done = held
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
                let notice = "The inbox is ready, and an endpoint sends it every event. Send a test to see one arrive.";
                let page = link::inbox(inbox.id.as_str());
                Ok::<_, DomainError>(Done::secret(webhook.secret, notice, page))
            })
        })
        .await;
    held.end(&site, done, link::WEBHOOKS)
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
pub(in crate::site::webhooks) async fn on_inbox(
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
    let patch = match &*verb {
        "answer" => match answers_of(&fields) {
            Ok(answers) => Some(InboxPatch {
                answers: Change::To(answers),
            }),
            Err(problem) => return Ok(held.refuse(&site, problem, &page)),
        },
        "delete" => None,
        _ => return Err(Fault::NoPage),
    };
    let (installation, sandbox) = (site.installation.clone(), held.own.row.id.clone());
    let done = held
        .tenant
        .write(move |tx| {
            Box::pin(async move {
                let owner = Owner {
                    installation: &installation,
                    sandbox: &sandbox,
                };
                if let Some(patch) = patch {
                    inboxes::update(tx, owner, (&id, patch), &|_| true).await?;
                    let notice = "The inbox answers like this now.";
                    Ok(Done::notice(notice, link::inbox(id.as_str())))
                } else {
                    inboxes::delete(tx, owner, &id, &|_| true).await?;
                    Ok::<_, DomainError>(Done::notice("Inbox deleted.", link::WEBHOOKS))
                }
            })
        })
        .await;
    held.end(&site, done, &page)
}
