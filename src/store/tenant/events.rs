//! Events: what happened, in the order in which it happened, without a gap.

use super::{Conn, WriteTx, sealed::Sealed};
use crate::{
    ids,
    store::{
        PageRequest, Rows, StoreError,
        sqlite::{self, Millis, from_json},
    },
};
use contract::Timestamp;
use serde::Deserialize;
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
    /// Something is held that was not.
    PositionOpened,
    /// More, less, or something else is held.
    PositionUpdated,
    /// Nothing is held any more.
    PositionClosed,
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
            Self::PositionOpened => "position.opened",
            Self::PositionUpdated => "position.updated",
            Self::PositionClosed => "position.closed",
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

/// A stored event.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// `evt_` and a lower-case ULID.
    pub id: String,
    /// What it tells, as on the wire.
    pub kind: String,
    /// When it happened, in domain time.
    pub created_at: Timestamp,
    /// The details.
    pub data: Value,
}

/// A page of the events, in the order in which they happened; the position is the event's number, without a gap.
///
/// # Errors
/// When the database fails.
pub async fn page(conn: &mut impl Conn, page: PageRequest) -> Result<Rows<Event>, StoreError> {
    let found = sqlx::query(
        "SELECT json_group_array(json_array(seq, id, type, created_at, json(data)))
         FROM (SELECT * FROM events WHERE seq > ?1 ORDER BY seq LIMIT ?2)",
    )
    .bind(page.start())
    .bind(page.probe())
    .fetch_one(conn.sql())
    .await?;
    Ok(Rows::of(page, from_json::<Vec<Row>>(&found)?))
}

#[derive(Deserialize)]
struct Row(i64, String, String, Millis, Value);

impl From<Row> for (i64, Event) {
    fn from(Row(seq, id, kind, created_at, data): Row) -> Self {
        let event = Event {
            id,
            kind,
            created_at: created_at.into(),
            data,
        };
        (seq, event)
    }
}
