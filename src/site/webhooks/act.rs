//! What the console's forms do.

mod endpoints;
mod inboxes;

pub(super) use endpoints::{attempt, create, on_endpoint};
pub(super) use inboxes::{create_inbox, on_inbox};

use app::{link, model::webhooks::Said, request::last};
use axum::{
    extract::State,
    http::{HeaderMap, Method, Uri},
    response::Response,
};
use contract::events::EventType;

use super::{Held, held, show, without_sandbox, words::refusal};
use crate::{
    sandbox::{DomainError, webhooks},
    site::{Site, fault::Fault, flash::Flash, form::Fields, respond, session::Guest},
};

/// What a request says beside its path.
type Asked = (Method, Uri, HeaderMap);

/// How an action ended.
struct Done {
    /// What the next page shows once.
    shown: Option<Flash>,
    /// The next page.
    page: String,
}

impl Done {
    /// Something happened, and this page says so.
    fn notice(text: impl Into<String>, page: impl Into<String>) -> Self {
        Self {
            shown: Some(Flash::Notice(text.into())),
            page: page.into(),
        }
    }

    /// A secret was made, and this page shows it.
    fn secret(secret: Option<String>, notice: impl Into<String>, page: impl Into<String>) -> Self {
        let flash = Flash::Secret {
            secret: secret.unwrap_or_default(),
            notice: notice.into(),
        };
        Self {
            shown: Some(flash),
            page: page.into(),
        }
    }
}

impl Held<'_> {
    /// The way to the page that follows an action: the one it led to, or `back` with what was refused.
    fn end(&self, site: &Site, done: Result<Done, DomainError>, back: &str) -> Result<Response, Fault> {
        let Done { shown, page } = match done {
            Ok(done) => done,
            Err(error) => return Ok(self.refuse(site, refusal(error)?, back)),
        };
        if let Some(flash) = shown {
            site.flashes.put(self.visitor.session, flash, site.clock.now());
        }
        Ok(respond::see_other(&page, None))
    }

    /// The way back, with what was refused.
    fn refuse(&self, site: &Site, problem: String, back: &str) -> Response {
        let flash = Flash::Problem(problem);
        site.flashes.put(self.visitor.session, flash, site.clock.now());
        respond::see_other(back, None)
    }
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
    let text = |name| last(&fields, name).unwrap_or_default().to_owned();
    let (name, data) = (text("event_type"), text("data"));
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
                    let done = Done::notice(notice, link::WEBHOOKS_EVENTS);
                    return held.end(&site, Ok(done), link::WEBHOOKS_EVENTS);
                }
                Err(error) => refusal(error)?,
            }
        }
        Err(problem) => problem,
    };
    let said = Said {
        problem: Some(problem),
        ..Said::default()
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
