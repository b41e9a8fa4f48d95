//! Who of Aleta's staff is reading, and how they sign in: another session and another cookie than visitors have.

use app::{link, model::SignInPage, request::last};
use axum::{
    Router,
    extract::{FromRequestParts, RawQuery, State},
    http::{HeaderMap, Uri, request::Parts},
    response::Response,
    routing::{get, post},
};

use super::{
    Site,
    address::Address,
    cookie,
    entrance::{next, query},
    fault::Fault,
    form::Fields,
    people::{Refused, frame_at},
    respond,
};
use crate::{
    ids,
    people::{Credentials, Staff},
    store::control::{sessions::SessionHash, staff_sessions},
};

/// Somebody of staff, with their session.
#[derive(Clone, Debug)]
pub(super) struct Desk {
    /// Who.
    pub(super) staff: Staff,
    /// Their session.
    pub(super) session: SessionHash,
}

/// Whoever asks for a page of the board: somebody of staff, or anyone.
pub(super) struct AtDesk(pub(super) Option<Desk>);

impl FromRequestParts<Site> for AtDesk {
    type Rejection = Fault;
    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Fault> {
        let Some(token) = site.jar.staff(&parts.headers) else {
            return Ok(Self(None));
        };
        let session = SessionHash::of(token);
        let email = staff_sessions::get(&site.control, &session, site.clock.now()).await?;
        Ok(Self(email.map(|email| Desk {
            staff: Staff { email },
            session,
        })))
    }
}

/// The routes.
pub(super) fn router() -> Router<Site> {
    Router::new()
        .route(link::BOARD_SIGN_IN, get(show).post(sign_in))
        .route(link::BOARD_SIGN_OUT, post(sign_out))
}

/// Sends whoever is not of staff to where staff sign in, and then back.
pub(super) fn door(uri: &Uri) -> Response {
    let wanted = uri.path_and_query().map_or(link::BOARD, |target| target.as_str());
    respond::see_other(&link::board_sign_in(wanted), None)
}

/// `GET /board/sign-in`.
async fn show(State(site): State<Site>, (uri, raw): (Uri, RawQuery), headers: HeaderMap) -> Response {
    let fields = query(raw);
    let notice = match last(&fields, "after") {
        Some("sign-out") => Some("You are signed out."),
        Some("password") => Some("The password is set. Sign in with it."),
        _ => None,
    };
    let page = SignInPage {
        staff: true,
        back: next(&fields, link::BOARD),
        notice: notice.map(str::to_owned),
        ..SignInPage::default()
    };
    let frame = site.frame(cookie::theme(&headers), &uri);
    respond::html(app::routes::render_sign_in(&frame, &page))
}

/// `POST /board/sign-in`.
async fn sign_in(
    State(site): State<Site>,
    Address(from): Address,
    AtDesk(before): AtDesk,
    (headers, Fields(fields)): (HeaderMap, Fields),
) -> Result<Response, Fault> {
    let text = |name| last(&fields, name).unwrap_or_default();
    let given = Credentials {
        email: text("email"),
        password: text("password"),
        from,
    };
    let back = next(&fields, link::BOARD);
    let staff = match site.people.sign_in_staff(given).await {
        Ok(staff) => staff,
        Err(error) => {
            let refused = Refused::of(&error)?;
            let page = SignInPage {
                staff: true,
                email: text("email").to_owned(),
                back,
                problem: Some(refused.problem.clone()),
                ..SignInPage::default()
            };
            let frame = frame_at(&site, link::BOARD_SIGN_IN, &headers);
            return Ok(refused.answer(app::routes::render_sign_in(&frame, &page)));
        }
    };
    let now = site.clock.now();
    let token = ids::secret("");
    let ends = now.plus_millis(cookie::STAFF_SECONDS * 1000);
    let mut write = site.control.begin().await?;
    if let Some(before) = before {
        staff_sessions::delete(&mut write, &before.session).await?;
    }
    staff_sessions::create(&mut write, &SessionHash::of(&token), &staff.email, (now, ends)).await?;
    write.commit().await?;
    Ok(respond::see_other(&back, site.jar.keep_staff(&token)))
}

/// `POST /board/sign-out`.
async fn sign_out(State(site): State<Site>, AtDesk(desk): AtDesk) -> Result<Response, Fault> {
    if let Some(desk) = desk {
        let mut write = site.control.begin().await?;
        staff_sessions::delete(&mut write, &desk.session).await?;
        write.commit().await?;
    }
    Ok(respond::see_other(
        "/board/sign-in?after=sign-out",
        site.jar.forget_staff(),
    ))
}
