//! What the book of a tenant is made of: the structure that figures depend on, and the ledger's rows.

use super::{Conn, TransactionType, WriteTx, sealed::Sealed};
use crate::store::{
    StoreError,
    sqlite::{self, Flag, from_json},
};
use contract::{
    clients::AccountingMethod,
    ids::{
        AccountId, ClientId, CustodianId, DepositoryId, InstrumentId, LegalEntityId, PortfolioId,
        ReportingEntityId, TransactionId,
    },
    text::Currency,
};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Deserialize;

/// How many transactions are read at a time: as one text each time, so that memory stays bounded.
const CHUNK: i64 = 500;

/// How many changes have been made to the tenant's data.
///
/// # Errors
/// When the database fails.
pub async fn version(conn: &mut impl Conn) -> Result<u64, StoreError> {
    Ok(sqlx::query_scalar("SELECT change_seq FROM tenant")
        .fetch_one(conn.sql())
        .await?)
}

/// An account, as far as figures depend on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookAccount {
    /// Its place in the order of creation.
    pub seq: u32,
    /// Its id.
    pub id: AccountId,
    /// Whose it is.
    pub legal_entity_id: LegalEntityId,
    /// The client of that legal entity.
    pub client_id: ClientId,
    /// Who keeps it.
    pub custodian_id: Option<CustodianId>,
    /// What its money is in.
    pub currency: Currency,
    /// Whether figures leave it out.
    pub excluded: bool,
}

/// A depository, as far as figures depend on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookDepository {
    /// Its place in the order of creation.
    pub seq: u32,
    /// Its id.
    pub id: DepositoryId,
    /// Whose it is.
    pub legal_entity_id: LegalEntityId,
    /// The client of that legal entity.
    pub client_id: ClientId,
    /// Who keeps it.
    pub custodian_id: CustodianId,
    /// How the client of its legal entity accounts.
    pub method: AccountingMethod,
}

/// A portfolio and what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookPortfolio {
    /// Its place in the order of creation.
    pub seq: u32,
    /// Its id.
    pub id: PortfolioId,
    /// What it is part of.
    pub reporting_entity_id: ReportingEntityId,
    /// Its accounts.
    pub account_ids: Vec<AccountId>,
    /// Its depositories.
    pub depository_ids: Vec<DepositoryId>,
}

/// Every account, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn accounts(conn: &mut impl Conn) -> Result<Vec<BookAccount>, StoreError> {
    #[derive(Deserialize)]
    struct Row(
        u32,
        AccountId,
        LegalEntityId,
        ClientId,
        Option<CustodianId>,
        Currency,
        Flag,
    );
    let found = sqlx::query(
        "SELECT json_group_array(json_array(a.seq, a.id, a.legal_entity_id, e.client_id, a.custodian_id, a.currency,
                                            a.exclude_from_reporting) ORDER BY a.seq)
         FROM accounts a JOIN legal_entities e ON e.id = a.legal_entity_id",
    )
    .fetch_one(conn.sql())
    .await?;
    Ok(from_json::<Vec<Row>>(&found)?
        .into_iter()
        .map(
            |Row(seq, id, legal_entity_id, client_id, custodian_id, currency, excluded)| BookAccount {
                seq,
                id,
                legal_entity_id,
                client_id,
                custodian_id,
                currency,
                excluded: excluded.into(),
            },
        )
        .collect())
}

/// Every depository, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn depositories(conn: &mut impl Conn) -> Result<Vec<BookDepository>, StoreError> {
    #[derive(Deserialize)]
    struct Row(
        u32,
        DepositoryId,
        LegalEntityId,
        ClientId,
        CustodianId,
        AccountingMethod,
    );
    let found = sqlx::query(
        "SELECT json_group_array(json_array(d.seq, d.id, d.legal_entity_id, e.client_id, d.custodian_id,
                                            c.accounting_method) ORDER BY d.seq)
         FROM depositories d
              JOIN legal_entities e ON e.id = d.legal_entity_id
              JOIN clients c ON c.id = e.client_id",
    )
    .fetch_one(conn.sql())
    .await?;
    Ok(from_json::<Vec<Row>>(&found)?
        .into_iter()
        .map(
            |Row(seq, id, legal_entity_id, client_id, custodian_id, method)| BookDepository {
                seq,
                id,
                legal_entity_id,
                client_id,
                custodian_id,
                method,
            },
        )
        .collect())
}

