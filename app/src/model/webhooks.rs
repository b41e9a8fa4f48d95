//! The webhook console: endpoints, deliveries, inboxes, events, and why a signature does not verify.

use super::Moment;

/// What is shown once, after a form was taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// A secret that was just made.
    pub secret: Option<String>,
    /// What happened.
    pub notice: Option<String>,
    /// What was refused.
    pub problem: Option<String>,
}

/// The console's first page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WebhooksPage {
    /// The visitor has no sandbox.
    Absent,
    /// What there is.
    Present(Box<WebhooksView>),
}

/// Endpoints and inboxes of a sandbox.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WebhooksView {
    /// What is shown once.
    pub said: Said,
    /// The endpoints, oldest first.
    pub endpoints: Vec<EndpointRow>,
    /// The inboxes, oldest first.
    pub inboxes: Vec<InboxRow>,
    /// The latest deliveries of all endpoints, latest first.
    pub latest: Vec<DeliveryRow>,
    /// What was typed into the form for a new endpoint, if it was refused: address, events, description.
    pub typed: (String, String, String),
}

/// An endpoint as a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndpointRow {
    /// Its id.
    pub id: String,
    /// Where events are sent.
    pub url: String,
    /// What people call it.
    pub description: Option<String>,
    /// Which events, as patterns with commas.
    pub events: String,
    /// Where it stands.
    pub standing: Standing,
}

/// Where an endpoint stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// Events are sent to it.
    #[default]
    Enabled,
    /// It asked for a pause.
    Paused {
        /// Until when.
        until: Moment,
        /// What it answered.
        why: String,
    },
    /// It fails, and is attempted again.
    Retrying {
        /// Since when nothing but failures.
        since: Moment,
    },
    /// Nothing is sent to it.
    Disabled {
        /// Why, as a sentence.
        why: String,
        /// Whether somebody wanted it so.
        asked_for: bool,
    },
}

impl Standing {
    /// It in a word.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Paused { .. } => "paused",
            Self::Retrying { .. } => "retrying",
            Self::Disabled { .. } => "disabled",
        }
    }
}

/// An inbox as a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InboxRow {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// How many messages have arrived.
    pub received: u32,
}

/// A delivery as a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryRow {
    /// Its id.
    pub id: String,
    /// The endpoint.
    pub webhook_id: String,
    /// The event.
    pub event_id: String,
    /// The event's type.
    pub event_type: String,
    /// Where it stands: `waiting`, `delivered`, `failed`.
    pub status: String,
    /// How often it was attempted.
    pub attempts: u32,
    /// When it is attempted next.
    pub next: Option<Moment>,
    /// When it was queued.
    pub at: Moment,
}

/// One endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndpointPage {
    /// What is shown once.
    pub said: Said,
    /// The endpoint.
    pub endpoint: EndpointRow,
    /// When it was made.
    pub created: Moment,
    /// Until when the secret before the last rotation signs too.
    pub overlap: Option<Moment>,
    /// Whether the reader may rotate and delete.
    pub may_manage: bool,
    /// Its deliveries, latest first.
    pub deliveries: Vec<DeliveryRow>,
    /// Only those that stand here.
    pub filter: Option<String>,
    /// The page of older ones.
    pub older: Option<String>,
}

/// One delivery.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeliveryPage {
    /// What is shown once.
    pub said: Said,
    /// The delivery.
    pub delivery: DeliveryRow,
    /// The request that caused the event; none where nobody called for it.
    pub cause: Option<String>,
    /// Where it goes.
    pub url: String,
    /// The body of every attempt, byte for byte.
    pub body: String,
    /// The attempts, latest first.
    pub attempts: Vec<AttemptRow>,
}

/// Header names and values.
pub type Headers = Vec<(String, String)>;

/// An attempt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AttemptRow {
    /// Which, from 1.
    pub number: u32,
    /// Whether somebody asked for it by hand.
    pub manual: bool,
    /// When it began.
    pub at: Moment,
    /// How long it took, in milliseconds.
    pub millis: u32,
    /// The status of the answer.
    pub status: Option<u16>,
    /// Why it failed: the class and what it means.
    pub error: Option<(String, String)>,
    /// The headers that were sent.
    pub sent: Headers,
    /// The headers that came back.
    pub answered: Headers,
    /// The beginning of the body that came back.
    pub body: Option<String>,
}

/// One inbox.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InboxPage {
    /// What is shown once.
    pub said: Said,
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Where it receives.
    pub url: String,
    /// How many messages have arrived.
    pub received: u32,
    /// How it answers, a sentence each.
    pub answers: Vec<String>,
    /// The endpoint that points to it, if one does.
    pub endpoint: Option<String>,
    /// What has arrived, latest first.
    pub messages: Vec<MessageRow>,
}

/// Something that arrived at an inbox.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessageRow {
    /// Its id.
    pub id: String,
    /// When it arrived.
    pub at: Moment,
    /// The method.
    pub method: String,
    /// Whether its signature is good.
    pub genuine: bool,
    /// What the check of the signature says.
    pub verdict: String,
    /// The request that caused the event, where one did.
    pub cause: Option<String>,
    /// The event's type, where it is an event.
    pub event_type: Option<String>,
    /// The headers.
    pub headers: Headers,
    /// The body.
    pub body: String,
    /// The status it was answered with.
    pub status: u16,
}

/// Every type of event, and a form that fires one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventsPage {
    /// What is shown once.
    pub said: Said,
    /// Whether the visitor has a sandbox to fire it in.
    pub has_sandbox: bool,
    /// The types.
    pub events: Vec<EventRow>,
    /// The type in the form and its data.
    pub typed: (String, String),
}

/// A type of event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventRow {
    /// The type.
    pub name: String,
    /// When it is told.
    pub doc: String,
    /// An example of its data.
    pub example: String,
    /// The schema of its data.
    pub schema: String,
}

/// The signature debugger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignaturePage {
    /// The endpoints whose secret can be taken: id and address.
    pub endpoints: Vec<(String, String)>,
    /// What was pasted: headers and body. The secret is never shown again.
    pub typed: (String, String),
    /// The endpoint that was chosen.
    pub chosen: String,
    /// What was found; none before anything was pasted.
    pub verdict: Option<Verdict>,
}

/// What the debugger found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Whether the signature is good and fresh.
    pub good: bool,
    /// What is wrong, and what to do about it.
    pub findings: Vec<(String, String)>,
}
