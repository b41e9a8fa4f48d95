//! Rows as the ledger reads them.

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

/// What knows the ledger's numbers of ids. The database holds a reference for each, so that none can be missing.
pub(super) trait Numbers {
    /// The number of an account.
    fn account(&mut self, id: &AccountId) -> Option<AccountNo>;
    /// The number of a depository.
    fn depository(&mut self, id: &DepositoryId) -> Option<DepositoryNo>;
    /// The number of an instrument.
    fn instrument(&mut self, id: &InstrumentId) -> Option<InstrumentNo>;
}

fn found<I, N>(id: Option<I>, number: impl FnOnce(I) -> Option<N>) -> Result<Option<N>, DomainError> {
    let Some(id) = id else { return Ok(None) };
    let number = number(id).ok_or_else(|| inconsistent("a transaction names what is not there"))?;
    Ok(Some(number))
}

/// A transaction as the ledger knows it.
pub(super) fn entry(row: LedgerRow, numbers: &mut impl Numbers) -> Result<Entry, DomainError> {
    let kind = kind(&row, numbers)?;
    let mut entry = Entry::new(number(row.seq), row.trade_date, kind);
    entry.account = found(Some(&row.account_id), |id| numbers.account(id))?;
    entry.depository = found(row.depository_id.as_ref(), |id| numbers.depository(id))?;
    entry.instrument = found(row.instrument_id.as_ref(), |id| numbers.instrument(id))?;
    entry.amount = row.amount;
    entry.quantity = row.quantity.unwrap_or_default();
    entry.price = row.price;
    entry.fees = row.fees.unwrap_or_default();
    entry.accrued_interest = row.accrued_interest.unwrap_or_default();
    entry.lots = row.lots.into_iter().map(number).collect();
    Ok(entry)
}

fn kind(row: &LedgerRow, numbers: &mut impl Numbers) -> Result<Kind, DomainError> {
    Ok(match row.kind {
        TransactionType::Buy => Kind::Buy,
        TransactionType::Sell => Kind::Sell,
        TransactionType::Deposit => Kind::Deposit,
        TransactionType::Withdrawal => Kind::Withdrawal,
        TransactionType::Transfer => Kind::Transfer {
            account: found(row.counterparty_account_id.as_ref(), |id| numbers.account(id))?,
            depository: found(row.counterparty_depository_id.as_ref(), |id| {
                numbers.depository(id)
            })?,
        },
        TransactionType::Dividend => Kind::Dividend,
        TransactionType::Coupon => Kind::Coupon,
        TransactionType::Interest => Kind::Interest,
        TransactionType::Fee => Kind::Fee,
        TransactionType::FxTrade => Kind::FxTrade {
            account: found(row.counter_account_id.as_ref(), |id| numbers.account(id))?
                .ok_or_else(|| inconsistent("a currency trade has one leg"))?,
            amount: row.counter_amount.unwrap_or_default(),
        },
        TransactionType::Redemption => Kind::Redemption,
        TransactionType::CorporateAction => Kind::split(row.ratio.unwrap_or(Decimal::ONE)),
        TransactionType::CapitalCall => Kind::CapitalCall(Box::new(effect(row))),
        TransactionType::Distribution => Kind::Distribution(Box::new(effect(row))),
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

pub(super) fn inconsistent(what: &str) -> DomainError {
    StoreError::Inconsistent(what.to_owned()).into()
}
