//! The forty events of the demo office's last weeks.

use super::{
    custody,
    literal::{Kind, authority, birth, object},
};
use crate::{
    sandbox::{accounts, authorities},
    store::{
        StoreError,
        tenant::{WriteTx, events::EventType, transactions::Transaction},
    },
};
use contract::{
    Timestamp,
    ids::{AccountId, ClientId},
};
use serde_json::{Value, json};

const HOUR_MILLIS: i64 = 60 * 60 * 1000;

/// How many of the last transactions are news.
const ENTRIES: usize = 35;

/// Adds them, oldest first.
pub(super) async fn fill(tx: &mut WriteTx, told: &[Transaction]) -> Result<(), StoreError> {
    let lost: AccountId = object(Kind::Account, 8);
    let client: ClientId = object(Kind::Client, 1);
    let renamed = json!({ "client_id": client, "changed_fields": ["name"] });
    emit(tx, 28 * 24, EventType::ClientUpdated, Some(renamed)).await?;
    emit(tx, 20 * 24, EventType::AuthorityExpired, consent(6)).await?;
    let account = custody::accounts().find(|account| account.id == lost);
    let disconnected = account.map(|account| accounts::connection(&account));
    emit(tx, 20 * 24, EventType::AccountDisconnected, disconnected).await?;
    emit(tx, 15 * 24, EventType::AuthorityRefreshed, consent(5)).await?;
    emit(tx, 15 * 24, EventType::AuthorityRevoked, consent(13)).await?;
    let recent = &told[told.len().saturating_sub(ENTRIES)..];
    for (hours, entry) in (1..=recent.len()).rev().zip(recent) {
        let data = json!({ "transaction_id": entry.id, "account_id": entry.account_id, "type": entry.kind.as_str() });
        let hours = i64::try_from(hours).unwrap_or(i64::MAX).saturating_mul(9);
        emit(tx, hours, EventType::TransactionCreated, Some(data)).await?;
    }
    Ok(())
}

fn consent(number: u32) -> Option<Value> {
    custody::authorities()
        .find(|consent| consent.id == authority(number))
        .map(|consent| authorities::data(&consent))
}

/// Tells what happened `hours` before the sandbox was made.
async fn emit(tx: &mut WriteTx, hours: i64, kind: EventType, data: Option<Value>) -> Result<(), StoreError> {
    let at: Timestamp = birth().plus_millis(-hours * HOUR_MILLIS);
    let data = data.ok_or_else(|| StoreError::Inconsistent(format!("the demo has nothing for {kind:?}")))?;
    tx.emit(at, kind, data).await
}
