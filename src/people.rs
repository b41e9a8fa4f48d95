//! The people behind workspaces, and those of Aleta: accounts, membership, and the links that let somebody in.
//!
//! No mail is sent by this server, so an address is a name to sign in with and nothing is ever proven about it. What
//! lets somebody in is a link that a person hands on: an invitation, or a link that sets a password. Each is good once
//! and for a while, and only its hash is kept.
//!
//! What somebody may do is a value: [`Admin`] and [`Staff`] cannot be had without being one, and what only they may do
//! takes one.

mod account;
pub mod email;
mod error;
mod link;
mod membership;
pub mod password;

pub use account::Credentials;
pub use error::PeopleError;
pub use link::{LinkHolder, staff_link};

use contract::Timestamp;
use std::net::IpAddr;

use crate::{
    clock::Clock,
    store::control::{
        Control, Write,
        members::{self, Role},
        people::PersonId,
        workspaces::WorkspaceId,
    },
    throttle::{Throttle, network},
};
use password::Passwords;

const MINUTE: i64 = 60 * 1000;

/// Attempts are counted over so many milliseconds.
const WINDOW: i64 = 15 * MINUTE;

/// So many attempts at passwords from one address.
const FROM_ADDRESS: u32 = 30;

/// So many attempts at the password of one account.
const AT_ACCOUNT: u32 = 10;

/// How long an invitation is good, in milliseconds.
pub const INVITATION: i64 = 7 * 24 * 60 * MINUTE;

/// How long a link that sets a password is good, in milliseconds.
pub const PASSWORD_LINK: i64 = 24 * 60 * MINUTE;

/// Who may do what, and how they prove who they are.
#[derive(Debug)]
pub struct People {
    control: Control,
    clock: Clock,
    passwords: Passwords,
    from_address: Throttle<IpAddr>,
    at_account: Throttle<String>,
}

/// Somebody who has signed in to a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Where.
    pub workspace: WorkspaceId,
    /// Who.
    pub person: PersonId,
    /// Their address.
    pub email: String,
    /// What they may do there.
    pub role: Role,
}

/// A member who is an admin of their workspace.
#[derive(Clone, Copy, Debug)]
pub struct Admin<'a>(&'a Member);

/// An admin who typed the name of their workspace to have it closed.
#[derive(Clone, Copy, Debug)]
pub struct Closing<'a>(Admin<'a>);

/// Somebody of Aleta who has signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// Their address.
    pub email: String,
}

impl Member {
    /// The same person as an admin.
    ///
    /// # Errors
    /// When they are none.
    pub fn as_admin(&self) -> Result<Admin<'_>, PeopleError> {
        match self.role {
            Role::Admin => Ok(Admin(self)),
            Role::Member => Err(PeopleError::NotAdmin),
        }
    }
}

impl People {
    /// The people of this control database.
    pub fn new(control: Control, clock: Clock) -> Self {
        Self {
            control,
            clock,
            passwords: Passwords::default(),
            from_address: Throttle::new(FROM_ADDRESS, WINDOW),
            at_account: Throttle::new(AT_ACCOUNT, WINDOW),
        }
    }

    /// Begins a transaction of an admin's, in which they still are one.
    async fn begin_as(&self, by: Admin<'_>) -> Result<Write, PeopleError> {
        let Admin(member) = by;
        let mut write = self.control.begin().await?;
        match members::role_of(&mut write, &member.workspace, &member.person).await? {
            Some(Role::Admin) => Ok(write),
            _ => Err(PeopleError::NotAdmin),
        }
    }

    /// Counts an attempt at the password of `account`, which need not exist: what is refused tells nothing about it.
    fn attempt(&self, from: IpAddr, account: &str, now: Timestamp) -> Result<(), PeopleError> {
        let too_often = |millis: i64| (millis + 999) / 1000;
        self.from_address
            .take(network(from), now)
            .map_err(|millis| PeopleError::TooOftenFromAddress(too_often(millis)))?;
        self.at_account
            .take(account.to_owned(), now)
            .map_err(|millis| PeopleError::TooOftenAtAccount(too_often(millis)))
    }
}
