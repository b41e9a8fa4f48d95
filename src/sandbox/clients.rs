//! The rules of clients.

use super::{DomainError, PageRequest, Rows, error::require, transactions::replay};
use crate::{
    ids,
    store::tenant::{Conn, WriteTx, clients as store, events::EventType, positions},
};
use contract::{
    Timestamp,
    clients::{AccountingMethod, Client, ClientPatch, NewClient},
    ids::{ClientId, DepositoryId},
};
use serde_json::json;

/// Adds a client.
///
/// # Errors
/// [`DomainError::Invalid`] when the parent does not exist.
pub async fn create(tx: &mut WriteTx, now: Timestamp, new: NewClient) -> Result<Client, DomainError> {
    let client = Client {
        id: ids::object_id(now),
        name: new.name,
        parent_id: new.parent_id,
        reference_currency: new.reference_currency,
        accounting_method: new.accounting_method.unwrap_or(AccountingMethod::Fifo),
        created_at: now,
        updated_at: now,
    };
    require_parent(tx, client.parent_id.as_ref()).await?;
    store::insert(tx, &client).await?;
    tx.emit(now, EventType::ClientCreated, json!({ "client_id": client.id }))
        .await?;
    Ok(client)
}

/// The client with this id.
///
/// # Errors
/// [`DomainError::NotFound`].
pub async fn get(conn: &mut impl Conn, id: &ClientId) -> Result<Client, DomainError> {
    store::find(conn, id).await?.ok_or(DomainError::NotFound)
}

/// A page of all clients, nested ones included, oldest first.
///
/// # Errors
/// When the store fails.
pub async fn list(conn: &mut impl Conn, page: PageRequest) -> Result<Rows<Client>, DomainError> {
    Ok(store::page(conn, page).await?)
}

/// Changes a client, if it is the version that `expected` recognises.
///
/// # Errors
/// [`DomainError::NotFound`], [`DomainError::PreconditionFailed`], [`DomainError::Invalid`] when the parent does
/// not exist or stands under the client, or [`DomainError::InUse`] when old sales cannot be replayed by the new accounting
/// method.
pub async fn update(
    tx: &mut WriteTx,
    now: Timestamp,
    id: &ClientId,
    patch: ClientPatch,
    expected: &(dyn Fn(&Client) -> bool + Sync),
) -> Result<Client, DomainError> {
    let before = get(tx, id).await?;
    require(expected, &before)?;
    let mut after = Client {
        name: patch.name.over(before.name.clone()),
        parent_id: patch.parent_id.over(before.parent_id.clone()),
        reference_currency: patch.reference_currency.over(before.reference_currency.clone()),
        accounting_method: patch.accounting_method.over(before.accounting_method),
        ..before.clone()
    };
    if after == before {
        return Ok(before);
    }
    if after.parent_id != before.parent_id {
        require_parent(tx, after.parent_id.as_ref()).await?;
        require_no_loop(tx, &after).await?;
    }
    after.updated_at = now;
    store::update(tx, &after).await?;
    if after.accounting_method != before.accounting_method {
        let places = store::depositories(tx, id).await?;
        let places: Vec<&str> = places.iter().map(DepositoryId::as_str).collect();
        for instrument in positions::instruments_at(tx, &places).await? {
            replay::check_method(tx, &instrument).await?;
        }
    }
    let data = json!({ "client_id": after.id, "changed_fields": changed_fields(&before, &after) });
    tx.emit(now, EventType::ClientUpdated, data).await?;
    Ok(after)
}

/// Deletes a client, if it is the version that `expected` recognises.
///
/// # Errors
/// [`DomainError::NotFound`], [`DomainError::PreconditionFailed`], or [`DomainError::InUse`] while it has nested
/// clients, legal entities or reporting entities.
pub async fn delete(
    tx: &mut WriteTx,
    now: Timestamp,
    id: &ClientId,
    expected: &(dyn Fn(&Client) -> bool + Sync),
) -> Result<(), DomainError> {
    require(expected, &get(tx, id).await?)?;
    let found = store::dependants(tx, id).await?;
    DomainError::unless_free(&[
        (found.clients, "nested client", "nested clients"),
        (found.legal_entities, "legal entity", "legal entities"),
        (found.reporting_entities, "reporting entity", "reporting entities"),
        (found.users, "user", "users"),
    ])?;
    store::delete(tx, id).await?;
    tx.emit(now, EventType::ClientDeleted, json!({ "client_id": id }))
        .await?;
    Ok(())
}

async fn require_parent(tx: &mut WriteTx, parent: Option<&ClientId>) -> Result<(), DomainError> {
    match parent {
        Some(parent) if store::find(tx, parent).await?.is_none() => {
            Err(DomainError::at("/parent_id", "no such client"))
        }
        _ => Ok(()),
    }
}

async fn require_no_loop(tx: &mut WriteTx, client: &Client) -> Result<(), DomainError> {
    match &client.parent_id {
        Some(parent) if store::stands_above(tx, &client.id, parent).await? => Err(DomainError::at(
            "/parent_id",
            "is the client itself or stands under it",
        )),
        _ => Ok(()),
    }
}

fn changed_fields(before: &Client, after: &Client) -> Vec<&'static str> {
    [
        ("name", before.name != after.name),
        ("parent_id", before.parent_id != after.parent_id),
        (
            "reference_currency",
            before.reference_currency != after.reference_currency,
        ),
        (
            "accounting_method",
            before.accounting_method != after.accounting_method,
        ),
    ]
    .into_iter()
    .filter_map(|(field, changed)| changed.then_some(field))
    .collect()
}
