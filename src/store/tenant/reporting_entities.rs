//! The rows of reporting entities.

use super::{Conn, WriteTx, sealed::Sealed};
use crate::store::{
    PageRequest, Rows, StoreError,
    sqlite::{self, Millis, from_json},
};
use contract::{
    ids::{ClientId, ReportingEntityId},
    reporting_entities::ReportingEntity,
    text::{Currency, Name},
};
use serde::Deserialize;

macro_rules! row {
    () => {
        "json_array(seq, id, client_id, parent_reporting_entity_id, name, currency, created_at, updated_at)"
    };
}

macro_rules! find {
    ($rest:literal) => {
        concat!("SELECT ", row!(), " FROM reporting_entities ", $rest)
    };
}

macro_rules! page {
    ($rest:literal) => {
        concat!(
            "SELECT json_group_array(",
            row!(),
            ") FROM (SELECT * FROM reporting_entities ",
            $rest,
            ")"
        )
    };
}

#[derive(Deserialize)]
struct Row(
    i64,
    ReportingEntityId,
    ClientId,
    Option<ReportingEntityId>,
    Name,
    Currency,
    Millis,
    Millis,
);

impl From<Row> for (i64, ReportingEntity) {
    fn from(row: Row) -> Self {
        let Row(seq, id, client_id, parent_reporting_entity_id, name, currency, created_at, updated_at) = row;
        let entity = ReportingEntity {
            id,
            client_id,
            parent_reporting_entity_id,
            name,
            currency,
            created_at: created_at.into(),
            updated_at: updated_at.into(),
        };
        (seq, entity)
    }
}

/// The reporting entity with this id.
///
/// # Errors
/// When the database fails.
pub async fn find(
    conn: &mut impl Conn,
    id: &ReportingEntityId,
) -> Result<Option<ReportingEntity>, StoreError> {
    let row = sqlx::query(find!("WHERE id = ?1"))
        .bind(id.as_str())
        .fetch_optional(conn.sql())
        .await?;
    row.map(|row| Ok(<(i64, ReportingEntity)>::from(from_json::<Row>(&row)?).1))
        .transpose()
}

/// A page of a client's reporting entities, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn page(
    conn: &mut impl Conn,
    client: &ClientId,
    page: PageRequest,
) -> Result<Rows<ReportingEntity>, StoreError> {
    let found = sqlx::query(page!("WHERE client_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3"))
        .bind(client.as_str())
        .bind(page.start())
        .bind(page.probe())
        .fetch_one(conn.sql())
        .await?;
    Ok(Rows::of(page, from_json::<Vec<Row>>(&found)?))
}

/// Every reporting entity with its currency, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn currencies(conn: &mut impl Conn) -> Result<Vec<(ReportingEntityId, Currency)>, StoreError> {
    let found =
        sqlx::query("SELECT json_group_array(json_array(id, currency) ORDER BY seq) FROM reporting_entities")
            .fetch_one(conn.sql())
            .await?;
    from_json(&found)
}

/// Adds a reporting entity.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut WriteTx, new: &ReportingEntity) -> Result<(), StoreError> {
    let done = sqlx::query(
        "INSERT INTO reporting_entities (id, client_id, parent_reporting_entity_id, name, currency, created_at,
                                         updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )
    .bind(new.id.as_str())
    .bind(new.client_id.as_str())
    .bind(
        new.parent_reporting_entity_id
            .as_ref()
            .map(ReportingEntityId::as_str),
    )
    .bind(new.name.as_str())
    .bind(new.currency.as_str())
    .bind(new.created_at.as_millis())
    .bind(new.updated_at.as_millis())
    .execute(tx.sql())
    .await?;
    sqlite::affected("add a reporting entity", 1, &done)
}

/// Writes a reporting entity over.
///
/// # Errors
/// When the database fails or there is no such reporting entity.
pub async fn update(tx: &mut WriteTx, entity: &ReportingEntity) -> Result<(), StoreError> {
    let done = sqlx::query(
        "UPDATE reporting_entities SET parent_reporting_entity_id = ?2, name = ?3, currency = ?4, updated_at = ?5
         WHERE id = ?1",
    )
    .bind(entity.id.as_str())
    .bind(
        entity
            .parent_reporting_entity_id
            .as_ref()
            .map(ReportingEntityId::as_str),
    )
    .bind(entity.name.as_str())
    .bind(entity.currency.as_str())
    .bind(entity.updated_at.as_millis())
    .execute(tx.sql())
    .await?;
    sqlite::affected("change a reporting entity", 1, &done)
}

/// Removes a reporting entity.
///
/// # Errors
/// When the database fails, there is no such reporting entity, or something depends on it.
pub async fn delete(tx: &mut WriteTx, id: &ReportingEntityId) -> Result<(), StoreError> {
    let done = sqlx::query("DELETE FROM reporting_entities WHERE id = ?1")
        .bind(id.as_str())
        .execute(tx.sql())
        .await?;
    sqlite::affected("delete a reporting entity", 1, &done)
}

/// What depends on a reporting entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dependants {
    /// Entities directly under it.
    pub reporting_entities: u32,
    /// Its portfolios.
    pub portfolios: u32,
}

/// Counts what depends on a reporting entity.
///
/// # Errors
/// When the database fails.
pub async fn dependants(conn: &mut impl Conn, id: &ReportingEntityId) -> Result<Dependants, StoreError> {
    let (reporting_entities, portfolios) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM reporting_entities WHERE parent_reporting_entity_id = ?1),
                (SELECT count(*) FROM portfolios WHERE reporting_entity_id = ?1)",
    )
    .bind(id.as_str())
    .fetch_one(conn.sql())
    .await?;
    Ok(Dependants {
        reporting_entities,
        portfolios,
    })
}

/// Whether `ancestor` is `id` itself or stands above it.
///
/// # Errors
/// When the database fails.
pub async fn stands_above(
    conn: &mut impl Conn,
    ancestor: &ReportingEntityId,
    id: &ReportingEntityId,
) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar(
        "WITH RECURSIVE above (id) AS (
             SELECT ?2
             UNION SELECT e.parent_reporting_entity_id FROM reporting_entities e JOIN above ON e.id = above.id
             WHERE e.parent_reporting_entity_id IS NOT NULL
         )
         SELECT EXISTS (SELECT 1 FROM above WHERE id = ?1)",
    )
    .bind(ancestor.as_str())
    .bind(id.as_str())
    .fetch_one(conn.sql())
    .await?)
}
