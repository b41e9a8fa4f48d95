//! The rows of the ledger.

use super::{WriteTx, sealed::Sealed};
use crate::store::{StoreError, sqlite};
use contract::{
    Timestamp,
    ids::{AccountId, DepositoryId, InstrumentId, TransactionId},
};
use jiff::civil::Date;
use rust_decimal::Decimal;

/// What a transaction does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TransactionType {
    /// Opens a lot.
    Buy,
    /// Closes lots.
    Sell,
    /// Money from outside.
    Deposit,
    /// Money to the outside.
    Withdrawal,
    /// Moves lots or money between accounts.
    Transfer,
    /// Income of a share or fund.
    Dividend,
    /// Income of a bond or loan.
    Coupon,
    /// Income of money.
    Interest,
    /// A cost.
    Fee,
    /// Money of one currency for money of another.
    FxTrade,
    /// Pays a bond or loan back.
    Redemption,
    /// Changes lots without money.
    CorporateAction,
    /// Money called by a private fund.
    CapitalCall,
    /// Money paid out by a private fund.
    Distribution,
}

impl TransactionType {
    /// The value as it stands on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Buy => "buy",
            Self::Sell => "sell",
            Self::Deposit => "deposit",
            Self::Withdrawal => "withdrawal",
            Self::Transfer => "transfer",
            Self::Dividend => "dividend",
            Self::Coupon => "coupon",
            Self::Interest => "interest",
            Self::Fee => "fee",
            Self::FxTrade => "fx_trade",
            Self::Redemption => "redemption",
            Self::CorporateAction => "corporate_action",
            Self::CapitalCall => "capital_call",
            Self::Distribution => "distribution",
        }
    }
}

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

/// Appends a transaction.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut WriteTx, new: &Transaction) -> Result<(), StoreError> {
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
    .bind(new.created_at.as_millis())
    .execute(tx.sql())
    .await?;
    sqlite::affected("append a transaction", 1, &done)
}
