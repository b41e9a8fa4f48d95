//! The rows of portfolios, and what is in them.

use super::{Conn, WriteTx, sealed::Sealed};
use crate::store::{
    PageRequest, Rows, StoreError,
    sqlite::{self, Millis, from_json},
};
use contract::{
    Timestamp,
    ids::{AccountId, ClientId, DepositoryId, PortfolioId, ReportingEntityId},
    portfolios::Portfolio,
    text::Name,
};
use serde::Deserialize;

macro_rules! row {
    () => {
        "json_array(seq, id, reporting_entity_id, name,
                    json((SELECT json_group_array(m.account_id ORDER BY m.position) FROM portfolio_accounts m
                     WHERE m.portfolio_id = p.id)),
                    json((SELECT json_group_array(m.depository_id ORDER BY m.position) FROM portfolio_depositories m
                     WHERE m.portfolio_id = p.id)),
                    created_at, updated_at)"
    };
}

macro_rules! find {
    ($rest:literal) => {
        concat!("SELECT ", row!(), " FROM portfolios p ", $rest)
    };
}

macro_rules! page {
    ($rest:literal) => {
        concat!(
            "SELECT json_group_array(",
            row!(),
            ") FROM (SELECT * FROM portfolios ",
            $rest,
            ") p"
        )
    };
}

#[derive(Deserialize)]
struct Row(
    i64,
    PortfolioId,
    ReportingEntityId,
    Name,
    Vec<AccountId>,
    Vec<DepositoryId>,
    Millis,
    Millis,
);

impl From<Row> for (i64, Portfolio) {
    fn from(row: Row) -> Self {
        let Row(seq, id, reporting_entity_id, name, account_ids, depository_ids, created_at, updated_at) =
            row;
        let portfolio = Portfolio {
            id,
            reporting_entity_id,
            name,
            account_ids,
            depository_ids,
            created_at: created_at.into(),
            updated_at: updated_at.into(),
        };
        (seq, portfolio)
    }
}

/// The portfolio with this id.
///
/// # Errors
/// When the database fails.
pub async fn find(conn: &mut impl Conn, id: &PortfolioId) -> Result<Option<Portfolio>, StoreError> {
    let row = sqlx::query(find!("WHERE id = ?1"))
        .bind(id.as_str())
        .fetch_optional(conn.sql())
        .await?;
    row.map(|row| Ok(<(i64, Portfolio)>::from(from_json::<Row>(&row)?).1))
        .transpose()
}

/// The portfolios that any of these accounts or depositories are in.
///
/// # Errors
/// When the database fails.
pub async fn with_any(conn: &mut impl Conn, places: &[&str]) -> Result<Vec<Portfolio>, StoreError> {
    let rows = sqlx::query(find!(
        "WHERE id IN (SELECT m.portfolio_id FROM portfolio_accounts m JOIN json_each(?1) e ON e.value = m.account_id
                      UNION SELECT m.portfolio_id FROM portfolio_depositories m
                            JOIN json_each(?1) e ON e.value = m.depository_id)
         ORDER BY seq"
    ))
    .bind(serde_json::json!(places).to_string())
    .fetch_all(conn.sql())
    .await?;
    rows.iter()
        .map(|row| Ok(<(i64, Portfolio)>::from(from_json::<Row>(row)?).1))
        .collect()
}

/// A page of a reporting entity's portfolios, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn page(
    conn: &mut impl Conn,
    entity: &ReportingEntityId,
    page: PageRequest,
) -> Result<Rows<Portfolio>, StoreError> {
    let found = sqlx::query(page!(
        "WHERE reporting_entity_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3"
    ))
    .bind(entity.as_str())
    .bind(page.start())
    .bind(page.probe())
    .fetch_one(conn.sql())
    .await?;
    Ok(Rows::of(page, from_json::<Vec<Row>>(&found)?))
}

/// Adds a portfolio.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut WriteTx, new: &Portfolio) -> Result<(), StoreError> {
    let done = sqlx::query(
        "INSERT INTO portfolios (id, reporting_entity_id, name, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5)",
    )
    .bind(new.id.as_str())
    .bind(new.reporting_entity_id.as_str())
    .bind(new.name.as_str())
    .bind(new.created_at.as_millis())
    .bind(new.updated_at.as_millis())
    .execute(tx.sql())
    .await?;
    sqlite::affected("add a portfolio", 1, &done)?;
    set_accounts(tx, &new.id, &new.account_ids).await?;
    set_depositories(tx, &new.id, &new.depository_ids).await
}

