//! The rules of webhook endpoints: where they may point, what they are signed with, when they are disabled.

pub mod diagnose;
pub mod keys;
pub mod secret;
pub mod target;

use super::{DomainError, PageRequest, Rows, error::require};
use crate::{
    ids,
    store::{
        StoreError,
        tenant::{
            Conn, WriteTx,
            deliveries::{self, replay},
            webhooks::{self as store, pauses, proof},
        },
    },
};
use contract::{
    FieldError, Timestamp,
    deliveries::Delivery,
    events::{EventPattern, EventType, WebhookDisabledEvent, WebhookEvent},
    ids::{SandboxId, WebhookId},
    text::Url,
    webhooks::{DisabledReason, MOST, NewWebhook, OVERLAP_HOURS, Webhook, WebhookPatch, WebhookStatus},
};
use secret::SecretKey;
use target::TargetRules;

const HOUR_MILLIS: i64 = 60 * 60 * 1000;

/// What every rule of endpoints needs to know of this installation.
#[derive(Clone, Debug)]
pub struct Installation {
    /// What the secrets are derived from.
    pub key: SecretKey,
    /// Where events may be sent.
    pub rules: TargetRules,
}

fn fit(installation: &Installation, url: &Url) -> Result<(), DomainError> {
    let judged = installation.rules.judge(url.as_str());
    judged
        .map(drop)
        .map_err(|unfit| DomainError::at("/url", unfit.to_string()))
}

fn distinct(patterns: Vec<EventPattern>) -> Vec<EventPattern> {
    let mut kept: Vec<EventPattern> = Vec::new();
    for pattern in patterns {
        if !kept.contains(&pattern) {
            kept.push(pattern);
        }
    }
    kept
}

/// Adds an endpoint; the answer shows its secret.
///
/// # Errors
/// [`DomainError::Invalid`] when events are not sent to the URL, or there are too many endpoints.
pub async fn create(
    tx: &mut WriteTx,
    installation: &Installation,
    sandbox: &SandboxId,
    new: NewWebhook,
) -> Result<Webhook, DomainError> {
    fit(installation, &new.url)?;
    if store::count(tx).await? >= MOST.into() {
        return Err(DomainError::at("", format!("{MOST} endpoints exist already")));
    }
    let now = tx.began_at();
    let status = new.status.unwrap_or(WebhookStatus::Enabled);
    let webhook = Webhook {
        id: ids::prefixed("whe_", now)
            .parse()
            .map_err(|_| StoreError::Inconsistent("a new id is malformed".into()))?,
        url: new.url,
        event_types: distinct(new.event_types),
        description: new.description,
        status,
        disabled_reason: (status == WebhookStatus::Disabled).then_some(DisabledReason::Requested),
        failing_since: None,
        secret: None,
        previous_secret_expires_at: None,
        created_at: now,
        updated_at: now,
    };
    let salt = ids::random();
    store::insert(tx, &webhook, &salt).await?;
    let secret = installation.key.derive(sandbox, &webhook.id, &salt);
    Ok(Webhook {
        secret: Some(secret.reveal()),
        ..webhook
    })
}

/// The endpoint with this id, and its number.
///
/// # Errors
/// [`DomainError::NotFound`].
pub async fn get(conn: &mut impl Conn, id: &WebhookId) -> Result<(i64, Webhook), DomainError> {
    store::find(conn, id).await?.ok_or(DomainError::NotFound)
}

/// A page of the endpoints, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list(conn: &mut impl Conn, page: PageRequest) -> Result<Rows<Webhook>, DomainError> {
    Ok(store::page(conn, page).await?)
}

/// Changes an endpoint, if it is the version that `expected` recognises.
///
/// # Errors
/// [`DomainError::NotFound`], [`DomainError::PreconditionFailed`], or [`DomainError::Invalid`] when events are not sent to
/// the URL.
pub async fn update(
    tx: &mut WriteTx,
    installation: &Installation,
    (id, patch): (&WebhookId, WebhookPatch),
    expected: &(dyn Fn(&Webhook) -> bool + Sync),
) -> Result<Webhook, DomainError> {
    let (seq, before) = get(tx, id).await?;
    require(expected, &before)?;
    let mut after = Webhook {
        url: patch.url.over(before.url.clone()),
        event_types: distinct(patch.event_types.over(before.event_types.clone())),
        description: patch.description.over(before.description.clone()),
        status: patch.status.over(before.status),
        ..before.clone()
    };
    match (before.status, after.status) {
        (WebhookStatus::Enabled, WebhookStatus::Disabled) => {
            after.disabled_reason = Some(DisabledReason::Requested);
        }
        (WebhookStatus::Disabled, WebhookStatus::Enabled) => {
            after.disabled_reason = None;
            after.failing_since = None;
        }
        _ => {}
    }
    if after == before {
        return Ok(before);
    }
    if after.url != before.url {
        fit(installation, &after.url)?;
        after.failing_since = None;
    }
    after.updated_at = tx.began_at();
    store::update(tx, &after).await?;
    if after.url != before.url || after.status != before.status {
        // Who asked for a pause, or accepted something, is not who is called from now on.
        pauses::end(tx, seq).await?;
        proof::doubt(tx, seq).await?;
    }
    if after.status == WebhookStatus::Disabled {
        replay::give_up(tx, seq).await?;
    }
    Ok(after)
}

