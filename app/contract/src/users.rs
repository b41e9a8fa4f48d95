//! Users: the people of a client, and the invites by which they come.

use crate::{
    Change, ListQuery, Nothing, Page, Reply, Timestamp, demo,
    ids::{ById, ClientId, InviteId, ReportingEntityId, UserId, at, id},
    operation::operation,
    text::{Email, Name, text},
};
use serde::{Deserialize, Serialize};

/// How long an invite is good where the call does not say, in days.
pub const INVITE_DAYS: i64 = 60;

/// Where a user stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum UserStatus {
    /// Has come in.
    Active,
    /// Has not come in yet.
    Invited,
    /// Is kept out.
    Disabled,
}

impl UserStatus {
    /// The value as it stands on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Invited => "invited",
            Self::Disabled => "disabled",
        }
    }
}

/// A user is a person who looks at reporting entities of one client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct User {
    /// Stable id.
    pub id: UserId,
    /// The client whose user it is.
    pub client_id: ClientId,
    /// Where invites go; no other user has it.
    pub email: Email,
    /// First name.
    pub first_name: Name,
    /// Last name.
    pub last_name: Name,
    /// Where the user stands.
    pub status: UserStatus,
    /// What the user may look at.
    pub reporting_entity_ids: Vec<ReportingEntityId>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Reply for User {
    fn location(&self) -> Option<String> {
        Some(format!("/v1/users/{}", self.id))
    }
}

/// A new user, who stands as `invited`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// Where invites go; unique in the sandbox, whatever the case of its letters.
    pub email: Email,
    /// First name.
    pub first_name: Name,
    /// Last name.
    pub last_name: Name,
    /// What the user may look at, all of the same client.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 1000)))]
    pub reporting_entity_ids: Vec<ReportingEntityId>,
}

/// Changes to a user; members that are left out stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UserPatch {
    /// Where invites go.
    #[serde(default, skip_serializing_if = "Change::is_absent")]
    pub email: Change<Email>,
    /// First name.
    #[serde(default, skip_serializing_if = "Change::is_absent")]
    pub first_name: Change<Name>,
    /// Last name.
    #[serde(default, skip_serializing_if = "Change::is_absent")]
    pub last_name: Change<Name>,
    /// `disabled` keeps the user out and cancels the open invite; `active` lets in, which an invited user needs an open
    /// invite for.
    #[serde(default, skip_serializing_if = "Change::is_absent")]
    pub status: Change<UserStatus>,
    /// What the user may look at; replaces the whole list.
    #[serde(default, skip_serializing_if = "Change::is_absent")]
    #[cfg_attr(feature = "schema", schemars(length(max = 1000)))]
    pub reporting_entity_ids: Change<Vec<ReportingEntityId>>,
}

/// What an invite is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum InviteState {
    /// Open.
    Valid,
    /// The user came in by it.
    Used,
    /// Its time has passed.
    Expired,
    /// Withdrawn.
    Cancelled,
}

impl InviteState {
    /// The value as it stands on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Used => "used",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
        }
    }
}

/// An invite lets a user in once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Invite {
    /// Stable id.
    pub id: InviteId,
    /// Who is invited.
    pub user_id: UserId,
    /// What it is good for, by the sandbox's clock.
    pub state: InviteState,
    /// Until when it is good.
    pub expires_at: Timestamp,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was made, used or cancelled.
    pub updated_at: Timestamp,
}

impl Reply for Invite {
    fn location(&self) -> Option<String> {
        Some(format!("/v1/users/{}/invites", self.user_id))
    }
}

/// A new invite.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewInvite {
    /// Until when it is to be good. Without it, for 60 days.
    #[serde(default)]
    pub expires_at: Option<Timestamp>,
}

/// The path of one invite.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct InvitePath {
    /// The user who is invited.
    pub id: UserId,
    /// The invite.
    pub invite_id: InviteId,
}

fn example() -> User {
    User {
        id: id(demo::USER),
        client_id: id(demo::CLIENT),
        email: text("astrid.berg@example.com"),
        first_name: text("Astrid"),
        last_name: text("Berg"),
        status: UserStatus::Invited,
        reporting_entity_ids: vec![id(demo::REPORTING_ENTITY)],
        created_at: Timestamp::from_millis(1_767_225_600_000),
        updated_at: Timestamp::from_millis(1_767_225_600_000),
    }
}

fn newcomer() -> NewUser {
    NewUser {
        email: text("nora.lind@example.com"),
        first_name: text("Nora"),
        last_name: text("Lind"),
        reporting_entity_ids: vec![id(demo::REPORTING_ENTITY)],
    }
}

