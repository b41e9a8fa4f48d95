//! The rows of depositories.

use super::{Conn, WriteTx, sealed::Sealed};
use crate::store::{
    PageRequest, Rows, StoreError,
    sqlite::{self, column, instant, parsed, parsed_if_any, parsed_list},
};
use contract::{
    depositories::Depository,
    ids::{CustodianId, DepositoryId, LegalEntityId},
    text::ExternalIdentifier,
};
use sqlx::sqlite::SqliteRow;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT seq, id, legal_entity_id, custodian_id, name, external_identifier, created_at, updated_at,
                    (SELECT json_group_array(l.account_id ORDER BY l.account_id) FROM account_depositories l
                     WHERE l.depository_id = d.id)
             FROM depositories d ",
            $rest
        )
    };
}

fn depository(row: &SqliteRow) -> Result<(i64, Depository), StoreError> {
    let depository = Depository {
        id: parsed(row, 1)?,
        legal_entity_id: parsed(row, 2)?,
        custodian_id: parsed(row, 3)?,
        name: parsed(row, 4)?,
        external_identifier: parsed_if_any(row, 5)?,
        account_ids: parsed_list(row, 8)?,
        created_at: instant(row, 6)?,
        updated_at: instant(row, 7)?,
    };
    Ok((column(row, 0)?, depository))
}

/// The depository with this id.
///
/// # Errors
/// When the database fails.
pub async fn find(conn: &mut impl Conn, id: &DepositoryId) -> Result<Option<Depository>, StoreError> {
    let row = sqlx::query(select!("WHERE id = ?1"))
        .bind(id.as_str())
        .fetch_optional(conn.sql())
        .await?;
    row.map(|row| Ok(depository(&row)?.1)).transpose()
}

/// A page of all depositories, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn page(conn: &mut impl Conn, page: PageRequest) -> Result<Rows<Depository>, StoreError> {
    let rows = sqlx::query(select!("WHERE seq > ?1 ORDER BY seq LIMIT ?2"))
        .bind(page.start())
        .bind(page.probe())
        .fetch_all(conn.sql())
        .await?;
    Rows::of(page, rows, depository)
}

/// A page of a legal entity's depositories, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn page_of(
    conn: &mut impl Conn,
    entity: &LegalEntityId,
    page: PageRequest,
) -> Result<Rows<Depository>, StoreError> {
    let rows = sqlx::query(select!(
        "WHERE legal_entity_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3"
    ))
    .bind(entity.as_str())
    .bind(page.start())
    .bind(page.probe())
    .fetch_all(conn.sql())
    .await?;
    Rows::of(page, rows, depository)
}

/// Adds a depository.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut WriteTx, new: &Depository) -> Result<(), StoreError> {
    let done = sqlx::query(
        "INSERT INTO depositories (id, legal_entity_id, custodian_id, name, external_identifier, created_at,
                                   updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )
    .bind(new.id.as_str())
    .bind(new.legal_entity_id.as_str())
    .bind(new.custodian_id.as_str())
    .bind(new.name.as_str())
    .bind(new.external_identifier.as_ref().map(ExternalIdentifier::as_str))
    .bind(new.created_at.as_millis())
    .bind(new.updated_at.as_millis())
    .execute(tx.sql())
    .await?;
    sqlite::affected("add a depository", 1, &done)
}

/// Writes a depository over; the accounts that settle into it are the accounts' own business.
///
/// # Errors
/// When the database fails or there is no such depository.
pub async fn update(tx: &mut WriteTx, depository: &Depository) -> Result<(), StoreError> {
    let done = sqlx::query(
        "UPDATE depositories SET custodian_id = ?2, name = ?3, external_identifier = ?4, updated_at = ?5
         WHERE id = ?1",
    )
    .bind(depository.id.as_str())
    .bind(depository.custodian_id.as_str())
    .bind(depository.name.as_str())
    .bind(
        depository
            .external_identifier
            .as_ref()
            .map(ExternalIdentifier::as_str),
    )
    .bind(depository.updated_at.as_millis())
    .execute(tx.sql())
    .await?;
    sqlite::affected("change a depository", 1, &done)
}

/// Removes a depository.
///
/// # Errors
/// When the database fails, there is no such depository, or something depends on it.
pub async fn delete(tx: &mut WriteTx, id: &DepositoryId) -> Result<(), StoreError> {
    let done = sqlx::query("DELETE FROM depositories WHERE id = ?1")
        .bind(id.as_str())
        .execute(tx.sql())
        .await?;
    sqlite::affected("delete a depository", 1, &done)
}

/// Which depository of this custodian has this identifier.
///
/// # Errors
/// When the database fails.
pub async fn with_identifier(
    conn: &mut impl Conn,
    custodian: &CustodianId,
    identifier: &ExternalIdentifier,
) -> Result<Option<DepositoryId>, StoreError> {
    let row = sqlx::query("SELECT id FROM depositories WHERE custodian_id = ?1 AND external_identifier = ?2")
        .bind(custodian.as_str())
        .bind(identifier.as_str())
        .fetch_optional(conn.sql())
        .await?;
    row.map(|row| parsed(&row, 0)).transpose()
}

/// What depends on a depository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dependants {
    /// The accounts that settle into it.
    pub accounts: u32,
    /// The transactions that name it.
    pub transactions: u32,
}

/// Counts what depends on a depository.
///
/// # Errors
/// When the database fails.
pub async fn dependants(conn: &mut impl Conn, id: &DepositoryId) -> Result<Dependants, StoreError> {
    let (accounts, transactions) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM account_depositories WHERE depository_id = ?1),
                (SELECT count(*) FROM transactions WHERE depository_id = ?1)
                + (SELECT count(*) FROM transactions WHERE counterparty_depository_id = ?1)",
    )
    .bind(id.as_str())
    .fetch_one(conn.sql())
    .await?;
    Ok(Dependants {
        accounts,
        transactions,
    })
}
