//! The visitor's workspace: claimed here, and its people looked after.

use app::{
    link,
    model::people::{ClaimView, InvitationView, MemberView, OneTimeLink, WorkspacePage, WorkspaceView},
    request::last,
};
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, Method, Uri},
    response::Response,
    routing::{get, post},
};

use super::{
    Site,
    address::Address,
    checklist::moment,
    cookie,
    fault::Fault,
    flash::Flash,
    form::Fields,
    people::{Refused, frame_at},
    respond, sandbox,
    session::{self, Guest, Visitor},
};
use crate::{
    people::{Credentials, Member, PeopleError},
    store::control::{
        invitations::{self, InvitationRow},
        members::{self, MemberRow, Role},
        sessions, workspaces,
    },
};

mod changes;

/// The routes.
pub(super) fn router() -> Router<Site> {
    Router::new()
        .route(link::WORKSPACE, get(show))
        .route(link::WORKSPACE_CLAIM, post(claim))
        .merge(changes::router())
}

/// `GET /workspace`.
async fn show(
    State(site): State<Site>,
    guest: Guest,
    (method, uri): (Method, Uri),
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let session = guest.visitor().map(|visitor| visitor.session);
    let flash = session.and_then(|session| site.shown_once(session, (&method, &headers)));
    let page = match guest.visitor() {
        None => WorkspacePage::Nobody {
            notice: farewell(&uri).map(str::to_owned),
        },
        Some(visitor) => match &visitor.member {
            None => WorkspacePage::Unclaimed(unclaimed(&site, visitor).await?),
            Some(member) => WorkspacePage::Claimed(Box::new(claimed(&site, member, flash).await?)),
        },
    };
    let frame = site.frame(cookie::theme(&headers), &uri);
    Ok(respond::html(app::routes::render_workspace(&frame, &page)))
}

/// What is said to somebody who was in a workspace a moment ago.
fn farewell(uri: &Uri) -> Option<&'static str> {
    match uri.query()? {
        "left" => Some("You are no longer a member of that workspace."),
        "closed" => Some("The workspace is closed, and everything in it is deleted."),
        _ => None,
    }
}

async fn unclaimed(site: &Site, visitor: &Visitor) -> Result<ClaimView, Fault> {
    let ends = match &visitor.sandbox {
        Some(own) => Some(moment(sandbox::ends(site, own).await?)),
        None => None,
    };
    Ok(ClaimView {
        sandbox: visitor.sandbox.as_ref().map(|own| own.row.name.to_string()),
        ends,
        ..ClaimView::default()
    })
}

/// `POST /workspace/claim`: the workspace of this browser becomes somebody's, and so does a new session.
async fn claim(
    State(site): State<Site>,
    guest: Guest,
    Address(from): Address,
    (headers, Fields(fields)): (HeaderMap, Fields),
) -> Result<Response, Fault> {
    let Some(visitor) = guest.visitor().filter(|visitor| visitor.member.is_none()) else {
        return Ok(respond::see_other(link::WORKSPACE, None));
    };
    let text = |name| last(&fields, name).unwrap_or_default();
    let given = Credentials {
        email: text("email"),
        password: text("password"),
        from,
    };
    match site.people.claim(&visitor.workspace, text("name"), given).await {
        Ok(person) => {
            let begun = session::rotate(&site, &guest, (&visitor.workspace, &person)).await?;
            let notice = "The workspace is yours. Sign in with this address and password from any browser.";
            site.flashes
                .put(begun.session, Flash::Notice(notice.to_owned()), site.clock.now());
            Ok(respond::see_other(link::WORKSPACE, begun.cookie))
        }
        Err(error) => {
            let refused = Refused::of(&error)?;
            let view = ClaimView {
                typed: (text("name").to_owned(), text("email").to_owned()),
                problem: Some(refused.problem.clone()),
                ..unclaimed(&site, visitor).await?
            };
            let frame = frame_at(&site, link::WORKSPACE, &headers);
            let page = WorkspacePage::Unclaimed(view);
            Ok(refused.answer(app::routes::render_workspace(&frame, &page)))
        }
    }
}

async fn claimed(site: &Site, member: &Member, flash: Option<Flash>) -> Result<WorkspaceView, Fault> {
    let now = site.clock.now();
    let workspace = workspaces::get(&site.control, &member.workspace).await?;
    let (name, at) = workspace
        .map(|row| (row.name, row.claimed_at))
        .unwrap_or_default();
    let people = members::of_workspace(&site.control, &member.workspace).await?;
    let open = match member.role {
        Role::Admin => invitations::of_workspace(&site.control, &member.workspace, now).await?,
        Role::Member => Vec::new(),
    };
    let others = members::of_person(&site.control, &member.person).await?;
    let count = sessions::of_person(&site.control, &member.person, now).await?;
    let mut view = WorkspaceView {
        name: name.unwrap_or_default(),
        claimed: moment(at.unwrap_or(now)),
        email: member.email.clone(),
        admin: member.role == Role::Admin,
        sessions: u64::try_from(count).unwrap_or_default(),
        members: people.into_iter().map(|row| shown(row, member)).collect(),
        invitations: open.into_iter().map(invitation).collect(),
        others: others
            .into_iter()
            .filter(|(id, _)| *id != member.workspace)
            .map(|(id, name)| (id.to_string(), name))
            .collect(),
        ..WorkspaceView::default()
    };
    match flash {
        Some(Flash::Link { url, purpose, ends }) => {
            view.link = Some(OneTimeLink {
                purpose,
                url,
                ends: moment(ends),
            });
        }
        Some(Flash::Notice(text)) => view.notice = Some(text),
        Some(Flash::Problem(text)) => view.problem = Some(text),
        Some(Flash::Secret { .. }) | None => {}
    }
    Ok(view)
}

fn shown(row: MemberRow, reader: &Member) -> MemberView {
    MemberView {
        reader: row.person_id == reader.person,
        id: row.person_id.to_string(),
        email: row.email,
        admin: row.role == Role::Admin,
        joined: moment(row.joined_at),
        invited_by: row.invited_by,
        password_by: row.password_by.map(|(by, at)| (by, moment(at))),
    }
}

fn invitation(row: InvitationRow) -> InvitationView {
    InvitationView {
        id: row.id.to_string(),
        label: row.label,
        admin: row.role == Role::Admin,
        by: row.invited_by,
        ends: moment(row.expires_at),
    }
}

/// Keeps what came of a change for the next load of the page.
fn come_of(site: &Site, visitor: &Visitor, done: Result<Flash, PeopleError>) -> Result<Response, Fault> {
    let flash = match done {
        Ok(flash) => flash,
        Err(error) => Flash::Problem(Refused::of(&error)?.problem),
    };
    site.flashes.put(visitor.session, flash, site.clock.now());
    Ok(respond::see_other(link::WORKSPACE, None))
}
