//! The doors of a workspace: signing in and out, taking an invitation, setting a password through a link.

use app::{
    link,
    model::people::{JoinPage, JoinView, PasswordPage, SignInPage},
    request::{Pairs, last},
};
use axum::{
    Router,
    extract::{RawQuery, State},
    http::{HeaderMap, Uri},
    response::Response,
    routing::{get, post},
};

use super::{
    Site,
    address::Address,
    back,
    checklist::moment,
    cookie,
    fault::Fault,
    flash::Flash,
    form::{self, Fields},
    people::{Refused, frame_at},
    respond,
    session::{self, Guest},
};
use crate::{
    people::{Credentials, LinkHolder, PeopleError},
    store::control::{members::Role, sessions, workspaces},
};

/// The routes.
pub(super) fn router() -> Router<Site> {
    Router::new()
        .route(link::SIGN_IN, get(show_sign_in).post(sign_in))
        .route(link::SIGN_OUT, post(sign_out))
        .route(link::SIGN_OUT_EVERYWHERE, post(sign_out_everywhere))
        .route(link::JOIN, get(show_join).post(join))
        .route(link::PASSWORD, get(show_password).post(set_password))
}

/// The fields of a page's query.
pub(super) fn query(RawQuery(text): RawQuery) -> Pairs {
    form::parse(text.unwrap_or_default().as_bytes())
}

/// Where a form sends its reader on to.
pub(super) fn next(fields: &Pairs, otherwise: &str) -> String {
    let wanted = last(fields, "return").and_then(back::path);
    wanted.unwrap_or(otherwise).to_owned()
}

/// The name of a sandbox that nobody can come back to once this browser has another session.
fn left_behind(guest: &Guest) -> Option<String> {
    let visitor = guest.visitor().filter(|visitor| visitor.member.is_none())?;
    Some(visitor.sandbox.as_ref()?.row.name.to_string())
}

/// `GET /sign-in`.
async fn show_sign_in(
    State(site): State<Site>,
    guest: Guest,
    (uri, raw): (Uri, RawQuery),
    headers: HeaderMap,
) -> Response {
    let fields = query(raw);
    let notice = match last(&fields, "after") {
        Some("sign-out") => Some("You are signed out of this browser."),
        Some("everywhere") => Some("You are signed out of every browser."),
        Some("password") => Some("The password is set. Sign in with it."),
        _ => None,
    };
    let page = SignInPage {
        back: next(&fields, link::WORKSPACE),
        left_behind: left_behind(&guest),
        notice: notice.map(str::to_owned),
        ..SignInPage::default()
    };
    let frame = site.frame(cookie::theme(&headers), &uri);
    respond::html(app::routes::render_sign_in(&frame, &page))
}

/// `POST /sign-in`.
async fn sign_in(
    State(site): State<Site>,
    guest: Guest,
    Address(from): Address,
    (headers, Fields(fields)): (HeaderMap, Fields),
) -> Result<Response, Fault> {
    let text = |name| last(&fields, name).unwrap_or_default();
    let given = Credentials {
        email: text("email"),
        password: text("password"),
        from,
    };
    let back = next(&fields, link::WORKSPACE);
    match site.people.sign_in(given).await {
        Ok((person, workspace)) => {
            let begun = session::rotate(&site, &guest, (&workspace, &person)).await?;
            Ok(respond::see_other(&back, begun.cookie))
        }
        Err(error) => {
            let refused = Refused::of(&error)?;
            let page = SignInPage {
                email: text("email").to_owned(),
                back,
                left_behind: left_behind(&guest),
                problem: Some(refused.problem.clone()),
                ..SignInPage::default()
            };
            let frame = frame_at(&site, link::SIGN_IN, &headers);
            Ok(refused.answer(app::routes::render_sign_in(&frame, &page)))
        }
    }
}

/// `POST /sign-out`. A session that nobody has signed in to stays: it is all that its workspace hangs on.
async fn sign_out(State(site): State<Site>, guest: Guest) -> Result<Response, Fault> {
    let Some(visitor) = guest.visitor().filter(|visitor| visitor.member.is_some()) else {
        return Ok(respond::see_other(link::WORKSPACE, None));
    };
    let mut write = site.control.begin().await?;
    sessions::delete(&mut write, &visitor.session).await?;
    write.commit().await?;
    Ok(respond::see_other(
        "/sign-in?after=sign-out",
        site.jar.forget_session(),
    ))
}

/// `POST /sign-out/everywhere`.
async fn sign_out_everywhere(State(site): State<Site>, guest: Guest) -> Result<Response, Fault> {
    let Some(member) = guest.visitor().and_then(|visitor| visitor.member.as_ref()) else {
        return Ok(respond::see_other(link::WORKSPACE, None));
    };
    if let Err(error) = site.people.sign_out_everywhere(member).await {
        return Err(Fault::Broken(error.to_string()));
    }
    Ok(respond::see_other(
        "/sign-in?after=everywhere",
        site.jar.forget_session(),
    ))
}

