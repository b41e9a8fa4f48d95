//! Sandbox controls: what a sandbox has and production has not.

use crate::{
    Nothing, Reply, Timestamp,
    ids::{SandboxId, id},
    operation::operation,
    text::{Name, text},
};
use serde::{Deserialize, Serialize};

/// How large a sandbox's budgets are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Plan {
    /// 120 reads and 30 writes a minute, 8 requests at once.
    Sandbox,
    /// What a production tenant gets: 1,200 reads and 300 writes a minute, 32 requests at once.
    Production,
    /// No limit; for load tests by the operator.
    Unlimited,
}

impl Plan {
    /// The value as it stands on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sandbox => "sandbox",
            Self::Production => "production",
            Self::Unlimited => "unlimited",
        }
    }
    /// The value of this text.
    pub fn from_text(text: &str) -> Option<Self> {
        Some(match text {
            "sandbox" => Self::Sandbox,
            "production" => Self::Production,
            "unlimited" => Self::Unlimited,
            _ => return None,
        })
    }
}

/// A sandbox: one isolated tenant of the API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Sandbox {
    /// Stable id.
    pub id: SandboxId,
    /// What people call it.
    pub name: Name,
    /// How large its budgets are.
    pub plan: Plan,
    /// Counts the resets: cursors and ETags of an earlier epoch no longer match.
    pub epoch: u32,
    /// The sandbox's own now.
    pub now: Timestamp,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Reply for Sandbox {}

/// The sandbox clock: domain time, which can only be moved forward. Tokens, signatures, rate limits and idempotency stay on real time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Clock {
    /// The sandbox's own now.
    pub now: Timestamp,
    /// How far it is ahead of real time, in seconds.
    pub ahead_by_seconds: i64,
}

impl Reply for Clock {}

/// How far to move the clock: exactly one of the two members.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AdvanceClock {
    /// Move it forward by this many seconds, at most ten years.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 315_360_000)))]
    pub by_seconds: Option<i64>,
    /// Move it forward to this instant, at most ten years ahead.
    #[serde(default)]
    pub to: Option<Timestamp>,
}

fn example() -> Sandbox {
    Sandbox {
        id: id("sbx_01k2j8x4m6v0q3r5t7w9y1z2a3"),
        name: text("Sandbox"),
        plan: Plan::Sandbox,
        epoch: 1,
        now: Timestamp::from_millis(1_767_225_600_000),
        created_at: Timestamp::from_millis(1_767_225_600_000),
        updated_at: Timestamp::from_millis(1_767_225_600_000),
    }
}

fn clock(ahead_by_seconds: i64) -> Clock {
    Clock {
        now: Timestamp::from_millis(1_767_225_600_000).plus_millis(ahead_by_seconds * 1000),
        ahead_by_seconds,
    }
}

operation! {
    /// Reads the sandbox.
    GetSandbox = "sandbox.get", Get "/sandbox" => 200;
    Sandbox Sandbox, auth: SandboxToken, problems: [],
    path: Nothing, query: Nothing, body: Nothing, reply: Sandbox,
    example: (Nothing {}, Nothing {}, example()),
}

operation! {
    /// Resets the sandbox to the demo data.
    ///
    /// Atomic: a call sees the old data or the new, never a mixture. The epoch rises by one, so old cursors and ETags stop matching; the clock returns to real time; credentials and tokens stay.
    ResetSandbox = "sandbox.reset", Post "/sandbox/reset" => 200;
    Sandbox Sandbox, auth: SandboxToken, problems: [],
    path: Nothing, query: Nothing, body: Nothing, reply: Sandbox,
    example: (Nothing {}, Nothing {}, Sandbox { epoch: 2, ..example() }),
}

operation! {
    /// Reads the sandbox clock.
    GetClock = "sandbox.clock.get", Get "/sandbox/clock" => 200;
    Sandbox Sandbox, auth: SandboxToken, problems: [],
    path: Nothing, query: Nothing, body: Nothing, reply: Clock,
    example: (Nothing {}, Nothing {}, clock(0)),
}

operation! {
    /// Moves the sandbox clock forward.
    ///
    /// Everything that falls due on the way happens, in order, before the call answers: consents are renewed silently or expire. The clock never goes back; reset the sandbox for that.
    AdvanceClockOp = "sandbox.clock.advance", Post "/sandbox/clock/advance" => 200;
    Sandbox Sandbox, auth: SandboxToken, problems: [],
    path: Nothing, query: Nothing, body: AdvanceClock, reply: Clock,
    example: (Nothing {}, AdvanceClock { by_seconds: Some(86_400), to: None }, clock(86_400)),
}

/// Every operation of this file.
#[cfg(feature = "schema")]
pub(crate) fn cards(all: &mut crate::card::Generators) -> Vec<crate::Card> {
    vec![
        all.card::<GetSandbox>(),
        all.card::<ResetSandbox>(),
        all.card::<GetClock>(),
        all.card::<AdvanceClockOp>(),
    ]
}
