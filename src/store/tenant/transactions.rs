//! The rows of the ledger.

use super::{Conn, WriteTx, sealed::Sealed};
use crate::store::{
    PageRequest, Rows, StoreError,
    sqlite::{self, from_json},
};
use contract::{
    Timestamp,
    clients::AccountingMethod,
    ids::{AccountId, DepositoryId, InstrumentId, ReportingEntityId, TransactionId},
    text::Name,
    transactions::{Category, Transaction as Entered, TransactionQuery},
};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Deserialize;

pub use contract::transactions::TransactionType;

/// A transaction of those types that custodians deliver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// Stable id.
    pub id: TransactionId,
    /// What it does.
    pub kind: TransactionType,
    /// The account whose money it moves.
    pub account_id: AccountId,
    /// Where its assets sit.
    pub depository_id: Option<DepositoryId>,
    /// What it is about.
    pub instrument_id: Option<InstrumentId>,
    /// When it was agreed.
    pub trade_date: Date,
    /// When it settles.
    pub value_date: Date,
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
    /// What kind of fee.
    pub category: Option<String>,
    /// When it was entered, in domain time.
    pub created_at: Timestamp,
}

macro_rules! row {
    () => {
        "json_array(t.seq, json_object('id', t.id, 'type', t.type, 'account_id', t.account_id,
            'depository_id', t.depository_id, 'instrument_id', t.instrument_id, 'trade_date', t.trade_date,
            'value_date', t.value_date, 'amount', t.amount,
            'currency', (SELECT a.currency FROM accounts a WHERE a.id = t.account_id), 'quantity', t.quantity,
            'price', t.price, 'fees', t.fees, 'accrued_interest', t.accrued_interest, 'lot_ids', json(t.lot_ids),
            'ratio', t.ratio, 'counterparty_account_id', t.counterparty_account_id,
            'counterparty_depository_id', t.counterparty_depository_id, 'counter_account_id', t.counter_account_id,
            'counter_amount', t.counter_amount, 'category', t.category,
            'effect_on_commitment', t.effect_on_commitment, 'recallable_amount', t.recallable_amount,
            'affects_multiples', json(iif(t.affects_multiples, 'true', iif(t.affects_multiples = 0, 'false', NULL))),
            'affects_irr', json(iif(t.affects_irr, 'true', iif(t.affects_irr = 0, 'false', NULL))),
            'affects_cost_basis',
            json(iif(t.affects_cost_basis, 'true', iif(t.affects_cost_basis = 0, 'false', NULL))),
            'affects_nav', json(iif(t.affects_nav, 'true', iif(t.affects_nav = 0, 'false', NULL))),
            'comment', t.comment,
            'created_at', strftime('%Y-%m-%dT%H:%M:%fZ', t.created_at / 1000.0, 'unixepoch'),
            'updated_at', strftime('%Y-%m-%dT%H:%M:%fZ', t.created_at / 1000.0, 'unixepoch')))"
    };
}

macro_rules! page {
    ($rest:literal) => {
        concat!(
            "SELECT json_group_array(",
            row!(),
            ") FROM (SELECT * FROM transactions WHERE seq > ?1
                AND (?3 IS NULL OR ?3 IN (account_id, counterparty_account_id, counter_account_id))
                AND (?4 IS NULL OR ?4 IN (depository_id, counterparty_depository_id))
                AND (?5 IS NULL OR instrument_id = ?5) AND (?6 IS NULL OR type = ?6)
                AND (?7 IS NULL OR trade_date >= ?7) AND (?8 IS NULL OR trade_date <= ?8)
                AND (?9 IS NULL OR created_at >= ?9) ",
            $rest,
            " ORDER BY seq LIMIT ?2) t"
        )
    };
}

#[derive(Deserialize)]
struct Row(i64, Entered);

impl From<Row> for (i64, Entered) {
    fn from(Row(seq, row): Row) -> Self {
        let flag = |stored: Option<bool>| stored.or(row.is_of_private_fund().then_some(true));
        let entered = Entered {
            amount: row.amount.as_money(),
            quantity: row.quantity.map(contract::Decimal::as_quantity),
            price: row.price.map(contract::Decimal::as_quantity),
            fees: row.fees.map(contract::Decimal::as_money),
            accrued_interest: row.accrued_interest.map(contract::Decimal::as_money),
            ratio: row.ratio.map(contract::Decimal::as_quantity),
            counter_amount: row.counter_amount.map(contract::Decimal::as_money),
            effect_on_commitment: row.effect_on_commitment.map(contract::Decimal::as_money),
            recallable_amount: row.recallable_amount.map(contract::Decimal::as_money),
            affects_multiples: flag(row.affects_multiples),
            affects_irr: flag(row.affects_irr),
            affects_cost_basis: flag(row.affects_cost_basis),
            affects_nav: flag(row.affects_nav),
            ..row
        };
        (seq, entered)
    }
}

