//! The rows of clients.

use super::{Conn, WriteTx, sealed::Sealed};
use crate::store::{
    PageRequest, Rows, StoreError,
    sqlite::{self, column, instant, one_of, parsed, parsed_if_any},
};
use contract::{
    clients::{AccountingMethod, Client},
    ids::ClientId,
};
use sqlx::sqlite::SqliteRow;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT seq, id, name, parent_id, reference_currency, accounting_method, created_at, updated_at
             FROM clients ",
            $rest
        )
    };
}

fn client(row: &SqliteRow) -> Result<(i64, Client), StoreError> {
    let client = Client {
        id: parsed(row, 1)?,
        name: parsed(row, 2)?,
        parent_id: parsed_if_any(row, 3)?,
        reference_currency: parsed(row, 4)?,
        accounting_method: one_of(row, 5, AccountingMethod::from_text)?,
        created_at: instant(row, 6)?,
        updated_at: instant(row, 7)?,
    };
    Ok((column(row, 0)?, client))
}

/// The client with this id.
///
/// # Errors
/// When the database fails.
pub async fn find(conn: &mut impl Conn, id: &ClientId) -> Result<Option<Client>, StoreError> {
    let row = sqlx::query(select!("WHERE id = ?1"))
        .bind(id.as_str())
        .fetch_optional(conn.sql())
        .await?;
    row.map(|row| Ok(client(&row)?.1)).transpose()
}

/// A page of all clients, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn page(conn: &mut impl Conn, page: PageRequest) -> Result<Rows<Client>, StoreError> {
    let rows = sqlx::query(select!("WHERE seq > ?1 ORDER BY seq LIMIT ?2"))
        .bind(page.start())
        .bind(page.probe())
        .fetch_all(conn.sql())
        .await?;
    Rows::of(page, rows, client)
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

/// What depends on a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dependants {
    /// Clients nested directly under it.
    pub clients: u32,
    /// Its legal entities.
    pub legal_entities: u32,
    /// Its reporting entities.
    pub reporting_entities: u32,
}

/// Counts what depends on a client.
///
/// # Errors
/// When the database fails.
pub async fn dependants(conn: &mut impl Conn, id: &ClientId) -> Result<Dependants, StoreError> {
    let (clients, legal_entities, reporting_entities) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM clients WHERE parent_id = ?1),
                (SELECT count(*) FROM legal_entities WHERE client_id = ?1),
                (SELECT count(*) FROM reporting_entities WHERE client_id = ?1)",
    )
    .bind(id.as_str())
    .fetch_one(conn.sql())
    .await?;
    Ok(Dependants {
        clients,
        legal_entities,
        reporting_entities,
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
