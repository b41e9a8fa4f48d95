//! Events: what happened, each type declared once with the shape of its data.

mod data;
mod pattern;

pub use data::{
    AccountEvent, AuthorityEvent, CashflowEvent, ClientEvent, ClientUpdatedEvent, ExtractCompletedEvent,
    ExtractFailedEvent, PositionEvent, TransactionEvent, WebhookDisabledEvent, WebhookEvent,
};
pub use pattern::{EventPattern, UnknownEvents};

use crate::{
    Nothing, Paged, Reply, Timestamp,
    authorities::AuthorityStatus,
    ids::{EventId, id},
    operation::operation,
};
use data::{
    account, authority, cashflow, client, client_updated, extract_completed, extract_failed, position,
    transaction, webhook, webhook_disabled,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// How long `wait` may be, in seconds.
pub const LONGEST_WAIT: u8 = 30;

/// How long events are kept, in days of the sandbox's clock.
pub const KEPT_DAYS: i64 = 30;

macro_rules! events {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal, $data:ty: $example:expr);+ $(;)?) => {
        /// What an event tells.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum EventType {
            $($(#[doc = $doc])+ #[serde(rename = $text)] $name),+
        }
        impl EventType {
            /// Every type, in the order of the docs.
            pub const ALL: &[Self] = &[$(Self::$name),+];
            /// The type as it stands on the wire and in the database.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }
            /// When it is told.
            pub const fn doc(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),+).trim_ascii()),+ }
            }
            /// A worked example of its data.
            pub fn example(self) -> Value {
                let example = match self { $(Self::$name => serde_json::to_value::<$data>($example)),+ };
                example.unwrap_or(Value::Null)
            }
            /// The schema of its data, its definitions left with `generator`.
            #[cfg(feature = "schema")]
            pub(crate) fn schema(self, generator: &mut schemars::SchemaGenerator) -> Value {
                match self { $(Self::$name => generator.subschema_for::<$data>().to_value()),+ }
            }
        }
    };
}

events! {
    /// A client was created.
    ClientCreated = "client.created", ClientEvent: client();
    /// Members of a client were changed.
    ClientUpdated = "client.updated", ClientUpdatedEvent: client_updated();
    /// A client was deleted.
    ClientDeleted = "client.deleted", ClientEvent: client();
    /// An account began to receive data from its custodian.
    AccountConnected = "account.connected", AccountEvent: account();
    /// An account no longer receives data from its custodian.
    AccountDisconnected = "account.disconnected", AccountEvent: account();
    /// An authority was reserved; it waits for its consent.
    AuthorityCreated = "authority.created", AuthorityEvent: authority(AuthorityStatus::Pending);
    /// An authority was linked; data begins to arrive.
    AuthorityLinked = "authority.linked", AuthorityEvent: authority(AuthorityStatus::Active);
    /// An authority's window was renewed.
    AuthorityRefreshed = "authority.refreshed", AuthorityEvent: authority(AuthorityStatus::Active);
    /// An authority lapses in a week unless it is refreshed.
    AuthorityExpiring = "authority.expiring", AuthorityEvent: authority(AuthorityStatus::Active);
    /// An authority lapsed.
    AuthorityExpired = "authority.expired", AuthorityEvent: authority(AuthorityStatus::Expired);
    /// An authority was revoked.
    AuthorityRevoked = "authority.revoked", AuthorityEvent: authority(AuthorityStatus::Revoked);
    /// A transaction was entered, by a call or by its custodian.
    TransactionCreated = "transaction.created", TransactionEvent: transaction();
    /// A transaction was deleted.
    TransactionDeleted = "transaction.deleted", TransactionEvent: transaction();
    /// A portfolio holds what it did not.
    PositionOpened = "position.opened", PositionEvent: position(&["status", "par", "mark_price", "market_value"]);
    /// A portfolio holds more or less of it, or its value was entered anew.
    PositionUpdated = "position.updated", PositionEvent: position(&["par", "market_value"]);
    /// A portfolio holds none of it any more.
    PositionClosed = "position.closed", PositionEvent: position(&["status", "par", "mark_price", "market_value"]);
    /// An extract can be downloaded.
    ExtractCompleted = "extract.completed", ExtractCompletedEvent: extract_completed();
    /// An extract could not be made.
    ExtractFailed = "extract.failed", ExtractFailedEvent: extract_failed();
    /// What is held promises a payment within twelve months that it did not.
    CashflowExpected = "cashflow.expected", CashflowEvent: cashflow(false);
    /// A payment was entered, expected or not.
    CashflowPosted = "cashflow.posted", CashflowEvent: cashflow(true);
    /// A payment that was expected or posted is neither any more.
    CashflowCancelled = "cashflow.cancelled", CashflowEvent: cashflow(false);
    /// An endpoint is tested.
    WebhookTest = "webhook.test", WebhookEvent: webhook();
    /// The platform has stopped sending to an endpoint.
    WebhookDisabled = "webhook.disabled", WebhookDisabledEvent: webhook_disabled();
}

