//! The rules of legal entities.

use super::{DomainError, PageRequest, Rows, clients, error::require};
use crate::{
    ids,
    store::tenant::{Conn, WriteTx, legal_entities as store},
};
use contract::{
    Timestamp,
    ids::{ClientId, LegalEntityId},
    legal_entities::{LegalEntity, LegalEntityPatch, NewLegalEntity},
};

/// Adds a legal entity to a client.
///
/// # Errors
/// [`DomainError::NotFound`] when there is no such client, [`DomainError::Invalid`] when the parent is not an entity of
/// the same client.
pub async fn create(
    tx: &mut WriteTx,
    now: Timestamp,
    client: &ClientId,
    new: NewLegalEntity,
) -> Result<LegalEntity, DomainError> {
    clients::get(tx, client).await?;
    let entity = LegalEntity {
        id: ids::object_id(now),
        client_id: client.clone(),
        parent_legal_entity_id: new.parent_legal_entity_id,
        name: new.name,
        r#type: new.r#type,
        jurisdiction: new.jurisdiction,
        created_at: now,
        updated_at: now,
    };
    require_parent(tx, &entity).await?;
    store::insert(tx, &entity).await?;
    tx.mark_changed();
    Ok(entity)
}

/// The legal entity with this id.
///
/// # Errors
/// [`DomainError::NotFound`].
pub async fn get(conn: &mut impl Conn, id: &LegalEntityId) -> Result<LegalEntity, DomainError> {
    store::find(conn, id).await?.ok_or(DomainError::NotFound)
}

/// A page of a client's legal entities, oldest first.
///
/// # Errors
/// [`DomainError::NotFound`] when there is no such client.
pub async fn list(
    conn: &mut impl Conn,
    client: &ClientId,
    page: PageRequest,
) -> Result<Rows<LegalEntity>, DomainError> {
    let found = store::page(conn, client, page).await?;
    if found.rows.is_empty() {
        clients::get(conn, client).await?;
    }
    Ok(found)
}

/// Changes a legal entity, if it is the version that `expected` recognises.
///
/// # Errors
/// [`DomainError::NotFound`], [`DomainError::PreconditionFailed`], or [`DomainError::Invalid`] when the parent is not
/// an entity of the same client or stands under the entity.
pub async fn update(
    tx: &mut WriteTx,
    now: Timestamp,
    id: &LegalEntityId,
    patch: LegalEntityPatch,
    expected: &(dyn Fn(&LegalEntity) -> bool + Sync),
) -> Result<LegalEntity, DomainError> {
    let before = get(tx, id).await?;
    require(expected, &before)?;
    let mut after = LegalEntity {
        parent_legal_entity_id: patch
            .parent_legal_entity_id
            .over(before.parent_legal_entity_id.clone()),
        name: patch.name.over(before.name.clone()),
        r#type: patch.r#type.over(before.r#type),
        jurisdiction: patch.jurisdiction.over(before.jurisdiction.clone()),
        ..before.clone()
    };
    if after == before {
        return Ok(before);
    }
    if after.parent_legal_entity_id != before.parent_legal_entity_id {
        require_parent(tx, &after).await?;
        require_no_loop(tx, &after).await?;
    }
    after.updated_at = now;
    store::update(tx, &after).await?;
    tx.mark_changed();
    Ok(after)
}

/// Deletes a legal entity, if it is the version that `expected` recognises.
///
/// # Errors
/// [`DomainError::NotFound`], [`DomainError::PreconditionFailed`], or [`DomainError::InUse`] while it has accounts,
/// depositories, custodian authorities, or entities under it.
pub async fn delete(
    tx: &mut WriteTx,
    _now: Timestamp,
    id: &LegalEntityId,
    expected: &(dyn Fn(&LegalEntity) -> bool + Sync),
) -> Result<(), DomainError> {
    require(expected, &get(tx, id).await?)?;
    let found = store::dependants(tx, id).await?;
    DomainError::unless_free(&[
        (
            found.legal_entities,
            "legal entity under it",
            "legal entities under it",
        ),
        (found.accounts, "account", "accounts"),
        (found.depositories, "depository", "depositories"),
        (found.authorities, "custodian authority", "custodian authorities"),
    ])?;
    store::delete(tx, id).await?;
    tx.mark_changed();
    Ok(())
}

async fn require_parent(tx: &mut WriteTx, entity: &LegalEntity) -> Result<(), DomainError> {
    let Some(parent) = &entity.parent_legal_entity_id else {
        return Ok(());
    };
    match store::find(tx, parent).await? {
        Some(parent) if parent.client_id == entity.client_id => Ok(()),
        _ => Err(DomainError::at(
            "/parent_legal_entity_id",
            "no such legal entity of this client",
        )),
    }
}

async fn require_no_loop(tx: &mut WriteTx, entity: &LegalEntity) -> Result<(), DomainError> {
    match &entity.parent_legal_entity_id {
        Some(parent) if store::stands_above(tx, &entity.id, parent).await? => Err(DomainError::at(
            "/parent_legal_entity_id",
            "is the legal entity itself or stands under it",
        )),
        _ => Ok(()),
    }
}