/// `GET /join?code=…`.
async fn show_join(
    State(site): State<Site>,
    guest: Guest,
    (uri, raw): (Uri, RawQuery),
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let fields = query(raw);
    let code = last(&fields, "code").unwrap_or_default();
    let frame = site.frame(cookie::theme(&headers), &uri);
    match invited(&site, &guest, code).await {
        Ok(view) => Ok(respond::html(app::routes::render_join(
            &frame,
            &JoinPage::Open(Box::new(view)),
        ))),
        Err(error) => Ok(Refused::of(&error)?.answer(app::routes::render_join(&frame, &JoinPage::Gone))),
    }
}

async fn invited(site: &Site, guest: &Guest, code: &str) -> Result<JoinView, PeopleError> {
    let invitation = site.people.invitation(code).await?;
    let workspace = workspaces::get(&site.control, &invitation.workspace_id).await?;
    let member = guest.visitor().and_then(|visitor| visitor.member.as_ref());
    Ok(JoinView {
        code: code.to_owned(),
        workspace: workspace.and_then(|row| row.name).unwrap_or_default(),
        by: invitation.invited_by,
        admin: invitation.role == Role::Admin,
        ends: moment(invitation.expires_at),
        signed_in: member.map(|member| member.email.clone()),
        left_behind: left_behind(guest),
        ..JoinView::default()
    })
}

/// `POST /join`.
async fn join(
    State(site): State<Site>,
    guest: Guest,
    Address(from): Address,
    (headers, Fields(fields)): (HeaderMap, Fields),
) -> Result<Response, Fault> {
    let text = |name| last(&fields, name).unwrap_or_default();
    let code = text("code");
    let given = Credentials {
        email: text("email"),
        password: text("password"),
        from,
    };
    let joined = match guest.visitor().and_then(|visitor| visitor.member.as_ref()) {
        Some(member) => site
            .people
            .join_as(code, &member.person)
            .await
            .map(|workspace| (member.person.clone(), workspace)),
        None => site.people.join(code, given).await,
    };
    let error = match joined {
        Ok((person, workspace)) => {
            let begun = session::rotate(&site, &guest, (&workspace, &person)).await?;
            let notice = Flash::Notice(
                "You are in. The sandbox and its checklist are shared with everyone here.".to_owned(),
            );
            site.flashes.put(begun.session, notice, site.clock.now());
            return Ok(respond::see_other(link::WORKSPACE, begun.cookie));
        }
        Err(error) => error,
    };
    let refused = Refused::of(&error)?;
    let frame = frame_at(&site, &link::join(code), &headers);
    let page = match invited(&site, &guest, code).await {
        Ok(view) => JoinPage::Open(Box::new(JoinView {
            email: text("email").to_owned(),
            problem: Some(refused.problem.clone()),
            ..view
        })),
        Err(_) => JoinPage::Gone,
    };
    Ok(refused.answer(app::routes::render_join(&frame, &page)))
}

/// `GET /password?code=…`.
async fn show_password(
    State(site): State<Site>,
    (uri, raw): (Uri, RawQuery),
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let fields = query(raw);
    let code = last(&fields, "code").unwrap_or_default();
    let frame = site.frame(cookie::theme(&headers), &uri);
    match site.people.link_holder(code).await {
        Ok(holder) => {
            let page = PasswordPage::Open {
                code: code.to_owned(),
                email: holder.email().to_owned(),
                problem: None,
            };
            Ok(respond::html(app::routes::render_password(&frame, &page)))
        }
        Err(error) => {
            Ok(Refused::of(&error)?.answer(app::routes::render_password(&frame, &PasswordPage::Gone)))
        }
    }
}

/// `POST /password`.
async fn set_password(
    State(site): State<Site>,
    headers: HeaderMap,
    Fields(fields): Fields,
) -> Result<Response, Fault> {
    let text = |name| last(&fields, name).unwrap_or_default();
    let code = text("code");
    let error = match site.people.set_password(code, text("password")).await {
        Ok(LinkHolder::Person(_)) => return Ok(respond::see_other("/sign-in?after=password", None)),
        Ok(LinkHolder::Staff(_)) => return Ok(respond::see_other("/board/sign-in?after=password", None)),
        Err(error) => error,
    };
    let refused = Refused::of(&error)?;
    let page = match site.people.link_holder(code).await {
        Ok(holder) => PasswordPage::Open {
            code: code.to_owned(),
            email: holder.email().to_owned(),
            problem: Some(refused.problem.clone()),
        },
        Err(_) => PasswordPage::Gone,
    };
    let frame = frame_at(&site, &link::password(code), &headers);
    Ok(refused.answer(app::routes::render_password(&frame, &page)))
}
