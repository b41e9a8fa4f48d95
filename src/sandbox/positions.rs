//! Positions as they change: what is told, and where they stand in the order of change.

use super::{
    DomainError, cashflows, instruments,
    transactions::story::{Held, HeldAt, Story},
};
use crate::store::{
    market::Market,
    tenant::{Conn, WriteTx, accounts, events::EventType, portfolios, positions as store, transactions},
};
use contract::{
    Timestamp,
    ids::{AccountId, InstrumentId, PortfolioId, PositionId},
    portfolios::Portfolio,
    transactions::Transaction,
};
use rust_decimal::Decimal;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// The id of the position of an instrument in a portfolio: the same whenever it is held.
pub fn position_id(portfolio: &PortfolioId, instrument: &InstrumentId) -> PositionId {
    let digest = Sha256::digest(format!("{portfolio} {instrument}"));
    let text = format!("pos_{}", hex::encode(&digest[..12]));
    match text.parse() {
        Ok(id) => id,
        Err(contract::ids::MalformedId) => unreachable!("a generated id is well formed: {text}"),
    }
}

/// Tells how positions changed with a transaction that was entered or deleted, given what was held before and after.
///
/// # Errors
/// When the store fails.
pub(super) async fn follow(
    tx: &mut WriteTx,
    now: Timestamp,
    entry: &Transaction,
    [before, after]: [&Held; 2],
) -> Result<(), DomainError> {
    let Some(instrument) = &entry.instrument_id else {
        return Ok(());
    };
    let mut places: BTreeSet<&str> = before.keys().chain(after.keys()).map(HeldAt::as_str).collect();
    if !entry.is_of_private_fund() {
        places.retain(|place| quantity_at(before, place) != quantity_at(after, place));
    }
    if entry.price.is_some() {
        places.extend(
            entry
                .depository_id
                .as_ref()
                .map(contract::ids::DepositoryId::as_str),
        );
    }
    let places: Vec<&str> = places.into_iter().collect();
    let excluded = accounts::excluded(tx).await?;
    for portfolio in portfolios::with_any(tx, &places).await? {
        let change = Change {
            portfolio: &portfolio.id,
            instrument,
            before: quantity(before, &portfolio, &excluded),
            after: quantity(after, &portfolio, &excluded),
            anew: if entry.is_of_private_fund() {
                &["market_value"]
            } else {
                &[]
            },
        };
        change.tell(tx, now).await?;
    }
    Ok(())
}

/// Tells how positions changed with what is in a portfolio; none before it was made, none after it is deleted.
///
/// # Errors
/// When the store fails.
pub(super) async fn regroup(
    tx: &mut WriteTx,
    now: Timestamp,
    before: Option<&Portfolio>,
    after: Option<&Portfolio>,
) -> Result<(), DomainError> {
    let (old, new) = (members(before), members(after));
    let moved: Vec<&str> = old.symmetric_difference(&new).copied().collect();
    let Some(portfolio) = after.or(before).filter(|_| !moved.is_empty()) else {
        return Ok(());
    };
    let excluded = accounts::excluded(tx).await?;
    for instrument in store::instruments_at(tx, &moved).await? {
        let story = Story::of(tx, &instrument).await?;
        let held = story.held();
        let sum = |portfolio: Option<&Portfolio>| {
            portfolio.map_or(Decimal::ZERO, |portfolio| quantity(&held, portfolio, &excluded))
        };
        let change = Change {
            portfolio: &portfolio.id,
            instrument: &instrument,
            before: sum(before),
            after: sum(after),
            anew: &[],
        };
        change.tell(tx, now).await?;
        cashflows::regroup(tx, now, (&instrument, &story), [before, after]).await?;
    }
    Ok(())
}

