//! What a visitor does with a sandbox: create it, rotate its secret, put the demo data back, delete it.

use app::{
    link,
    request::{Pairs, last},
};
use axum::{extract::State, response::Response};

use super::{
    Site,
    address::Address,
    fault::{Fault, span},
    flash::Flash,
    form::Fields,
    opening, respond,
    session::{self, Guest, Own, Visitor},
};
use crate::{oauth::credentials, people::PeopleError, store::control::workspaces};

/// How long the secret before keeps working after a rotation, in milliseconds.
const OVERLAP: i64 = 24 * 60 * 60 * 1000;

/// `POST /sandbox`: opens a sandbox and, for a first visit, a session with it.
pub(super) async fn create(
    State(site): State<Site>,
    guest: Guest,
    address: Address,
) -> Result<Response, Fault> {
    if guest.sandbox().is_some() {
        return Ok(respond::see_other(link::SANDBOX, None));
    }
    let now = site.clock.now();
    if let Err(millis) = site.creation_throttle.take(address.network(), now) {
        return refuse(&site, &guest, millis);
    }
    let (session, workspace, cookie) = if let Some(visitor) = guest.visitor() {
        (visitor.session, visitor.workspace.clone(), None)
    } else {
        let begun = session::begin(&site).await?;
        (begun.session, begun.workspace, begun.cookie)
    };
    let opened = opening::open(&site, &workspace, &opening::new_name()).await?;
    let shown = Flash::Secret {
        secret: opened.secret.reveal().to_owned(),
        notice: "Your sandbox is ready. Its secret is shown on this page, once.".to_owned(),
    };
    site.flashes.put(session, shown, now);
    Ok(respond::see_other(link::SANDBOX, cookie))
}

fn refuse(site: &Site, guest: &Guest, millis: i64) -> Result<Response, Fault> {
    let seconds = (millis + 999) / 1000;
    let Some(visitor) = guest.visitor() else {
        return Err(Fault::TooOften(seconds));
    };
    let problem = format!(
        "No sandbox was created: too many were created from your address. It works again in {}.",
        span(seconds)
    );
    site.flashes
        .put(visitor.session, Flash::Problem(problem), site.clock.now());
    Ok(respond::see_other(link::SANDBOX, None))
}

/// `POST /sandbox/rotate`: another secret, shown once.
pub(super) async fn rotate(State(site): State<Site>, guest: Guest) -> Result<Response, Fault> {
    let Some((visitor, own)) = owner(&guest) else {
        return Ok(respond::see_other(link::SANDBOX, None));
    };
    if let Err(refused) = visitor.admin() {
        return Ok(refuse_member(&site, visitor, &refused));
    }
    let now = site.clock.now();
    let mut write = site.control.begin().await?;
    let secret = credentials::rotate_secret(&mut write, &own.client, OVERLAP, now).await?;
    write.commit().await?;
    let shown = Flash::Secret {
        secret: secret.reveal().to_owned(),
        notice: "Secret rotated. The one before keeps working for 24 hours.".to_owned(),
    };
    site.flashes.put(visitor.session, shown, now);
    Ok(respond::see_other(link::SANDBOX, None))
}

/// `POST /sandbox/reset` with the sandbox's name typed in: the demo data as it was on the first day.
pub(super) async fn reset(
    State(site): State<Site>,
    guest: Guest,
    Fields(fields): Fields,
) -> Result<Response, Fault> {
    let Some((visitor, own)) = owner(&guest) else {
        return Ok(respond::see_other(link::SANDBOX, None));
    };
    if let Err(refused) = visitor.admin() {
        return Ok(refuse_member(&site, visitor, &refused));
    }
    if !confirmed(&fields, own) {
        return Ok(unconfirmed(&site, visitor, own, "reset"));
    }
    site.tenants
        .reset(&own.row.id, |_, _| Box::pin(async { Ok(()) }))
        .await?;
    site.forget(own);
    let notice = "Demo data restored. Cursors and ETags from before no longer match.".to_owned();
    site.flashes
        .put(visitor.session, Flash::Notice(notice), site.clock.now());
    Ok(respond::see_other(link::SANDBOX, None))
}

/// `POST /sandbox/delete` with the sandbox's name typed in: removes the sandbox and, unless the workspace belongs to
/// people, all that is known of its visitor.
pub(super) async fn delete(
    State(site): State<Site>,
    guest: Guest,
    Fields(fields): Fields,
) -> Result<Response, Fault> {
    let Some((visitor, own)) = owner(&guest) else {
        return Ok(respond::see_other(link::SANDBOX, None));
    };
    if let Err(refused) = visitor.admin() {
        return Ok(refuse_member(&site, visitor, &refused));
    }
    if !confirmed(&fields, own) {
        return Ok(unconfirmed(&site, visitor, own, "deleted"));
    }
    site.tenants.delete(&own.row.id).await?;
    site.forget(own);
    if visitor.member.is_some() {
        // The workspace stays, with its people.
        return Ok(respond::see_other(link::SANDBOX, None));
    }
    let mut write = site.control.begin().await?;
    workspaces::delete(&mut write, &visitor.workspace).await?;
    write.commit().await?;
    Ok(respond::see_other(link::SANDBOX, site.jar.forget_session()))
}

fn refuse_member(site: &Site, visitor: &Visitor, refused: &PeopleError) -> Response {
    let problem = Flash::Problem(refused.to_string());
    site.flashes.put(visitor.session, problem, site.clock.now());
    respond::see_other(link::SANDBOX, None)
}

fn confirmed(fields: &Pairs, own: &Own) -> bool {
    last(fields, "confirm").map(str::trim) == Some(own.row.name.as_str())
}

fn unconfirmed(site: &Site, visitor: &Visitor, own: &Own, what: &str) -> Response {
    let problem = format!("Nothing was {what}: the name typed in is not {}.", own.row.name);
    site.flashes
        .put(visitor.session, Flash::Problem(problem), site.clock.now());
    respond::see_other(link::SANDBOX, None)
}

fn owner(guest: &Guest) -> Option<(&Visitor, &Own)> {
    let visitor = guest.visitor()?;
    Some((visitor, visitor.sandbox.as_ref()?))
}

impl Site {
    /// Drops everything that is remembered of a sandbox.
    pub(super) fn forget(&self, own: &Own) {
        self.oauth.forget_sandbox(&own.row.id);
        self.tokens.forget(&own.client);
        self.suggestions.forget(&own.client);
        self.live.remove(&own.client);
        self.called.remove(&own.client);
    }
}
