//! Events: what happened, each type declared once with the shape of its data.

mod pattern;

use crate::{
    Day, Nothing, Paged, Reply, Timestamp,
    authorities::AuthorityStatus,
    cashflows::CashflowType,
    demo,
    extracts::{Dataset, ExtractFormat},
    ids::{
        AccountId, AssetId, AuthorityId, CashflowId, ClientId, CustodianId, EventId, ExtractId, IssuerId,
        LegalEntityId, PortfolioId, PositionId, TransactionId, WebhookId, id,
    },
    operation::operation,
    text::{Name, text},
    transactions::TransactionType,
    webhooks::{self, DisabledReason},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use pattern::{EventPattern, UnknownEvents};

/// How long `wait` may be, in seconds.
pub const LONGEST_WAIT: u8 = 30;

/// How long events are kept, in days of the sandbox's clock.
pub const KEPT_DAYS: i64 = 30;

/// The data of `client.created` and `client.deleted`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClientEvent {
    /// The client.
    pub client_id: ClientId,
}

/// The data of `client.updated`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClientUpdatedEvent {
    /// The client.
    pub client_id: ClientId,
    /// The members that have another value than before.
    pub changed_fields: Vec<String>,
}

/// The data of `account.*`: an account that a consent feeds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccountEvent {
    /// The account.
    pub account_id: AccountId,
    /// The legal entity that owns it.
    pub legal_entity_id: LegalEntityId,
    /// Where it is kept.
    pub custodian_id: Option<CustodianId>,
    /// The consent that feeds, or fed, it.
    pub authority_id: Option<AuthorityId>,
}

/// The data of `authority.*`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AuthorityEvent {
    /// The authority.
    pub authority_id: AuthorityId,
    /// The legal entity it is about.
    pub legal_entity_id: LegalEntityId,
    /// Who it was granted by.
    pub custodian_id: CustodianId,
    /// The state it is in since.
    pub status: AuthorityStatus,
}

/// The data of `transaction.*`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TransactionEvent {
    /// The transaction.
    pub transaction_id: TransactionId,
    /// The account whose money it moves.
    pub account_id: AccountId,
    /// What it does.
    pub r#type: TransactionType,
}

/// The data of `position.*`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PositionEvent {
    /// The position.
    pub position_id: PositionId,
    /// The portfolio it is in.
    pub portfolio_id: PortfolioId,
    /// Who issued what is held.
    pub issuer_id: Option<IssuerId>,
    /// What is held.
    pub asset_id: AssetId,
    /// The members of the position that have another value than before.
    pub changed_fields: Vec<String>,
}

/// The data of `cashflow.*`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CashflowEvent {
    /// The cashflow.
    pub cashflow_id: CashflowId,
    /// The position that pays, or is paid into.
    pub position_id: PositionId,
    /// The portfolio that the position is in.
    pub portfolio_id: PortfolioId,
    /// What is held.
    pub asset_id: AssetId,
    /// What it is for.
    pub r#type: CashflowType,
    /// The day on which the terms promise it.
    pub expected_date: Option<Day>,
    /// The transaction that posted it.
    pub transaction_id: Option<TransactionId>,
}

fn cashflow(posted: bool) -> CashflowEvent {
    CashflowEvent {
        cashflow_id: id("cf_a50a73e09d5f41e956545d32"),
        position_id: id("pos_4c05aba7a5b6c74726a126a9"),
        portfolio_id: id(demo::PORTFOLIO),
        asset_id: id("ast_RHN_2031"),
        r#type: CashflowType::Coupon,
        expected_date: Some(jiff::civil::date(2026, 9, 1).into()),
        transaction_id: posted.then(|| id(demo::TRANSACTION)),
    }
}

/// The data of `extract.completed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExtractCompletedEvent {
    /// The extract.
    pub extract_id: ExtractId,
    /// What was exported.
    pub dataset: Dataset,
    /// How the file is written.
    pub format: ExtractFormat,
    /// What the export is for.
    pub purpose: Name,
    /// Rows in the file.
    pub row_count: u64,
    /// The length of the file in bytes.
    pub size_bytes: u64,
    /// The SHA-256 of the file, in hex.
    pub sha256: String,
}

/// The data of `extract.failed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExtractFailedEvent {
    /// The extract.
    pub extract_id: ExtractId,
    /// What was to be exported.
    pub dataset: Dataset,
    /// How the file was to be written.
    pub format: ExtractFormat,
    /// What the export was for.
    pub purpose: Name,
    /// Why it could not be written.
    pub failure: String,
}

fn extract_completed() -> ExtractCompletedEvent {
    ExtractCompletedEvent {
        extract_id: id("ext_01k2j8x4m6v0q3r5t7w9y1z2a3"),
        dataset: Dataset::Positions,
        format: ExtractFormat::Csv,
        purpose: text("Quarterly reconciliation"),
        row_count: 18,
        size_bytes: 4_312,
        sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
    }
}

fn extract_failed() -> ExtractFailedEvent {
    ExtractFailedEvent {
        extract_id: id("ext_01k2j8x4m6v0q3r5t7w9y1z2a3"),
        dataset: Dataset::Holdings,
        format: ExtractFormat::Csv,
        purpose: text("Quarterly reconciliation"),
        failure: "No exchange rate of ISK is known, so what is in it cannot be converted.".to_owned(),
    }
}

/// The data of `webhook.test`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WebhookEvent {
    /// The endpoint.
    pub webhook_id: WebhookId,
}

/// The data of `webhook.disabled`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WebhookDisabledEvent {
    /// The endpoint.
    pub webhook_id: WebhookId,
    /// Why nothing is sent to it any more.
    pub reason: DisabledReason,
}

fn webhook() -> WebhookEvent {
    WebhookEvent {
        webhook_id: id(webhooks::EXAMPLE),
    }
}

fn webhook_disabled() -> WebhookDisabledEvent {
    WebhookDisabledEvent {
        webhook_id: id(webhooks::EXAMPLE),
        reason: DisabledReason::Failing,
    }
}

fn position(changed: &[&str]) -> PositionEvent {
    PositionEvent {
        position_id: id("pos_66a1f0c2d4e5b60718295001_66a1f0c2d4e5b60718296011"),
        portfolio_id: id(demo::PORTFOLIO),
        issuer_id: None,
        asset_id: id("ast_66a1f0c2d4e5b60718296011"),
        changed_fields: changed.iter().map(ToString::to_string).collect(),
    }
}

fn client() -> ClientEvent {
    ClientEvent {
        client_id: id(demo::CLIENT),
    }
}

fn client_updated() -> ClientUpdatedEvent {
    ClientUpdatedEvent {
        client_id: id(demo::CLIENT),
        changed_fields: vec!["name".to_owned()],
    }
}

fn account() -> AccountEvent {
    AccountEvent {
        account_id: id(demo::ACCOUNT),
        legal_entity_id: id(demo::LEGAL_ENTITY),
        custodian_id: Some(id(demo::CUSTODIAN)),
        authority_id: Some(id(demo::AUTHORITY)),
    }
}

fn authority(status: AuthorityStatus) -> AuthorityEvent {
    AuthorityEvent {
        authority_id: id(demo::AUTHORITY),
        legal_entity_id: id(demo::LEGAL_ENTITY),
        custodian_id: id(demo::CUSTODIAN),
        status,
    }
}

fn transaction() -> TransactionEvent {
    TransactionEvent {
        transaction_id: id(demo::TRANSACTION),
        account_id: id(demo::ACCOUNT),
        r#type: TransactionType::Deposit,
    }
}

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
