//! Which positions there are, in the order in which they last changed.

use super::{Conn, WriteTx, order::order, sealed::Sealed};
use crate::store::{
    StoreError,
    sqlite::{self, Millis, from_json},
};
use contract::{
    Timestamp,
    ids::{InstrumentId, PortfolioId},
};
use serde::Deserialize;

/// A position, as far as it is stored: that it is there, and when it last changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownPosition {
    /// Its place in the order of change.
    pub seq: i64,
    /// The portfolio.
    pub portfolio_id: PortfolioId,
    /// The instrument.
    pub instrument_id: InstrumentId,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Every position, in the order of change.
///
/// # Errors
/// When the database fails.
pub async fn all(conn: &mut impl Conn) -> Result<Vec<KnownPosition>, StoreError> {
    #[derive(Deserialize)]
    struct Row(i64, PortfolioId, InstrumentId, Millis);
    let found = sqlx::query(
        "SELECT json_group_array(json_array(seq, portfolio_id, instrument_id, updated_at) ORDER BY seq)
         FROM positions",
    )
    .fetch_one(conn.sql())
    .await?;
    let rows = from_json::<Vec<Row>>(&found)?.into_iter();
    Ok(rows
        .map(
            |Row(seq, portfolio_id, instrument_id, updated_at)| KnownPosition {
                seq,
                portfolio_id,
                instrument_id,
                updated_at: updated_at.into(),
            },
        )
        .collect())
}

order! {
    "positions",
    "move a position to the end",
    "t.instrument_id IS NOT NULL AND t.type IN ('buy', 'transfer', 'capital_call', 'distribution')"
}

/// The portfolios that have, or had, a position in an instrument.
///
/// # Errors
/// When the database fails.
pub async fn portfolios_with(
    conn: &mut impl Conn,
    instrument: &InstrumentId,
) -> Result<Vec<PortfolioId>, StoreError> {
    let found = sqlx::query(
        "SELECT json_group_array(portfolio_id) FROM (SELECT portfolio_id FROM positions WHERE instrument_id = ?1
         ORDER BY seq)",
    )
    .bind(instrument.as_str())
    .fetch_one(conn.sql())
    .await?;
    from_json(&found)
}

/// The instruments that were ever entered about places of a portfolio.
///
/// # Errors
/// When the database fails.
pub async fn instruments_at(conn: &mut impl Conn, places: &[&str]) -> Result<Vec<InstrumentId>, StoreError> {
    let found = sqlx::query(
        "SELECT json_group_array(DISTINCT t.instrument_id) FROM json_each(?1) m JOIN transactions t
            ON m.value IN (t.account_id, t.depository_id, t.counterparty_account_id, t.counterparty_depository_id)
         WHERE t.instrument_id IS NOT NULL",
    )
    .bind(serde_json::json!(places).to_string())
    .fetch_one(conn.sql())
    .await?;
    from_json(&found)
}