/// Every portfolio, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn portfolios(conn: &mut impl Conn) -> Result<Vec<BookPortfolio>, StoreError> {
    #[derive(Deserialize)]
    struct Row(
        u32,
        PortfolioId,
        ReportingEntityId,
        Vec<AccountId>,
        Vec<DepositoryId>,
    );
    let found = sqlx::query(
        "SELECT json_group_array(json_array(seq, id, reporting_entity_id,
                    json((SELECT json_group_array(m.account_id ORDER BY m.position) FROM portfolio_accounts m
                          WHERE m.portfolio_id = p.id)),
                    json((SELECT json_group_array(m.depository_id ORDER BY m.position) FROM portfolio_depositories m
                          WHERE m.portfolio_id = p.id))) ORDER BY seq)
         FROM portfolios p",
    )
    .fetch_one(conn.sql())
    .await?;
    Ok(from_json::<Vec<Row>>(&found)?
        .into_iter()
        .map(
            |Row(seq, id, reporting_entity_id, account_ids, depository_ids)| BookPortfolio {
                seq,
                id,
                reporting_entity_id,
                account_ids,
                depository_ids,
            },
        )
        .collect())
}

/// A transaction, as the ledger reads it. What is absent is null in the row; the order of the members is the row's.
#[derive(Clone, Debug, Deserialize)]
pub struct LedgerRow {
    /// Its place in the order of creation.
    pub seq: i64,
    /// Its id.
    pub id: TransactionId,
    /// What it does.
    pub kind: TransactionType,
    /// The account whose money it moves.
    pub account_id: AccountId,
    /// Where its assets sit.
    pub depository_id: Option<DepositoryId>,
    /// What it is about.
    pub instrument_id: Option<InstrumentId>,
    /// The day whose end it first counts at.
    pub trade_date: Date,
    /// In the account's currency; positive into the account.
    pub amount: Decimal,
    /// Positive when received.
    pub quantity: Option<Decimal>,
    /// Per unit or in per cent of par, in the instrument's currency.
    pub price: Option<Decimal>,
    /// What the trade cost, in the account's currency.
    pub fees: Option<Decimal>,
    /// Interest that was bought or sold along.
    pub accrued_interest: Option<Decimal>,
    /// The places of the transactions whose lots it closes, in its order; the largest number there is for one that is
    /// gone.
    pub lots: Vec<i64>,
    /// The other account of a transfer.
    pub counterparty_account_id: Option<AccountId>,
    /// The other depository of a transfer.
    pub counterparty_depository_id: Option<DepositoryId>,
    /// The account of the other leg of a currency trade.
    pub counter_account_id: Option<AccountId>,
    /// In that account's currency.
    pub counter_amount: Option<Decimal>,
    /// New units for each old one.
    pub ratio: Option<Decimal>,
    /// Change of a commitment.
    pub effect_on_commitment: Option<Decimal>,
    /// How much of a distribution may be called again.
    pub recallable_amount: Option<Decimal>,
    /// Whether it counts in multiples.
    pub affects_multiples: Option<u8>,
    /// Whether it counts in the rate of return.
    pub affects_irr: Option<u8>,
    /// Whether it changes the cost basis.
    pub affects_cost_basis: Option<u8>,
    /// Whether it changes the net asset value.
    pub affects_nav: Option<u8>,
}

// A ledger is read whole, so its rows carry no names: the members of `LedgerRow` in their order.
macro_rules! ledger_row {
    ($date:literal) => {
        concat!(
            "json_array(t.seq, t.id, t.type, t.account_id, t.depository_id, t.instrument_id, ",
            $date,
            ", t.amount, t.quantity, t.price, t.fees, t.accrued_interest,
                CASE WHEN t.lot_ids IS NULL THEN json('[]') ELSE
                    json((SELECT json_group_array(coalesce(o.seq, 9223372036854775807) ORDER BY l.key)
                          FROM json_each(t.lot_ids) l LEFT JOIN transactions o ON o.id = l.value)) END,
                t.counterparty_account_id, t.counterparty_depository_id, t.counter_account_id, t.counter_amount,
                t.ratio, t.effect_on_commitment, t.recallable_amount, t.affects_multiples, t.affects_irr,
                t.affects_cost_basis, t.affects_nav)"
        )
    };
}

