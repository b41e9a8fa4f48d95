//! Webhook endpoints: where events are sent to, and the keys that their signatures are checked with.

use crate::{
    Change, Field, ListQuery, Nothing, Page, Reply, Timestamp,
    deliveries::{self, Delivery, DeliveryStatus, Trigger},
    events::{EventPattern, EventType},
    ids::{ById, WebhookId, at, id},
    operation::operation,
    text::{Name, Url, text},
};
use serde::{Deserialize, Serialize};

/// How many endpoints a sandbox may have.
pub const MOST: u16 = 100;
/// How long the secret before a rotation signs too, in hours.
pub const OVERLAP_HOURS: i64 = 24;

/// Whether events are sent to an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum WebhookStatus {
    /// Events are sent to it.
    Enabled,
    /// Nothing is sent to it.
    Disabled,
}

impl WebhookStatus {
    /// The value as it stands on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
        }
    }
}

/// Why nothing is sent to an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DisabledReason {
    /// A call asked for it.
    Requested,
    /// It answered 410.
    Gone,
    /// Nothing but failures for five days.
    Failing,
}

impl DisabledReason {
    /// The value as it stands on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Gone => "gone",
            Self::Failing => "failing",
        }
    }
}

/// An endpoint is a URL of yours that events are sent to, each signed. All its instants are real time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Webhook {
    /// Stable id.
    pub id: WebhookId,
    /// Where events are sent.
    pub url: Url,
    /// Which events: types, groups of them (`position.*`), or all (`*`).
    pub event_types: Vec<EventPattern>,
    /// What people call it.
    pub description: Option<Name>,
    /// Whether events are sent to it.
    pub status: WebhookStatus,
    /// Why it is disabled.
    pub disabled_reason: Option<DisabledReason>,
    /// Since when every attempt has failed; `null` while they succeed.
    pub failing_since: Option<Timestamp>,
    /// What its signatures are checked with: `whsec_` and base64. Shown when it is made and when it is rotated, then `null` for ever.
    pub secret: Option<String>,
    /// Until when the secret before the last rotation signs too.
    pub previous_secret_expires_at: Option<Timestamp>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Reply for Webhook {
    fn location(&self) -> Option<String> {
        Some(format!("/v1/webhooks/{}", self.id))
    }
    fn secret(&self) -> Option<&str> {
        self.secret.as_deref()
    }
}

/// A new endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewWebhook {
    /// Where to send events: an https URL anybody can reach. Where the installation allows it, and for the sandbox's own inboxes, http and private addresses too.
    pub url: Url,
    /// Which events to send: types, groups of them (`position.*`), or all (`*`).
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 50)))]
    pub event_types: Vec<EventPattern>,
    /// What people call it.
    #[serde(default)]
    pub description: Option<Name>,
    /// Whether to send events from now on. Without it, `enabled`.
    #[serde(default)]
    pub status: Option<WebhookStatus>,
}

/// Changes to an endpoint; members that are left out stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct WebhookPatch {
    /// Where to send events.
    #[serde(default, skip_serializing_if = "Change::is_absent")]
    pub url: Change<Url>,
    /// Which events to send; replaces the whole list.
    #[serde(default, skip_serializing_if = "Change::is_absent")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 50)))]
    pub event_types: Change<Vec<EventPattern>>,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub description: Field<Name>,
    /// `disabled` gives up what waits for it; `enabled` begins anew.
    #[serde(default, skip_serializing_if = "Change::is_absent")]
    pub status: Change<WebhookStatus>,
}

/// A public key of the platform, which signs every delivery beside the endpoint's secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WebhookKey {
    /// `EC`.
    pub kty: String,
    /// `P-256`.
    pub crv: String,
    /// `ES256`: ECDSA over SHA-256, the signature as `r` and `s` in 64 bytes.
    pub alg: String,
    /// `sig`.
    pub r#use: String,
    /// Its id: the thumbprint (RFC 7638).
    pub kid: String,
    /// The first coordinate, base64url.
    pub x: String,
    /// The second coordinate, base64url.
    pub y: String,
}

/// The keys whose signatures may be met: the active one first, then the one before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WebhookKeys {
    /// The keys, after RFC 7517, section 5.
    pub keys: Vec<WebhookKey>,
}

impl Reply for WebhookKeys {}

pub(crate) const EXAMPLE: &str = "whe_01k2j8x4m6v0q3r5t7w9y1z2a3";

fn pattern(text: &str) -> EventPattern {
    text.parse()
        .unwrap_or_else(|_| unreachable!("malformed pattern literal {text}"))
}

fn example() -> Webhook {
    Webhook {
        id: id(EXAMPLE),
        url: text("https://hooks.example/aleta"),
        event_types: vec![pattern("position.*"), pattern("authority.expiring")],
        description: Some(text("Ledger sync")),
        status: WebhookStatus::Enabled,
        disabled_reason: None,
        failing_since: None,
        secret: None,
        previous_secret_expires_at: None,
        created_at: Timestamp::from_millis(1_767_225_600_000),
        updated_at: Timestamp::from_millis(1_767_225_600_000),
    }
}

fn with_secret(secret: &str) -> Webhook {
    Webhook {
        secret: Some(secret.to_owned()),
        ..example()
    }
}

fn keys() -> WebhookKeys {
    let key = WebhookKey {
        kty: "EC".to_owned(),
        crv: "P-256".to_owned(),
        alg: "ES256".to_owned(),
        r#use: "sig".to_owned(),
        kid: "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U".to_owned(),
        x: "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4".to_owned(),
        y: "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM".to_owned(),
    };
    WebhookKeys { keys: vec![key] }
}

