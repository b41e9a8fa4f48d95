//! The rules of the ledger: what may be entered, and what may be taken out again.

mod members;
mod references;
pub(super) mod replay;

use super::{
    DomainError, PageRequest, Rows,
    cashflows::{self, Standings},
    error::require,
    instruments, positions, reporting_entities,
};
use crate::{
    ids,
    store::tenant::{Conn, WriteTx, events::EventType, transactions as store},
};
use contract::{
    Timestamp,
    accounts::Account,
    ids::{InstrumentId, ReportingEntityId, TransactionId},
    transactions::{NewTransaction, Transaction, TransactionQuery, TransactionType},
};
use replay::Held;
use serde_json::{Value, json};

/// Enters a transaction.
///
/// # Errors
/// [`DomainError::Invalid`] when its members do not go with its type or with each other, or when the ledger could not
/// be replayed with it.
pub async fn create(
    tx: &mut WriteTx,
    now: Timestamp,
    new: NewTransaction,
) -> Result<Transaction, DomainError> {
    let faults = members::faults(&new);
    if !faults.is_empty() {
        return Err(DomainError::Invalid(faults));
    }
    let account = references::check(tx, now.date(), &new).await?;
    let before = held(tx, new.instrument_id.as_ref()).await?;
    let paid = paid(tx, now, (new.instrument_id.as_ref(), new.r#type)).await?;
    let entered_at = store::entry_instant(tx, now).await?;
    let entry = entry(new, &account, entered_at);
    let seq = store::enter(tx, &entry).await?;
    let after = replay::check_entry(tx, seq, &entry).await?;
    tx.emit(now, EventType::TransactionCreated, data(&entry)).await?;
    positions::follow(tx, now, &entry, [&before, &after]).await?;
    pay(tx, now, &entry, paid).await?;
    // What is answered is what will be read.
    get(tx, &entry.id).await
}

/// The transaction with this id.
///
/// # Errors
/// [`DomainError::NotFound`].
pub async fn get(conn: &mut impl Conn, id: &TransactionId) -> Result<Transaction, DomainError> {
    let found = store::find(conn, id).await?;
    Ok(found.ok_or(DomainError::NotFound)?.1)
}

/// A page of the ledger, in the order of entry.
///
/// # Errors
/// When the store fails.
pub async fn list(
    conn: &mut impl Conn,
    wanted: &TransactionQuery,
    page: PageRequest,
) -> Result<Rows<Transaction>, DomainError> {
    Ok(store::page(conn, wanted, page).await?)
}

/// A page of what moves money or assets in a reporting entity's portfolios, in the order of entry.
///
/// # Errors
/// [`DomainError::NotFound`] when there is no such reporting entity.
pub async fn list_of(
    conn: &mut impl Conn,
    entity: &ReportingEntityId,
    wanted: &TransactionQuery,
    page: PageRequest,
) -> Result<Rows<Transaction>, DomainError> {
    let found = store::page_of(conn, entity, wanted, page).await?;
    if found.rows.is_empty() {
        reporting_entities::get(conn, entity).await?;
    }
    Ok(found)
}

/// Deletes a transaction, if it is the version that `expected` recognises.
///
/// # Errors
/// [`DomainError::NotFound`], [`DomainError::PreconditionFailed`], or [`DomainError::InUse`] when a later transaction
/// would become impossible.
pub async fn delete(
    tx: &mut WriteTx,
    now: Timestamp,
    id: &TransactionId,
    expected: &(dyn Fn(&Transaction) -> bool + Sync),
) -> Result<(), DomainError> {
    let entry = get(tx, id).await?;
    require(expected, &entry)?;
    let before = held(tx, entry.instrument_id.as_ref()).await?;
    let paid = paid(tx, now, (entry.instrument_id.as_ref(), entry.r#type)).await?;
    store::delete(tx, id).await?;
    let after = replay::check_deletion(tx, &entry).await?;
    tx.emit(now, EventType::TransactionDeleted, data(&entry)).await?;
    positions::follow(tx, now, &entry, [&before, &after]).await?;
    pay(tx, now, &entry, paid).await
}

/// What the instrument that a transaction is about pays; none where the transaction cannot change it.
async fn paid(
    tx: &mut WriteTx,
    now: Timestamp,
    (instrument, kind): (Option<&InstrumentId>, TransactionType),
) -> Result<Option<Standings>, DomainError> {
    let Some(id) = instrument else { return Ok(None) };
    let concerned = instruments::find(tx, id)
        .await?
        .is_some_and(|found| cashflows::is_concerned(found.r#type, kind));
    if !concerned {
        return Ok(None);
    }
    Ok(Some(cashflows::standings(tx, id, now.date()).await?))
}

/// Tells how what its instrument pays changed with a transaction that was entered or deleted.
async fn pay(
    tx: &mut WriteTx,
    now: Timestamp,
    entry: &Transaction,
    before: Option<Standings>,
) -> Result<(), DomainError> {
    let (Some(id), Some(before)) = (&entry.instrument_id, before) else {
        return Ok(());
    };
    let after = cashflows::standings(tx, id, now.date()).await?;
    cashflows::tell(tx, now, id, [&before, &after]).await
}

/// What is held of the instrument that a transaction is about; nothing where it is about none.
async fn held(tx: &mut WriteTx, instrument: Option<&InstrumentId>) -> Result<Held, DomainError> {
    match instrument {
        Some(instrument) => replay::held(tx, instrument).await,
        None => Ok(Held::new()),
    }
}

/// What events tell of a transaction.
fn data(entry: &Transaction) -> Value {
    json!({ "transaction_id": entry.id, "account_id": entry.account_id, "type": entry.r#type })
}

/// The entry of `new` in the ledger of `account`, what was left out filled in.
fn entry(new: NewTransaction, account: &Account, entered_at: Timestamp) -> Transaction {
    let is_of_fund = matches!(
        new.r#type,
        TransactionType::CapitalCall | TransactionType::Distribution
    );
    let counts = |flag: Option<bool>| is_of_fund.then_some(flag.unwrap_or(true));
    Transaction {
        id: ids::object_id(entered_at),
        r#type: new.r#type,
        account_id: new.account_id,
        depository_id: new.depository_id,
        instrument_id: new.instrument_id,
        trade_date: new.trade_date,
        value_date: new.value_date.unwrap_or(new.trade_date),
        amount: new.amount.unwrap_or_default(),
        currency: account.currency.clone(),
        quantity: new.quantity,
        price: new.price,
        fees: new.fees,
        accrued_interest: new.accrued_interest,
        lot_ids: new.lot_ids,
        ratio: new.ratio,
        counterparty_account_id: new.counterparty_account_id,
        counterparty_depository_id: new.counterparty_depository_id,
        counter_account_id: new.counter_account_id,
        counter_amount: new.counter_amount,
        category: new.category,
        effect_on_commitment: new.effect_on_commitment,
        recallable_amount: new.recallable_amount,
        affects_multiples: counts(new.affects_multiples),
        affects_irr: counts(new.affects_irr),
        affects_cost_basis: counts(new.affects_cost_basis),
        affects_nav: counts(new.affects_nav),
        comment: new.comment,
        created_at: entered_at,
        updated_at: entered_at,
    }
}
