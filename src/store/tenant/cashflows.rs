//! In what order positions changed what they pay, and the payments that nothing tells of any more.

use super::{Conn, WriteTx, order::order, sealed::Sealed};
use crate::store::{
    StoreError,
    sqlite::{self, Millis, from_json},
};
use contract::{
    Timestamp,
    cashflows::CashflowType,
    ids::{InstrumentId, PortfolioId},
};
use serde::Deserialize;

/// A position that pays, as far as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payer {
    /// Its place in the order of change.
    pub seq: i64,
    /// The portfolio.
    pub portfolio_id: PortfolioId,
    /// The instrument.
    pub instrument_id: InstrumentId,
    /// When what it pays last changed.
    pub updated_at: Timestamp,
    /// What it no longer pays, and nothing tells of.
    pub lost: Vec<Lost>,
}

/// A payment that nothing tells of any more.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Lost {
    /// What it was for.
    #[serde(rename = "type")]
    pub kind: CashflowType,
    /// The day of what was promised, or the transaction of what was not.
    pub which: String,
}

/// Every position that pays, in the order of change.
///
/// # Errors
/// When the database fails.
pub async fn payers(conn: &mut impl Conn) -> Result<Vec<Payer>, StoreError> {
    #[derive(Deserialize)]
    struct Row(i64, PortfolioId, InstrumentId, Millis, Vec<Lost>);
    let found = sqlx::query(
        "SELECT json_group_array(json_array(seq, portfolio_id, instrument_id, updated_at, json((
                    SELECT json_group_array(json_object('type', l.type, 'which', l.which)) FROM lost_cashflows l
                    WHERE l.portfolio_id = p.portfolio_id AND l.instrument_id = p.instrument_id))) ORDER BY seq)
         FROM payers p",
    )
    .fetch_one(conn.sql())
    .await?;
    let rows = from_json::<Vec<Row>>(&found)?.into_iter();
    Ok(rows
        .map(|Row(seq, portfolio_id, instrument_id, updated_at, lost)| Payer {
            seq,
            portfolio_id,
            instrument_id,
            updated_at: updated_at.into(),
            lost,
        })
        .collect())
}

order! {
    "payers",
    "move a position that pays to the end",
    "t.instrument_id IS NOT NULL"
}

/// Notes a payment that nothing tells of any more.
///
/// # Errors
/// When the database fails.
pub async fn lose(
    tx: &mut WriteTx,
    (portfolio, instrument): (&PortfolioId, &InstrumentId),
    lost: &Lost,
) -> Result<(), StoreError> {
    let done = sqlx::query(
        "INSERT OR REPLACE INTO lost_cashflows (portfolio_id, instrument_id, type, which) VALUES (?1, ?2, ?3, ?4)",
    )
    .bind(portfolio.as_str())
    .bind(instrument.as_str())
    .bind(lost.kind.as_str())
    .bind(lost.which.as_str())
    .execute(tx.sql())
    .await?;
    sqlite::affected("note a lost payment", 1, &done)
}
