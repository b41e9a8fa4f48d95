//! The launch checklist of the visitor's workspace, as it stands now.

use super::{
    Site, cookie,
    fault::Fault,
    respond,
    session::{Guest, Own, Visitor},
};
use crate::{
    checklist::{self, Rule, Standing, State as Stand},
    store::{
        control::{
            approvals,
            workspaces::{self, WorkspaceId},
        },
        log::Habit,
        tenant::webhooks::proof,
    },
};
use app::{
    link,
    model::{ChecklistPage, Moment},
};
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};

mod ask;
mod drawn;

pub(super) use drawn::{draw, turn, word};

/// The routes.
pub(super) fn router() -> Router<Site> {
    Router::new()
        .route(link::CHECKLIST, get(show))
        .route(link::CHECKLIST_JSON, get(data))
        .merge(ask::router())
}

/// `GET /checklist`.
async fn show(
    State(site): State<Site>,
    guest: Guest,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let page = page(&site, &guest).await?;
    let frame = site.frame(cookie::theme(&headers), &uri);
    Ok(respond::html(app::routes::render_checklist(&frame, &page)))
}

/// `GET /checklist.json`: the same as data.
async fn data(State(site): State<Site>, guest: Guest) -> Result<Response, Fault> {
    Ok(respond::json(&page(&site, &guest).await?))
}

/// The checklist of this visitor.
///
/// # Errors
/// When the sandbox or its log cannot be read.
pub(super) async fn page(site: &Site, guest: &Guest) -> Result<ChecklistPage, Fault> {
    let own = guest.sandbox();
    let visitor = guest.visitor();
    let standings = standings(site, own, visitor.map(|visitor| &visitor.workspace)).await?;
    let claimed = visitor.is_some_and(|visitor| visitor.member.is_some());
    Ok(ChecklistPage {
        holder: holder(site, visitor).await?,
        client_id: own.map(|own| own.client.to_string()),
        as_of: moment(site.clock.now()),
        items: standings
            .into_iter()
            .map(|standing| {
                let next = next(&standing, own, claimed);
                draw(standing, own, next)
            })
            .collect(),
    })
}

/// Whose checklist it is: the workspace, or its sandbox while nobody has claimed it.
async fn holder(site: &Site, visitor: Option<&Visitor>) -> Result<String, Fault> {
    let Some(visitor) = visitor else {
        return Ok("Nobody yet".to_owned());
    };
    let workspace = workspaces::get(&site.control, &visitor.workspace).await?;
    let sandbox = visitor.sandbox.as_ref().map(|own| own.row.name.to_string());
    let name = workspace.and_then(|row| row.name).or(sandbox);
    Ok(name.unwrap_or_else(|| "Nobody yet".to_owned()))
}

/// Where every item of a workspace stands.
///
/// # Errors
/// When the sandbox or its log cannot be read.
pub(super) async fn standings(
    site: &Site,
    own: Option<&Own>,
    workspace: Option<&WorkspaceId>,
) -> Result<Vec<Standing>, Fault> {
    let steps = match workspace {
        Some(id) => approvals::of_workspace(&site.control, id).await?,
        None => Vec::new(),
    };
    let Some(own) = own else {
        return Ok(checklist::read(None, &[], &steps).await?);
    };
    let tenant = site.tenant(own).await?;
    let answers = proof::all(&mut tenant.read().await?).await?;
    Ok(checklist::read(Some(tenant.log().as_ref()), &answers, &steps).await?)
}

/// The one thing to do next about an item.
fn next(standing: &Standing, own: Option<&Own>, claimed: bool) -> Option<(String, String)> {
    let (label, href) = match (standing.item.rule, &standing.state, own) {
        (Rule::SuccessfulCall | Rule::Habit(_) | Rule::Endpoint(_), Stand::Proven(_), _) => return None,
        (Rule::SuccessfulCall | Rule::Habit(_) | Rule::Endpoint(_), _, None) => {
            ("Create a sandbox", link::SANDBOX.to_owned())
        }
        (Rule::Endpoint(_), _, Some(_)) => ("Open the webhook console", link::WEBHOOKS.to_owned()),
        (Rule::SuccessfulCall, _, Some(_)) => ("Send a request", link::builder("clients.list")),
        (Rule::Habit(habit), _, Some(_)) => how(habit),
        (Rule::Approval(_), _, _) if !claimed => ("How to ask", link::ask(standing.item.id)),
        (Rule::Approval(_), Stand::Open, _) => ("Ask for approval", link::ask(standing.item.id)),
        (Rule::Approval(_), Stand::Asked(_) | Stand::Proven(_), _) => {
            ("See or change what is asked", link::ask(standing.item.id))
        }
        (Rule::Approval(_), _, _) => ("Ask again", link::ask(standing.item.id)),
    };
    Some((label.to_owned(), href))
}

/// The page that tells how to show a habit.
fn how(habit: Habit) -> (&'static str, String) {
    let (label, path) = match habit {
        Habit::Waited => ("Plant a fault to practise on", "/reference/v1/sandbox#faults"),
        Habit::Walked => ("How to follow a cursor", "/pagination"),
        Habit::Compared => ("How to compare", "/caching"),
        Habit::Repeated => ("How to repeat safely", "/idempotency"),
    };
    (label, path.to_owned())
}

/// An instant, ready to be read.
pub(super) fn moment(at: contract::Timestamp) -> Moment {
    Moment::from_rfc3339(&at.to_string())
}
