//! The rules of accounts.

use super::{
    DomainError, PageRequest, Rows,
    error::{require, require_distinct},
    legal_entities,
};
use crate::{
    ids,
    store::tenant::{Conn, WriteTx, accounts as store, depositories, events::EventType, portfolios},
};
use contract::{
    FieldError, Timestamp,
    accounts::{Account, AccountPatch, NewAccount},
    ids::{AccountId, CustodianId, LegalEntityId},
};
use serde_json::{Value, json};

/// Adds an account to a legal entity, by hand. Its custodian is that of its depositories.
///
/// # Errors
/// [`DomainError::NotFound`] when there is no such legal entity, [`DomainError::Invalid`] when a depository is not one of
/// the legal entity's or they have different custodians, [`DomainError::AlreadyExists`] when the custodian has the
/// external identifier already.
pub async fn create(
    tx: &mut WriteTx,
    now: Timestamp,
    entity: &LegalEntityId,
    new: NewAccount,
) -> Result<Account, DomainError> {
    legal_entities::get(tx, entity).await?;
    let mut account = Account {
        id: ids::object_id(now),
        legal_entity_id: entity.clone(),
        custodian_id: None,
        custodian_authority_id: None,
        name: new.name,
        external_identifier: new.external_identifier,
        currency: new.currency,
        depository_ids: new.depository_ids,
        exclude_from_reporting: new.exclude_from_reporting,
        created_at: now,
        updated_at: now,
    };
    account.custodian_id = custodian(tx, &account).await?;
    require_unique(tx, &account).await?;
    store::insert(tx, &account).await?;
    tx.mark_changed();
    Ok(account)
}

/// The account with this id.
///
/// # Errors
/// [`DomainError::NotFound`].
pub async fn get(conn: &mut impl Conn, id: &AccountId) -> Result<Account, DomainError> {
    store::find(conn, id).await?.ok_or(DomainError::NotFound)
}

/// A page of all accounts, oldest first.
///
/// # Errors
/// When the store fails.
pub async fn list(conn: &mut impl Conn, page: PageRequest) -> Result<Rows<Account>, DomainError> {
    Ok(store::page(conn, page).await?)
}

/// A page of a legal entity's accounts, oldest first.
///
/// # Errors
/// [`DomainError::NotFound`] when there is no such legal entity.
pub async fn list_of(
    conn: &mut impl Conn,
    entity: &LegalEntityId,
    page: PageRequest,
) -> Result<Rows<Account>, DomainError> {
    let found = store::page_of(conn, entity, page).await?;
    if found.rows.is_empty() {
        legal_entities::get(conn, entity).await?;
    }
    Ok(found)
}

/// Changes an account, if it is the version that `expected` recognises.
///
/// # Errors
/// [`DomainError::NotFound`], [`DomainError::PreconditionFailed`], [`DomainError::Invalid`] when a depository is not one
/// of the legal entity's or of another custodian, [`DomainError::InUse`] when the currency would change under
/// transactions, [`DomainError::AlreadyExists`] when the custodian has the external identifier already.
pub async fn update(
    tx: &mut WriteTx,
    now: Timestamp,
    id: &AccountId,
    patch: AccountPatch,
    expected: &(dyn Fn(&Account) -> bool + Sync),
) -> Result<Account, DomainError> {
    let before = get(tx, id).await?;
    require(expected, &before)?;
    let mut after = Account {
        name: patch.name.over(before.name.clone()),
        external_identifier: patch.external_identifier.over(before.external_identifier.clone()),
        currency: patch.currency.over(before.currency.clone()),
        depository_ids: patch.depository_ids.over(before.depository_ids.clone()),
        ..before.clone()
    };
    if after == before {
        return Ok(before);
    }
    if after.depository_ids != before.depository_ids {
        after.custodian_id = custodian(tx, &after).await?;
    }
    if after.currency != before.currency {
        require_no_transactions(tx, id, ", which fixes its currency").await?;
    }
    require_unique(tx, &after).await?;
    after.updated_at = now;
    store::update(tx, &after, &before).await?;
    tx.mark_changed();
    Ok(after)
}

/// Deletes an account, if it is the version that `expected` recognises. It leaves the portfolios that it was in.
///
/// # Errors
/// [`DomainError::NotFound`], [`DomainError::PreconditionFailed`], or [`DomainError::InUse`] while it has transactions.
pub async fn delete(
    tx: &mut WriteTx,
    now: Timestamp,
    id: &AccountId,
    expected: &(dyn Fn(&Account) -> bool + Sync),
) -> Result<(), DomainError> {
    let account = get(tx, id).await?;
    require(expected, &account)?;
    require_no_transactions(tx, id, "").await?;
    portfolios::touch_those_with_account(tx, id, now).await?;
    store::delete(tx, id).await?;
    tx.mark_changed();
    if account.custodian_authority_id.is_some() {
        tx.emit(now, EventType::AccountDisconnected, connection(&account))
            .await?;
    }
    Ok(())
}

/// What events tell of an account that a consent feeds.
pub(super) fn connection(account: &Account) -> Value {
    json!({
        "account_id": account.id,
        "legal_entity_id": account.legal_entity_id,
        "custodian_id": account.custodian_id,
        "authority_id": account.custodian_authority_id,
    })
}

/// The custodian that the account's depositories have in common. An account that a consent feeds keeps the consent's.
async fn custodian(tx: &mut WriteTx, account: &Account) -> Result<Option<CustodianId>, DomainError> {
    require_distinct("/depository_ids", &account.depository_ids)?;
    let mut custodian = account
        .custodian_id
        .clone()
        .filter(|_| account.custodian_authority_id.is_some());
    let mut faults = Vec::new();
    for (index, id) in account.depository_ids.iter().enumerate() {
        let fault = match depositories::find(tx, id).await? {
            Some(found) if found.legal_entity_id == account.legal_entity_id => {
                let common = custodian.get_or_insert_with(|| found.custodian_id.clone());
                (*common != found.custodian_id)
                    .then(|| format!("is at {}, not at {common}", found.custodian_id))
            }
            _ => Some("no such depository of this legal entity".to_owned()),
        };
        faults.extend(fault.map(|detail| FieldError::at(format!("/depository_ids/{index}"), detail)));
    }
    if faults.is_empty() {
        Ok(custodian)
    } else {
        Err(DomainError::Invalid(faults))
    }
}

async fn require_no_transactions(
    tx: &mut WriteTx,
    id: &AccountId,
    consequence: &str,
) -> Result<(), DomainError> {
    let transactions = store::transactions(tx, id).await?;
    let one = format!("transaction{consequence}");
    let many = format!("transactions{consequence}");
    DomainError::unless_free(&[(transactions, &one, &many)])
}

async fn require_unique(tx: &mut WriteTx, account: &Account) -> Result<(), DomainError> {
    let (Some(custodian), Some(identifier)) = (&account.custodian_id, &account.external_identifier) else {
        return Ok(());
    };
    match store::with_identifier(tx, custodian, identifier).await? {
        Some(other) if other != account.id => Err(DomainError::AlreadyExists {
            pointer: "/external_identifier",
            detail: format!("Account {other} of custodian {custodian} has this external_identifier."),
        }),
        _ => Ok(()),
    }
}