/// Disables an endpoint because of what its attempts came to, gives up what waits for it, and tells so. `now` is domain
/// time.
///
/// # Errors
/// When the database fails.
pub async fn disable(
    tx: &mut WriteTx,
    now: Timestamp,
    id: &WebhookId,
    reason: DisabledReason,
) -> Result<(), StoreError> {
    let Some((seq, before)) = store::find(tx, id).await? else {
        return Ok(());
    };
    if before.status == WebhookStatus::Disabled {
        return Ok(());
    }
    let after = Webhook {
        status: WebhookStatus::Disabled,
        disabled_reason: Some(reason),
        updated_at: tx.began_at(),
        ..before
    };
    store::update(tx, &after).await?;
    replay::give_up(tx, seq).await?;
    let data = WebhookDisabledEvent {
        webhook_id: after.id,
        reason,
    };
    tx.emit(now, EventType::WebhookDisabled, json(&data)?).await
}

fn json<T: serde::Serialize>(value: &T) -> Result<serde_json::Value, StoreError> {
    serde_json::to_value(value).map_err(|error| StoreError::Inconsistent(error.to_string()))
}

/// Deletes an endpoint with its deliveries, if it is the version that `expected` recognises.
///
/// # Errors
/// [`DomainError::NotFound`] or [`DomainError::PreconditionFailed`].
pub async fn delete(
    tx: &mut WriteTx,
    id: &WebhookId,
    expected: &(dyn Fn(&Webhook) -> bool + Sync),
) -> Result<(), DomainError> {
    let (_, webhook) = get(tx, id).await?;
    require(expected, &webhook)?;
    Ok(store::delete(tx, id).await?)
}

/// Gives an endpoint a new secret, which the answer shows; the one before signs too for a day.
///
/// # Errors
/// [`DomainError::NotFound`].
pub async fn rotate(
    tx: &mut WriteTx,
    installation: &Installation,
    sandbox: &SandboxId,
    id: &WebhookId,
) -> Result<Webhook, DomainError> {
    get(tx, id).await?;
    let (now, salt) = (tx.began_at(), ids::random());
    let until = now.plus_millis(OVERLAP_HOURS * HOUR_MILLIS);
    store::rotate(tx, id, &salt, (now, until)).await?;
    let (_, webhook) = get(tx, id).await?;
    let secret = installation.key.derive(sandbox, id, &salt);
    Ok(Webhook {
        secret: Some(secret.reveal()),
        ..webhook
    })
}

/// Sends a test event to one endpoint. `now` is domain time.
///
/// # Errors
/// [`DomainError::NotFound`], or [`DomainError::WrongState`] when nothing is sent to it.
pub async fn test(tx: &mut WriteTx, now: Timestamp, id: &WebhookId) -> Result<Delivery, DomainError> {
    let (seq, webhook) = get(tx, id).await?;
    require_enabled(&webhook)?;
    let data = json(&WebhookEvent {
        webhook_id: webhook.id,
    })?;
    let (event, event_id) = tx.record(now, EventType::WebhookTest, &data).await?;
    let delivery = replay::queue_one(tx, seq, (event, &event_id)).await?;
    let id = delivery.parse().map_err(|_| DomainError::NotFound)?;
    let found = deliveries::find(tx, &id).await?.ok_or(DomainError::NotFound)?;
    Ok(found.1)
}

/// Sends a test event to one endpoint, signed with a secret that is not its own: a receiver that verifies refuses it.
/// `now` is domain time.
///
/// # Errors
/// [`DomainError::NotFound`], or [`DomainError::WrongState`] when nothing is sent to it.
pub async fn test_forged(tx: &mut WriteTx, now: Timestamp, id: &WebhookId) -> Result<Delivery, DomainError> {
    let delivery = test(tx, now, id).await?;
    replay::forge(tx, delivery.id.as_str()).await?;
    Ok(delivery)
}

/// `Err` where nothing is sent to an endpoint.
pub(super) fn require_enabled(webhook: &Webhook) -> Result<(), DomainError> {
    match webhook.status {
        WebhookStatus::Enabled => Ok(()),
        WebhookStatus::Disabled => Err(DomainError::WrongState {
            detail: "The endpoint is disabled: enable it first.".to_owned(),
        }),
    }
}

/// Fires an event of any type by hand. `now` is domain time.
///
/// # Errors
/// [`DomainError::Invalid`] when the data does not fit the type.
pub async fn fire(
    tx: &mut WriteTx,
    now: Timestamp,
    (kind, data): (EventType, serde_json::Map<String, serde_json::Value>),
) -> Result<contract::events::Event, DomainError> {
    let contract = contract::contract();
    let data = serde_json::Value::Object(data);
    if let Some(card) = contract.events.iter().find(|card| card.kind == kind) {
        let faults: Vec<FieldError> = contract::check::faults(contract, &card.data, &data)
            .into_iter()
            .map(|fault| {
                let inside = fault.pointer.as_deref().unwrap_or("#").trim_start_matches('#');
                FieldError::at(format!("/data{inside}"), fault.detail)
            })
            .collect();
        if !faults.is_empty() {
            return Err(DomainError::Invalid(faults));
        }
    }
    let event_id = tx.emit_named(now, kind, &data).await?;
    let serde_json::Value::Object(data) = data else {
        return Err(StoreError::Inconsistent("the data of an event is an object".into()).into());
    };
    Ok(contract::events::Event {
        event_id,
        event_type: kind,
        created_at: now,
        data,
    })
}