/// The transaction with this id, and its place in the order of entry.
///
/// # Errors
/// When the database fails.
pub async fn find(conn: &mut impl Conn, id: &TransactionId) -> Result<Option<(i64, Entered)>, StoreError> {
    let row = sqlx::query(concat!("SELECT ", row!(), " FROM transactions t WHERE t.id = ?1"))
        .bind(id.as_str())
        .fetch_optional(conn.sql())
        .await?;
    row.map(|row| Ok(from_json::<Row>(&row)?.into())).transpose()
}

/// A page of the ledger, in the order of entry.
///
/// # Errors
/// When the database fails.
pub async fn page(
    conn: &mut impl Conn,
    wanted: &TransactionQuery,
    page: PageRequest,
) -> Result<Rows<Entered>, StoreError> {
    read_page(conn, page!(""), None, wanted, page).await
}

/// A page of what moves money or assets in the portfolios of a reporting entity, in the order of entry.
///
/// # Errors
/// When the database fails.
pub async fn page_of(
    conn: &mut impl Conn,
    entity: &ReportingEntityId,
    wanted: &TransactionQuery,
    page: PageRequest,
) -> Result<Rows<Entered>, StoreError> {
    let statement = page!(
        "AND (EXISTS (SELECT 1 FROM portfolios p JOIN portfolio_accounts m ON m.portfolio_id = p.id
                      JOIN accounts a ON a.id = m.account_id
                      WHERE p.reporting_entity_id = ?10 AND NOT a.exclude_from_reporting
                        AND m.account_id IN (transactions.account_id, counterparty_account_id, counter_account_id))
           OR EXISTS (SELECT 1 FROM portfolios p JOIN portfolio_depositories m ON m.portfolio_id = p.id
                      WHERE p.reporting_entity_id = ?10
                        AND m.depository_id IN (transactions.depository_id, counterparty_depository_id)))"
    );
    read_page(conn, statement, Some(entity), wanted, page).await
}

async fn read_page(
    conn: &mut impl Conn,
    statement: &'static str,
    entity: Option<&ReportingEntityId>,
    wanted: &TransactionQuery,
    page: PageRequest,
) -> Result<Rows<Entered>, StoreError> {
    let query = sqlx::query(statement)
        .bind(page.start())
        .bind(page.probe())
        .bind(wanted.account_id.as_ref().map(AccountId::as_str))
        .bind(wanted.depository_id.as_ref().map(DepositoryId::as_str))
        .bind(wanted.instrument_id.as_ref().map(InstrumentId::as_str))
        .bind(wanted.r#type.map(TransactionType::as_str))
        .bind(wanted.from.map(|day| day.to_string()))
        .bind(wanted.to.map(|day| day.to_string()))
        .bind(wanted.updated_since.map(Timestamp::as_millis));
    let query = match entity {
        Some(entity) => query.bind(entity.as_str()),
        None => query,
    };
    let found = query.fetch_one(conn.sql()).await?;
    Ok(Rows::of(page, from_json::<Vec<Row>>(&found)?))
}

/// Every depository, and how the client of its legal entity accounts.
///
/// # Errors
/// When the database fails.
pub async fn methods(conn: &mut impl Conn) -> Result<Vec<(DepositoryId, AccountingMethod)>, StoreError> {
    let found = sqlx::query(
        "SELECT json_group_array(json_array(d.id, c.accounting_method))
         FROM depositories d JOIN legal_entities e ON e.id = d.legal_entity_id JOIN clients c ON c.id = e.client_id",
    )
    .fetch_one(conn.sql())
    .await?;
    from_json(&found)
}

/// The instant of entry of what is entered `now`: not before that of anything that was entered earlier, whatever
/// order calls reach the writer in.
///
/// # Errors
/// When the database fails.
pub async fn entry_instant(tx: &mut WriteTx, now: Timestamp) -> Result<Timestamp, StoreError> {
    let millis =
        sqlx::query_scalar("UPDATE tenant SET entered_at = max(entered_at, ?1) RETURNING entered_at")
            .bind(now.as_millis())
            .fetch_one(tx.sql())
            .await?;
    Ok(Timestamp::from_millis(millis))
}

/// Appends a transaction that a custodian delivers.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut WriteTx, new: &Transaction) -> Result<(), StoreError> {
    let created_at = entry_instant(tx, new.created_at).await?;
    let done = sqlx::query(
        "INSERT INTO transactions (id, type, account_id, depository_id, instrument_id, trade_date, value_date, amount,
                                   quantity, price, fees, accrued_interest, category, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    )
    .bind(new.id.as_str())
    .bind(new.kind.as_str())
    .bind(new.account_id.as_str())
    .bind(new.depository_id.as_ref().map(DepositoryId::as_str))
    .bind(new.instrument_id.as_ref().map(InstrumentId::as_str))
    .bind(new.trade_date.to_string())
    .bind(new.value_date.to_string())
    .bind(new.amount.to_string())
    .bind(new.quantity.map(|decimal| decimal.to_string()))
    .bind(new.price.map(|decimal| decimal.to_string()))
    .bind(new.fees.map(|decimal| decimal.to_string()))
    .bind(new.accrued_interest.map(|decimal| decimal.to_string()))
    .bind(new.category.as_deref())
    .bind(created_at.as_millis())
    .execute(tx.sql())
    .await?;
    sqlite::affected("append a transaction", 1, &done)
}

