//! A transaction as it is sent.

use super::{Category, TransactionType};
use crate::{
    Day, Decimal,
    ids::{AccountId, DepositoryId, InstrumentId, TransactionId},
    text::{Currency, Name},
};
use serde::{Deserialize, Serialize};

/// A new transaction. Which members it needs depends on its type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewTransaction {
    /// What it does; decides which other members it needs and takes.
    pub r#type: TransactionType,
    /// The account whose money it moves.
    pub account_id: AccountId,
    /// Where the instrument is held: one of the account's depositories.
    #[serde(default)]
    pub depository_id: Option<DepositoryId>,
    /// What it is about.
    #[serde(default)]
    pub instrument_id: Option<InstrumentId>,
    /// The day on which it was agreed; not after the sandbox's today.
    pub trade_date: Day,
    /// The day on which it settles. Without it, `trade_date`.
    #[serde(default)]
    pub value_date: Option<Day>,
    /// Money, positive into the account, costs and accrued interest included.
    #[serde(default)]
    pub amount: Option<Decimal>,
    /// The currency of `amount`. It can be left out; if not, it must be the account's.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// Units, or nominal of bonds and loans; positive when received.
    #[serde(default)]
    pub quantity: Option<Decimal>,
    /// Per unit, or in per cent of par, in the instrument's currency.
    #[serde(default)]
    pub price: Option<Decimal>,
    /// What the trade cost; part of `amount`.
    #[serde(default)]
    pub fees: Option<Decimal>,
    /// Interest that is bought or sold along; part of `amount`.
    #[serde(default)]
    pub accrued_interest: Option<Decimal>,
    /// The lots to close or move, each named by the transaction that opened it. Needed where the client accounts by `specific_id`.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 100)))]
    pub lot_ids: Option<Vec<TransactionId>>,
    /// New units for each old one.
    #[serde(default)]
    pub ratio: Option<Decimal>,
    /// The other account of a transfer. Without it, the transfer crosses the border of the sandbox.
    #[serde(default)]
    pub counterparty_account_id: Option<AccountId>,
    /// The other depository of a transfer.
    #[serde(default)]
    pub counterparty_depository_id: Option<DepositoryId>,
    /// The account of the other leg of a currency trade.
    #[serde(default)]
    pub counter_account_id: Option<AccountId>,
    /// The money of the other leg, positive into that account, in its currency.
    #[serde(default)]
    pub counter_amount: Option<Decimal>,
    /// What a fee is for.
    #[serde(default)]
    pub category: Option<Category>,
    /// How the unfunded commitment changes, signed as `amount` is. Without it, a call uses up its amount.
    #[serde(default)]
    pub effect_on_commitment: Option<Decimal>,
    /// How much of it may be called again. Without it, nothing.
    #[serde(default)]
    pub recallable_amount: Option<Decimal>,
    /// Whether it counts in paid in and distributed. Without it, yes.
    #[serde(default)]
    pub affects_multiples: Option<bool>,
    /// Whether it counts in the internal rate of return. Without it, yes.
    #[serde(default)]
    pub affects_irr: Option<bool>,
    /// Whether it changes the cost basis. Without it, yes.
    #[serde(default)]
    pub affects_cost_basis: Option<bool>,
    /// Whether it changes the net asset value until the next one is published. Without it, yes.
    #[serde(default)]
    pub affects_nav: Option<bool>,
    /// A note, for people.
    #[serde(default)]
    pub comment: Option<Name>,
}

impl NewTransaction {
    /// A transaction of this type without any of the members that depend on it.
    pub fn of(r#type: TransactionType, account_id: AccountId, trade_date: Day) -> Self {
        Self {
            r#type,
            account_id,
            depository_id: None,
            instrument_id: None,
            trade_date,
            value_date: None,
            amount: None,
            currency: None,
            quantity: None,
            price: None,
            fees: None,
            accrued_interest: None,
            lot_ids: None,
            ratio: None,
            counterparty_account_id: None,
            counterparty_depository_id: None,
            counter_account_id: None,
            counter_amount: None,
            category: None,
            effect_on_commitment: None,
            recallable_amount: None,
            affects_multiples: None,
            affects_irr: None,
            affects_cost_basis: None,
            affects_nav: None,
            comment: None,
        }
    }
}
