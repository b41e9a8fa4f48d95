//! The rows of accounts, and which depositories they settle into.

use super::{Conn, WriteTx, sealed::Sealed};
use crate::store::{
    PageRequest, Rows, StoreError,
    sqlite::{self, Flag, Millis, from_json, parsed},
};
use contract::{
    accounts::Account,
    ids::{AccountId, AuthorityId, CustodianId, DepositoryId, LegalEntityId},
    text::{Currency, ExternalIdentifier, Name},
};
use serde::Deserialize;

macro_rules! row {
    () => {
        "json_array(seq, id, legal_entity_id, custodian_id, custodian_authority_id, name, external_identifier, currency,
                    json((SELECT json_group_array(l.depository_id ORDER BY l.position) FROM account_depositories l
                     WHERE l.account_id = a.id)),
                    exclude_from_reporting, created_at, updated_at)"
    };
}

macro_rules! find {
    ($rest:literal) => {
        concat!("SELECT ", row!(), " FROM accounts a ", $rest)
    };
}

macro_rules! page {
    ($rest:literal) => {
        concat!(
            "SELECT json_group_array(",
            row!(),
            ") FROM (SELECT * FROM accounts ",
            $rest,
            ") a"
        )
    };
}

#[derive(Deserialize)]
struct Row(
    i64,
    AccountId,
    LegalEntityId,
    Option<CustodianId>,
    Option<AuthorityId>,
    Name,
    Option<ExternalIdentifier>,
    Currency,
    Vec<DepositoryId>,
    Flag,
    Millis,
    Millis,
);

impl From<Row> for (i64, Account) {
    fn from(row: Row) -> Self {
        let Row(
            seq,
            id,
            legal_entity_id,
            custodian_id,
            custodian_authority_id,
            name,
            external_identifier,
            currency,
            depository_ids,
            exclude_from_reporting,
            created_at,
            updated_at,
        ) = row;
        let account = Account {
            id,
            legal_entity_id,
            custodian_id,
            custodian_authority_id,
            name,
            external_identifier,
            currency,
            depository_ids,
            exclude_from_reporting: exclude_from_reporting.into(),
            created_at: created_at.into(),
            updated_at: updated_at.into(),
        };
        (seq, account)
    }
}

/// The account with this id.
///
/// # Errors
/// When the database fails.
pub async fn find(conn: &mut impl Conn, id: &AccountId) -> Result<Option<Account>, StoreError> {
    let row = sqlx::query(find!("WHERE id = ?1"))
        .bind(id.as_str())
        .fetch_optional(conn.sql())
        .await?;
    row.map(|row| Ok(<(i64, Account)>::from(from_json::<Row>(&row)?).1))
        .transpose()
}

/// A page of all accounts, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn page(conn: &mut impl Conn, page: PageRequest) -> Result<Rows<Account>, StoreError> {
    let found = sqlx::query(page!("WHERE seq > ?1 ORDER BY seq LIMIT ?2"))
        .bind(page.start())
        .bind(page.probe())
        .fetch_one(conn.sql())
        .await?;
    Ok(Rows::of(page, from_json::<Vec<Row>>(&found)?))
}

/// A page of a legal entity's accounts, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn page_of(
    conn: &mut impl Conn,
    entity: &LegalEntityId,
    page: PageRequest,
) -> Result<Rows<Account>, StoreError> {
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

/// The accounts that an authority feeds, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn fed_by(conn: &mut impl Conn, authority: &AuthorityId) -> Result<Vec<Account>, StoreError> {
    let rows = sqlx::query(find!("WHERE custodian_authority_id = ?1 ORDER BY seq"))
        .bind(authority.as_str())
        .fetch_all(conn.sql())
        .await?;
    rows.iter()
        .map(|row| Ok(<(i64, Account)>::from(from_json::<Row>(row)?).1))
        .collect()
}

