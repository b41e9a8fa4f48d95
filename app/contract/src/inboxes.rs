//! Inboxes: receivers inside a sandbox, whose answers can be scripted, and events fired by hand.

use crate::{
    Change, ListQuery, Nothing, Page, Reply, Timestamp,
    deliveries::HeaderLine,
    events::{Event, EventType, example as event},
    ids::{ById, InboxId, InboxMessageId, WebhookId, at, id},
    operation::operation,
    text::{Name, Url, text},
    webhooks,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// How many inboxes a sandbox may have.
pub const MOST: u16 = 50;
/// How many messages an inbox keeps.
pub const KEPT: u16 = 500;

/// How an inbox answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct InboxAnswer {
    /// The status, 200 to 599.
    #[cfg_attr(feature = "schema", schemars(range(min = 200, max = 599)))]
    pub status: u16,
    /// How long to wait before it, in milliseconds. More than 10,000 is an answer that never comes in time.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 25_000)))]
    pub delay_ms: Option<u32>,
    /// What `Retry-After` says, in seconds.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 86_400)))]
    pub retry_after: Option<u32>,
    /// The body.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 4096)))]
    pub body: Option<String>,
}

/// A receiver inside the sandbox: it keeps what arrives at its URL and answers as it is told. All its instants are real time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Inbox {
    /// Stable id.
    pub id: InboxId,
    /// Where it receives. Whoever knows it can send to it.
    pub url: Url,
    /// What people call it.
    pub name: Option<Name>,
    /// How it answers: one after the other, the last one from then on. Without any, 200.
    pub answers: Vec<InboxAnswer>,
    /// How many messages have arrived.
    pub received: u32,
    /// When it was created.
    pub created_at: Timestamp,
}

impl Reply for Inbox {
    fn location(&self) -> Option<String> {
        Some(format!("/sandbox/inboxes/{}", self.id))
    }
}

/// A new inbox.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewInbox {
    /// What people call it.
    #[serde(default)]
    pub name: Option<Name>,
    /// How it answers: one after the other, the last one from then on. Without any, 200.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 20)))]
    pub answers: Vec<InboxAnswer>,
}

/// Changes to an inbox.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct InboxPatch {
    /// How it answers from now on, beginning with the first.
    #[serde(default, skip_serializing_if = "Change::is_absent")]
    #[cfg_attr(feature = "schema", schemars(length(max = 20)))]
    pub answers: Change<Vec<InboxAnswer>>,
}

/// What became of the check of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verification {
    /// It is signed with the secret of an endpoint that points here, and not older than five minutes.
    Valid,
    /// It is signed, but by none of the endpoints that point here, or not these bytes.
    Mismatch,
    /// The signature is good, but its timestamp is more than five minutes away.
    Stale,
    /// A header of the signature is missing.
    Unsigned,
    /// No endpoint of the sandbox points here, so there is no secret to check with.
    NoEndpoint,
}

impl Verification {
    /// The value as it stands on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Mismatch => "mismatch",
            Self::Stale => "stale",
            Self::Unsigned => "unsigned",
            Self::NoEndpoint => "no_endpoint",
        }
    }
}

/// Something that arrived at an inbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InboxMessage {
    /// Stable id.
    pub id: InboxMessageId,
    /// When it arrived.
    pub received_at: Timestamp,
    /// The method.
    pub method: String,
    /// The headers.
    pub headers: Vec<HeaderLine>,
    /// The body, what is not text replaced; of a longer one, the first 64 KiB.
    pub body: String,
    /// Whether the signature is good.
    pub verification: Verification,
    /// The endpoint whose secret it is signed with.
    pub webhook_id: Option<WebhookId>,
    /// The status it was answered with.
    pub answered_status: u16,
}

/// An event to fire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewEvent {
    /// What it tells.
    pub event_type: EventType,
    /// Its data, which must fit the type. Without it, the type's example.
    #[serde(default)]
    pub data: Option<Map<String, Value>>,
}

const EXAMPLE: &str = "inb_01k2j8x4m6v0q3r5t7w9y1z2a3";

fn answers() -> Vec<InboxAnswer> {
    let busy = InboxAnswer {
        status: 503,
        delay_ms: None,
        retry_after: Some(2),
        body: None,
    };
    let good = InboxAnswer {
        status: 204,
        delay_ms: None,
        retry_after: None,
        body: None,
    };
    vec![busy, good]
}

fn example() -> Inbox {
    Inbox {
        id: id(EXAMPLE),
        url: text("https://api.aleta.io/inbox/sbx_01k2j8x4m6v0q3r5t7w9y1z2a3/inb_01k2j8x4m6v0q3r5t7w9y1z2a3"),
        name: Some(text("First try")),
        answers: answers(),
        received: 0,
        created_at: Timestamp::from_millis(1_767_225_600_000),
    }
}

