//! The rows of webhook endpoints.

pub mod pauses;
pub mod proof;

use super::{Conn, WriteTx, sealed::Sealed};
use crate::store::{
    PageRequest, Rows, StoreError,
    sqlite::{self, Millis, column, from_json},
};
use contract::{
    Timestamp,
    events::EventPattern,
    ids::WebhookId,
    text::{Name, Url},
    webhooks::{DisabledReason, Webhook, WebhookStatus},
};
use serde::Deserialize;

/// What a secret is derived from.
pub type Salt = [u8; 32];

/// What the secrets of an endpoint are derived from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Salts {
    /// The present secret's.
    pub present: Salt,
    /// That of the secret before, and until when it signs too.
    pub previous: Option<(Salt, Timestamp)>,
}

macro_rules! row {
    () => {
        "json_array(seq, id, url, json(event_types), description, status, disabled_reason, failing_since,
                    previous_expires_at, created_at, updated_at)"
    };
}

#[derive(Deserialize)]
struct Row(
    i64,
    WebhookId,
    Url,
    Vec<EventPattern>,
    Option<Name>,
    WebhookStatus,
    Option<DisabledReason>,
    Option<Millis>,
    Option<Millis>,
    Millis,
    Millis,
);

impl From<Row> for (i64, Webhook) {
    fn from(row: Row) -> Self {
        let Row(seq, id, url, event_types, description, status, disabled_reason, failing_since, previous, ..) =
            row;
        let webhook = Webhook {
            id,
            url,
            event_types,
            description,
            status,
            disabled_reason,
            failing_since: failing_since.map(Into::into),
            secret: None,
            previous_secret_expires_at: previous.map(Into::into),
            created_at: row.9.into(),
            updated_at: row.10.into(),
        };
        (seq, webhook)
    }
}

/// The endpoint with this id, and its number.
///
/// # Errors
/// When the database fails.
pub async fn find(conn: &mut impl Conn, id: &WebhookId) -> Result<Option<(i64, Webhook)>, StoreError> {
    let row = sqlx::query(concat!("SELECT ", row!(), " FROM webhooks WHERE id = ?1"))
        .bind(id.as_str())
        .fetch_optional(conn.sql())
        .await?;
    row.map(|row| Ok(from_json::<Row>(&row)?.into())).transpose()
}

/// A page of the endpoints, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn page(conn: &mut impl Conn, page: PageRequest) -> Result<Rows<Webhook>, StoreError> {
    let found = sqlx::query(concat!(
        "SELECT json_group_array(",
        row!(),
        ") FROM (SELECT * FROM webhooks WHERE seq > ?1 ORDER BY seq LIMIT ?2)"
    ))
    .bind(page.start())
    .bind(page.probe())
    .fetch_one(conn.sql())
    .await?;
    Ok(Rows::of(page, from_json::<Vec<Row>>(&found)?))
}

/// The endpoints that point at this URL, or all of them, each with what its secrets are derived from.
///
/// # Errors
/// When the database fails.
pub async fn keyed(
    conn: &mut impl Conn,
    url: Option<&str>,
) -> Result<Vec<(WebhookId, Url, Salts)>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, url, salt, previous_salt, previous_expires_at FROM webhooks
         WHERE ?1 IS NULL OR url = ?1 ORDER BY seq",
    )
    .bind(url)
    .fetch_all(conn.sql())
    .await?;
    rows.iter()
        .map(|row| {
            let salts = salts(column(row, 2)?, column(row, 3)?, column(row, 4)?)?;
            Ok((sqlite::parsed(row, 0)?, sqlite::parsed(row, 1)?, salts))
        })
        .collect()
}

/// The salts out of their columns.
pub(super) fn salts(
    present: &[u8],
    previous: Option<&[u8]>,
    expires_at: Option<i64>,
) -> Result<Salts, StoreError> {
    let salt = |bytes: &[u8]| {
        Salt::try_from(bytes).map_err(|_| StoreError::Inconsistent("a salt is not 32 bytes long".into()))
    };
    let previous = previous
        .zip(expires_at)
        .map(|(bytes, at)| Ok::<_, StoreError>((salt(bytes)?, Timestamp::from_millis(at))));
    Ok(Salts {
        present: salt(present)?,
        previous: previous.transpose()?,
    })
}

