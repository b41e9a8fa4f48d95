//! The rows of the tenant's own instruments.

use super::{Conn, WriteTx, sealed::Sealed};
use crate::store::{
    PageRequest, Rows, StoreError, by_position,
    sqlite::{self, Millis, from_json},
};
use contract::{
    ids::{InstrumentClassId, InstrumentId},
    instruments::{Instrument, InstrumentSource, InstrumentType, Issuer, Terms},
    text::{Country, Currency, Name},
};
use serde::Deserialize;

macro_rules! row {
    () => {
        "json_array(seq, id, type, name, currency, country, isin, ticker, exchange, class_id, detailed_class_id,
                    json(issuer), json(terms), created_at, updated_at)"
    };
}

#[derive(Deserialize)]
struct Row(
    i64,
    InstrumentId,
    InstrumentType,
    Name,
    Currency,
    Option<Country>,
    Option<String>,
    Option<String>,
    Option<String>,
    InstrumentClassId,
    Option<InstrumentClassId>,
    Option<Issuer>,
    Terms,
    Millis,
    Millis,
);

impl From<Row> for (i64, Instrument) {
    fn from(row: Row) -> Self {
        let Row(seq, id, r#type, name, currency, country, isin, ticker, exchange, ..) = row;
        let instrument = Instrument {
            id,
            r#type,
            name,
            currency,
            country,
            isin,
            ticker,
            exchange,
            class_id: row.9,
            detailed_class_id: row.10,
            issuer: row.11,
            source: InstrumentSource::Client,
            terms: row.12,
            created_at: row.13.into(),
            updated_at: row.14.into(),
        };
        (seq, instrument)
    }
}

/// The instrument with this id.
///
/// # Errors
/// When the database fails.
pub async fn find(conn: &mut impl Conn, id: &InstrumentId) -> Result<Option<Instrument>, StoreError> {
    let row = sqlx::query(concat!("SELECT ", row!(), " FROM instruments WHERE id = ?1"))
        .bind(id.as_str())
        .fetch_optional(conn.sql())
        .await?;
    row.map(|row| Ok(<(i64, Instrument)>::from(from_json::<Row>(&row)?).1))
        .transpose()
}

/// Which instruments to list.
#[derive(Clone, Debug, Default)]
pub struct Wanted<'a> {
    /// Part of the name, the ISIN or the ticker, in lower case.
    pub text: Option<String>,
    /// Of this type.
    pub kind: Option<InstrumentType>,
    /// Of one of these classes: one and those under it.
    pub classes: Option<Vec<&'a str>>,
    /// With this ISIN.
    pub isin: Option<&'a str>,
}

/// A page of those that are wanted, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn page(
    conn: &mut impl Conn,
    wanted: &Wanted<'_>,
    page: PageRequest,
) -> Result<Rows<Instrument>, StoreError> {
    let classes = wanted
        .classes
        .as_ref()
        .map(|classes| serde_json::json!(classes).to_string());
    let found = sqlx::query(concat!(
        "SELECT json_group_array(",
        row!(),
        ") FROM (SELECT * FROM instruments WHERE seq > ?1
            AND (?3 IS NULL OR instr(search, ?3) > 0) AND (?4 IS NULL OR type = ?4)
            AND (?5 IS NULL OR class_id IN (SELECT value FROM json_each(?5))
                            OR detailed_class_id IN (SELECT value FROM json_each(?5)))
            AND (?6 IS NULL OR isin = ?6)
            ORDER BY seq LIMIT ?2)"
    ))
    .bind(page.start())
    .bind(page.probe())
    .bind(wanted.text.as_deref())
    .bind(wanted.kind.map(InstrumentType::as_str))
    .bind(classes)
    .bind(wanted.isin)
    .fetch_one(conn.sql())
    .await?;
    Ok(Rows::of(page, from_json::<Vec<Row>>(&found)?))
}

/// An instrument that changed, with its place in the order of creation.
pub type Changed = (u32, Instrument);

/// The instruments that changed behind the change `after`, oldest first, and the latest change of all.
///
/// # Errors
/// When the database fails.
pub async fn changed(conn: &mut impl Conn, after: i64) -> Result<(Vec<Changed>, i64), StoreError> {
    let found = sqlx::query(concat!(
        "SELECT json_array((SELECT market_change FROM tenant), json((SELECT json_group_array(",
        row!(),
        ") FROM (SELECT * FROM instruments WHERE change > ?1 ORDER BY seq))))"
    ))
    .bind(after)
    .fetch_one(conn.sql())
    .await?;
    let (latest, rows) = from_json::<(i64, Vec<Row>)>(&found)?;
    let numbered = by_position(rows)
        .into_iter()
        .map(|(seq, instrument)| (u32::try_from(seq).unwrap_or(u32::MAX), instrument));
    Ok((numbered.collect(), latest))
}

/// The number of a change that is made now to what the tenant knows of the market.
pub(super) async fn next_change(tx: &mut WriteTx) -> Result<i64, StoreError> {
    Ok(
        sqlx::query_scalar("UPDATE tenant SET market_change = market_change + 1 RETURNING market_change")
            .fetch_one(tx.sql())
            .await?,
    )
}

