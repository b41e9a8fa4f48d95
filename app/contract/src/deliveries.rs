//! Deliveries: what became of an event at an endpoint, attempt by attempt, and sending it again.

use crate::{
    Nothing, Page, Reply, Timestamp,
    events::EventType,
    ids::{ById, DeliveryId, EventId, WebhookId, at, id},
    operation::operation,
    query::list_query,
    webhooks,
};
use serde::{Deserialize, Serialize};

/// How far back deliveries can be replayed, in hours.
pub const REPLAY_HOURS: i64 = 72;

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeliveryStatus {
    /// It will be attempted, for the first time or again.
    Waiting,
    /// The endpoint accepted it.
    Delivered,
    /// It is given up.
    Failed,
}

impl DeliveryStatus {
    /// The value as it stands on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }
}

/// Who asked for an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// The event itself, or the schedule of retries.
    Scheduled,
    /// A test or a replay.
    Manual,
}

impl Trigger {
    /// The value as it stands on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Manual => "manual",
        }
    }
}

/// Why an attempt failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AttemptError {
    /// The address is not one that events may be sent to.
    AddressNotAllowed,
    /// The host has no address.
    Dns,
    /// No connection came about.
    Connect,
    /// No encryption was agreed on, or the certificate is not good.
    Tls,
    /// The exchange took longer than 10 seconds.
    Timeout,
    /// The connection broke, or what came was not HTTP.
    Interrupted,
    /// The answer is a redirect. Redirects are not followed.
    Redirect,
    /// The answer is another status than 2xx.
    Status,
}

impl AttemptError {
    /// The value as it stands on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AddressNotAllowed => "address_not_allowed",
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::Interrupted => "interrupted",
            Self::Redirect => "redirect",
            Self::Status => "status",
        }
    }
}

/// One event on its way to one endpoint. All its instants are real time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Delivery {
    /// Stable id.
    pub id: DeliveryId,
    /// The endpoint.
    pub webhook_id: WebhookId,
    /// The event; its id is the `webhook-id` of every attempt.
    pub event_id: EventId,
    /// What it tells.
    pub event_type: EventType,
    /// Where it stands.
    pub status: DeliveryStatus,
    /// Who asked for the last attempt, or for the one that waits.
    pub trigger: Trigger,
    /// How often it was attempted.
    pub attempts_made: u32,
    /// When it is attempted next; `null` once it is delivered or given up.
    pub next_attempt_at: Option<Timestamp>,
    /// When the endpoint accepted it.
    pub delivered_at: Option<Timestamp>,
    /// When it was queued.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Reply for Delivery {}

/// A header of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HeaderLine {
    /// Its name, in lower case.
    pub name: String,
    /// Its value.
    pub value: String,
}

impl HeaderLine {
    /// The value of the first of these lines with this name, which is in lower case.
    pub fn value_of<'l>(lines: &'l [Self], name: &str) -> Option<&'l str> {
        let line = lines.iter().find(|line| line.name == name)?;
        Some(&line.value)
    }
}

/// One attempt at a delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Attempt {
    /// Which attempt, from 1.
    pub number: u32,
    /// Who asked for it.
    pub trigger: Trigger,
    /// When it began.
    pub started_at: Timestamp,
    /// How long the exchange took, in milliseconds.
    pub duration_ms: u32,
    /// Why it failed; `null` where the endpoint accepted the event.
    pub error: Option<AttemptError>,
    /// The status of the answer; `null` where there was none.
    pub response_status: Option<u16>,
    /// The headers of the answer.
    pub response_headers: Vec<HeaderLine>,
    /// The first 4 KiB of the answer's body, what is not text replaced.
    pub response_body: Option<String>,
    /// The headers that were sent, `webhook-id`, `webhook-timestamp` and `webhook-signature` among them.
    pub request_headers: Vec<HeaderLine>,
}

/// A delivery with all its attempts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeliveryReport {
    /// Stable id.
    pub id: DeliveryId,
    /// The endpoint.
    pub webhook_id: WebhookId,
    /// The event; its id is the `webhook-id` of every attempt.
    pub event_id: EventId,
    /// What it tells.
    pub event_type: EventType,
    /// Where it stands.
    pub status: DeliveryStatus,
    /// Who asked for the last attempt, or for the one that waits.
    pub trigger: Trigger,
    /// How often it was attempted.
    pub attempts_made: u32,
    /// When it is attempted next; `null` once it is delivered or given up.
    pub next_attempt_at: Option<Timestamp>,
    /// When the endpoint accepted it.
    pub delivered_at: Option<Timestamp>,
    /// The body of every attempt, byte for byte.
    pub request_body: String,
    /// The attempts, oldest first; of very many, the last 100.
    pub attempts: Vec<Attempt>,
    /// When it was queued.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Reply for DeliveryReport {}

impl Delivery {
    /// The delivery with the body that is sent, and its attempts.
    pub fn report(self, request_body: String, attempts: Vec<Attempt>) -> DeliveryReport {
        DeliveryReport {
            id: self.id,
            webhook_id: self.webhook_id,
            event_id: self.event_id,
            event_type: self.event_type,
            status: self.status,
            trigger: self.trigger,
            attempts_made: self.attempts_made,
            next_attempt_at: self.next_attempt_at,
            delivered_at: self.delivered_at,
            request_body,
            attempts,
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }
}

/// Which deliveries a replay is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReplayOnly {
    /// Those that were given up.
    Failed,
    /// Every event that the endpoint listens to, delivered or not.
    All,
    /// Events that were never queued for the endpoint, because it did not exist, was disabled or did not listen to them.
    Missing,
}