operation! {
    /// Lists the endpoints.
    ListWebhooks = "webhooks.list", Get "/v1/webhooks" => 200;
    V1 Webhooks, auth: WebhooksRead, problems: [],
    path: Nothing, query: ListQuery, body: Nothing, reply: Page<Webhook>,
    example: (Nothing {}, Nothing {}, Page::whole(vec![example()])),
}

operation! {
    /// Creates an endpoint.
    ///
    /// The answer is the only one that shows the `secret`. Events from now on are sent; replay those of the last 72 hours if you want them too. A sandbox has at most 100 endpoints.
    CreateWebhook = "webhooks.create", Post "/v1/webhooks" => 201;
    V1 Webhooks, auth: WebhooksWrite, problems: [],
    path: Nothing, query: Nothing, body: NewWebhook, reply: Webhook,
    example: (Nothing {}, NewWebhook {
        url: example().url, event_types: example().event_types, description: example().description, status: None,
    }, with_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwC6hE0Jm6v5k=")),
}

operation! {
    /// Reads one endpoint.
    GetWebhook = "webhooks.get", Get "/v1/webhooks/{id}" => 200;
    V1 Webhooks, auth: WebhooksRead, problems: [],
    path: ById<WebhookId>, query: Nothing, body: Nothing, reply: Webhook,
    example: (at(EXAMPLE), Nothing {}, example()),
}

operation! {
    /// Changes an endpoint.
    ///
    /// Disabling it gives up the deliveries that wait; they can be replayed once it is enabled again.
    UpdateWebhook = "webhooks.update", Patch "/v1/webhooks/{id}" => 200;
    V1 Webhooks, auth: WebhooksWrite, problems: [],
    path: ById<WebhookId>, query: Nothing, body: WebhookPatch, reply: Webhook,
    example: (at(EXAMPLE), WebhookPatch {
        event_types: Change::To(vec![pattern("*")]), ..WebhookPatch::default()
    }, Webhook { event_types: vec![pattern("*")], ..example() }),
}

operation! {
    /// Deletes an endpoint with its deliveries.
    DeleteWebhook = "webhooks.delete", Delete "/v1/webhooks/{id}" => 204;
    V1 Webhooks, auth: WebhooksWrite, problems: [],
    path: ById<WebhookId>, query: Nothing, body: Nothing, reply: Nothing,
    example: (at(EXAMPLE), Nothing {}, Nothing {}),
}

operation! {
    /// Gives an endpoint a new secret.
    ///
    /// The answer is the only one that shows it. For 24 hours the one before signs too, so that a receiver can change over without losing an event; a third is forgotten at once.
    RotateWebhookSecret = "webhooks.rotate_secret", Post "/v1/webhooks/{id}/rotate-secret" => 200;
    V1 Webhooks, auth: WebhooksWrite, problems: [],
    path: ById<WebhookId>, query: Nothing, body: Nothing, reply: Webhook,
    example: (at(EXAMPLE), Nothing {}, Webhook {
        previous_secret_expires_at: Some(Timestamp::from_millis(1_767_312_000_000)),
        ..with_secret("whsec_plJ3nmyCDGBKInavdOK15jsl1zRj3wT2bS9kqIbN0oQ=")
    }),
}

operation! {
    /// Sends a webhook.test event to one endpoint, whatever it listens to.
    ///
    /// The answer is the delivery, which is on its way.
    TestWebhook = "webhooks.test", Post "/v1/webhooks/{id}/test" => 200;
    V1 Webhooks, auth: WebhooksWrite, problems: [InvalidStateTransition],
    path: ById<WebhookId>, query: Nothing, body: Nothing, reply: Delivery,
    example: (at(EXAMPLE), Nothing {}, Delivery {
        event_type: EventType::WebhookTest, status: DeliveryStatus::Waiting, trigger: Trigger::Manual,
        attempts_made: 0, delivered_at: None,
        next_attempt_at: Some(Timestamp::from_millis(1_767_225_600_000)), ..deliveries::example()
    }),
}

operation! {
    /// Lists the platform's public keys that sign deliveries.
    ///
    /// The active one first, then the last one before it. A receiver that checks the `v1es256` signature keeps this list and reads it again when it meets an unknown signature.
    ListWebhookKeys = "webhooks.keys.list", Get "/v1/webhooks/keys" => 200;
    V1 Webhooks, auth: WebhooksRead, problems: [],
    path: Nothing, query: Nothing, body: Nothing, reply: WebhookKeys,
    example: (Nothing {}, Nothing {}, keys()),
}

operation! {
    /// Lists the platform's public keys that sign deliveries.
    ListWebhookKeysV2 = "v2.webhooks.keys.list", Get "/v2/webhooks/keys" => 200;
    V2 Webhooks, auth: WebhooksRead, problems: [], successor: "/v1/webhooks/keys",
    path: Nothing, query: Nothing, body: Nothing, reply: WebhookKeys,
    example: (Nothing {}, Nothing {}, keys()),
}

/// Every operation of this file.
#[cfg(feature = "schema")]
pub(crate) fn cards(all: &mut crate::card::Generators) -> Vec<crate::Card> {
    vec![
        all.card::<ListWebhooks>(),
        all.card::<CreateWebhook>(),
        all.card::<GetWebhook>(),
        all.card::<UpdateWebhook>(),
        all.card::<DeleteWebhook>(),
        all.card::<RotateWebhookSecret>(),
        all.card::<TestWebhook>(),
        all.card::<ListWebhookKeys>(),
    ]
}

/// Those of v2.
#[cfg(feature = "schema")]
pub(crate) fn legacy_cards(all: &mut crate::card::Generators) -> Vec<crate::Card> {
    vec![all.card::<ListWebhookKeysV2>()]
}