/// How many endpoints there are.
///
/// # Errors
/// When the database fails.
pub async fn count(conn: &mut impl Conn) -> Result<u32, StoreError> {
    Ok(sqlx::query_scalar("SELECT count(*) FROM webhooks")
        .fetch_one(conn.sql())
        .await?)
}

/// Whether any endpoint listens.
pub(super) async fn any_enabled(conn: &mut impl Conn) -> Result<bool, StoreError> {
    Ok(
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM webhooks WHERE status = 'enabled')")
            .fetch_one(conn.sql())
            .await?,
    )
}

fn patterns(webhook: &Webhook) -> Result<String, StoreError> {
    serde_json::to_string(&webhook.event_types).map_err(|error| StoreError::Inconsistent(error.to_string()))
}

/// Adds an endpoint.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut WriteTx, new: &Webhook, salt: &Salt) -> Result<(), StoreError> {
    let done = sqlx::query(
        "INSERT INTO webhooks (id, url, event_types, description, status, disabled_reason, salt, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)",
    )
    .bind(new.id.as_str())
    .bind(new.url.as_str())
    .bind(patterns(new)?)
    .bind(new.description.as_ref().map(Name::as_str))
    .bind(new.status.as_str())
    .bind(new.disabled_reason.map(DisabledReason::as_str))
    .bind(salt.as_slice())
    .bind(new.created_at.as_millis())
    .execute(tx.sql())
    .await?;
    sqlite::affected("add an endpoint", 1, &done)?;
    tx.note_endpoints().await
}

/// Writes an endpoint's members, its secrets left out.
///
/// # Errors
/// When the database fails or there is no such endpoint.
pub async fn update(tx: &mut WriteTx, changed: &Webhook) -> Result<(), StoreError> {
    let done = sqlx::query(
        "UPDATE webhooks SET url = ?2, event_types = ?3, description = ?4, status = ?5, disabled_reason = ?6,
                failing_since = ?7, updated_at = ?8 WHERE id = ?1",
    )
    .bind(changed.id.as_str())
    .bind(changed.url.as_str())
    .bind(patterns(changed)?)
    .bind(changed.description.as_ref().map(Name::as_str))
    .bind(changed.status.as_str())
    .bind(changed.disabled_reason.map(DisabledReason::as_str))
    .bind(changed.failing_since.map(Timestamp::as_millis))
    .bind(changed.updated_at.as_millis())
    .execute(tx.sql())
    .await?;
    sqlite::affected("change an endpoint", 1, &done)?;
    tx.note_endpoints().await
}

/// Puts another salt in the place of the present one, which signs on until `expires_at`.
///
/// # Errors
/// When the database fails or there is no such endpoint.
pub async fn rotate(
    tx: &mut WriteTx,
    id: &WebhookId,
    salt: &Salt,
    (now, expires_at): (Timestamp, Timestamp),
) -> Result<(), StoreError> {
    let done = sqlx::query(
        "UPDATE webhooks SET previous_salt = salt, previous_expires_at = ?3, salt = ?2, updated_at = ?4
         WHERE id = ?1",
    )
    .bind(id.as_str())
    .bind(salt.as_slice())
    .bind(expires_at.as_millis())
    .bind(now.as_millis())
    .execute(tx.sql())
    .await?;
    tx.mark_changed();
    sqlite::affected("rotate a secret", 1, &done)
}

/// Deletes an endpoint with its deliveries.
///
/// # Errors
/// When the database fails or there is no such endpoint.
pub async fn delete(tx: &mut WriteTx, id: &WebhookId) -> Result<(), StoreError> {
    let done = sqlx::query("DELETE FROM webhooks WHERE id = ?1")
        .bind(id.as_str())
        .execute(tx.sql())
        .await?;
    sqlite::affected("delete an endpoint", 1, &done)?;
    tx.note_endpoints().await
}

/// Notes since when every attempt at an endpoint has failed.
///
/// # Errors
/// When the database fails or there is no such endpoint.
pub async fn set_failing_since(tx: &mut WriteTx, seq: i64, since: Timestamp) -> Result<(), StoreError> {
    let done = sqlx::query("UPDATE webhooks SET failing_since = ?2 WHERE seq = ?1")
        .bind(seq)
        .bind(since.as_millis())
        .execute(tx.sql())
        .await?;
    tx.mark_changed();
    sqlite::affected("note the health of an endpoint", 1, &done)
}