/// Appends a transaction of any type and returns its place in the order of entry.
///
/// # Errors
/// When the database fails.
pub async fn enter(tx: &mut WriteTx, new: &Entered) -> Result<i64, StoreError> {
    let lots = new.lot_ids.as_ref().map(|ids| serde_json::json!(ids).to_string());
    Ok(sqlx::query_scalar(
        "INSERT INTO transactions (id, type, account_id, depository_id, instrument_id, trade_date, value_date, amount,
            quantity, price, fees, accrued_interest, lot_ids, comment, category, counterparty_account_id,
            counterparty_depository_id, counter_account_id, counter_amount, ratio, effect_on_commitment,
            recallable_amount, affects_multiples, affects_irr, affects_cost_basis, affects_nav, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
                 ?23, ?24, ?25, ?26, ?27)
         RETURNING seq",
    )
    .bind(new.id.as_str())
    .bind(new.r#type.as_str())
    .bind(new.account_id.as_str())
    .bind(new.depository_id.as_ref().map(DepositoryId::as_str))
    .bind(new.instrument_id.as_ref().map(InstrumentId::as_str))
    .bind(new.trade_date.to_string())
    .bind(new.value_date.to_string())
    .bind(new.amount.to_string())
    .bind(new.quantity.map(|decimal| decimal.to_string()))
    .bind(new.price.map(|decimal| decimal.to_string()))
    .bind(new.fees.map(|decimal| decimal.to_string()))
    .bind(new.accrued_interest.map(|decimal| decimal.to_string()))
    .bind(lots)
    .bind(new.comment.as_ref().map(Name::as_str))
    .bind(new.category.map(Category::as_str))
    .bind(new.counterparty_account_id.as_ref().map(AccountId::as_str))
    .bind(new.counterparty_depository_id.as_ref().map(DepositoryId::as_str))
    .bind(new.counter_account_id.as_ref().map(AccountId::as_str))
    .bind(new.counter_amount.map(|decimal| decimal.to_string()))
    .bind(new.ratio.map(|decimal| decimal.to_string()))
    .bind(new.effect_on_commitment.map(|decimal| decimal.to_string()))
    .bind(new.recallable_amount.map(|decimal| decimal.to_string()))
    .bind(new.affects_multiples)
    .bind(new.affects_irr)
    .bind(new.affects_cost_basis)
    .bind(new.affects_nav)
    .bind(new.created_at.as_millis())
    .fetch_one(tx.sql())
    .await?)
}

/// Removes a transaction.
///
/// # Errors
/// When the database fails or there is no such transaction.
pub async fn delete(tx: &mut WriteTx, id: &TransactionId) -> Result<(), StoreError> {
    let done = sqlx::query("DELETE FROM transactions WHERE id = ?1")
        .bind(id.as_str())
        .execute(tx.sql())
        .await?;
    sqlite::affected("delete a transaction", 1, &done)
}
