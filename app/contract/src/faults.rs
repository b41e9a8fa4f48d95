//! Faults: how a sandbox is made to fail on purpose.

use crate::{
    ListQuery, Method, Nothing, Page, Reply, Timestamp,
    ids::{ById, FaultId, at, id},
    operation::operation,
};
use serde::{Deserialize, Serialize};

/// What happens to a call that a fault strikes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// 429 `rate-limited`, with `Retry-After`.
    RateLimited,
    /// 500 `internal-error`.
    ServerError,
    /// 503 `unavailable`, after `delay_ms` or 30 seconds.
    Timeout,
    /// The true answer, `delay_ms` later.
    Latency,
    /// The connection breaks before the answer is complete.
    ConnectionReset,
}

impl FaultKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::RateLimited,
        Self::ServerError,
        Self::Timeout,
        Self::Latency,
        Self::ConnectionReset,
    ];
    /// The value as it stands on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RateLimited => "rate_limited",
            Self::ServerError => "server_error",
            Self::Timeout => "timeout",
            Self::Latency => "latency",
            Self::ConnectionReset => "connection_reset",
        }
    }
}

/// Which calls a fault strikes. Without members, every call but those to `/sandbox`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FaultMatch {
    /// Calls of this method alone.
    #[serde(default)]
    pub method: Option<Method>,
    /// Calls to this path alone: an operation's path (`/v1/clients/{id}`), a path as it is sent, or the beginning of one with `*` at the end (`/v1/*`).
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 200)))]
    pub path: Option<String>,
}

/// A fault to plant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewFault {
    /// What happens to a call that it strikes.
    pub kind: FaultKind,
    /// Which calls it strikes.
    #[serde(default)]
    pub r#match: FaultMatch,
    /// How many calls it strikes before it is spent. Without it, 1.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 1000)))]
    pub times: Option<u16>,
    /// How long a call is held, in milliseconds: `latency` needs it, `timeout` takes it.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 29_000)))]
    pub delay_ms: Option<u32>,
    /// What `Retry-After` says, in seconds; for `rate_limited` and `timeout`. Without it, 1.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 3600)))]
    pub retry_after: Option<u32>,
}

/// A fault that waits for calls to strike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Fault {
    /// Stable id. The answers that it strikes carry it in `Sandbox-Fault`.
    pub id: FaultId,
    /// What happens to a call that it strikes.
    pub kind: FaultKind,
    /// Which calls it strikes.
    pub r#match: FaultMatch,
    /// How many more calls it strikes; a spent one is gone.
    pub remaining: u16,
    /// How long a call is held, in milliseconds.
    pub delay_ms: Option<u32>,
    /// What `Retry-After` says, in seconds.
    pub retry_after: Option<u32>,
    /// When it was planted, in real time.
    pub created_at: Timestamp,
}

impl Reply for Fault {
    fn location(&self) -> Option<String> {
        Some(format!("/sandbox/faults/{}", self.id))
    }
}

const EXAMPLE: &str = "flt_01k2j8x4m6v0q3r5t7w9y1z2a3";

fn example() -> Fault {
    Fault {
        id: id(EXAMPLE),
        kind: FaultKind::RateLimited,
        r#match: matching(),
        remaining: 2,
        delay_ms: None,
        retry_after: Some(3),
        created_at: Timestamp::from_millis(1_767_225_600_000),
    }
}

fn matching() -> FaultMatch {
    FaultMatch {
        method: Some(Method::Get),
        path: Some("/v1/clients".to_owned()),
    }
}

operation! {
    /// Lists the faults that wait for calls to strike.
    ListFaults = "sandbox.faults.list", Get "/sandbox/faults" => 200;
    Sandbox Sandbox, auth: SandboxToken, problems: [],
    path: Nothing, query: ListQuery, body: Nothing, reply: Page<Fault>,
    example: (Nothing {}, Nothing {}, Page::whole(vec![example()])),
}

operation! {
    /// Plants a fault.
    ///
    /// The next calls that it matches fail as it says, and change nothing; the oldest matching fault strikes first. Calls to `/sandbox` are never struck, so that a fault can always be taken away.
    CreateFault = "sandbox.faults.create", Post "/sandbox/faults" => 201;
    Sandbox Sandbox, auth: SandboxToken, problems: [],
    path: Nothing, query: Nothing, body: NewFault, reply: Fault,
    example: (Nothing {}, NewFault { kind: FaultKind::RateLimited, r#match: matching(), times: Some(2), delay_ms: None, retry_after: Some(3) }, example()),
}

operation! {
    /// Reads one fault.
    GetFault = "sandbox.faults.get", Get "/sandbox/faults/{id}" => 200;
    Sandbox Sandbox, auth: SandboxToken, problems: [],
    path: ById<FaultId>, query: Nothing, body: Nothing, reply: Fault,
    example: (at(EXAMPLE), Nothing {}, example()),
}

operation! {
    /// Takes one fault away.
    DeleteFault = "sandbox.faults.delete", Delete "/sandbox/faults/{id}" => 204;
    Sandbox Sandbox, auth: SandboxToken, problems: [],
    path: ById<FaultId>, query: Nothing, body: Nothing, reply: Nothing,
    example: (at(EXAMPLE), Nothing {}, Nothing {}),
}

operation! {
    /// Takes every fault away.
    ClearFaults = "sandbox.faults.clear", Delete "/sandbox/faults" => 204;
    Sandbox Sandbox, auth: SandboxToken, problems: [],
    path: Nothing, query: Nothing, body: Nothing, reply: Nothing,
    example: (Nothing {}, Nothing {}, Nothing {}),
}

/// Every operation of this file.
#[cfg(feature = "schema")]
pub(crate) fn cards(all: &mut crate::card::Generators) -> Vec<crate::Card> {
    vec![
        all.card::<ListFaults>(),
        all.card::<CreateFault>(),
        all.card::<GetFault>(),
        all.card::<DeleteFault>(),
        all.card::<ClearFaults>(),
    ]
}
