//! The rules of custodian authorities: how a consent is reserved, given, renewed, lost and withdrawn.

mod state;

use super::{DomainError, PageRequest, Rows, error::require_consistent, ingest, legal_entities};
use crate::{
    ids,
    store::{
        StoreError,
        market::Flow,
        tenant::{Conn, WriteTx, accounts, authorities as store, events::EventType},
    },
};
use contract::{
    Timestamp,
    authorities::{Authority, LinkAuthority, NewAuthority},
    ids::{AuthFlowId, AuthorityId, LegalEntityId},
};
use serde_json::{Value, json};
use state::{Due, State};

pub(super) use state::next_due;

/// Reserves an authority for a legal entity.
///
/// # Errors
/// [`DomainError::NotFound`] when there is no such legal entity, [`DomainError::Invalid`] when there is no such custodian
/// or the flow is not one of its own.
pub async fn create(
    tx: &mut WriteTx,
    now: Timestamp,
    entity: &LegalEntityId,
    new: NewAuthority,
) -> Result<Authority, DomainError> {
    legal_entities::get(tx, entity).await?;
    if tx.market().custodian(&new.custodian_id).is_none() {
        return Err(DomainError::at("/custodian_id", "no such custodian"));
    }
    match tx.market().flow(&new.auth_flow_id) {
        Some(flow) if flow.shown.custodian_id == new.custodian_id => {}
        _ => {
            return Err(DomainError::at(
                "/auth_flow_id",
                "no such auth flow of this custodian",
            ));
        }
    }
    let authority = Authority {
        id: ids::uuid(),
        legal_entity_id: entity.clone(),
        custodian_id: new.custodian_id,
        auth_flow_id: new.auth_flow_id,
        status: State::Pending.status(),
        expires_at: None,
        linked_at: None,
        revoked_at: None,
        upstream_revocation: None,
        created_at: now,
        updated_at: now,
    };
    store::insert(tx, &authority, None).await?;
    tx.emit(now, EventType::AuthorityCreated, data(&authority))
        .await?;
    Ok(authority)
}

/// The authority with this id.
///
/// # Errors
/// [`DomainError::NotFound`].
pub async fn get(conn: &mut impl Conn, id: &AuthorityId) -> Result<Authority, DomainError> {
    store::find(conn, id).await?.ok_or(DomainError::NotFound)
}

/// A page of a legal entity's authorities, oldest first.
///
/// # Errors
/// [`DomainError::NotFound`] when there is no such legal entity.
pub async fn list(
    conn: &mut impl Conn,
    entity: &LegalEntityId,
    page: PageRequest,
) -> Result<Rows<Authority>, DomainError> {
    let found = store::page(conn, entity, page).await?;
    if found.rows.is_empty() {
        legal_entities::get(conn, entity).await?;
    }
    Ok(found)
}

/// Links an authority after the user consented: its window opens, and the first ingestion brings what the custodian
/// holds.
///
/// # Errors
/// [`DomainError::NotFound`], or [`DomainError::InvalidTransition`] unless it is pending.
pub async fn link(
    tx: &mut WriteTx,
    now: Timestamp,
    id: &AuthorityId,
    link: LinkAuthority,
) -> Result<Authority, DomainError> {
    let before = get(tx, id).await?;
    let flow = flow(tx, &before.auth_flow_id)?;
    let state = State::of(&before)?.link(now, &flow)?;
    let after = state.applied_to(before, now);
    store::update(tx, &after, next_due(&after, &flow.shown)).await?;
    store::set_consent(tx, id, &link.consent_reference).await?;
    tx.emit(now, EventType::AuthorityLinked, data(&after)).await?;
    ingest::first(tx, now, &after).await?;
    Ok(after)
}

/// Renews the window of an active authority, counted from now.
///
/// # Errors
/// [`DomainError::NotFound`], or [`DomainError::InvalidTransition`] unless it is active.
pub async fn refresh(tx: &mut WriteTx, now: Timestamp, id: &AuthorityId) -> Result<Authority, DomainError> {
    let before = get(tx, id).await?;
    let flow = flow(tx, &before.auth_flow_id)?;
    let state = State::of(&before)?.refresh(now, &flow)?;
    let after = state.applied_to(before, now);
    store::update(tx, &after, next_due(&after, &flow.shown)).await?;
    tx.emit(now, EventType::AuthorityRefreshed, data(&after)).await?;
    Ok(after)
}

/// Revokes an authority, at the custodian too as far as that can be. Again: the same answer, and nothing changes.
///
/// # Errors
/// [`DomainError::NotFound`], or [`DomainError::InvalidTransition`] when it has expired.
pub async fn revoke(tx: &mut WriteTx, now: Timestamp, id: &AuthorityId) -> Result<Authority, DomainError> {
    let before = get(tx, id).await?;
    let flow = flow(tx, &before.auth_flow_id)?;
    let state = State::of(&before)?;
    if matches!(state, State::Revoked { .. }) {
        return Ok(before);
    }
    let after = state.revoke(now, &flow)?.applied_to(before, now);
    store::update(tx, &after, None).await?;
    tx.emit(now, EventType::AuthorityRevoked, data(&after)).await?;
    disconnect_accounts(tx, now, &after).await?;
    Ok(after)
}

/// Has the first thing happen that is due at `now`, at its own instant; `false` when nothing is.
pub(super) async fn run_first_due(tx: &mut WriteTx, now: Timestamp) -> Result<bool, StoreError> {
    let Some((at, authority)) = store::first_due(tx, now).await? else {
        return Ok(false);
    };
    let flow = flow(tx, &authority.auth_flow_id)?;
    let state = State::of(&authority)?;
    match Due::of(&authority, &flow.shown, at) {
        Due::Renewal => {
            let state = require_consistent(state.refresh(at, &flow))?;
            let renewed = state.applied_to(authority, at);
            store::update(tx, &renewed, next_due(&renewed, &flow.shown)).await?;
            tx.emit(at, EventType::AuthorityRefreshed, data(&renewed)).await?;
        }
        // The warning changes nothing; what is left is the expiry.
        Due::Warning => {
            store::update(tx, &authority, authority.expires_at).await?;
            tx.emit(at, EventType::AuthorityExpiring, data(&authority))
                .await?;
        }
        Due::Expiry => {
            let expired = require_consistent(state.expire())?.applied_to(authority, at);
            store::update(tx, &expired, None).await?;
            tx.emit(at, EventType::AuthorityExpired, data(&expired)).await?;
            disconnect_accounts(tx, at, &expired).await?;
        }
    }
    Ok(true)
}

/// Tells that the accounts of a consent that has ended no longer receive data.
async fn disconnect_accounts(
    tx: &mut WriteTx,
    at: Timestamp,
    authority: &Authority,
) -> Result<(), StoreError> {
    for account in accounts::fed_by(tx, &authority.id).await? {
        tx.emit(
            at,
            EventType::AccountDisconnected,
            super::accounts::connection(&account),
        )
        .await?;
    }
    Ok(())
}

/// The flow of an authority, which was checked when it was reserved.
fn flow(tx: &WriteTx, id: &AuthFlowId) -> Result<Flow, StoreError> {
    tx.market()
        .flow(id)
        .cloned()
        .ok_or_else(|| StoreError::Inconsistent(format!("an authority of the unknown auth flow {id}")))
}

/// What events tell of an authority.
pub(super) fn data(authority: &Authority) -> Value {
    json!({
        "authority_id": authority.id,
        "legal_entity_id": authority.legal_entity_id,
        "custodian_id": authority.custodian_id,
        "status": authority.status,
    })
}
