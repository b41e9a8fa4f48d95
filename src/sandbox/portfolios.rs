//! The rules of portfolios.

use super::{
    DomainError, PageRequest, Rows,
    error::{require, require_distinct},
    positions, reporting_entities,
};
use crate::{
    ids,
    store::tenant::{Conn, WriteTx, portfolios as store},
};
use contract::{
    FieldError, Timestamp,
    ids::{PortfolioId, ReportingEntityId},
    portfolios::{NewPortfolio, Portfolio, PortfolioPatch},
    reporting_entities::ReportingEntity,
};

/// Adds a portfolio to a reporting entity.
///
/// # Errors
/// [`DomainError::NotFound`] when there is no such reporting entity, [`DomainError::Invalid`] when a member is not of the
/// same client or is listed twice.
pub async fn create(
    tx: &mut WriteTx,
    now: Timestamp,
    entity: &ReportingEntityId,
    new: NewPortfolio,
) -> Result<Portfolio, DomainError> {
    let entity = reporting_entities::get(tx, entity).await?;
    let portfolio = Portfolio {
        id: ids::object_id(now),
        reporting_entity_id: entity.id.clone(),
        name: new.name,
        account_ids: new.account_ids,
        depository_ids: new.depository_ids,
        created_at: now,
        updated_at: now,
    };
    require_members(tx, &entity, &portfolio).await?;
    store::insert(tx, &portfolio).await?;
    tx.mark_changed();
    positions::regroup(tx, now, None, Some(&portfolio)).await?;
    Ok(portfolio)
}

/// The portfolio with this id.
///
/// # Errors
/// [`DomainError::NotFound`].
pub async fn get(conn: &mut impl Conn, id: &PortfolioId) -> Result<Portfolio, DomainError> {
    store::find(conn, id).await?.ok_or(DomainError::NotFound)
}

/// A page of a reporting entity's portfolios, oldest first.
///
/// # Errors
/// [`DomainError::NotFound`] when there is no such reporting entity.
pub async fn list(
    conn: &mut impl Conn,
    entity: &ReportingEntityId,
    page: PageRequest,
) -> Result<Rows<Portfolio>, DomainError> {
    let found = store::page(conn, entity, page).await?;
    if found.rows.is_empty() {
        reporting_entities::get(conn, entity).await?;
    }
    Ok(found)
}

/// Changes a portfolio, if it is the version that `expected` recognises.
///
/// # Errors
/// [`DomainError::NotFound`], [`DomainError::PreconditionFailed`], or [`DomainError::Invalid`] when a member is not of
/// the same client or is listed twice.
pub async fn update(
    tx: &mut WriteTx,
    now: Timestamp,
    id: &PortfolioId,
    patch: PortfolioPatch,
    expected: &(dyn Fn(&Portfolio) -> bool + Sync),
) -> Result<Portfolio, DomainError> {
    let before = get(tx, id).await?;
    require(expected, &before)?;
    let mut after = Portfolio {
        name: patch.name.over(before.name.clone()),
        account_ids: patch.account_ids.over(before.account_ids.clone()),
        depository_ids: patch.depository_ids.over(before.depository_ids.clone()),
        ..before.clone()
    };
    if after == before {
        return Ok(before);
    }
    if after.account_ids != before.account_ids || after.depository_ids != before.depository_ids {
        let entity = reporting_entities::get(tx, &after.reporting_entity_id).await?;
        require_members(tx, &entity, &after).await?;
    }
    after.updated_at = now;
    store::update(tx, &after, &before).await?;
    tx.mark_changed();
    positions::regroup(tx, now, Some(&before), Some(&after)).await?;
    Ok(after)
}

/// Deletes a portfolio, if it is the version that `expected` recognises. What was in it stays.
///
/// # Errors
/// [`DomainError::NotFound`] or [`DomainError::PreconditionFailed`].
pub async fn delete(
    tx: &mut WriteTx,
    now: Timestamp,
    id: &PortfolioId,
    expected: &(dyn Fn(&Portfolio) -> bool + Sync),
) -> Result<(), DomainError> {
    let portfolio = get(tx, id).await?;
    require(expected, &portfolio)?;
    store::delete(tx, id).await?;
    tx.mark_changed();
    positions::regroup(tx, now, Some(&portfolio), None).await
}

async fn require_members(
    tx: &mut WriteTx,
    entity: &ReportingEntity,
    portfolio: &Portfolio,
) -> Result<(), DomainError> {
    require_distinct("/account_ids", &portfolio.account_ids)?;
    require_distinct("/depository_ids", &portfolio.depository_ids)?;
    let accounts = store::foreign_accounts(tx, &entity.client_id, &portfolio.account_ids).await?;
    let depositories = store::foreign_depositories(tx, &entity.client_id, &portfolio.depository_ids).await?;
    let accounts = accounts
        .into_iter()
        .map(|index| FieldError::at(format!("/account_ids/{index}"), "no such account of this client"));
    let depositories = depositories.into_iter().map(|index| {
        FieldError::at(
            format!("/depository_ids/{index}"),
            "no such depository of this client",
        )
    });
    let faults: Vec<FieldError> = accounts.chain(depositories).collect();
    if faults.is_empty() {
        Ok(())
    } else {
        Err(DomainError::Invalid(faults))
    }
}
