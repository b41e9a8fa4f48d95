//! The rules of the ledger: what may be entered, and what may be taken out again.

mod members;
mod references;
pub(super) mod replay;
pub(super) mod story;

use super::{
    DomainError, PageRequest, Rows,
    cashflows::{self, Standings},
    error::require,
    positions, reporting_entities,
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
use serde_json::{Value, json};
use story::{Held, Story};

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
    let mut affected = Affected::by(tx, now, (new.instrument_id.as_ref(), new.r#type)).await?;
    let entered_at = store::entry_instant(tx, now).await?;
    let entry = entry(new, &account, entered_at);
    let seq = store::enter(tx, &entry).await?;
    if let Some(affected) = &mut affected {
        replay::enter(tx, &mut affected.story, (seq, &entry)).await?;
    }
    tx.emit(now, EventType::TransactionCreated, data(&entry)).await?;
    if let Some(affected) = affected {
        affected.tell(tx, now, &entry).await?;
    }
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
    let (seq, entry) = store::find(tx, id).await?.ok_or(DomainError::NotFound)?;
    require(expected, &entry)?;
    let mut affected = Affected::by(tx, now, (entry.instrument_id.as_ref(), entry.r#type)).await?;
    store::delete(tx, id).await?;
    if let Some(affected) = &mut affected {
        replay::delete(&mut affected.story, seq)?;
    }
    tx.emit(now, EventType::TransactionDeleted, data(&entry)).await?;
    match affected {
        Some(affected) => affected.tell(tx, now, &entry).await,
        None => Ok(()),
    }
}

/// The instrument that a change is about, as it was before.
struct Affected {
    story: Story,
    held: Held,
    /// What it paid; none where the change cannot change it.
    paid: Option<Standings>,
}

impl Affected {
    /// By a transaction of this type about this instrument; none where it is about none.
    async fn by(
        tx: &mut WriteTx,
        now: Timestamp,
        (instrument, kind): (Option<&InstrumentId>, TransactionType),
    ) -> Result<Option<Self>, DomainError> {
        let Some(id) = instrument else { return Ok(None) };
        let story = Story::of(tx, id).await?;
        let concerned = story
            .kind()
            .is_some_and(|instrument| cashflows::is_concerned(instrument, kind));
        let paid = if concerned {
            Some(cashflows::standings(tx, &story, now.date()).await?)
        } else {
            None
        };
        Ok(Some(Self {
            held: story.held(),
            story,
            paid,
        }))
    }

    /// Tells what became of it with a transaction that was entered or deleted.
    async fn tell(self, tx: &mut WriteTx, now: Timestamp, entry: &Transaction) -> Result<(), DomainError> {
        positions::follow(tx, now, entry, [&self.held, &self.story.held()]).await?;
        let (Some(id), Some(paid)) = (&entry.instrument_id, &self.paid) else {
            return Ok(());
        };
        let pays = cashflows::standings(tx, &self.story, now.date()).await?;
        cashflows::tell(tx, now, id, [paid, &pays]).await
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
