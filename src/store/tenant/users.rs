//! The rows of users, and what they may look at.

use super::{Conn, WriteTx, sealed::Sealed};
use crate::store::{
    PageRequest, Rows, StoreError,
    sqlite::{self, Millis, from_json},
};
use contract::{
    Timestamp,
    ids::{ClientId, ReportingEntityId, UserId},
    text::{Email, Name},
    users::{User, UserStatus},
};
use serde::Deserialize;

macro_rules! row {
    () => {
        "json_array(seq, id, client_id, email, first_name, last_name, status,
                    json((SELECT json_group_array(m.reporting_entity_id ORDER BY m.position)
                     FROM user_reporting_entities m WHERE m.user_id = u.id)),
                    created_at, updated_at)"
    };
}

#[derive(Deserialize)]
struct Row(
    i64,
    UserId,
    ClientId,
    Email,
    Name,
    Name,
    UserStatus,
    Vec<ReportingEntityId>,
    Millis,
    Millis,
);

impl From<Row> for (i64, User) {
    fn from(row: Row) -> Self {
        let Row(seq, id, client_id, email, first_name, last_name, status, entities, created_at, updated_at) =
            row;
        let user = User {
            id,
            client_id,
            email,
            first_name,
            last_name,
            status,
            reporting_entity_ids: entities,
            created_at: created_at.into(),
            updated_at: updated_at.into(),
        };
        (seq, user)
    }
}

/// The user with this id.
///
/// # Errors
/// When the database fails.
pub async fn find(conn: &mut impl Conn, id: &UserId) -> Result<Option<User>, StoreError> {
    let row = sqlx::query(concat!("SELECT ", row!(), " FROM users u WHERE id = ?1"))
        .bind(id.as_str())
        .fetch_optional(conn.sql())
        .await?;
    row.map(|row| Ok(<(i64, User)>::from(from_json::<Row>(&row)?).1))
        .transpose()
}

/// The id of the user with this e-mail address, whatever the case of its letters.
///
/// # Errors
/// When the database fails.
pub async fn with_email(conn: &mut impl Conn, email: &Email) -> Result<Option<String>, StoreError> {
    Ok(sqlx::query_scalar("SELECT id FROM users WHERE email = ?1")
        .bind(email.as_str())
        .fetch_optional(conn.sql())
        .await?)
}

/// A page of a client's users, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn page(
    conn: &mut impl Conn,
    client: &ClientId,
    page: PageRequest,
) -> Result<Rows<User>, StoreError> {
    let found = sqlx::query(concat!(
        "SELECT json_group_array(",
        row!(),
        ") FROM (SELECT * FROM users WHERE client_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3) u"
    ))
    .bind(client.as_str())
    .bind(page.start())
    .bind(page.probe())
    .fetch_one(conn.sql())
    .await?;
    Ok(Rows::of(page, from_json::<Vec<Row>>(&found)?))
}

/// Adds a user.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut WriteTx, new: &User) -> Result<(), StoreError> {
    let done = sqlx::query(
        "INSERT INTO users (id, client_id, email, first_name, last_name, status, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )
    .bind(new.id.as_str())
    .bind(new.client_id.as_str())
    .bind(new.email.as_str())
    .bind(new.first_name.as_str())
    .bind(new.last_name.as_str())
    .bind(new.status.as_str())
    .bind(new.created_at.as_millis())
    .bind(new.updated_at.as_millis())
    .execute(tx.sql())
    .await?;
    sqlite::affected("add a user", 1, &done)?;
    set_entities(tx, new).await
}

/// Writes a user over.
///
/// # Errors
/// When the database fails or there is no such user.
pub async fn update(tx: &mut WriteTx, user: &User) -> Result<(), StoreError> {
    let done = sqlx::query(
        "UPDATE users SET email = ?2, first_name = ?3, last_name = ?4, status = ?5, updated_at = ?6 WHERE id = ?1",
    )
    .bind(user.id.as_str())
    .bind(user.email.as_str())
    .bind(user.first_name.as_str())
    .bind(user.last_name.as_str())
    .bind(user.status.as_str())
    .bind(user.updated_at.as_millis())
    .execute(tx.sql())
    .await?;
    sqlite::affected("change a user", 1, &done)?;
    set_entities(tx, user).await
}

async fn set_entities(tx: &mut WriteTx, user: &User) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM user_reporting_entities WHERE user_id = ?1")
        .bind(user.id.as_str())
        .execute(tx.sql())
        .await?;
    let done = sqlx::query(
        "INSERT INTO user_reporting_entities (user_id, position, reporting_entity_id)
         SELECT ?1, key, value FROM json_each(?2)",
    )
    .bind(user.id.as_str())
    .bind(json(&user.reporting_entity_ids))
    .execute(tx.sql())
    .await?;
    sqlite::affected(
        "set what a user looks at",
        user.reporting_entity_ids.len() as u64,
        &done,
    )
}

/// Ids as a JSON array, in which no character of theirs needs escaping.
fn json(ids: &[ReportingEntityId]) -> String {
    ids.iter()
        .map(ReportingEntityId::as_str)
        .collect::<serde_json::Value>()
        .to_string()
}

/// Removes a user, and the user's invites.
///
/// # Errors
/// When the database fails or there is no such user.
pub async fn delete(tx: &mut WriteTx, id: &UserId) -> Result<(), StoreError> {
    let done = sqlx::query("DELETE FROM users WHERE id = ?1")
        .bind(id.as_str())
        .execute(tx.sql())
        .await?;
    sqlite::affected("delete a user", 1, &done)
}

/// The positions, in `entities`, of those that are not reporting entities of `client`.
///
/// # Errors
/// When the database fails.
pub async fn foreign_entities(
    conn: &mut impl Conn,
    client: &ClientId,
    entities: &[ReportingEntityId],
) -> Result<Vec<u32>, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT given.key FROM json_each(?2) given WHERE NOT EXISTS (
             SELECT 1 FROM reporting_entities r WHERE r.id = given.value AND r.client_id = ?1)",
    )
    .bind(client.as_str())
    .bind(json(entities))
    .fetch_all(conn.sql())
    .await?)
}

/// Notes that the users who look at this reporting entity, which is about to go, changed.
///
/// # Errors
/// When the database fails.
pub async fn touch_those_with_entity(
    tx: &mut WriteTx,
    entity: &ReportingEntityId,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE users SET updated_at = ?2
         WHERE id IN (SELECT user_id FROM user_reporting_entities WHERE reporting_entity_id = ?1)",
    )
    .bind(entity.as_str())
    .bind(now.as_millis())
    .execute(tx.sql())
    .await?;
    Ok(())
}
