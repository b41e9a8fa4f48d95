//! Ids that the control database gives out: newtypes that can only hold a well-formed id of their own kind.

use crate::ids;
use contract::{Timestamp, ids::MalformedId};
use std::{fmt, str::FromStr};

macro_rules! names {
    ($($(#[doc = $doc:literal])+ $name:ident: $prefix:literal),+ $(,)?) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);
        impl $name {
            /// A new id.
            pub fn generate(now: Timestamp) -> Self {
                Self(ids::prefixed($prefix, now).into())
            }
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl FromStr for $name {
            type Err = MalformedId;
            fn from_str(text: &str) -> Result<Self, MalformedId> {
                let rest = text.strip_prefix($prefix).ok_or(MalformedId)?;
                let digits = rest.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'z'));
                if rest.len() == 26 && digits { Ok(Self(text.into())) } else { Err(MalformedId) }
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

names! {
    /// The id of a workspace: `wsp_` and a lower-case ULID.
    WorkspaceId: "wsp_",
    /// The public id of an API client (`client_id` of OAuth): `ci_` and a lower-case ULID.
    ClientKey: "ci_",
    /// The id of a person: `prs_` and a lower-case ULID.
    PersonId: "prs_",
    /// The id of an invitation: `inv_` and a lower-case ULID.
    InvitationId: "inv_",
    /// The id of a registered key (`kid`): `key_` and a lower-case ULID.
    KeyId: "key_",
}
