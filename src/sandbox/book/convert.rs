//! Rows as the ledger reads them.

use super::Names;
use crate::{
    ledger::{self, AccountNo, DepositoryNo, Entry, FundEffect, InstrumentNo, Kind, TransactionNo},
    sandbox::DomainError,
    store::{
        StoreError,
        tenant::{TransactionType, book::LedgerRow},
    },
};
use contract::{
    clients::AccountingMethod,
    ids::{AccountId, DepositoryId, InstrumentClassId, InstrumentId},
    text::Currency,
};
use rust_decimal::Decimal;

/// The number of a transaction: its place in the order of creation.
pub(super) fn number(seq: i64) -> TransactionNo {
    TransactionNo(seq.unsigned_abs())
}

/// The method as the ledger knows it.
pub(super) const fn method(method: AccountingMethod) -> ledger::Method {
    match method {
        AccountingMethod::Fifo => ledger::Method::Fifo,
        AccountingMethod::Average => ledger::Method::Average,
        AccountingMethod::SpecificId => ledger::Method::SpecificId,
    }
}

/// The currency as the ledger knows it.
pub(super) fn currency(currency: &Currency) -> Result<ledger::Currency, DomainError> {
    ledger::Currency::new(currency.as_str()).ok_or_else(|| inconsistent("a currency is no code"))
}

/// The class of an instrument.
pub(super) fn class(slug: &str) -> Result<InstrumentClassId, DomainError> {
    slug.parse().map_err(|_| inconsistent("a class is no slug"))
}

/// A transaction as the ledger knows it.
pub(super) fn entry(row: LedgerRow, names: &Names) -> Result<Entry, DomainError> {
    let places = Places(names);
    let kind = kind(&row, &places)?;
    let mut entry = Entry::new(number(row.seq), row.trade_date, kind);
    entry.account = Some(places.account(&row.account_id)?);
    entry.depository = places.depository_if_any(row.depository_id.as_ref())?;
    entry.instrument = row
        .instrument_id
        .as_ref()
        .map(|id| places.instrument(id))
        .transpose()?;
    entry.amount = row.amount;
    entry.quantity = row.quantity.unwrap_or_default();
    entry.price = row.price;
    entry.fees = row.fees.unwrap_or_default();
    entry.accrued_interest = row.accrued_interest.unwrap_or_default();
    entry.lots = row.lots.into_iter().map(number).collect();
    Ok(entry)
}

fn kind(row: &LedgerRow, places: &Places<'_>) -> Result<Kind, DomainError> {
    Ok(match row.kind {
        TransactionType::Buy => Kind::Buy,
        TransactionType::Sell => Kind::Sell,
        TransactionType::Deposit => Kind::Deposit,
        TransactionType::Withdrawal => Kind::Withdrawal,
        TransactionType::Transfer => Kind::Transfer {
            account: row
                .counterparty_account_id
                .as_ref()
                .map(|id| places.account(id))
                .transpose()?,
            depository: places.depository_if_any(row.counterparty_depository_id.as_ref())?,
        },
        TransactionType::Dividend => Kind::Dividend,
        TransactionType::Coupon => Kind::Coupon,
        TransactionType::Interest => Kind::Interest,
        TransactionType::Fee => Kind::Fee,
        TransactionType::FxTrade => {
            let account = row
                .counter_account_id
                .as_ref()
                .ok_or_else(|| inconsistent("a currency trade has one leg"))?;
            Kind::FxTrade {
                account: places.account(account)?,
                amount: row.counter_amount.unwrap_or_default(),
            }
        }
        TransactionType::Redemption => Kind::Redemption,
        TransactionType::CorporateAction => Kind::CorporateAction {
            ratio: row.ratio.unwrap_or(Decimal::ONE),
        },
        TransactionType::CapitalCall => Kind::CapitalCall(effect(row)),
        TransactionType::Distribution => Kind::Distribution(effect(row)),
    })
}

fn effect(row: &LedgerRow) -> FundEffect {
    let flag = |flag: Option<u8>| flag.is_none_or(|flag| flag != 0);
    FundEffect {
        effect_on_commitment: row.effect_on_commitment,
        recallable_amount: row.recallable_amount.unwrap_or_default(),
        affects_multiples: flag(row.affects_multiples),
        affects_irr: flag(row.affects_irr),
        affects_cost_basis: flag(row.affects_cost_basis),
        affects_nav: flag(row.affects_nav),
    }
}

/// Finds the numbers of ids that the database holds a reference to, so that none can be missing.
struct Places<'n>(&'n Names);

impl Places<'_> {
    fn account(&self, id: &AccountId) -> Result<AccountNo, DomainError> {
        self.0
            .account_no(id)
            .ok_or_else(|| inconsistent("a transaction names an account that is not there"))
    }

    fn depository_if_any(&self, id: Option<&DepositoryId>) -> Result<Option<DepositoryNo>, DomainError> {
        id.map(|id| {
            self.0
                .depository_no(id)
                .ok_or_else(|| inconsistent("a transaction names a depository that is not there"))
        })
        .transpose()
    }

    fn instrument(&self, id: &InstrumentId) -> Result<InstrumentNo, DomainError> {
        self.0
            .instrument_no(id)
            .ok_or_else(|| inconsistent("a transaction names an instrument that is not there"))
    }
}

pub(super) fn inconsistent(what: &str) -> DomainError {
    StoreError::Inconsistent(what.to_owned()).into()
}