/// One event. It never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Event {
    /// Stable id: what to tell a repetition by.
    pub event_id: EventId,
    /// What it tells; decides what is in `data`.
    pub event_type: EventType,
    /// When it happened, by the sandbox's clock.
    pub created_at: Timestamp,
    /// The ids of what it is about. The members of each type are listed in the docs.
    pub data: Map<String, Value>,
}

impl Reply for Event {}

/// Events that follow each other without a gap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EventPage {
    /// The events, oldest first.
    pub data: Vec<Event>,
    /// Whether more have happened already.
    pub has_more: bool,
    /// Pass it as `cursor` to go on from here, now or later. Never `null`: the feed has no end.
    pub next_cursor: String,
}

impl Reply for EventPage {
    fn next_cursor(&self) -> Option<&str> {
        self.has_more.then_some(&*self.next_cursor)
    }
}

/// The query parameters of the feed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct EventQuery {
    /// Only events of this type.
    #[serde(default)]
    pub r#type: Option<EventType>,
    /// How many seconds to wait for an event where there is none yet, 0 to 30. Without it, 0.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 30)))]
    pub wait: Option<u8>,
    /// How many to return, 1 to 100. Without it, 25.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 100)))]
    pub limit: Option<u8>,
    /// Where to go on: the `next_cursor` of the last answer. Good for 30 days, and only with the same `type`.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 512)))]
    pub cursor: Option<String>,
}

impl Paged for EventQuery {
    fn limit(&self) -> Option<u8> {
        self.limit
    }
    fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

pub(crate) fn example() -> Event {
    let Value::Object(data) = EventType::ClientUpdated.example() else {
        unreachable!("the data of an event is an object")
    };
    Event {
        event_id: id("evt_01kdvqe000m3v9c2t8w1y5h4zr"),
        event_type: EventType::ClientUpdated,
        created_at: Timestamp::from_millis(1_767_225_600_000),
        data,
    }
}

operation! {
    /// Lists what has happened, oldest first, without a gap.
    ///
    /// Every answer has a `next_cursor`, also one without events: keep it, and ask again with it. With `wait`, an answer that would be empty is held back until something happens or the seconds have passed.
    ListEvents = "events.list", Get "/v1/events" => 200;
    V1 Events, auth: EventsRead, problems: [],
    path: Nothing, query: EventQuery, body: Nothing, reply: EventPage,
    example: (Nothing {}, Nothing {}, EventPage {
        data: vec![example()],
        has_more: false,
        next_cursor: "AAAAAAAAACgAAAGbAb3QAHq0d1TnVbq2d8sBv4l5pFk".to_owned(),
    }),
}

/// Every operation of this file.
#[cfg(feature = "schema")]
pub(crate) fn cards(all: &mut crate::card::Generators) -> Vec<crate::Card> {
    vec![all.card::<ListEvents>()]
}
