//! The rules of users and their invites.

use super::{
    DomainError, PageRequest, Rows, clients,
    error::{require, require_distinct},
};
use crate::{
    ids,
    store::tenant::{Conn, WriteTx, invites, users as store},
};
use contract::{
    FieldError, Timestamp,
    ids::{ClientId, InviteId, UserId},
    text::Email,
    users::{INVITE_DAYS, Invite, InviteState, NewInvite, NewUser, User, UserPatch, UserStatus},
};

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// Adds a user to a client.
///
/// # Errors
/// [`DomainError::NotFound`] when there is no such client, [`DomainError::AlreadyExists`] when another user has the
/// e-mail address, [`DomainError::Invalid`] when a reporting entity is not of the client or is listed twice.
pub async fn create(
    tx: &mut WriteTx,
    now: Timestamp,
    client: &ClientId,
    new: NewUser,
) -> Result<User, DomainError> {
    let client = clients::get(tx, client).await?;
    let user = User {
        id: ids::uuid(),
        client_id: client.id,
        email: new.email,
        first_name: new.first_name,
        last_name: new.last_name,
        status: UserStatus::Invited,
        reporting_entity_ids: new.reporting_entity_ids,
        created_at: now,
        updated_at: now,
    };
    require_entities(tx, &user).await?;
    require_unused(tx, &user.email).await?;
    store::insert(tx, &user).await?;
    tx.mark_changed();
    Ok(user)
}

/// The user with this id.
///
/// # Errors
/// [`DomainError::NotFound`].
pub async fn get(conn: &mut impl Conn, id: &UserId) -> Result<User, DomainError> {
    store::find(conn, id).await?.ok_or(DomainError::NotFound)
}

/// A page of a client's users, oldest first.
///
/// # Errors
/// [`DomainError::NotFound`] when there is no such client.
pub async fn list(
    conn: &mut impl Conn,
    client: &ClientId,
    page: PageRequest,
) -> Result<Rows<User>, DomainError> {
    let found = store::page(conn, client, page).await?;
    if found.rows.is_empty() {
        clients::get(conn, client).await?;
    }
    Ok(found)
}

/// Changes a user, if it is the version that `expected` recognises.
///
/// # Errors
/// [`DomainError::NotFound`], [`DomainError::PreconditionFailed`], or what [`create`] refuses; a status that cannot
/// follow is [`DomainError::Invalid`].
pub async fn update(
    tx: &mut WriteTx,
    now: Timestamp,
    id: &UserId,
    patch: UserPatch,
    expected: &(dyn Fn(&User) -> bool + Sync),
) -> Result<User, DomainError> {
    let before = get(tx, id).await?;
    require(expected, &before)?;
    let mut after = User {
        email: patch.email.over(before.email.clone()),
        first_name: patch.first_name.over(before.first_name.clone()),
        last_name: patch.last_name.over(before.last_name.clone()),
        status: patch.status.over(before.status),
        reporting_entity_ids: patch
            .reporting_entity_ids
            .over(before.reporting_entity_ids.clone()),
        ..before.clone()
    };
    if after == before {
        return Ok(before);
    }
    if after.reporting_entity_ids != before.reporting_entity_ids {
        require_entities(tx, &after).await?;
    }
    if !after.email.as_str().eq_ignore_ascii_case(before.email.as_str()) {
        require_unused(tx, &after.email).await?;
    }
    follow(tx, now, &before, after.status).await?;
    after.updated_at = now;
    store::update(tx, &after).await?;
    tx.mark_changed();
    Ok(after)
}

