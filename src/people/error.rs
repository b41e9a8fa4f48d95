//! Why something about people was refused, in words for whoever asked.

use super::{
    email::MalformedEmail,
    password::{Busy, WeakPassword},
};
use crate::store::StoreError;

/// Something was refused, or failed.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// The address is none.
    #[error(transparent)]
    Email(#[from] MalformedEmail),
    /// The password is too easy to guess.
    #[error(transparent)]
    Weak(#[from] WeakPassword),
    /// The workspace cannot be called so.
    #[error("The workspace needs a name of 1 to 200 characters.")]
    Name,
    /// No account has this address and password.
    #[error("No account has this e-mail address and password.")]
    Wrong,
    /// The password is not the one that is set.
    #[error("The current password is not that one.")]
    WrongCurrent,
    /// The address has an account with another password.
    #[error(
        "This e-mail address has an account already, with another password. Use that password, or another address."
    )]
    Taken,
    /// Too many attempts from one network address: seconds until the next.
    #[error("Too many attempts from your network.")]
    TooOftenFromAddress(i64),
    /// Too many attempts at one account: seconds until the next.
    #[error("Too many attempts at this account.")]
    TooOftenAtAccount(i64),
    /// Too many passwords wait to be checked.
    #[error("The server is checking too many passwords right now. Nothing was done; try again in a moment.")]
    Busy,
    /// Somebody was quicker.
    #[error("This workspace was claimed already. Sign in to it.")]
    Claimed,
    /// The link does not exist, or does not any more.
    #[error("This link is used, revoked or over. Ask whoever gave it to you for another.")]
    LinkGone,
    /// Only an admin may.
    #[error("Only an admin of the workspace may do that.")]
    NotAdmin,
    /// The one admin that is left cannot stop being one.
    #[error("You are the only admin. Make another member an admin first.")]
    LastAdmin,
    /// What was typed to confirm is not the name of the workspace.
    #[error("Nothing was closed: the name typed in is not {0}.")]
    Unconfirmed(String),
    /// No such member.
    #[error("There is no such member here any more.")]
    NoSuchMember,
    /// They are in already.
    #[error("You are a member of this workspace already.")]
    AlreadyMember,
    /// An admin of one workspace may not open the account of somebody who is also in another.
    #[error("This person belongs to another workspace too, so only Aleta’s staff can make the link.")]
    Elsewhere,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Busy> for PeopleError {
    fn from(Busy: Busy) -> Self {
        Self::Busy
    }
}

impl PeopleError {
    /// How many seconds until it may be tried again, where that is why.
    pub const fn retry_after(&self) -> Option<i64> {
        match self {
            Self::TooOftenFromAddress(seconds) | Self::TooOftenAtAccount(seconds) => Some(*seconds),
            _ => None,
        }
    }
}
