//! What an endpoint's own answers prove of it.

use super::super::{Conn, WriteTx, sealed::Sealed};
use crate::store::{
    StoreError,
    sqlite::{Millis, from_json},
};
use contract::{
    Timestamp,
    ids::{DeliveryId, WebhookId},
    text::Url,
};
use serde::Deserialize;

/// A delivery that proves something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The endpoint.
    pub webhook: WebhookId,
    /// Its address.
    pub url: Url,
    /// The genuine delivery that it accepted first.
    pub accepted: (DeliveryId, Timestamp),
    /// The forged one that it refused, with its status.
    pub refused: Option<(DeliveryId, u16, Timestamp)>,
}

/// Notes that an endpoint accepted a genuine delivery: it does not fail any more, and the first one is its proof.
///
/// # Errors
/// When the database fails.
pub async fn note_acceptance(tx: &mut WriteTx, webhook: i64, delivery: i64) -> Result<(), StoreError> {
    let done = sqlx::query(
        "UPDATE webhooks SET failing_since = NULL, accepts = 1,
             accepted_at = CASE WHEN accepted_delivery IS NULL THEN ?3 ELSE accepted_at END,
             accepted_delivery = coalesce(accepted_delivery, (SELECT id FROM deliveries WHERE seq = ?2))
         WHERE seq = ?1 AND (failing_since IS NOT NULL OR accepted_delivery IS NULL OR accepts = 0)",
    )
    .bind(webhook)
    .bind(delivery)
    .bind(tx.began_at().as_millis())
    .execute(tx.sql())
    .await?;
    if done.rows_affected() > 0 {
        tx.mark_changed();
    }
    Ok(())
}

/// Notes that nobody knows yet whether an endpoint accepts anything: it is new where it is now.
///
/// # Errors
/// When the database fails.
pub async fn doubt(tx: &mut WriteTx, webhook: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE webhooks SET accepts = 0 WHERE seq = ?1")
        .bind(webhook)
        .execute(tx.sql())
        .await?;
    Ok(())
}

/// Notes that an endpoint refused a forged delivery with this status, unless it has refused one before. An inbox answers
/// as it is told, whatever the signature: that proves nothing.
///
/// # Errors
/// When the database fails.
pub async fn note_refusal(tx: &mut WriteTx, delivery: i64, status: u16) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE webhooks SET refused_delivery = d.id, refused_status = ?3, refused_at = ?2 FROM deliveries d
         WHERE d.seq = ?1 AND webhooks.seq = d.webhook_seq AND refused_delivery IS NULL
               AND url NOT GLOB '*/inbox/sbx_*'",
    )
    .bind(delivery)
    .bind(tx.began_at().as_millis())
    .bind(status)
    .execute(tx.sql())
    .await?;
    Ok(())
}

/// Takes back that an endpoint refused what was forged: it has accepted such a thing.
///
/// # Errors
/// When the database fails.
pub async fn withdraw_refusal(tx: &mut WriteTx, webhook: i64) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE webhooks SET refused_delivery = NULL, refused_status = NULL, refused_at = NULL WHERE seq = ?1",
    )
    .bind(webhook)
    .execute(tx.sql())
    .await?;
    Ok(())
}

#[derive(Deserialize)]
struct Row(
    WebhookId,
    Url,
    DeliveryId,
    Millis,
    Option<DeliveryId>,
    Option<u16>,
    Option<Millis>,
);

/// The proofs of the endpoints that there are, the earliest first.
///
/// # Errors
/// When the database fails.
pub async fn all(conn: &mut impl Conn) -> Result<Vec<Proof>, StoreError> {
    let row = sqlx::query(
        "SELECT json_group_array(json_array(id, url, accepted_delivery, accepted_at, refused_delivery, refused_status,
                                            refused_at))
         FROM (SELECT * FROM webhooks WHERE accepted_delivery IS NOT NULL ORDER BY accepted_at, seq)",
    )
    .fetch_one(conn.sql())
    .await?;
    let proof = |Row(webhook, url, accepted, accepted_at, refused, status, refused_at): Row| Proof {
        webhook,
        url,
        accepted: (accepted, accepted_at.into()),
        refused: refused
            .zip(status)
            .zip(refused_at)
            .map(|((id, status), at)| (id, status, at.into())),
    };
    Ok(from_json::<Vec<Row>>(&row)?.into_iter().map(proof).collect())
}