/// Adds an account.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut WriteTx, new: &Account) -> Result<(), StoreError> {
    let done = sqlx::query(
        "INSERT INTO accounts (id, legal_entity_id, custodian_id, custodian_authority_id, name, external_identifier,
                               currency, exclude_from_reporting, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )
    .bind(new.id.as_str())
    .bind(new.legal_entity_id.as_str())
    .bind(new.custodian_id.as_ref().map(CustodianId::as_str))
    .bind(new.custodian_authority_id.as_ref().map(AuthorityId::as_str))
    .bind(new.name.as_str())
    .bind(new.external_identifier.as_ref().map(ExternalIdentifier::as_str))
    .bind(new.currency.as_str())
    .bind(new.exclude_from_reporting)
    .bind(new.created_at.as_millis())
    .bind(new.updated_at.as_millis())
    .execute(tx.sql())
    .await?;
    sqlite::affected("add an account", 1, &done)?;
    settle_into(tx, &new.id, &new.depository_ids).await
}

/// Writes an account over; `before` tells whether its depositories changed.
///
/// # Errors
/// When the database fails or there is no such account.
pub async fn update(tx: &mut WriteTx, account: &Account, before: &Account) -> Result<(), StoreError> {
    let done = sqlx::query(
        "UPDATE accounts SET custodian_id = ?2, name = ?3, external_identifier = ?4, currency = ?5, updated_at = ?6
         WHERE id = ?1",
    )
    .bind(account.id.as_str())
    .bind(account.custodian_id.as_ref().map(CustodianId::as_str))
    .bind(account.name.as_str())
    .bind(
        account
            .external_identifier
            .as_ref()
            .map(ExternalIdentifier::as_str),
    )
    .bind(account.currency.as_str())
    .bind(account.updated_at.as_millis())
    .execute(tx.sql())
    .await?;
    sqlite::affected("change an account", 1, &done)?;
    if account.depository_ids != before.depository_ids {
        settle_into(tx, &account.id, &account.depository_ids).await?;
    }
    Ok(())
}

async fn settle_into(
    tx: &mut WriteTx,
    account: &AccountId,
    depositories: &[DepositoryId],
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM account_depositories WHERE account_id = ?1")
        .bind(account.as_str())
        .execute(tx.sql())
        .await?;
    for (position, depository) in (0_i64..).zip(depositories) {
        let done = sqlx::query(
            "INSERT INTO account_depositories (account_id, position, depository_id) VALUES (?1, ?2, ?3)",
        )
        .bind(account.as_str())
        .bind(position)
        .bind(depository.as_str())
        .execute(tx.sql())
        .await?;
        sqlite::affected("let an account settle into a depository", 1, &done)?;
    }
    Ok(())
}

/// Removes an account, from its portfolios too.
///
/// # Errors
/// When the database fails, there is no such account, or transactions name it.
pub async fn delete(tx: &mut WriteTx, id: &AccountId) -> Result<(), StoreError> {
    let done = sqlx::query("DELETE FROM accounts WHERE id = ?1")
        .bind(id.as_str())
        .execute(tx.sql())
        .await?;
    sqlite::affected("delete an account", 1, &done)
}

/// The accounts that figures leave out.
///
/// # Errors
/// When the database fails.
pub async fn excluded(conn: &mut impl Conn) -> Result<Vec<AccountId>, StoreError> {
    let found = sqlx::query("SELECT json_group_array(id) FROM accounts WHERE exclude_from_reporting")
        .fetch_one(conn.sql())
        .await?;
    from_json(&found)
}

/// Which account of this custodian has this identifier.
///
/// # Errors
/// When the database fails.
pub async fn with_identifier(
    conn: &mut impl Conn,
    custodian: &CustodianId,
    identifier: &ExternalIdentifier,
) -> Result<Option<AccountId>, StoreError> {
    let row = sqlx::query("SELECT id FROM accounts WHERE custodian_id = ?1 AND external_identifier = ?2")
        .bind(custodian.as_str())
        .bind(identifier.as_str())
        .fetch_optional(conn.sql())
        .await?;
    row.map(|row| parsed(&row, 0)).transpose()
}

/// How many transactions name an account.
///
/// # Errors
/// When the database fails.
pub async fn transactions(conn: &mut impl Conn, id: &AccountId) -> Result<u32, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT (SELECT count(*) FROM transactions WHERE account_id = ?1)
              + (SELECT count(*) FROM transactions WHERE counterparty_account_id = ?1)
              + (SELECT count(*) FROM transactions WHERE counter_account_id = ?1)",
    )
    .bind(id.as_str())
    .fetch_one(conn.sql())
    .await?)
}
