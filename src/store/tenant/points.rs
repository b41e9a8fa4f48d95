//! The rows of the tenant's own points of time series.

use super::{Conn, WriteTx, instruments::next_change, sealed::Sealed};
use crate::store::{
    StoreError,
    sqlite::{self, from_json},
};
use contract::{
    Timestamp,
    ids::{InstrumentId, PointId},
    time_series::OwnPointSource,
};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Deserialize;

/// What a series measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
pub enum Measure {
    /// Price per unit, or in per cent of par.
    #[serde(rename = "prices")]
    Price,
    /// Net asset value: per unit of a fund, of the whole commitment to a private fund.
    #[serde(rename = "net-asset-values")]
    NetAssetValue,
    /// The reference rate of a loan, as a fraction a year.
    #[serde(rename = "interest-rates")]
    InterestRate,
    /// What the nominal of an index-linked bond is multiplied by.
    #[serde(rename = "index-factors")]
    IndexFactor,
}

impl Measure {
    /// The series as paths and rows name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Price => "prices",
            Self::NetAssetValue => "net-asset-values",
            Self::InterestRate => "interest-rates",
            Self::IndexFactor => "index-factors",
        }
    }
}

/// A point of the tenant's own.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct OwnPoint {
    /// Stable id.
    pub id: PointId,
    /// The day.
    pub date: Date,
    /// The value.
    pub value: Decimal,
    /// Where it comes from.
    pub source: OwnPointSource,
}

const fn source(source: OwnPointSource) -> &'static str {
    match source {
        OwnPointSource::Custodian => "custodian",
        OwnPointSource::Manual => "manual",
    }
}

macro_rules! row {
    () => {
        "json_object('id', id, 'date', date, 'value', value, 'source', source)"
    };
}

/// The points of a series, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of(
    conn: &mut impl Conn,
    instrument: &InstrumentId,
    measure: Measure,
) -> Result<Vec<OwnPoint>, StoreError> {
    let found = sqlx::query(concat!(
        "SELECT json_group_array(",
        row!(),
        " ORDER BY date) FROM points WHERE instrument_id = ?1 AND series = ?2"
    ))
    .bind(instrument.as_str())
    .bind(measure.as_str())
    .fetch_one(conn.sql())
    .await?;
    from_json(&found)
}

/// The own points of an instrument, each with its series.
pub type OwnSeries = (InstrumentId, Vec<(Measure, Date, Decimal)>);

/// The instruments whose own points changed behind the change `after`, with all of them.
///
/// # Errors
/// When the database fails.
pub async fn changed(conn: &mut impl Conn, after: i64) -> Result<Vec<OwnSeries>, StoreError> {
    let found = sqlx::query(
        "SELECT json_group_array(json_array(s.instrument_id, json((
             SELECT json_group_array(json_array(p.series, p.date, p.value)) FROM points p
             WHERE p.instrument_id = s.instrument_id))))
         FROM own_series s WHERE s.change > ?1",
    )
    .bind(after)
    .fetch_one(conn.sql())
    .await?;
    from_json(&found)
}

/// Adds a point.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    tx: &mut WriteTx,
    (instrument, measure): (&InstrumentId, Measure),
    new: &OwnPoint,
    at: Timestamp,
) -> Result<(), StoreError> {
    let done = sqlx::query(
        "INSERT INTO points (id, instrument_id, series, date, value, source, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )
    .bind(new.id.as_str())
    .bind(instrument.as_str())
    .bind(measure.as_str())
    .bind(new.date.to_string())
    .bind(new.value.to_string())
    .bind(source(new.source))
    .bind(at.as_millis())
    .execute(tx.sql())
    .await?;
    sqlite::affected("add a point", 1, &done)?;
    number(tx, instrument).await
}

/// Removes a point of an instrument.
///
/// # Errors
/// When the database fails or there is no such point.
pub async fn delete(tx: &mut WriteTx, instrument: &InstrumentId, id: &PointId) -> Result<(), StoreError> {
    let done = sqlx::query("DELETE FROM points WHERE id = ?1 AND instrument_id = ?2")
        .bind(id.as_str())
        .bind(instrument.as_str())
        .execute(tx.sql())
        .await?;
    sqlite::affected("delete a point", 1, &done)?;
    number(tx, instrument).await
}

async fn number(tx: &mut WriteTx, instrument: &InstrumentId) -> Result<(), StoreError> {
    let change = next_change(tx).await?;
    let done = sqlx::query("INSERT OR REPLACE INTO own_series (instrument_id, change) VALUES (?1, ?2)")
        .bind(instrument.as_str())
        .bind(change)
        .execute(tx.sql())
        .await?;
    sqlite::affected("number a change of a series", 1, &done)
}
