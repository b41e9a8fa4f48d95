//! The rules of depositories.

use super::{DomainError, PageRequest, Rows, error::require, legal_entities};
use crate::{
    ids,
    store::tenant::{Conn, WriteTx, depositories as store, portfolios},
};
use contract::{
    Timestamp,
    depositories::{Depository, DepositoryPatch, NewDepository},
    ids::{DepositoryId, LegalEntityId},
};

/// Adds a depository to a legal entity, by hand.
///
/// # Errors
/// [`DomainError::NotFound`] when there is no such legal entity, [`DomainError::Invalid`] when there is no such
/// custodian, [`DomainError::AlreadyExists`] when the custodian has the external identifier already.
pub async fn create(
    tx: &mut WriteTx,
    now: Timestamp,
    entity: &LegalEntityId,
    new: NewDepository,
) -> Result<Depository, DomainError> {
    legal_entities::get(tx, entity).await?;
    let depository = Depository {
        id: ids::object_id(now),
        legal_entity_id: entity.clone(),
        custodian_id: new.custodian_id,
        name: new.name,
        external_identifier: new.external_identifier,
        account_ids: Vec::new(),
        created_at: now,
        updated_at: now,
    };
    require_custodian(tx, &depository)?;
    require_unique(tx, &depository).await?;
    store::insert(tx, &depository).await?;
    tx.mark_changed();
    Ok(depository)
}

/// The depository with this id.
///
/// # Errors
/// [`DomainError::NotFound`].
pub async fn get(conn: &mut impl Conn, id: &DepositoryId) -> Result<Depository, DomainError> {
    store::find(conn, id).await?.ok_or(DomainError::NotFound)
}

/// A page of all depositories, oldest first.
///
/// # Errors
/// When the store fails.
pub async fn list(conn: &mut impl Conn, page: PageRequest) -> Result<Rows<Depository>, DomainError> {
    Ok(store::page(conn, page).await?)
}

/// A page of a legal entity's depositories, oldest first.
///
/// # Errors
/// [`DomainError::NotFound`] when there is no such legal entity.
pub async fn list_of(
    conn: &mut impl Conn,
    entity: &LegalEntityId,
    page: PageRequest,
) -> Result<Rows<Depository>, DomainError> {
    let found = store::page_of(conn, entity, page).await?;
    if found.rows.is_empty() {
        legal_entities::get(conn, entity).await?;
    }
    Ok(found)
}

/// Changes a depository, if it is the version that `expected` recognises.
///
/// # Errors
/// [`DomainError::NotFound`], [`DomainError::PreconditionFailed`], [`DomainError::Invalid`] when there is no such
/// custodian, [`DomainError::InUse`] when it would change while accounts settle into the depository,
/// [`DomainError::AlreadyExists`] when the custodian has the external identifier already.
pub async fn update(
    tx: &mut WriteTx,
    now: Timestamp,
    id: &DepositoryId,
    patch: DepositoryPatch,
    expected: &(dyn Fn(&Depository) -> bool + Sync),
) -> Result<Depository, DomainError> {
    let before = get(tx, id).await?;
    require(expected, &before)?;
    let mut after = Depository {
        custodian_id: patch.custodian_id.over(before.custodian_id.clone()),
        name: patch.name.over(before.name.clone()),
        external_identifier: patch.external_identifier.over(before.external_identifier.clone()),
        ..before.clone()
    };
    if after == before {
        return Ok(before);
    }
    if after.custodian_id != before.custodian_id {
        require_custodian(tx, &after)?;
        require_movable(&before)?;
    }
    require_unique(tx, &after).await?;
    after.updated_at = now;
    store::update(tx, &after).await?;
    tx.mark_changed();
    Ok(after)
}

/// Deletes a depository, if it is the version that `expected` recognises. It leaves the portfolios that it was in.
///
/// # Errors
/// [`DomainError::NotFound`], [`DomainError::PreconditionFailed`], or [`DomainError::InUse`] while accounts settle into
/// it or transactions name it.
pub async fn delete(
    tx: &mut WriteTx,
    now: Timestamp,
    id: &DepositoryId,
    expected: &(dyn Fn(&Depository) -> bool + Sync),
) -> Result<(), DomainError> {
    require(expected, &get(tx, id).await?)?;
    let found = store::dependants(tx, id).await?;
    DomainError::unless_free(&[
        (
            found.accounts,
            "account that settles into it",
            "accounts that settle into it",
        ),
        (found.transactions, "transaction", "transactions"),
    ])?;
    portfolios::touch_those_with_depository(tx, id, now).await?;
    store::delete(tx, id).await?;
    tx.mark_changed();
    Ok(())
}

fn require_custodian(tx: &WriteTx, depository: &Depository) -> Result<(), DomainError> {
    match tx.market().custodian(&depository.custodian_id) {
        Some(_) => Ok(()),
        None => Err(DomainError::at("/custodian_id", "no such custodian")),
    }
}

fn require_movable(depository: &Depository) -> Result<(), DomainError> {
    let accounts = u32::try_from(depository.account_ids.len()).unwrap_or(u32::MAX);
    DomainError::unless_free(&[(
        accounts,
        "account that settles into it, which fixes its custodian",
        "accounts that settle into it, which fixes its custodian",
    )])
}

async fn require_unique(tx: &mut WriteTx, depository: &Depository) -> Result<(), DomainError> {
    let Some(identifier) = &depository.external_identifier else {
        return Ok(());
    };
    match store::with_identifier(tx, &depository.custodian_id, identifier).await? {
        Some(other) if other != depository.id => Err(DomainError::AlreadyExists {
            pointer: "/external_identifier",
            detail: format!(
                "Depository {other} of custodian {} has this external_identifier.",
                depository.custodian_id
            ),
        }),
        _ => Ok(()),
    }
}