/// What to replay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewReplay {
    /// Since when, in real time; at most 72 hours ago.
    pub since: Timestamp,
    /// Which. Without it, `failed`.
    #[serde(default)]
    pub only: Option<ReplayOnly>,
}

/// What was queued again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Replay {
    /// The endpoint.
    pub webhook_id: WebhookId,
    /// Since when.
    pub since: Timestamp,
    /// Which.
    pub only: ReplayOnly,
    /// How many deliveries wait because of it.
    pub queued: u32,
}

impl Reply for Replay {}

list_query! {
    /// The query parameters of an endpoint's deliveries.
    DeliveryQuery {
        /// Only those that stand here.
        status: DeliveryStatus,
        /// Only those of this type of event.
        event_type: EventType,
    }
}

const EXAMPLE: &str = "dlv_01kdvqe000m3v9c2t8w1y5h4zr_1";

pub(crate) fn example() -> Delivery {
    Delivery {
        id: id(EXAMPLE),
        webhook_id: id(webhooks::EXAMPLE),
        event_id: id("evt_01kdvqe000m3v9c2t8w1y5h4zr"),
        event_type: EventType::PositionUpdated,
        status: DeliveryStatus::Delivered,
        trigger: Trigger::Scheduled,
        attempts_made: 1,
        next_attempt_at: None,
        delivered_at: Some(Timestamp::from_millis(1_767_225_600_021)),
        created_at: Timestamp::from_millis(1_767_225_600_000),
        updated_at: Timestamp::from_millis(1_767_225_600_021),
    }
}

fn again() -> Delivery {
    Delivery {
        status: DeliveryStatus::Waiting,
        trigger: Trigger::Manual,
        next_attempt_at: Some(Timestamp::from_millis(1_767_225_700_000)),
        delivered_at: None,
        updated_at: Timestamp::from_millis(1_767_225_700_000),
        ..example()
    }
}

fn line(name: &str, value: &str) -> HeaderLine {
    HeaderLine {
        name: name.to_owned(),
        value: value.to_owned(),
    }
}

fn report() -> DeliveryReport {
    let delivery = example();
    let sent = vec![
        line("webhook-id", delivery.event_id.as_str()),
        line("webhook-timestamp", "1767225600"),
        line(
            "webhook-signature",
            "v1,SyTWJb4oRjFrX7V0ZEZHwFXvGjCBJSKMXQSbiqhYFxI=",
        ),
    ];
    let attempt = Attempt {
        number: 1,
        trigger: delivery.trigger,
        started_at: delivery.created_at,
        duration_ms: 12,
        error: None,
        response_status: Some(204),
        response_headers: vec![line("date", "Thu, 01 Jan 2026 00:00:00 GMT")],
        response_body: Some(String::new()),
        request_headers: sent,
    };
    let body = "{\"event_id\":\"evt_01kdvqe000m3v9c2t8w1y5h4zr\",\"event_type\":\"position.updated\",\"created_at\":\"2026-01-01T00:00:00Z\",\"data\":{}}";
    delivery.report(body.to_owned(), vec![attempt])
}

operation! {
    /// Lists the deliveries to an endpoint, in the order in which they were queued.
    ListDeliveries = "deliveries.list", Get "/v1/webhooks/{id}/deliveries" => 200;
    V1 Webhooks, auth: WebhooksRead, problems: [],
    path: ById<WebhookId>, query: DeliveryQuery, body: Nothing, reply: Page<Delivery>,
    example: (at(webhooks::EXAMPLE), Nothing {}, Page::whole(vec![example()])),
}

operation! {
    /// Reads one delivery with all its attempts.
    GetDelivery = "deliveries.get", Get "/v1/deliveries/{id}" => 200;
    V1 Webhooks, auth: WebhooksRead, problems: [],
    path: ById<DeliveryId>, query: Nothing, body: Nothing, reply: DeliveryReport,
    example: (at(EXAMPLE), Nothing {}, report()),
}

operation! {
    /// Attempts one delivery now.
    ///
    /// One that waits is attempted at once, and its schedule goes on from there. One that was delivered or given up within the last 72 hours begins its schedule anew. The `webhook-id` stays, so a receiver that has it already can tell.
    ReplayDelivery = "deliveries.replay", Post "/v1/deliveries/{id}/replay" => 200;
    V1 Webhooks, auth: WebhooksWrite, problems: [InvalidStateTransition],
    path: ById<DeliveryId>, query: Nothing, body: Nothing, reply: Delivery,
    example: (at(EXAMPLE), Nothing {}, again()),
}

operation! {
    /// Sends what an endpoint has missed, or everything, once more.
    ReplayWebhook = "webhooks.replay", Post "/v1/webhooks/{id}/replay" => 200;
    V1 Webhooks, auth: WebhooksWrite, problems: [InvalidStateTransition],
    path: ById<WebhookId>, query: Nothing, body: NewReplay, reply: Replay,
    example: (at(webhooks::EXAMPLE), NewReplay {
        since: Timestamp::from_millis(1_767_225_600_000), only: Some(ReplayOnly::Failed),
    }, Replay {
        webhook_id: id(webhooks::EXAMPLE), since: Timestamp::from_millis(1_767_225_600_000),
        only: ReplayOnly::Failed, queued: 3,
    }),
}

/// Every operation of this file.
#[cfg(feature = "schema")]
pub(crate) fn cards(all: &mut crate::card::Generators) -> Vec<crate::Card> {
    vec![
        all.card::<ReplayWebhook>(),
        all.card::<ListDeliveries>(),
        all.card::<GetDelivery>(),
        all.card::<ReplayDelivery>(),
    ]
}
