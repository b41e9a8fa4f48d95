//! The rows of legal entities.

use super::{Conn, WriteTx, sealed::Sealed};
use crate::store::{
    PageRequest, Rows, StoreError,
    sqlite::{self, Millis, from_json},
};
use contract::{
    ids::{ClientId, LegalEntityId},
    legal_entities::{LegalEntity, LegalEntityType},
    text::{Country, Name},
};
use serde::Deserialize;

macro_rules! row {
    () => {
        "json_array(seq, id, client_id, parent_legal_entity_id, name, type, jurisdiction, created_at, updated_at)"
    };
}

macro_rules! find {
    ($rest:literal) => {
        concat!("SELECT ", row!(), " FROM legal_entities ", $rest)
    };
}

macro_rules! page {
    ($rest:literal) => {
        concat!(
            "SELECT json_group_array(",
            row!(),
            ") FROM (SELECT * FROM legal_entities ",
            $rest,
            ")"
        )
    };
}

#[derive(Deserialize)]
struct Row(
    i64,
    LegalEntityId,
    ClientId,
    Option<LegalEntityId>,
    Name,
    LegalEntityType,
    Country,
    Millis,
    Millis,
);

impl From<Row> for (i64, LegalEntity) {
    fn from(row: Row) -> Self {
        let Row(
            seq,
            id,
            client_id,
            parent_legal_entity_id,
            name,
            r#type,
            jurisdiction,
            created_at,
            updated_at,
        ) = row;
        let entity = LegalEntity {
            id,
            client_id,
            parent_legal_entity_id,
            name,
            r#type,
            jurisdiction,
            created_at: created_at.into(),
            updated_at: updated_at.into(),
        };
        (seq, entity)
    }
}

/// The legal entity with this id.
///
/// # Errors
/// When the database fails.
pub async fn find(conn: &mut impl Conn, id: &LegalEntityId) -> Result<Option<LegalEntity>, StoreError> {
    let row = sqlx::query(find!("WHERE id = ?1"))
        .bind(id.as_str())
        .fetch_optional(conn.sql())
        .await?;
    row.map(|row| Ok(<(i64, LegalEntity)>::from(from_json::<Row>(&row)?).1))
        .transpose()
}

/// A page of a client's legal entities, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn page(
    conn: &mut impl Conn,
    client: &ClientId,
    page: PageRequest,
) -> Result<Rows<LegalEntity>, StoreError> {
    let found = sqlx::query(page!("WHERE client_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3"))
        .bind(client.as_str())
        .bind(page.start())
        .bind(page.probe())
        .fetch_one(conn.sql())
        .await?;
    Ok(Rows::of(page, from_json::<Vec<Row>>(&found)?))
}

/// Adds a legal entity.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut WriteTx, new: &LegalEntity) -> Result<(), StoreError> {
    let done = sqlx::query(
        "INSERT INTO legal_entities (id, client_id, parent_legal_entity_id, name, type, jurisdiction, created_at,
                                     updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )
    .bind(new.id.as_str())
    .bind(new.client_id.as_str())
    .bind(new.parent_legal_entity_id.as_ref().map(LegalEntityId::as_str))
    .bind(new.name.as_str())
    .bind(new.r#type.as_str())
    .bind(new.jurisdiction.as_str())
    .bind(new.created_at.as_millis())
    .bind(new.updated_at.as_millis())
    .execute(tx.sql())
    .await?;
    sqlite::affected("add a legal entity", 1, &done)
}

/// Writes a legal entity over.
///
/// # Errors
/// When the database fails or there is no such legal entity.
pub async fn update(tx: &mut WriteTx, entity: &LegalEntity) -> Result<(), StoreError> {
    let done = sqlx::query(
        "UPDATE legal_entities SET parent_legal_entity_id = ?2, name = ?3, type = ?4, jurisdiction = ?5,
                                   updated_at = ?6
         WHERE id = ?1",
    )
    .bind(entity.id.as_str())
    .bind(entity.parent_legal_entity_id.as_ref().map(LegalEntityId::as_str))
    .bind(entity.name.as_str())
    .bind(entity.r#type.as_str())
    .bind(entity.jurisdiction.as_str())
    .bind(entity.updated_at.as_millis())
    .execute(tx.sql())
    .await?;
    sqlite::affected("change a legal entity", 1, &done)
}

/// Removes a legal entity.
///
/// # Errors
/// When the database fails, there is no such legal entity, or something depends on it.
pub async fn delete(tx: &mut WriteTx, id: &LegalEntityId) -> Result<(), StoreError> {
    let done = sqlx::query("DELETE FROM legal_entities WHERE id = ?1")
        .bind(id.as_str())
        .execute(tx.sql())
        .await?;
    sqlite::affected("delete a legal entity", 1, &done)
}

/// What depends on a legal entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dependants {
    /// Entities directly under it.
    pub legal_entities: u32,
    /// Its accounts.
    pub accounts: u32,
    /// Its depositories.
    pub depositories: u32,
    /// The authorities granted for it, whatever their status.
    pub authorities: u32,
}

/// Counts what depends on a legal entity.
///
/// # Errors
/// When the database fails.
pub async fn dependants(conn: &mut impl Conn, id: &LegalEntityId) -> Result<Dependants, StoreError> {
    let (legal_entities, accounts, depositories, authorities) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM legal_entities WHERE parent_legal_entity_id = ?1),
                (SELECT count(*) FROM accounts WHERE legal_entity_id = ?1),
                (SELECT count(*) FROM depositories WHERE legal_entity_id = ?1),
                (SELECT count(*) FROM authorities WHERE legal_entity_id = ?1)",
    )
    .bind(id.as_str())
    .fetch_one(conn.sql())
    .await?;
    Ok(Dependants {
        legal_entities,
        accounts,
        depositories,
        authorities,
    })
}

/// Whether `ancestor` is `id` itself or stands above it.
///
/// # Errors
/// When the database fails.
pub async fn stands_above(
    conn: &mut impl Conn,
    ancestor: &LegalEntityId,
    id: &LegalEntityId,
) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar(
        "WITH RECURSIVE above (id) AS (
             SELECT ?2
             UNION SELECT e.parent_legal_entity_id FROM legal_entities e JOIN above ON e.id = above.id
             WHERE e.parent_legal_entity_id IS NOT NULL
         )
         SELECT EXISTS (SELECT 1 FROM above WHERE id = ?1)",
    )
    .bind(ancestor.as_str())
    .bind(id.as_str())
    .fetch_one(conn.sql())
    .await?)
}