fn created() -> User {
    let new = newcomer();
    User {
        id: id("0d4c7f52-9a1e-4b7b-8f63-2c5e8a9b1d04"),
        email: new.email,
        first_name: new.first_name,
        last_name: new.last_name,
        ..example()
    }
}

fn invite(state: InviteState) -> Invite {
    Invite {
        id: id(demo::INVITE),
        user_id: id(demo::USER),
        state,
        expires_at: Timestamp::from_millis(1_772_409_600_000),
        created_at: Timestamp::from_millis(1_767_225_600_000),
        updated_at: Timestamp::from_millis(1_767_225_600_000),
    }
}

operation! {
    /// Lists the users of a client.
    ListUsers = "users.list", Get "/v1/clients/{id}/users" => 200;
    V1 Users, auth: UsersRead, problems: [],
    path: ById<ClientId>, query: ListQuery, body: Nothing, reply: Page<User>,
    example: (at(demo::CLIENT), Nothing {}, Page::whole(vec![example()])),
}

operation! {
    /// Creates a user.
    ///
    /// Nothing is sent: an invite is made by a call of its own.
    CreateUser = "users.create", Post "/v1/clients/{id}/users" => 201;
    V1 Users, auth: UsersWrite, problems: [AlreadyExists],
    path: ById<ClientId>, query: Nothing, body: NewUser, reply: User,
    example: (at(demo::CLIENT), newcomer(), created()),
}

operation! {
    /// Reads one user.
    GetUser = "users.get", Get "/v1/users/{id}" => 200;
    V1 Users, auth: UsersRead, problems: [],
    path: ById<UserId>, query: Nothing, body: Nothing, reply: User,
    example: (at(demo::USER), Nothing {}, example()),
}

operation! {
    /// Changes a user.
    UpdateUser = "users.update", Patch "/v1/users/{id}" => 200;
    V1 Users, auth: UsersWrite, problems: [AlreadyExists],
    path: ById<UserId>, query: Nothing, body: UserPatch, reply: User,
    example: (at(demo::USER), UserPatch { first_name: Change::To(text("Astrid")), ..UserPatch::default() }, example()),
}

operation! {
    /// Deletes a user, and the user's invites.
    DeleteUser = "users.delete", Delete "/v1/users/{id}" => 204;
    V1 Users, auth: UsersWrite, problems: [],
    path: ById<UserId>, query: Nothing, body: Nothing, reply: Nothing,
    example: (at(demo::USER), Nothing {}, Nothing {}),
}

operation! {
    /// Lists the invites of a user.
    ListInvites = "invites.list", Get "/v1/users/{id}/invites" => 200;
    V1 Users, auth: UsersRead, problems: [],
    path: ById<UserId>, query: ListQuery, body: Nothing, reply: Page<Invite>,
    example: (at(demo::USER), Nothing {}, Page::whole(vec![invite(InviteState::Valid)])),
}

operation! {
    /// Invites a user.
    ///
    /// An invite that was still open is cancelled, so that at most one is. Only a user who stands as `invited` can be.
    CreateInvite = "invites.create", Post "/v1/users/{id}/invites" => 201;
    V1 Users, auth: UsersWrite, problems: [InvalidStateTransition],
    path: ById<UserId>, query: Nothing, body: NewInvite, reply: Invite,
    example: (at(demo::USER), NewInvite { expires_at: None }, invite(InviteState::Valid)),
}

operation! {
    /// Cancels an invite.
    ///
    /// Cancelling again changes nothing. One that was used or has expired cannot be cancelled.
    CancelInvite = "invites.cancel", Post "/v1/users/{id}/invites/{invite_id}/cancel" => 200;
    V1 Users, auth: UsersWrite, problems: [InvalidStateTransition],
    path: InvitePath, query: Nothing, body: Nothing, reply: Invite,
    example: (InvitePath { id: id(demo::USER), invite_id: id(demo::INVITE) }, Nothing {}, invite(InviteState::Cancelled)),
}

/// Every operation of this file.
#[cfg(feature = "schema")]
pub(crate) fn cards(all: &mut crate::card::Generators) -> Vec<crate::Card> {
    vec![
        all.card::<ListUsers>(),
        all.card::<CreateUser>(),
        all.card::<GetUser>(),
        all.card::<UpdateUser>(),
        all.card::<DeleteUser>(),
        all.card::<ListInvites>(),
        all.card::<CreateInvite>(),
        all.card::<CancelInvite>(),
    ]
}