/// Tells that members of every position in an instrument have other values than before.
///
/// # Errors
/// When the store fails.
pub(super) async fn restate(
    tx: &mut WriteTx,
    now: Timestamp,
    instrument: &InstrumentId,
    anew: &[&'static str],
) -> Result<(), DomainError> {
    if anew.is_empty() {
        return Ok(());
    }
    let known = store::portfolios_with(tx, instrument).await?;
    let at = transactions::entry_instant(tx, now).await?;
    for portfolio in &known {
        store::touch(tx, portfolio, instrument, at).await?;
    }
    let held = Story::of(tx, instrument).await?.held();
    let places: Vec<&str> = held.keys().map(HeldAt::as_str).collect();
    let excluded = accounts::excluded(tx).await?;
    for portfolio in portfolios::with_any(tx, &places).await? {
        let quantity = quantity(&held, &portfolio, &excluded);
        let change = Change {
            portfolio: &portfolio.id,
            instrument,
            before: quantity,
            after: quantity,
            anew,
        };
        change.tell(tx, now).await?;
    }
    Ok(())
}

fn members(portfolio: Option<&Portfolio>) -> BTreeSet<&str> {
    let accounts = portfolio.iter().flat_map(|portfolio| &portfolio.account_ids);
    let depositories = portfolio.iter().flat_map(|portfolio| &portfolio.depository_ids);
    accounts
        .map(AccountId::as_str)
        .chain(depositories.map(contract::ids::DepositoryId::as_str))
        .collect()
}

fn quantity_at(held: &Held, place: &str) -> Decimal {
    held.iter()
        .find(|(known, _)| known.as_str() == place)
        .map_or(Decimal::ZERO, |(_, quantity)| *quantity)
}

/// How much a portfolio holds, accounts that are excluded from reporting left out.
fn quantity(held: &Held, portfolio: &Portfolio, excluded: &[AccountId]) -> Decimal {
    let is_in = |place: &HeldAt| match place {
        HeldAt::Depository(id) => portfolio.depository_ids.contains(id),
        HeldAt::Account(id) => portfolio.account_ids.contains(id) && !excluded.contains(id),
    };
    let inside = held.iter().filter(|(place, _)| is_in(place));
    inside.map(|(_, quantity)| *quantity).sum()
}

/// How much was and is held of an instrument in a portfolio.
struct Change<'a> {
    portfolio: &'a PortfolioId,
    instrument: &'a InstrumentId,
    before: Decimal,
    after: Decimal,
    /// Members that have another value though the quantity may not.
    anew: &'a [&'static str],
}

impl Change<'_> {
    fn kind(&self) -> Option<(EventType, &[&'static str])> {
        match (self.before.is_zero(), self.after.is_zero()) {
            (true, false) => Some((
                EventType::PositionOpened,
                &["status", "par", "mark_price", "market_value"],
            )),
            (false, true) => Some((
                EventType::PositionClosed,
                &["status", "par", "mark_price", "market_value"],
            )),
            (false, false) if self.before != self.after => {
                Some((EventType::PositionUpdated, &["par", "market_value"]))
            }
            (false, false) if !self.anew.is_empty() => Some((EventType::PositionUpdated, self.anew)),
            (true, true) | (false, false) => None,
        }
    }

    async fn tell(&self, tx: &mut WriteTx, now: Timestamp) -> Result<(), DomainError> {
        if self.before.is_zero() && self.after.is_zero() {
            return Ok(());
        }
        let at = transactions::entry_instant(tx, now).await?;
        store::touch(tx, self.portfolio, self.instrument, at).await?;
        let Some((kind, changed_fields)) = self.kind() else {
            tx.mark_changed();
            return Ok(());
        };
        let issuer = instruments::find(tx, self.instrument)
            .await?
            .and_then(|found| found.issuer);
        let data = json!({
            "position_id": position_id(self.portfolio, self.instrument),
            "portfolio_id": self.portfolio,
            "issuer_id": issuer.map(|issuer| issuer.id),
            "asset_id": asset_id(tx.market(), self.instrument),
            "changed_fields": changed_fields,
        });
        Ok(tx.emit(now, kind, data).await?)
    }
}

/// The name under which integrations know an instrument; one of the tenant's own is named by its id.
pub(super) fn asset_id(market: &Market, instrument: &InstrumentId) -> String {
    let published = market.instrument(instrument);
    published.map_or_else(|| format!("ast_{instrument}"), |found| found.asset_id.clone())
}
