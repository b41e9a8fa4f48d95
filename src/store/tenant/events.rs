//! Events: what happened, in the order in which it happened, without a gap.

use super::{WriteTx, sealed::Sealed};
use crate::{
    ids,
    store::{StoreError, sqlite},
};
use contract::Timestamp;
use serde_json::Value;

/// What an event tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventType {
    /// A client was created.
    ClientCreated,
    /// A client was changed.
    ClientUpdated,
    /// A client was deleted.
    ClientDeleted,
    /// An account began to receive data from its custodian.
    AccountConnected,
    /// An account no longer receives data from its custodian.
    AccountDisconnected,
    /// An authority was reserved.
    AuthorityCreated,
    /// An authority was linked.
    AuthorityLinked,
    /// An authority's window was renewed.
    AuthorityRefreshed,
    /// An authority lapses in a week unless it is refreshed.
    AuthorityExpiring,
    /// An authority lapsed.
    AuthorityExpired,
    /// An authority was revoked.
    AuthorityRevoked,
    /// A transaction was entered.
    TransactionCreated,
    /// A transaction was deleted.
    TransactionDeleted,
}

impl EventType {
    /// The type as it stands on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ClientCreated => "client.created",
            Self::ClientUpdated => "client.updated",
            Self::ClientDeleted => "client.deleted",
            Self::AccountConnected => "account.connected",
            Self::AccountDisconnected => "account.disconnected",
            Self::AuthorityCreated => "authority.created",
            Self::AuthorityLinked => "authority.linked",
            Self::AuthorityRefreshed => "authority.refreshed",
            Self::AuthorityExpiring => "authority.expiring",
            Self::AuthorityExpired => "authority.expired",
            Self::AuthorityRevoked => "authority.revoked",
            Self::TransactionCreated => "transaction.created",
            Self::TransactionDeleted => "transaction.deleted",
        }
    }
}

/// Appends an event.
pub(super) async fn insert(
    tx: &mut WriteTx,
    at: Timestamp,
    kind: EventType,
    data: &Value,
) -> Result<(), StoreError> {
    let done = sqlx::query("INSERT INTO events (id, type, created_at, data) VALUES (?1, ?2, ?3, ?4)")
        .bind(ids::prefixed("evt_", at))
        .bind(kind.as_str())
        .bind(at.as_millis())
        .bind(data.to_string())
        .execute(tx.sql())
        .await?;
    sqlite::affected("append an event", 1, &done)
}

/// Moves every event by `millis`.
pub(super) async fn shift(tx: &mut WriteTx, millis: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE events SET created_at = created_at + ?1")
        .bind(millis)
        .execute(tx.sql())
        .await?;
    Ok(())
}
