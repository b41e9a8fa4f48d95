//! What is changed about the people of a workspace, one form each.

use app::{
    link,
    request::{Pairs, last},
};
use axum::{Router, extract::State, response::Response, routing::post};

use super::come_of;
use crate::{
    people::{INVITATION, Member, PASSWORD_LINK, PeopleError},
    site::{
        Site,
        address::Address,
        fault::Fault,
        flash::Flash,
        form::Fields,
        people::Refused,
        respond,
        session::{self, Guest, Visitor},
    },
    store::control::{members::Role, people::PersonId, sessions},
};

pub(super) fn router() -> Router<Site> {
    Router::new()
        .route(link::WORKSPACE_INVITE, post(invite))
        .route(link::WORKSPACE_REVOKE, post(revoke))
        .route(link::WORKSPACE_ROLE, post(set_role))
        .route(link::WORKSPACE_REMOVE, post(remove))
        .route(link::WORKSPACE_PASSWORD_LINK, post(password_link))
        .route(link::WORKSPACE_PASSWORD, post(change_password))
        .route(link::WORKSPACE_LEAVE, post(leave))
        .route(link::WORKSPACE_CLOSE, post(close))
        .route(link::WORKSPACE_SWITCH, post(switch))
}

/// The visitor who has signed in, if they have.
fn signed_in(guest: &Guest) -> Option<(&Visitor, &Member)> {
    let visitor = guest.visitor()?;
    Some((visitor, visitor.member.as_ref()?))
}

fn elsewhere() -> Response {
    respond::see_other(link::WORKSPACE, None)
}

fn role(fields: &Pairs) -> Role {
    last(fields, "role")
        .and_then(Role::from_text)
        .unwrap_or(Role::Member)
}

fn person(fields: &Pairs) -> Result<PersonId, PeopleError> {
    let id = last(fields, "person").and_then(|id| id.parse().ok());
    id.ok_or(PeopleError::NoSuchMember)
}

async fn invite(State(site): State<Site>, guest: Guest, Fields(fields): Fields) -> Result<Response, Fault> {
    let Some((visitor, member)) = signed_in(&guest) else {
        return Ok(elsewhere());
    };
    let done = async {
        let code = site
            .people
            .invite(
                member.as_admin()?,
                role(&fields),
                last(&fields, "label").unwrap_or_default(),
            )
            .await?;
        Ok(Flash::Link {
            url: format!("{}{}", site.config.portal_url, link::join(&code)),
            purpose: "It lets one person into this workspace.".to_owned(),
            ends: site.clock.now().plus_millis(INVITATION),
        })
    };
    come_of(&site, visitor, done.await)
}

async fn revoke(State(site): State<Site>, guest: Guest, Fields(fields): Fields) -> Result<Response, Fault> {
    let Some((visitor, member)) = signed_in(&guest) else {
        return Ok(elsewhere());
    };
    let done = async {
        let id = last(&fields, "invitation").and_then(|id| id.parse().ok());
        site.people
            .revoke(member.as_admin()?, &id.ok_or(PeopleError::LinkGone)?)
            .await?;
        Ok(Flash::Notice(
            "The invitation is revoked; its link lets nobody in any more.".to_owned(),
        ))
    };
    come_of(&site, visitor, done.await)
}

async fn set_role(State(site): State<Site>, guest: Guest, Fields(fields): Fields) -> Result<Response, Fault> {
    let Some((visitor, member)) = signed_in(&guest) else {
        return Ok(elsewhere());
    };
    let done = async {
        let role = role(&fields);
        site.people
            .set_role(member.as_admin()?, &person(&fields)?, role)
            .await?;
        Ok(Flash::Notice(match role {
            Role::Admin => "They are an admin now.".to_owned(),
            Role::Member => "They are a member now.".to_owned(),
        }))
    };
    come_of(&site, visitor, done.await)
}

