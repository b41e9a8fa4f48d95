//! The rows of depositories.

use super::{Conn, WriteTx, sealed::Sealed};
use crate::store::{
    PageRequest, Rows, StoreError,
    sqlite::{self, Millis, from_json, parsed},
};
use contract::{
    depositories::Depository,
    ids::{AccountId, CustodianId, DepositoryId, LegalEntityId},
    text::{ExternalIdentifier, Name},
};
use serde::Deserialize;

macro_rules! row {
    () => {
        "json_array(seq, id, legal_entity_id, custodian_id, name, external_identifier,
                    json((SELECT json_group_array(l.account_id ORDER BY l.account_id) FROM account_depositories l
                     WHERE l.depository_id = d.id)),
                    created_at, updated_at)"
    };
}

macro_rules! find {
    ($rest:literal) => {
        concat!("SELECT ", row!(), " FROM depositories d ", $rest)
    };
}

macro_rules! page {
    ($rest:literal) => {
        concat!(
            "SELECT json_group_array(",
            row!(),
            ") FROM (SELECT * FROM depositories ",
            $rest,
            ") d"
        )
    };
}

#[derive(Deserialize)]
struct Row(
    i64,
    DepositoryId,
    LegalEntityId,
    CustodianId,
    Name,
    Option<ExternalIdentifier>,
    Vec<AccountId>,
    Millis,
    Millis,
);

impl From<Row> for (i64, Depository) {
    fn from(row: Row) -> Self {
        let Row(
            seq,
            id,
            legal_entity_id,
            custodian_id,
            name,
            external_identifier,
            account_ids,
            created_at,
            updated_at,
        ) = row;
        let depository = Depository {
            id,
            legal_entity_id,
            custodian_id,
            name,
            external_identifier,
            account_ids,
            created_at: created_at.into(),
            updated_at: updated_at.into(),
        };
        (seq, depository)
    }
}

/// The depository with this id.
///
/// # Errors
/// When the database fails.
pub async fn find(conn: &mut impl Conn, id: &DepositoryId) -> Result<Option<Depository>, StoreError> {
    let row = sqlx::query(find!("WHERE id = ?1"))
        .bind(id.as_str())
        .fetch_optional(conn.sql())
        .await?;
    row.map(|row| Ok(<(i64, Depository)>::from(from_json::<Row>(&row)?).1))
        .transpose()
}

/// A page of all depositories, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn page(conn: &mut impl Conn, page: PageRequest) -> Result<Rows<Depository>, StoreError> {
    let found = sqlx::query(page!("WHERE seq > ?1 ORDER BY seq LIMIT ?2"))
        .bind(page.start())
        .bind(page.probe())
        .fetch_one(conn.sql())
        .await?;
    Ok(Rows::of(page, from_json::<Vec<Row>>(&found)?))
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
    let found = sqlx::query(page!(
        "WHERE legal_entity_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3"
    ))
    .bind(entity.as_str())
    .bind(page.start())
    .bind(page.probe())
    .fetch_one(conn.sql())
    .await?;
    Ok(Rows::of(page, from_json::<Vec<Row>>(&found)?))
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
