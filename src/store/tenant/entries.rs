//! The ledger in bulk: rows as text, many at a time, for those who write them down elsewhere.

use super::{Conn, TransactionType};
use crate::store::{StoreError, sqlite::column};
use contract::ids::{AccountId, DepositoryId, InstrumentId, ReportingEntityId};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Deserialize;

/// How many rows are read at a time: so few that a chunk stays far below a megabyte.
const CHUNK: i64 = 2_000;

/// Which rows.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// What a reporting entity's portfolios hold.
    pub reporting_entity_id: Option<ReportingEntityId>,
    /// What moves an account.
    pub account_id: Option<AccountId>,
    /// What moves a depository.
    pub depository_id: Option<DepositoryId>,
    /// What is about an instrument.
    pub instrument_id: Option<InstrumentId>,
    /// Of one type.
    pub kind: Option<TransactionType>,
    /// The first trade date.
    pub from: Option<Date>,
    /// The last trade date.
    pub to: Date,
}

macro_rules! wanted {
    () => {
        "FROM transactions
         WHERE seq > ?1
           AND (?2 IS NULL OR ?2 IN (account_id, counterparty_account_id, counter_account_id))
           AND (?3 IS NULL OR ?3 IN (depository_id, counterparty_depository_id))
           AND (?4 IS NULL OR instrument_id = ?4) AND (?5 IS NULL OR type = ?5)
           AND (?6 IS NULL OR trade_date >= ?6) AND trade_date <= ?7
           AND (?8 IS NULL
                OR EXISTS (SELECT 1 FROM portfolios p JOIN portfolio_accounts m ON m.portfolio_id = p.id
                           JOIN accounts a ON a.id = m.account_id
                           WHERE p.reporting_entity_id = ?8 AND NOT a.exclude_from_reporting
                             AND m.account_id IN (transactions.account_id, counterparty_account_id,
                                                  counter_account_id))
                OR EXISTS (SELECT 1 FROM portfolios p JOIN portfolio_depositories m ON m.portfolio_id = p.id
                           WHERE p.reporting_entity_id = ?8
                             AND m.depository_id IN (transactions.depository_id, counterparty_depository_id)))"
    };
}

macro_rules! bound {
    ($statement:expr, $wanted:expr, $after:expr) => {
        sqlx::query($statement)
            .bind($after)
            .bind($wanted.account_id.as_ref().map(AccountId::as_str))
            .bind($wanted.depository_id.as_ref().map(DepositoryId::as_str))
            .bind($wanted.instrument_id.as_ref().map(InstrumentId::as_str))
            .bind($wanted.kind.map(TransactionType::as_str))
            .bind($wanted.from.map(|day| day.to_string()))
            .bind($wanted.to.to_string())
            .bind(
                $wanted
                    .reporting_entity_id
                    .as_ref()
                    .map(ReportingEntityId::as_str),
            )
    };
}

/// How many rows there are.
///
/// # Errors
/// When the database fails.
pub async fn count(conn: &mut impl Conn, wanted: &Wanted) -> Result<u64, StoreError> {
    let row = bound!(concat!("SELECT count(*) ", wanted!()), wanted, 0_i64)
        .fetch_one(conn.sql())
        .await?;
    column(&row, 0)
}

/// Some of the rows, as one text that [`Chunk::entries`] reads.
#[derive(Clone, Debug)]
pub struct Chunk {
    json: String,
    /// The place of the last row in the order of entry.
    pub last: i64,
}

/// The next rows behind the place `after`, in the order of entry; none when there are no more.
///
/// # Errors
/// When the database fails.
pub async fn chunk(conn: &mut impl Conn, wanted: &Wanted, after: i64) -> Result<Option<Chunk>, StoreError> {
    let statement = concat!(
        "SELECT json_group_array(json_array(id, type, account_id, depository_id, instrument_id, trade_date, value_date,
                    amount, quantity, price, fees, accrued_interest, json(lot_ids), ratio, counterparty_account_id,
                    counterparty_depository_id, counter_account_id, counter_amount, category, effect_on_commitment,
                    recallable_amount, affects_multiples, affects_irr, affects_cost_basis, affects_nav, comment,
                    created_at)), max(seq)
         FROM (SELECT * ",
        wanted!(),
        " ORDER BY seq LIMIT ?9)"
    );
    let row = bound!(statement, wanted, after)
        .bind(CHUNK)
        .fetch_one(conn.sql())
        .await?;
    let Some(last) = column::<Option<i64>, _>(&row, 1)? else {
        return Ok(None);
    };
    Ok(Some(Chunk {
        json: column(&row, 0)?,
        last,
    }))
}

impl Chunk {
    /// The rows.
    ///
    /// # Errors
    /// When a row holds what no row can hold.
    pub fn entries(&self) -> Result<Vec<Entry<'_>>, StoreError> {
        // The row itself stays out of the message: it ends in the operator's log, where a tenant's data has no place.
        serde_json::from_str(&self.json).map_err(|error| StoreError::Inconsistent(error.to_string()))
    }
}

/// A transaction as it is stored, read from an array of its members in this order.
#[derive(Debug, Deserialize)]
pub struct Entry<'a> {
    /// Its id.
    pub id: &'a str,
    /// What it does.
    pub kind: TransactionType,
    /// The account whose money it moves.
    pub account_id: &'a str,
    /// Where the instrument is held.
    pub depository_id: Option<&'a str>,
    /// What it is about.
    pub instrument_id: Option<&'a str>,
    /// When it was agreed.
    pub trade_date: Date,
    /// When it settles.
    pub value_date: Date,
    /// Money, positive into the account.
    pub amount: Decimal,
    /// Units or nominal, positive when received.
    pub quantity: Option<Decimal>,
    /// Per unit or in per cent of par.
    pub price: Option<Decimal>,
    /// What the trade cost.
    pub fees: Option<Decimal>,
    /// Interest that was bought or sold along.
    pub accrued_interest: Option<Decimal>,
    /// The lots that it closes or moves.
    pub lot_ids: Option<Vec<&'a str>>,
    /// New units for each old one.
    pub ratio: Option<Decimal>,
    /// The other account of a transfer.
    pub counterparty_account_id: Option<&'a str>,
    /// The other depository of a transfer.
    pub counterparty_depository_id: Option<&'a str>,
    /// The account of the other leg of a currency trade.
    pub counter_account_id: Option<&'a str>,
    /// The money of the other leg.
    pub counter_amount: Option<Decimal>,
    /// What a fee is for.
    pub category: Option<&'a str>,
    /// How the unfunded commitment changes.
    pub effect_on_commitment: Option<Decimal>,
    /// How much of it may be called again.
    pub recallable_amount: Option<Decimal>,
    /// Whether it counts in multiples; none means what is usual for its type, as with the next three.
    pub affects_multiples: Option<u8>,
    /// Whether it counts in the internal rate of return.
    pub affects_irr: Option<u8>,
    /// Whether it changes the cost basis.
    pub affects_cost_basis: Option<u8>,
    /// Whether it changes the net asset value.
    pub affects_nav: Option<u8>,
    /// A note, for people.
    pub comment: Option<String>,
    /// When it was entered, in milliseconds since the Unix epoch.
    pub created_at: i64,
}