/// What goes with a change of status: the invite that is open is used or cancelled.
async fn follow(
    tx: &mut WriteTx,
    now: Timestamp,
    before: &User,
    status: UserStatus,
) -> Result<(), DomainError> {
    match (before.status, status) {
        (UserStatus::Invited, UserStatus::Active) if !invites::use_open(tx, now, &before.id).await? => {
            Err(DomainError::at(
                "/status",
                "an invited user becomes active by an open invite, and has none",
            ))
        }
        (UserStatus::Active | UserStatus::Disabled, UserStatus::Invited) => Err(DomainError::at(
            "/status",
            "a user who is active or disabled cannot become invited",
        )),
        (_, UserStatus::Disabled) => {
            invites::cancel_open(tx, now, &before.id).await?;
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Deletes a user, if it is the version that `expected` recognises, and the user's invites.
///
/// # Errors
/// [`DomainError::NotFound`] or [`DomainError::PreconditionFailed`].
pub async fn delete(
    tx: &mut WriteTx,
    id: &UserId,
    expected: &(dyn Fn(&User) -> bool + Sync),
) -> Result<(), DomainError> {
    require(expected, &get(tx, id).await?)?;
    store::delete(tx, id).await?;
    tx.mark_changed();
    Ok(())
}

/// A page of a user's invites as they stand `now`, oldest first.
///
/// # Errors
/// [`DomainError::NotFound`] when there is no such user.
pub async fn list_invites(
    conn: &mut impl Conn,
    now: Timestamp,
    user: &UserId,
    page: PageRequest,
) -> Result<Rows<Invite>, DomainError> {
    let found = invites::page(conn, now, user, page).await?;
    if found.rows.is_empty() {
        get(conn, user).await?;
    }
    Ok(found)
}

/// Invites a user; an invite that is still open is cancelled.
///
/// # Errors
/// [`DomainError::NotFound`], [`DomainError::WrongState`] when the user is not waiting for an invite, or
/// [`DomainError::Invalid`] when it would be over already.
pub async fn invite(
    tx: &mut WriteTx,
    now: Timestamp,
    user: &UserId,
    new: NewInvite,
) -> Result<Invite, DomainError> {
    let user = get(tx, user).await?;
    if user.status != UserStatus::Invited {
        return Err(DomainError::WrongState {
            detail: format!(
                "The user is {}; only one who is invited can be invited.",
                user.status.as_str()
            ),
        });
    }
    let expires_at = new
        .expires_at
        .unwrap_or_else(|| now.plus_millis(INVITE_DAYS * DAY_MILLIS));
    if expires_at <= now {
        return Err(DomainError::at(
            "/expires_at",
            "must be ahead of the sandbox's clock",
        ));
    }
    invites::cancel_open(tx, now, &user.id).await?;
    let invite = Invite {
        id: ids::uuid(),
        user_id: user.id,
        state: InviteState::Valid,
        expires_at,
        created_at: now,
        updated_at: now,
    };
    invites::insert(tx, &invite).await?;
    tx.mark_changed();
    Ok(invite)
}

/// Cancels an invite; cancelling again changes nothing.
///
/// # Errors
/// [`DomainError::NotFound`], or [`DomainError::WrongState`] when it was used or has expired.
pub async fn cancel_invite(
    tx: &mut WriteTx,
    now: Timestamp,
    user: &UserId,
    id: &InviteId,
) -> Result<Invite, DomainError> {
    let found = invites::find(tx, now, user, id).await?;
    let invite = found.ok_or(DomainError::NotFound)?;
    match invite.state {
        InviteState::Cancelled => Ok(invite),
        InviteState::Used | InviteState::Expired => Err(DomainError::WrongState {
            detail: format!(
                "The invite is {}; it cannot become cancelled.",
                invite.state.as_str()
            ),
        }),
        InviteState::Valid => {
            invites::cancel_open(tx, now, user).await?;
            tx.mark_changed();
            Ok(Invite {
                state: InviteState::Cancelled,
                updated_at: now,
                ..invite
            })
        }
    }
}

async fn require_unused(tx: &mut WriteTx, email: &Email) -> Result<(), DomainError> {
    match store::with_email(tx, email).await? {
        Some(other) => Err(DomainError::AlreadyExists {
            pointer: "/email",
            detail: format!("The user {other} has this e-mail address."),
        }),
        None => Ok(()),
    }
}

async fn require_entities(tx: &mut WriteTx, user: &User) -> Result<(), DomainError> {
    require_distinct("/reporting_entity_ids", &user.reporting_entity_ids)?;
    let foreign = store::foreign_entities(tx, &user.client_id, &user.reporting_entity_ids).await?;
    if foreign.is_empty() {
        return Ok(());
    }
    let fault = |index| {
        FieldError::at(
            format!("/reporting_entity_ids/{index}"),
            "no such reporting entity of this client",
        )
    };
    Err(DomainError::Invalid(foreign.into_iter().map(fault).collect()))
}