/// Adds an instrument.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut WriteTx, new: &Instrument) -> Result<(), StoreError> {
    let done = sqlx::query(
        "INSERT INTO instruments (id, type, name, currency, country, isin, ticker, exchange, class_id,
                                  detailed_class_id, issuer, terms, search, change, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 0, ?14, ?14)",
    )
    .bind(new.id.as_str())
    .bind(new.r#type.as_str())
    .bind(new.name.as_str())
    .bind(new.currency.as_str())
    .bind(new.country.as_ref().map(Country::as_str))
    .bind(new.isin.as_deref())
    .bind(new.ticker.as_deref())
    .bind(new.exchange.as_deref())
    .bind(new.class_id.as_str())
    .bind(new.detailed_class_id.as_ref().map(InstrumentClassId::as_str))
    .bind(issuer(new))
    .bind(serde_json::json!(new.terms).to_string())
    .bind(search(new))
    .bind(new.created_at.as_millis())
    .execute(tx.sql())
    .await?;
    sqlite::affected("add an instrument", 1, &done)?;
    number(tx, &new.id).await
}

/// Writes an instrument over.
///
/// # Errors
/// When the database fails or there is no such instrument.
pub async fn update(tx: &mut WriteTx, instrument: &Instrument) -> Result<(), StoreError> {
    let done = sqlx::query(
        "UPDATE instruments SET name = ?2, currency = ?3, country = ?4, isin = ?5, ticker = ?6, exchange = ?7,
                                class_id = ?8, detailed_class_id = ?9, issuer = ?10, terms = ?11, search = ?12,
                                updated_at = ?13
         WHERE id = ?1",
    )
    .bind(instrument.id.as_str())
    .bind(instrument.name.as_str())
    .bind(instrument.currency.as_str())
    .bind(instrument.country.as_ref().map(Country::as_str))
    .bind(instrument.isin.as_deref())
    .bind(instrument.ticker.as_deref())
    .bind(instrument.exchange.as_deref())
    .bind(instrument.class_id.as_str())
    .bind(
        instrument
            .detailed_class_id
            .as_ref()
            .map(InstrumentClassId::as_str),
    )
    .bind(issuer(instrument))
    .bind(serde_json::json!(instrument.terms).to_string())
    .bind(search(instrument))
    .bind(instrument.updated_at.as_millis())
    .execute(tx.sql())
    .await?;
    sqlite::affected("change an instrument", 1, &done)?;
    number(tx, &instrument.id).await
}

async fn number(tx: &mut WriteTx, id: &InstrumentId) -> Result<(), StoreError> {
    let change = next_change(tx).await?;
    let done = sqlx::query("UPDATE instruments SET change = ?2 WHERE id = ?1")
        .bind(id.as_str())
        .bind(change)
        .execute(tx.sql())
        .await?;
    sqlite::affected("number a change of an instrument", 1, &done)
}

fn issuer(instrument: &Instrument) -> Option<String> {
    instrument
        .issuer
        .as_ref()
        .map(|issuer| serde_json::json!(issuer).to_string())
}

fn search(instrument: &Instrument) -> String {
    let texts = [
        Some(instrument.name.as_str()),
        instrument.isin.as_deref(),
        instrument.ticker.as_deref(),
    ];
    let texts: Vec<&str> = texts.into_iter().flatten().collect();
    texts.join("\n").to_lowercase()
}

/// Removes an instrument, and what was known of positions in it.
///
/// # Errors
/// When the database fails or there is no such instrument.
pub async fn delete(tx: &mut WriteTx, id: &InstrumentId) -> Result<(), StoreError> {
    for forget in [
        "DELETE FROM positions WHERE instrument_id = ?1",
        "DELETE FROM payers WHERE instrument_id = ?1",
        "DELETE FROM lost_cashflows WHERE instrument_id = ?1",
    ] {
        sqlx::query(forget).bind(id.as_str()).execute(tx.sql()).await?;
    }
    let done = sqlx::query("DELETE FROM instruments WHERE id = ?1")
        .bind(id.as_str())
        .execute(tx.sql())
        .await?;
    sqlite::affected("delete an instrument", 1, &done)
}

/// Which instrument has this ISIN.
///
/// # Errors
/// When the database fails.
pub async fn with_isin(conn: &mut impl Conn, isin: &str) -> Result<Option<InstrumentId>, StoreError> {
    let row = sqlx::query("SELECT id FROM instruments WHERE isin = ?1")
        .bind(isin)
        .fetch_optional(conn.sql())
        .await?;
    row.map(|row| sqlite::parsed(&row, 0)).transpose()
}

/// What refers to an instrument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dependants {
    /// Transactions about it.
    pub transactions: u32,
    /// Points of its series.
    pub points: u32,
    /// Options on it.
    pub options: u32,
}

/// Counts what refers to an instrument.
///
/// # Errors
/// When the database fails.
pub async fn dependants(conn: &mut impl Conn, id: &InstrumentId) -> Result<Dependants, StoreError> {
    let (transactions, points, options) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM transactions WHERE instrument_id = ?1),
                (SELECT count(*) FROM points WHERE instrument_id = ?1),
                (SELECT count(*) FROM instruments WHERE terms ->> '$.underlying_id' = ?1)",
    )
    .bind(id.as_str())
    .fetch_one(conn.sql())
    .await?;
    Ok(Dependants {
        transactions,
        points,
        options,
    })
}
