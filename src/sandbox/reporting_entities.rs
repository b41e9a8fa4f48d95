//! The rules of reporting entities.

use super::{DomainError, PageRequest, Rows, clients, error::require};
use crate::{
    ids,
    store::tenant::{Conn, WriteTx, reporting_entities as store, users},
};
use contract::{
    Timestamp,
    ids::{ClientId, ReportingEntityId},
    reporting_entities::{NewReportingEntity, ReportingEntity, ReportingEntityPatch},
};

/// Adds a reporting entity to a client.
///
/// # Errors
/// [`DomainError::NotFound`] when there is no such client, [`DomainError::Invalid`] when the parent is not an entity of
/// the same client.
pub async fn create(
    tx: &mut WriteTx,
    now: Timestamp,
    client: &ClientId,
    new: NewReportingEntity,
) -> Result<ReportingEntity, DomainError> {
    clients::get(tx, client).await?;
    let entity = ReportingEntity {
        id: ids::object_id(now),
        client_id: client.clone(),
        parent_reporting_entity_id: new.parent_reporting_entity_id,
        name: new.name,
        currency: new.currency,
        created_at: now,
        updated_at: now,
    };
    require_parent(tx, &entity).await?;
    store::insert(tx, &entity).await?;
    tx.mark_changed();
    Ok(entity)
}

/// The reporting entity with this id.
///
/// # Errors
/// [`DomainError::NotFound`].
pub async fn get(conn: &mut impl Conn, id: &ReportingEntityId) -> Result<ReportingEntity, DomainError> {
    store::find(conn, id).await?.ok_or(DomainError::NotFound)
}

/// A page of a client's reporting entities, oldest first.
///
/// # Errors
/// [`DomainError::NotFound`] when there is no such client.
pub async fn list(
    conn: &mut impl Conn,
    client: &ClientId,
    page: PageRequest,
) -> Result<Rows<ReportingEntity>, DomainError> {
    let found = store::page(conn, client, page).await?;
    if found.rows.is_empty() {
        clients::get(conn, client).await?;
    }
    Ok(found)
}

/// Changes a reporting entity, if it is the version that `expected` recognises.
///
/// # Errors
/// [`DomainError::NotFound`], [`DomainError::PreconditionFailed`], or [`DomainError::Invalid`] when the parent is not
/// an entity of the same client or stands under the entity.
pub async fn update(
    tx: &mut WriteTx,
    now: Timestamp,
    id: &ReportingEntityId,
    patch: ReportingEntityPatch,
    expected: &(dyn Fn(&ReportingEntity) -> bool + Sync),
) -> Result<ReportingEntity, DomainError> {
    let before = get(tx, id).await?;
    require(expected, &before)?;
    let mut after = ReportingEntity {
        parent_reporting_entity_id: patch
            .parent_reporting_entity_id
            .over(before.parent_reporting_entity_id.clone()),
        name: patch.name.over(before.name.clone()),
        currency: patch.currency.over(before.currency.clone()),
        ..before.clone()
    };
    if after == before {
        return Ok(before);
    }
    if after.parent_reporting_entity_id != before.parent_reporting_entity_id {
        require_parent(tx, &after).await?;
        require_no_loop(tx, &after).await?;
    }
    after.updated_at = now;
    store::update(tx, &after).await?;
    tx.mark_changed();
    Ok(after)
}

/// Deletes a reporting entity, if it is the version that `expected` recognises.
///
/// # Errors
/// [`DomainError::NotFound`], [`DomainError::PreconditionFailed`], or [`DomainError::InUse`] while it has portfolios
/// or entities under it.
pub async fn delete(
    tx: &mut WriteTx,
    now: Timestamp,
    id: &ReportingEntityId,
    expected: &(dyn Fn(&ReportingEntity) -> bool + Sync),
) -> Result<(), DomainError> {
    require(expected, &get(tx, id).await?)?;
    let found = store::dependants(tx, id).await?;
    DomainError::unless_free(&[
        (
            found.reporting_entities,
            "reporting entity under it",
            "reporting entities under it",
        ),
        (found.portfolios, "portfolio", "portfolios"),
    ])?;
    users::touch_those_with_entity(tx, id, now).await?;
    store::delete(tx, id).await?;
    tx.mark_changed();
    Ok(())
}

async fn require_parent(tx: &mut WriteTx, entity: &ReportingEntity) -> Result<(), DomainError> {
    let Some(parent) = &entity.parent_reporting_entity_id else {
        return Ok(());
    };
    match store::find(tx, parent).await? {
        Some(parent) if parent.client_id == entity.client_id => Ok(()),
        _ => Err(DomainError::at(
            "/parent_reporting_entity_id",
            "no such reporting entity of this client",
        )),
    }
}

async fn require_no_loop(tx: &mut WriteTx, entity: &ReportingEntity) -> Result<(), DomainError> {
    match &entity.parent_reporting_entity_id {
        Some(parent) if store::stands_above(tx, &entity.id, parent).await? => Err(DomainError::at(
            "/parent_reporting_entity_id",
            "is the reporting entity itself or stands under it",
        )),
        _ => Ok(()),
    }
}