/// The next transactions behind `after` in the order of creation; empty when there are none.
///
/// # Errors
/// When the database fails.
pub async fn entries(conn: &mut impl Conn, after: i64) -> Result<Vec<LedgerRow>, StoreError> {
    let found = sqlx::query(concat!(
        "SELECT json_group_array(",
        ledger_row!("t.trade_date"),
        ") FROM (SELECT * FROM transactions WHERE seq > ?1 ORDER BY seq LIMIT ?2) t"
    ))
    .bind(after)
    .bind(CHUNK)
    .fetch_one(conn.sql())
    .await?;
    from_json(&found)
}

/// Everything that was entered about an instrument.
///
/// # Errors
/// When the database fails.
pub async fn about(conn: &mut impl Conn, instrument: &InstrumentId) -> Result<Vec<LedgerRow>, StoreError> {
    let found = sqlx::query(concat!(
        "SELECT json_group_array(",
        ledger_row!("t.trade_date"),
        ") FROM transactions t WHERE t.instrument_id = ?1"
    ))
    .bind(instrument.as_str())
    .fetch_one(conn.sql())
    .await?;
    from_json(&found)
}

/// The next transactions behind `after` that the custodian of `depository` and `account` has booked by `day`, each
/// dated by its booking. Some are of other places: whoever reads them looks.
///
/// # Errors
/// When the database fails.
pub async fn booked(
    conn: &mut impl Conn,
    legal_entity: &LegalEntityId,
    day: Date,
    after: i64,
) -> Result<Vec<LedgerRow>, StoreError> {
    let found = sqlx::query(concat!(
        "SELECT json_group_array(",
        ledger_row!("t.booked_on"),
        ") FROM (
             SELECT t.*, CASE WHEN b.transaction_id IS NULL THEN t.value_date ELSE b.booked_on END AS booked_on
             FROM transactions t LEFT JOIN custodian_bookings b ON b.transaction_id = t.id
             WHERE t.seq > ?1
               AND (CASE WHEN b.transaction_id IS NULL THEN t.value_date ELSE b.booked_on END) <= ?3
               AND EXISTS (
                   SELECT 1 FROM accounts a WHERE a.legal_entity_id = ?4
                   AND a.id IN (t.account_id, t.counterparty_account_id, t.counter_account_id)
                   UNION ALL
                   SELECT 1 FROM depositories d WHERE d.legal_entity_id = ?4
                   AND d.id IN (t.depository_id, t.counterparty_depository_id))
             ORDER BY t.seq LIMIT ?2) t"
    ))
    .bind(after)
    .bind(CHUNK)
    .bind(day.to_string())
    .bind(legal_entity.as_str())
    .fetch_one(conn.sql())
    .await?;
    from_json(&found)
}

/// The places of the transactions that went away behind the removal `after`, and the last removal.
///
/// # Errors
/// When the database fails.
pub async fn removed(conn: &mut impl Conn, after: i64) -> Result<(Vec<i64>, i64), StoreError> {
    let rows: Vec<(i64, i64)> =
        sqlx::query_as("SELECT change, seq FROM removed_transactions WHERE change > ?1 ORDER BY change")
            .bind(after)
            .fetch_all(conn.sql())
            .await?;
    let last = rows.last().map_or(after, |(change, _)| *change);
    Ok((rows.into_iter().map(|(_, seq)| seq).collect(), last))
}

/// The last removal there was.
///
/// # Errors
/// When the database fails.
pub async fn last_removal(conn: &mut impl Conn) -> Result<i64, StoreError> {
    Ok(
        sqlx::query_scalar("SELECT coalesce(max(change), 0) FROM removed_transactions")
            .fetch_one(conn.sql())
            .await?,
    )
}

/// Notes when a custodian booked a transaction, or that it never did.
///
/// # Errors
/// When the database fails.
pub async fn set_booking(
    tx: &mut WriteTx,
    transaction: &TransactionId,
    booked_on: Option<Date>,
) -> Result<(), StoreError> {
    let done = sqlx::query("INSERT INTO custodian_bookings (transaction_id, booked_on) VALUES (?1, ?2)")
        .bind(transaction.as_str())
        .bind(booked_on.map(|day| day.to_string()))
        .execute(tx.sql())
        .await?;
    sqlite::affected("note a custodian's booking", 1, &done)
}
