//! The first ingestion: what a custodian delivers once a consent is given. The same authority always brings the same.

use super::{DomainError, accounts as account_rules, history, history::Plot, seed::Seed};
use crate::store::{
    market::{
        Market,
        instrument::{Instrument, InstrumentType},
    },
    tenant::{Conn, WriteTx, accounts, depositories, events::EventType, transactions},
};
use contract::{
    Timestamp,
    accounts::Account,
    authorities::Authority,
    custodians::Custodian,
    depositories::Depository,
    text::{Currency, Name},
};
use jiff::{ToSpan, civil::Date};
use serde_json::json;
use std::{fmt::Debug, str::FromStr, sync::Arc};

/// The currencies that a custodian's accounts are in, the one of its country first.
const CURRENCIES: &[(&str, &[&str])] = &[
    ("DK", &["DKK", "EUR", "USD"]),
    ("CH", &["CHF", "EUR", "USD"]),
    ("GB", &["GBP", "USD", "EUR"]),
    ("US", &["USD", "EUR", "GBP"]),
];

/// Where the custodian's country is none of those.
const ELSEWHERE: &[&str] = &["EUR", "USD", "DKK"];

/// Brings a depository, two or three accounts and their history under the legal entity of `authority`.
pub(super) async fn first(
    tx: &mut WriteTx,
    now: Timestamp,
    authority: &Authority,
) -> Result<(), DomainError> {
    let market = Arc::clone(tx.market());
    let Some(custodian) = market.custodian(&authority.custodian_id) else {
        return Err(DomainError::NotFound);
    };
    let mut seed = Seed::of(authority.id.as_str());
    let depository = depository(&mut seed, authority, custodian, now);
    depositories::insert(tx, &depository).await?;
    let count = seed.between(2, 3) as usize;
    for currency in currencies(custodian).iter().take(count) {
        let account = account(&mut seed, &depository, authority, custodian, checked(currency));
        accounts::insert(tx, &account).await?;
        tx.emit(
            now,
            EventType::AccountConnected,
            account_rules::connection(&account),
        )
        .await?;
        bring_history(tx, &market, &account, &depository, seed.under(currency)).await?;
    }
    Ok(())
}

fn currencies(custodian: &Custodian) -> &'static [&'static str] {
    CURRENCIES
        .iter()
        .find(|(country, _)| *country == custodian.country.as_str())
        .map_or(ELSEWHERE, |(_, currencies)| currencies)
}

fn depository(seed: &mut Seed, authority: &Authority, custodian: &Custodian, now: Timestamp) -> Depository {
    Depository {
        id: seed.object_id(),
        legal_entity_id: authority.legal_entity_id.clone(),
        custodian_id: custodian.id.clone(),
        name: named(custodian, "depository"),
        external_identifier: Some(checked(&format!("{}-DEP-{}", short(custodian), seed.digits(10)))),
        account_ids: Vec::new(),
        created_at: now,
        updated_at: now,
    }
}

fn account(
    seed: &mut Seed,
    depository: &Depository,
    authority: &Authority,
    custodian: &Custodian,
    currency: Currency,
) -> Account {
    Account {
        id: seed.object_id(),
        legal_entity_id: authority.legal_entity_id.clone(),
        custodian_id: Some(custodian.id.clone()),
        custodian_authority_id: Some(authority.id.clone()),
        name: named(custodian, &format!("custody {currency}")),
        external_identifier: Some(checked(&format!("{}-{}", short(custodian), seed.digits(12)))),
        currency,
        depository_ids: vec![depository.id.clone()],
        exclude_from_reporting: false,
        created_at: depository.created_at,
        updated_at: depository.created_at,
    }
}

/// One to two years of transactions, each with its event.
async fn bring_history(
    tx: &mut WriteTx,
    market: &Market,
    account: &Account,
    depository: &Depository,
    mut seed: Seed,
) -> Result<(), DomainError> {
    let now = account.created_at;
    let today = now.date();
    let plot = Plot {
        account_id: &account.id,
        depository_id: Some(&depository.id),
        instruments: tradable(market, &account.currency, today),
        from: today.saturating_sub(i64::from(seed.between(12, 17)).months()),
        to: today,
        pace: 110,
        start: seed.between(20, 90) * 10_000,
        created_at: now,
    };
    for entry in history::tell(&plot, seed) {
        transactions::insert(tx, &entry).await?;
        let data = json!({ "transaction_id": entry.id, "account_id": entry.account_id, "type": entry.kind.as_str() });
        tx.emit(now, EventType::TransactionCreated, data).await?;
    }
    Ok(())
}

/// The reference instruments that histories in this currency trade, and that outlive `until`.
pub(super) fn tradable<'m>(market: &'m Market, currency: &Currency, until: Date) -> Vec<&'m Instrument> {
    market
        .instruments()
        .iter()
        .filter(|instrument| instrument.currency == *currency)
        .filter(|instrument| match instrument.kind {
            InstrumentType::Stock | InstrumentType::Fund => true,
            InstrumentType::Bond => outlives(instrument, until),
            _ => false,
        })
        .take(6)
        .collect()
}

fn outlives(instrument: &Instrument, until: Date) -> bool {
    super::coupon::Coupons::of(instrument).is_some_and(|coupons| coupons.matures_after(until))
}

fn named(custodian: &Custodian, what: &str) -> Name {
    checked(&format!("{} {what}", custodian.name))
}

/// The custodian's name as it stands in the numbers it gives.
fn short(custodian: &Custodian) -> String {
    custodian
        .id
        .as_str()
        .chars()
        .take(4)
        .collect::<String>()
        .to_uppercase()
}

/// Text that is well formed by construction.
fn checked<T: FromStr<Err: Debug>>(text: &str) -> T {
    match text.parse() {
        Ok(value) => value,
        Err(error) => unreachable!("{text}: {error:?}"),
    }
}
