//! One workspace on the board: its statement, and what staff decide about it.

use app::{
    link,
    model::{
        board::{CasePage, Matter as Waiting},
        people::{MemberView, OneTimeLink},
    },
    request::last,
};
use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, Method, Uri},
    response::Response,
    routing::{get, post},
};

use crate::{
    checklist::{
        ITEMS,
        approval::{self, ApprovalError, Decision},
    },
    people::{PASSWORD_LINK, PeopleError},
    site::{
        Site,
        checklist::{draw, moment, standings, turn},
        cookie,
        fault::Fault,
        flash::Flash,
        form::Fields,
        people::Refused,
        respond, session,
        staff::{AtDesk, Desk, door},
    },
    store::control::{
        approvals::{self, ApprovalRow, Matter, Step},
        members::{self, Role},
        workspaces::{self, WorkspaceId, WorkspaceRow},
    },
};

/// The routes.
pub(super) fn router() -> Router<Site> {
    Router::new()
        .route("/board/workspaces/{id}", get(show).post(decide))
        .route(link::BOARD_PASSWORD_LINK, post(password_link))
}

async fn found(site: &Site, id: &str) -> Result<WorkspaceRow, Fault> {
    let id: WorkspaceId = id.parse().map_err(|_| Fault::NoPage)?;
    workspaces::get(&site.control, &id).await?.ok_or(Fault::NoPage)
}

/// `GET /board/workspaces/{id}`.
async fn show(
    State(site): State<Site>,
    AtDesk(desk): AtDesk,
    Path(id): Path<String>,
    (method, uri, headers): (Method, Uri, HeaderMap),
) -> Result<Response, Fault> {
    let Some(desk) = desk else {
        return Ok(door(&uri));
    };
    let row = found(&site, &id).await?;
    let mut page = page(&site, &desk, row).await?;
    flashed(&mut page, site.shown_once(desk.session, (&method, &headers)));
    let frame = site.frame(cookie::theme(&headers), &uri);
    Ok(respond::html(app::routes::render_case(&frame, &page)))
}

fn flashed(page: &mut CasePage, flash: Option<Flash>) {
    match flash {
        Some(Flash::Link { url, purpose, ends }) => {
            page.link = Some(OneTimeLink {
                purpose,
                url,
                ends: moment(ends),
            });
        }
        Some(Flash::Notice(text)) => page.notice = Some(text),
        Some(Flash::Problem(text)) => page.problem = Some(text),
        Some(Flash::Secret { .. }) | None => {}
    }
}

async fn page(site: &Site, desk: &Desk, row: WorkspaceRow) -> Result<CasePage, Fault> {
    let own = session::own_sandbox(&site.control, &row.id).await?;
    let standings = standings(site, own.as_ref(), Some(&row.id)).await?;
    let steps = approvals::of_workspace(&site.control, &row.id).await?;
    let people = members::of_workspace(&site.control, &row.id).await?;
    let sandbox = own.as_ref().map(|own| {
        let used = moment(own.row.last_used_at);
        (own.row.name.to_string(), own.row.id.to_string(), used)
    });
    let named = sandbox.as_ref().map(|(name, _, _)| name.clone());
    Ok(CasePage {
        staff: desk.staff.email.clone(),
        id: row.id.to_string(),
        name: row
            .name
            .or(named)
            .unwrap_or_else(|| "A workspace without a sandbox".to_owned()),
        created: moment(row.created_at),
        claimed: row.claimed_at.map(moment),
        sandbox,
        as_of: moment(site.clock.now()),
        members: people
            .into_iter()
            .map(|row| MemberView {
                id: row.person_id.to_string(),
                email: row.email,
                admin: row.role == Role::Admin,
                joined: moment(row.joined_at),
                invited_by: row.invited_by,
                ..MemberView::default()
            })
            .collect(),
        items: standings
            .into_iter()
            .map(|standing| draw(standing, own.as_ref(), None).without_links())
            .collect(),
        matters: Matter::ALL
            .into_iter()
            .filter_map(|matter| waiting(&steps, matter))
            .collect(),
        history: steps
            .iter()
            .map(|step| (title(step.matter), turn(step)))
            .collect(),
        ..CasePage::default()
    })
}

fn title(matter: Matter) -> String {
    let item = ITEMS.iter().find(|item| item.id == matter.as_str());
    item.map_or(matter.as_str(), |item| item.title).to_owned()
}

/// What waits for a decision in this matter.
fn waiting(steps: &[ApprovalRow], matter: Matter) -> Option<Waiting> {
    let last = steps.iter().rfind(|step| step.matter == matter)?;
    (last.step == Step::Asked).then(|| Waiting {
        id: matter.as_str().to_owned(),
        title: title(matter),
        seq: last.seq,
        asked: turn(last),
    })
}

/// `POST /board/workspaces/{id}`: approves or returns what the workspace asked for.
async fn decide(
    State(site): State<Site>,
    AtDesk(desk): AtDesk,
    Path(id): Path<String>,
    (uri, Fields(fields)): (Uri, Fields),
) -> Result<Response, Fault> {
    let Some(desk) = desk else {
        return Ok(door(&uri));
    };
    let row = found(&site, &id).await?;
    let text = |name| last(&fields, name).unwrap_or_default();
    let approve = match text("decision") {
        "approve" => true,
        "return" => false,
        _ => return Err(Fault::Malformed("It says neither to approve nor to return.")),
    };
    let decision = Decision {
        matter: Matter::from_text(text("item"))
            .ok_or(Fault::Malformed("It names no item of the checklist."))?,
        seq: text("seq").parse().unwrap_or_default(),
        approve,
        note: text("note"),
    };
    let now = site.clock.now();
    let flash = match approval::decide(&site.control, &desk.staff, (&row.id, decision), now).await {
        Ok(()) if approve => Flash::Notice("Approved. The workspace sees it, with your address.".to_owned()),
        Ok(()) => Flash::Notice("Returned. The workspace sees your note.".to_owned()),
        Err(ApprovalError::Store(error)) => return Err(error.into()),
        Err(refused) => Flash::Problem(refused.to_string()),
    };
    site.flashes.put(desk.session, flash, now);
    Ok(respond::see_other(&link::board_case(&id), None))
}

/// `POST /board/password-link`: a link with which a member sets a new password.
async fn password_link(
    State(site): State<Site>,
    AtDesk(desk): AtDesk,
    Fields(fields): Fields,
) -> Result<Response, Fault> {
    let Some(desk) = desk else {
        return Ok(respond::see_other(link::BOARD_SIGN_IN, None));
    };
    let id = last(&fields, "workspace").unwrap_or_default();
    let row = found(&site, id).await?;
    let now = site.clock.now();
    let made = async {
        let person = last(&fields, "person").and_then(|id| id.parse().ok());
        let person = person.ok_or(PeopleError::NoSuchMember)?;
        site.people
            .password_link_by_staff(&desk.staff, (&row.id, &person))
            .await
    };
    let flash = match made.await {
        Ok(code) => Flash::Link {
            url: format!("{}{}", site.config.portal_url, link::password(&code)),
            purpose: "It sets a new password for this member, whose workspace sees that you made it."
                .to_owned(),
            ends: now.plus_millis(PASSWORD_LINK),
        },
        Err(error) => Flash::Problem(Refused::of(&error)?.problem),
    };
    site.flashes.put(desk.session, flash, now);
    Ok(respond::see_other(&link::board_case(id), None))
}