fn message() -> InboxMessage {
    let line = |name: &str, value: &str| HeaderLine {
        name: name.to_owned(),
        value: value.to_owned(),
    };
    InboxMessage {
        id: id("ibm_01k2j8x4m6v0q3r5t7w9y1z2a3"),
        received_at: Timestamp::from_millis(1_767_225_600_021),
        method: "POST".to_owned(),
        headers: vec![
            line("content-type", "application/json"),
            line("webhook-id", "evt_01kdvqe000m3v9c2t8w1y5h4zr"),
            line("webhook-timestamp", "1767225600"),
        ],
        body: "{\"event_id\":\"evt_01kdvqe000m3v9c2t8w1y5h4zr\"}".to_owned(),
        verification: Verification::Valid,
        webhook_id: Some(id(webhooks::EXAMPLE)),
        answered_status: 503,
    }
}

operation! {
    /// Fires an event of any type.
    ///
    /// It takes its place in the feed and goes to every endpoint that listens to its type, as if something had happened. Nothing else changes.
    FireEvent = "sandbox.events.fire", Post "/sandbox/events" => 200;
    Sandbox Sandbox, auth: SandboxToken, problems: [],
    path: Nothing, query: Nothing, body: NewEvent, reply: Event,
    example: (Nothing {}, NewEvent { event_type: EventType::ClientUpdated, data: Some(event().data) }, event()),
}

operation! {
    /// Lists the inboxes.
    ListInboxes = "sandbox.inboxes.list", Get "/sandbox/inboxes" => 200;
    Sandbox Sandbox, auth: SandboxToken, problems: [],
    path: Nothing, query: ListQuery, body: Nothing, reply: Page<Inbox>,
    example: (Nothing {}, Nothing {}, Page::whole(vec![example()])),
}

operation! {
    /// Makes an inbox.
    ///
    /// Point an endpoint at its `url` to see what a receiver sees, with nothing public of your own.
    CreateInbox = "sandbox.inboxes.create", Post "/sandbox/inboxes" => 201;
    Sandbox Sandbox, auth: SandboxToken, problems: [],
    path: Nothing, query: Nothing, body: NewInbox, reply: Inbox,
    example: (Nothing {}, NewInbox { name: Some(text("First try")), answers: answers() }, example()),
}

operation! {
    /// Reads one inbox.
    GetInbox = "sandbox.inboxes.get", Get "/sandbox/inboxes/{id}" => 200;
    Sandbox Sandbox, auth: SandboxToken, problems: [],
    path: ById<InboxId>, query: Nothing, body: Nothing, reply: Inbox,
    example: (at(EXAMPLE), Nothing {}, example()),
}

operation! {
    /// Changes how an inbox answers.
    UpdateInbox = "sandbox.inboxes.update", Patch "/sandbox/inboxes/{id}" => 200;
    Sandbox Sandbox, auth: SandboxToken, problems: [],
    path: ById<InboxId>, query: Nothing, body: InboxPatch, reply: Inbox,
    example: (at(EXAMPLE), InboxPatch { answers: Change::To(answers()) }, example()),
}

operation! {
    /// Deletes an inbox with what it keeps.
    DeleteInbox = "sandbox.inboxes.delete", Delete "/sandbox/inboxes/{id}" => 204;
    Sandbox Sandbox, auth: SandboxToken, problems: [],
    path: ById<InboxId>, query: Nothing, body: Nothing, reply: Nothing,
    example: (at(EXAMPLE), Nothing {}, Nothing {}),
}

operation! {
    /// Lists what has arrived at an inbox, oldest first.
    ///
    /// An inbox keeps the last 500 messages.
    ListInboxMessages = "sandbox.inboxes.messages", Get "/sandbox/inboxes/{id}/messages" => 200;
    Sandbox Sandbox, auth: SandboxToken, problems: [],
    path: ById<InboxId>, query: ListQuery, body: Nothing, reply: Page<InboxMessage>,
    example: (at(EXAMPLE), Nothing {}, Page::whole(vec![message()])),
}

/// Every operation of this file.
#[cfg(feature = "schema")]
pub(crate) fn cards(all: &mut crate::card::Generators) -> Vec<crate::Card> {
    vec![
        all.card::<FireEvent>(),
        all.card::<ListInboxes>(),
        all.card::<CreateInbox>(),
        all.card::<GetInbox>(),
        all.card::<UpdateInbox>(),
        all.card::<DeleteInbox>(),
        all.card::<ListInboxMessages>(),
    ]
}