/// Writes a portfolio over; `before` tells which of its lists changed.
///
/// # Errors
/// When the database fails or there is no such portfolio.
pub async fn update(tx: &mut WriteTx, portfolio: &Portfolio, before: &Portfolio) -> Result<(), StoreError> {
    let done = sqlx::query("UPDATE portfolios SET name = ?2, updated_at = ?3 WHERE id = ?1")
        .bind(portfolio.id.as_str())
        .bind(portfolio.name.as_str())
        .bind(portfolio.updated_at.as_millis())
        .execute(tx.sql())
        .await?;
    sqlite::affected("change a portfolio", 1, &done)?;
    if portfolio.account_ids != before.account_ids {
        set_accounts(tx, &portfolio.id, &portfolio.account_ids).await?;
    }
    if portfolio.depository_ids != before.depository_ids {
        set_depositories(tx, &portfolio.id, &portfolio.depository_ids).await?;
    }
    Ok(())
}

async fn set_accounts(tx: &mut WriteTx, id: &PortfolioId, accounts: &[AccountId]) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM portfolio_accounts WHERE portfolio_id = ?1")
        .bind(id.as_str())
        .execute(tx.sql())
        .await?;
    let done = sqlx::query(
        "INSERT INTO portfolio_accounts (portfolio_id, position, account_id) SELECT ?1, key, value FROM json_each(?2)",
    )
    .bind(id.as_str())
    .bind(json(accounts.iter().map(AccountId::as_str)))
    .execute(tx.sql())
    .await?;
    sqlite::affected("put accounts into a portfolio", accounts.len() as u64, &done)
}

async fn set_depositories(
    tx: &mut WriteTx,
    id: &PortfolioId,
    depositories: &[DepositoryId],
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM portfolio_depositories WHERE portfolio_id = ?1")
        .bind(id.as_str())
        .execute(tx.sql())
        .await?;
    let done = sqlx::query(
        "INSERT INTO portfolio_depositories (portfolio_id, position, depository_id)
         SELECT ?1, key, value FROM json_each(?2)",
    )
    .bind(id.as_str())
    .bind(json(depositories.iter().map(DepositoryId::as_str)))
    .execute(tx.sql())
    .await?;
    sqlite::affected(
        "put depositories into a portfolio",
        depositories.len() as u64,
        &done,
    )
}

/// Ids as a JSON array, in which no character of theirs needs escaping.
fn json<'a>(ids: impl Iterator<Item = &'a str>) -> String {
    ids.collect::<serde_json::Value>().to_string()
}

/// Removes a portfolio.
///
/// # Errors
/// When the database fails or there is no such portfolio.
pub async fn delete(tx: &mut WriteTx, id: &PortfolioId) -> Result<(), StoreError> {
    let done = sqlx::query("DELETE FROM portfolios WHERE id = ?1")
        .bind(id.as_str())
        .execute(tx.sql())
        .await?;
    sqlite::affected("delete a portfolio", 1, &done)
}

/// The positions, in `accounts`, of those that are not accounts of `client`.
///
/// # Errors
/// When the database fails.
pub async fn foreign_accounts(
    conn: &mut impl Conn,
    client: &ClientId,
    accounts: &[AccountId],
) -> Result<Vec<u32>, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT given.key FROM json_each(?2) given WHERE NOT EXISTS (
             SELECT 1 FROM accounts a JOIN legal_entities e ON e.id = a.legal_entity_id
             WHERE a.id = given.value AND e.client_id = ?1)",
    )
    .bind(client.as_str())
    .bind(json(accounts.iter().map(AccountId::as_str)))
    .fetch_all(conn.sql())
    .await?)
}

/// The positions, in `depositories`, of those that are not depositories of `client`.
///
/// # Errors
/// When the database fails.
pub async fn foreign_depositories(
    conn: &mut impl Conn,
    client: &ClientId,
    depositories: &[DepositoryId],
) -> Result<Vec<u32>, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT given.key FROM json_each(?2) given WHERE NOT EXISTS (
             SELECT 1 FROM depositories d JOIN legal_entities e ON e.id = d.legal_entity_id
             WHERE d.id = given.value AND e.client_id = ?1)",
    )
    .bind(client.as_str())
    .bind(json(depositories.iter().map(DepositoryId::as_str)))
    .fetch_all(conn.sql())
    .await?)
}

/// Notes that the portfolios with this account, which is about to go, changed.
///
/// # Errors
/// When the database fails.
pub async fn touch_those_with_account(
    tx: &mut WriteTx,
    account: &AccountId,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE portfolios SET updated_at = ?2
         WHERE id IN (SELECT portfolio_id FROM portfolio_accounts WHERE account_id = ?1)",
    )
    .bind(account.as_str())
    .bind(now.as_millis())
    .execute(tx.sql())
    .await?;
    Ok(())
}

/// Notes that the portfolios with this depository, which is about to go, changed.
///
/// # Errors
/// When the database fails.
pub async fn touch_those_with_depository(
    tx: &mut WriteTx,
    depository: &DepositoryId,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE portfolios SET updated_at = ?2
         WHERE id IN (SELECT portfolio_id FROM portfolio_depositories WHERE depository_id = ?1)",
    )
    .bind(depository.as_str())
    .bind(now.as_millis())
    .execute(tx.sql())
    .await?;
    Ok(())
}
