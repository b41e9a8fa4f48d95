//! The rows of inboxes and of what has arrived at them.

use super::{Conn, WriteTx, sealed::Sealed};
use crate::store::{
    PageRequest, Rows, StoreError, by_position,
    sqlite::{self, Millis, from_json},
};
use contract::{
    Timestamp,
    deliveries::HeaderLine,
    ids::{InboxId, InboxMessageId, WebhookId},
    inboxes::{InboxAnswer, InboxMessage, KEPT, Verification},
    text::Name,
};
use serde::{Deserialize, Serialize};

/// An inbox as it is stored: its URL follows from where the API is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredInbox {
    /// Its id.
    pub id: InboxId,
    /// What people call it.
    pub name: Option<Name>,
    /// How it answers.
    pub answers: Vec<InboxAnswer>,
    /// How many messages have arrived.
    pub received: u32,
    /// How many answers were given since they were last changed.
    pub answered: u32,
    /// When it was created, in real time.
    pub created_at: Timestamp,
}

macro_rules! row {
    () => {
        "json_array(seq, id, name, json(answers), received, answered, created_at)"
    };
}

#[derive(Deserialize)]
struct Row(i64, InboxId, Option<Name>, Vec<InboxAnswer>, u32, u32, Millis);

impl From<Row> for (i64, StoredInbox) {
    fn from(Row(seq, id, name, answers, received, answered, created_at): Row) -> Self {
        let inbox = StoredInbox {
            id,
            name,
            answers,
            received,
            answered,
            created_at: created_at.into(),
        };
        (seq, inbox)
    }
}

/// The inbox with this id, and its number.
///
/// # Errors
/// When the database fails.
pub async fn find(conn: &mut impl Conn, id: &InboxId) -> Result<Option<(i64, StoredInbox)>, StoreError> {
    let row = sqlx::query(concat!("SELECT ", row!(), " FROM inboxes WHERE id = ?1"))
        .bind(id.as_str())
        .fetch_optional(conn.sql())
        .await?;
    row.map(|row| Ok(from_json::<Row>(&row)?.into())).transpose()
}

/// A page of the inboxes, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn page(conn: &mut impl Conn, page: PageRequest) -> Result<Rows<StoredInbox>, StoreError> {
    let found = sqlx::query(concat!(
        "SELECT json_group_array(",
        row!(),
        ") FROM (SELECT * FROM inboxes WHERE seq > ?1 ORDER BY seq LIMIT ?2)"
    ))
    .bind(page.start())
    .bind(page.probe())
    .fetch_one(conn.sql())
    .await?;
    Ok(Rows::of(page, from_json::<Vec<Row>>(&found)?))
}

/// How many inboxes there are.
///
/// # Errors
/// When the database fails.
pub async fn count(conn: &mut impl Conn) -> Result<u32, StoreError> {
    Ok(sqlx::query_scalar("SELECT count(*) FROM inboxes")
        .fetch_one(conn.sql())
        .await?)
}

fn json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Inconsistent(error.to_string()))
}

/// Adds an inbox.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut WriteTx, new: &StoredInbox) -> Result<(), StoreError> {
    let done = sqlx::query(
        "INSERT INTO inboxes (id, name, answers, received, answered, created_at) VALUES (?1, ?2, ?3, 0, 0, ?4)",
    )
    .bind(new.id.as_str())
    .bind(new.name.as_ref().map(Name::as_str))
    .bind(json(&new.answers)?)
    .bind(new.created_at.as_millis())
    .execute(tx.sql())
    .await?;
    tx.mark_changed();
    sqlite::affected("make an inbox", 1, &done)
}

/// Has an inbox answer otherwise, beginning with the first answer.
///
/// # Errors
/// When the database fails or there is no such inbox.
pub async fn script(tx: &mut WriteTx, id: &InboxId, answers: &[InboxAnswer]) -> Result<(), StoreError> {
    let done = sqlx::query("UPDATE inboxes SET answers = ?2, answered = 0 WHERE id = ?1")
        .bind(id.as_str())
        .bind(json(&answers)?)
        .execute(tx.sql())
        .await?;
    tx.mark_changed();
    sqlite::affected("script an inbox", 1, &done)
}

