//! The rows of clients.

use super::{Conn, WriteTx, sealed::Sealed};
use crate::store::{
    PageRequest, Rows, StoreError,
    sqlite::{self, Millis, from_json},
};
use contract::{
    clients::{AccountingMethod, Client},
    ids::{ClientId, DepositoryId},
    text::{Currency, Name},
};
use serde::Deserialize;

macro_rules! row {
    () => {
        "json_array(seq, id, name, parent_id, reference_currency, accounting_method, created_at, updated_at)"
    };
}

macro_rules! find {
    ($rest:literal) => {
        concat!("SELECT ", row!(), " FROM clients ", $rest)
    };
}

macro_rules! page {
    ($rest:literal) => {
        concat!(
            "SELECT json_group_array(",
            row!(),
            ") FROM (SELECT * FROM clients ",
            $rest,
            ")"
        )
    };
}

#[derive(Deserialize)]
struct Row(
    i64,
    ClientId,
    Name,
    Option<ClientId>,
    Currency,
    AccountingMethod,
    Millis,
    Millis,
);

impl From<Row> for (i64, Client) {
    fn from(row: Row) -> Self {
        let Row(seq, id, name, parent_id, reference_currency, accounting_method, created_at, updated_at) =
            row;
        let client = Client {
            id,
            name,
            parent_id,
            reference_currency,
            accounting_method,
            created_at: created_at.into(),
            updated_at: updated_at.into(),
        };
        (seq, client)
    }
}

/// The client with this id.
///
/// # Errors
/// When the database fails.
pub async fn find(conn: &mut impl Conn, id: &ClientId) -> Result<Option<Client>, StoreError> {
    let row = sqlx::query(find!("WHERE id = ?1"))
        .bind(id.as_str())
        .fetch_optional(conn.sql())
        .await?;
    row.map(|row| Ok(<(i64, Client)>::from(from_json::<Row>(&row)?).1))
        .transpose()
}

/// A page of all clients, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn page(conn: &mut impl Conn, page: PageRequest) -> Result<Rows<Client>, StoreError> {
    let found = sqlx::query(page!("WHERE seq > ?1 ORDER BY seq LIMIT ?2"))
        .bind(page.start())
        .bind(page.probe())
        .fetch_one(conn.sql())
        .await?;
    Ok(Rows::of(page, from_json::<Vec<Row>>(&found)?))
}

/// Adds a client.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut WriteTx, new: &Client) -> Result<(), StoreError> {
    let done = sqlx::query(
        "INSERT INTO clients (id, name, parent_id, reference_currency, accounting_method, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )
    .bind(new.id.as_str())
    .bind(new.name.as_str())
    .bind(new.parent_id.as_ref().map(ClientId::as_str))
    .bind(new.reference_currency.as_str())
    .bind(new.accounting_method.as_str())
    .bind(new.created_at.as_millis())
    .bind(new.updated_at.as_millis())
    .execute(tx.sql())
    .await?;
    sqlite::affected("add a client", 1, &done)
}

/// Writes a client over.
///
/// # Errors
/// When the database fails or there is no such client.
pub async fn update(tx: &mut WriteTx, client: &Client) -> Result<(), StoreError> {
    let done = sqlx::query(
        "UPDATE clients SET name = ?2, parent_id = ?3, reference_currency = ?4, accounting_method = ?5,
                            updated_at = ?6
         WHERE id = ?1",
    )
    .bind(client.id.as_str())
    .bind(client.name.as_str())
    .bind(client.parent_id.as_ref().map(ClientId::as_str))
    .bind(client.reference_currency.as_str())
    .bind(client.accounting_method.as_str())
    .bind(client.updated_at.as_millis())
    .execute(tx.sql())
    .await?;
    sqlite::affected("change a client", 1, &done)
}

/// Removes a client.
///
/// # Errors
/// When the database fails, there is no such client, or something depends on it.
pub async fn delete(tx: &mut WriteTx, id: &ClientId) -> Result<(), StoreError> {
    let done = sqlx::query("DELETE FROM clients WHERE id = ?1")
        .bind(id.as_str())
        .execute(tx.sql())
        .await?;
    sqlite::affected("delete a client", 1, &done)
}

/// The depositories of a client's legal entities.
///
/// # Errors
/// When the database fails.
pub async fn depositories(conn: &mut impl Conn, id: &ClientId) -> Result<Vec<DepositoryId>, StoreError> {
    let found = sqlx::query(
        "SELECT json_group_array(d.id) FROM depositories d JOIN legal_entities e ON e.id = d.legal_entity_id
         WHERE e.client_id = ?1",
    )
    .bind(id.as_str())
    .fetch_one(conn.sql())
    .await?;
    from_json(&found)
}

/// What depends on a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dependants {
    /// Clients nested directly under it.
    pub clients: u32,
    /// Its legal entities.
    pub legal_entities: u32,
    /// Its reporting entities.
    pub reporting_entities: u32,
    /// Its users.
    pub users: u32,
}

/// Counts what depends on a client.
///
/// # Errors
/// When the database fails.
pub async fn dependants(conn: &mut impl Conn, id: &ClientId) -> Result<Dependants, StoreError> {
    let (clients, legal_entities, reporting_entities, users) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM clients WHERE parent_id = ?1),
                (SELECT count(*) FROM legal_entities WHERE client_id = ?1),
                (SELECT count(*) FROM reporting_entities WHERE client_id = ?1),
                (SELECT count(*) FROM users WHERE client_id = ?1)",
    )
    .bind(id.as_str())
    .fetch_one(conn.sql())
    .await?;
    Ok(Dependants {
        clients,
        legal_entities,
        reporting_entities,
        users,
    })
}

/// Whether `ancestor` is `id` itself or stands above it.
///
/// # Errors
/// When the database fails.
pub async fn stands_above(
    conn: &mut impl Conn,
    ancestor: &ClientId,
    id: &ClientId,
) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar(
        "WITH RECURSIVE above (id) AS (
             SELECT ?2
             UNION SELECT c.parent_id FROM clients c JOIN above ON c.id = above.id WHERE c.parent_id IS NOT NULL
         )
         SELECT EXISTS (SELECT 1 FROM above WHERE id = ?1)",
    )
    .bind(ancestor.as_str())
    .bind(id.as_str())
    .fetch_one(conn.sql())
    .await?)
}
