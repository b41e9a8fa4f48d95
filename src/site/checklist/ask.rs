//! The page on which a workspace asks Aleta to agree to something.

use app::{
    link,
    model::board::{AskPage, Asker, ScopeChoice, Wanted},
    request::{Pairs, last},
};
use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, Uri},
    response::Response,
    routing::get,
};
use contract::{Scope, ScopeSet};

use super::turn;
use crate::{
    checklist::{
        self, ITEMS, Item, Rule,
        approval::{self, ApprovalError, FARTHEST, Subject, is_read},
    },
    site::{Site, cookie, fault::Fault, form::Fields, people::frame_at, respond, session::Guest},
    store::control::approvals::{self, ApprovalRow, Matter},
};

/// The routes.
pub(super) fn router() -> Router<Site> {
    Router::new().route("/checklist/{item}", get(show).post(ask))
}

/// The item with this id that has to be asked for.
fn item(id: &str) -> Result<(&'static Item, Matter), Fault> {
    let found = ITEMS.iter().find(|item| item.id == id).ok_or(Fault::NoPage)?;
    match found.rule {
        Rule::Approval(matter) => Ok((found, matter)),
        _ => Err(Fault::NoPage),
    }
}

/// `GET /checklist/{item}`.
async fn show(
    State(site): State<Site>,
    guest: Guest,
    Path(id): Path<String>,
    (uri, headers): (Uri, HeaderMap),
) -> Result<Response, Fault> {
    let page = page(&site, &guest, item(&id)?).await?;
    let frame = site.frame(cookie::theme(&headers), &uri);
    Ok(respond::html(app::routes::render_ask(&frame, &page)))
}

async fn page(site: &Site, guest: &Guest, (item, matter): (&Item, Matter)) -> Result<AskPage, Fault> {
    let steps = match guest.visitor() {
        Some(visitor) => approvals::of_workspace(&site.control, &visitor.workspace).await?,
        None => Vec::new(),
    };
    let steps: Vec<ApprovalRow> = steps.into_iter().filter(|step| step.matter == matter).collect();
    let before = steps.last().map(|step| step.subject.clone()).unwrap_or_default();
    let wanted = match matter {
        Matter::ReadScopes => scopes(site, guest, &before).await?,
        Matter::Cutover => days(site, before),
    };
    let asker = match guest.visitor() {
        None => Asker::Nobody,
        Some(visitor) if visitor.member.is_none() => Asker::Unclaimed,
        Some(_) => Asker::Member,
    };
    Ok(AskPage {
        id: item.id.to_owned(),
        title: item.title.to_owned(),
        why: item.why.to_owned(),
        rule: item.rule_text.to_owned(),
        asker,
        wanted,
        history: steps.iter().map(turn).collect(),
        ..AskPage::default()
    })
}

/// Every read scope; those that calls have used, and those asked for before, are chosen already.
async fn scopes(site: &Site, guest: &Guest, before: &str) -> Result<Wanted, Fault> {
    let used = match guest.sandbox() {
        Some(own) => checklist::used(Some(site.tenant(own).await?.log().as_ref())).await?,
        None => ScopeSet::default(),
    };
    let before: ScopeSet = before.parse().unwrap_or_default();
    let choice = |scope: Scope| ScopeChoice {
        scope: scope.to_string(),
        meaning: scope.meaning().to_owned(),
        used: used.contains(scope),
        chosen: used.contains(scope) || before.contains(scope),
    };
    let reading = Scope::ALL.iter().copied().filter(|scope| is_read(*scope));
    Ok(Wanted::Scopes(reading.map(choice).collect()))
}

fn days(site: &Site, value: String) -> Wanted {
    let today = site.clock.now().date();
    Wanted::Day {
        value,
        first: today.to_string(),
        last: today.saturating_add(jiff::Span::new().days(FARTHEST)).to_string(),
    }
}

/// `POST /checklist/{item}`.
async fn ask(
    State(site): State<Site>,
    guest: Guest,
    Path(id): Path<String>,
    (headers, Fields(fields)): (HeaderMap, Fields),
) -> Result<Response, Fault> {
    let (found, matter) = item(&id)?;
    let Some(member) = guest.visitor().and_then(|visitor| visitor.member.as_ref()) else {
        return Ok(respond::see_other(&link::ask(found.id), None));
    };
    let now = site.clock.now();
    let note = last(&fields, "note").unwrap_or_default();
    let asked = async {
        let subject = match matter {
            Matter::ReadScopes => Subject::scopes(chosen(&fields))?,
            Matter::Cutover => Subject::cutover(last(&fields, "day").unwrap_or_default(), now)?,
        };
        approval::ask(&site.control, member, (&subject, note), now).await
    };
    let refused = match asked.await {
        Ok(()) => {
            return Ok(respond::see_other(
                &format!("{}#{}", link::CHECKLIST, found.id),
                None,
            ));
        }
        Err(ApprovalError::Store(error)) => return Err(error.into()),
        Err(refused) => refused,
    };
    let page = AskPage {
        note: note.to_owned(),
        problem: Some(refused.to_string()),
        ..page(&site, &guest, (found, matter)).await?
    };
    let frame = frame_at(&site, &link::ask(found.id), &headers);
    let mut response = respond::html(app::routes::render_ask(&frame, &page));
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

fn chosen(fields: &Pairs) -> impl Iterator<Item = &str> {
    fields
        .iter()
        .filter(|(name, _)| name == "scope")
        .map(|(_, value)| value.as_str())
}