/// Deletes an inbox with what it keeps.
///
/// # Errors
/// When the database fails or there is no such inbox.
pub async fn delete(tx: &mut WriteTx, id: &InboxId) -> Result<(), StoreError> {
    let done = sqlx::query("DELETE FROM inboxes WHERE id = ?1")
        .bind(id.as_str())
        .execute(tx.sql())
        .await?;
    tx.mark_changed();
    sqlite::affected("delete an inbox", 1, &done)
}

/// Keeps a message; of too many, the oldest goes.
///
/// # Errors
/// When the database fails.
pub async fn receive(tx: &mut WriteTx, inbox: i64, new: &InboxMessage) -> Result<(), StoreError> {
    let done =
        sqlx::query("UPDATE inboxes SET received = received + 1, answered = answered + 1 WHERE seq = ?1")
            .bind(inbox)
            .execute(tx.sql())
            .await?;
    sqlite::affected("count a message", 1, &done)?;
    let done = sqlx::query(
        "INSERT INTO inbox_messages (id, inbox_seq, received_at, method, headers, body, verification, webhook_id,
                                     answered_status)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )
    .bind(new.id.as_str())
    .bind(inbox)
    .bind(new.received_at.as_millis())
    .bind(&new.method)
    .bind(json(&new.headers)?)
    .bind(&new.body)
    .bind(new.verification.as_str())
    .bind(new.webhook_id.as_ref().map(WebhookId::as_str))
    .bind(new.answered_status)
    .execute(tx.sql())
    .await?;
    sqlite::affected("keep a message", 1, &done)?;
    sqlx::query(
        "DELETE FROM inbox_messages WHERE inbox_seq = ?1 AND seq <= (
             SELECT seq FROM inbox_messages WHERE inbox_seq = ?1 ORDER BY seq DESC LIMIT 1 OFFSET ?2)",
    )
    .bind(inbox)
    .bind(KEPT)
    .execute(tx.sql())
    .await?;
    tx.mark_changed();
    Ok(())
}

#[derive(Deserialize)]
struct Message(
    i64,
    InboxMessageId,
    Millis,
    String,
    Vec<HeaderLine>,
    String,
    Verification,
    Option<WebhookId>,
    u16,
);

impl From<Message> for (i64, InboxMessage) {
    fn from(row: Message) -> Self {
        let Message(seq, id, received_at, method, headers, body, verification, webhook_id, status) = row;
        let message = InboxMessage {
            id,
            received_at: received_at.into(),
            method,
            headers,
            body,
            verification,
            webhook_id,
            answered_status: status,
        };
        (seq, message)
    }
}

/// A page of what has arrived at an inbox, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn messages(
    conn: &mut impl Conn,
    inbox: i64,
    page: PageRequest,
) -> Result<Rows<InboxMessage>, StoreError> {
    let found = sqlx::query(
        "SELECT json_group_array(json_array(seq, id, received_at, method, json(headers), body, verification,
                                            webhook_id, answered_status))
         FROM (SELECT * FROM inbox_messages WHERE inbox_seq = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3)",
    )
    .bind(inbox)
    .bind(page.start())
    .bind(page.probe())
    .fetch_one(conn.sql())
    .await?;
    Ok(Rows::of(page, from_json::<Vec<Message>>(&found)?))
}

/// The latest messages of an inbox, latest first.
///
/// # Errors
/// When the database fails.
pub async fn latest_messages(
    conn: &mut impl Conn,
    inbox: i64,
    limit: u16,
) -> Result<Vec<InboxMessage>, StoreError> {
    let found = sqlx::query(
        "SELECT json_group_array(json_array(seq, id, received_at, method, json(headers), body, verification,
                                            webhook_id, answered_status))
         FROM (SELECT * FROM inbox_messages WHERE inbox_seq = ?1 ORDER BY seq DESC LIMIT ?2)",
    )
    .bind(inbox)
    .bind(limit)
    .fetch_one(conn.sql())
    .await?;
    let rows = by_position(from_json::<Vec<Message>>(&found)?);
    Ok(rows.into_iter().rev().map(|(_, message)| message).collect())
}