async fn remove(State(site): State<Site>, guest: Guest, Fields(fields): Fields) -> Result<Response, Fault> {
    let Some((visitor, member)) = signed_in(&guest) else {
        return Ok(elsewhere());
    };
    let done = async {
        let person = person(&fields)?;
        site.people.remove(member.as_admin()?, &person).await?;
        let notice =
            "They are out, and signed out of this workspace. Rotate the client secret if they knew it.";
        Ok(Flash::Notice(notice.to_owned()))
    };
    come_of(&site, visitor, done.await)
}

async fn password_link(
    State(site): State<Site>,
    guest: Guest,
    Fields(fields): Fields,
) -> Result<Response, Fault> {
    let Some((visitor, member)) = signed_in(&guest) else {
        return Ok(elsewhere());
    };
    let done = async {
        let person = person(&fields)?;
        let code = site.people.password_link(member.as_admin()?, &person).await?;
        Ok(Flash::Link {
            url: format!("{}{}", site.config.portal_url, link::password(&code)),
            purpose: "It sets a new password for this member.".to_owned(),
            ends: site.clock.now().plus_millis(PASSWORD_LINK),
        })
    };
    come_of(&site, visitor, done.await)
}

async fn change_password(
    State(site): State<Site>,
    guest: Guest,
    Address(from): Address,
    Fields(fields): Fields,
) -> Result<Response, Fault> {
    let Some((visitor, member)) = signed_in(&guest) else {
        return Ok(elsewhere());
    };
    let text = |name| last(&fields, name).unwrap_or_default();
    let passwords = (text("current"), text("password"));
    if let Err(error) = site.people.change_password(member, passwords, from).await {
        return come_of(&site, visitor, Err(error));
    }
    let begun = session::rotate(&site, &guest, (&member.workspace, &member.person)).await?;
    let notice = "The password is changed, and every other browser is signed out.";
    site.flashes
        .put(begun.session, Flash::Notice(notice.to_owned()), site.clock.now());
    Ok(respond::see_other(link::WORKSPACE, begun.cookie))
}

async fn leave(State(site): State<Site>, guest: Guest) -> Result<Response, Fault> {
    let Some((visitor, member)) = signed_in(&guest) else {
        return Ok(elsewhere());
    };
    match site.people.leave(member).await {
        Ok(()) => Ok(respond::see_other("/workspace?left", site.jar.forget_session())),
        Err(error) => come_of(&site, visitor, Err(error)),
    }
}

/// `POST /workspace/close` with the workspace's name typed in: its sandbox goes first, so that a failure in between
/// leaves a workspace that can be closed again.
async fn close(State(site): State<Site>, guest: Guest, Fields(fields): Fields) -> Result<Response, Fault> {
    let Some((visitor, member)) = signed_in(&guest) else {
        return Ok(elsewhere());
    };
    let closing = async {
        let typed = last(&fields, "confirm").unwrap_or_default();
        site.people.closing(member.as_admin()?, typed).await
    };
    let closing = match closing.await {
        Ok(closing) => closing,
        Err(error) => return come_of(&site, visitor, Err(error)),
    };
    if let Some(own) = &visitor.sandbox {
        site.tenants.delete(&own.row.id).await?;
        site.forget(own);
    }
    match site.people.close(closing).await {
        Ok(()) => Ok(respond::see_other("/workspace?closed", site.jar.forget_session())),
        Err(error) => come_of(&site, visitor, Err(error)),
    }
}

async fn switch(State(site): State<Site>, guest: Guest, Fields(fields): Fields) -> Result<Response, Fault> {
    let Some((visitor, member)) = signed_in(&guest) else {
        return Ok(elsewhere());
    };
    let wanted = last(&fields, "workspace").and_then(|id| id.parse().ok());
    let theirs = match &wanted {
        None => None,
        Some(id) => crate::store::control::members::get(&site.control, id, &member.person).await?,
    };
    let Some(place) = theirs else {
        let refused = Refused::of(&PeopleError::NoSuchMember)?;
        site.flashes
            .put(visitor.session, Flash::Problem(refused.problem), site.clock.now());
        return Ok(elsewhere());
    };
    let mut write = site.control.begin().await?;
    sessions::move_to(&mut write, &visitor.session, &member.person, &place.workspace_id).await?;
    write.commit().await?;
    Ok(elsewhere())
}
