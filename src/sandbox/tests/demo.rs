//! The demo data of a fresh sandbox (contract §6).

use super::harness::{World, read};
use crate::{
    sandbox::{
        PageRequest, accounts, authorities, clients, custodians, depositories, legal_entities, portfolios,
        reporting_entities,
    },
    store::market::instrument::InstrumentType,
};
use contract::{
    authorities::AuthorityStatus,
    custodians::AuthFlowKind,
    demo,
    ids::{AuthorityId, InstrumentId},
};
use std::{collections::HashSet, time::Instant};

const ALL: PageRequest = PageRequest::first(100);

#[tokio::test]
async fn every_id_that_the_docs_quote_exists() {
    let world = World::new().await;
    let tenant = world.tenant().await;
    let mut conn = read(&tenant).await;
    for id in [demo::CLIENT, demo::CHILD_CLIENT, demo::OTHER_CLIENT] {
        clients::get(&mut conn, &id.parse().unwrap()).await.unwrap();
    }
    let child = clients::get(&mut conn, &demo::CHILD_CLIENT.parse().unwrap())
        .await
        .unwrap();
    assert_eq!(child.parent_id.unwrap().as_str(), demo::CLIENT);
    let entity = legal_entities::get(&mut conn, &demo::CHILD_LEGAL_ENTITY.parse().unwrap())
        .await
        .unwrap();
    assert_eq!(
        entity.parent_legal_entity_id.unwrap().as_str(),
        demo::LEGAL_ENTITY
    );
    let view = reporting_entities::get(&mut conn, &demo::CHILD_REPORTING_ENTITY.parse().unwrap())
        .await
        .unwrap();
    assert_eq!(
        view.parent_reporting_entity_id.unwrap().as_str(),
        demo::REPORTING_ENTITY
    );
    let account = accounts::get(&mut conn, &demo::ACCOUNT.parse().unwrap())
        .await
        .unwrap();
    assert_eq!(account.legal_entity_id.as_str(), demo::LEGAL_ENTITY);
    assert_eq!(account.depository_ids[0].as_str(), demo::DEPOSITORY);
    let depository = depositories::get(&mut conn, &demo::DEPOSITORY.parse().unwrap())
        .await
        .unwrap();
    assert_eq!(depository.account_ids.len(), 2);
    let portfolio = portfolios::get(&mut conn, &demo::PORTFOLIO.parse().unwrap())
        .await
        .unwrap();
    assert_eq!(portfolio.reporting_entity_id.as_str(), demo::REPORTING_ENTITY);
    let active = authorities::get(&mut conn, &demo::AUTHORITY.parse().unwrap())
        .await
        .unwrap();
    assert_eq!(active.status, AuthorityStatus::Active);
    let pending = authorities::get(&mut conn, &demo::PENDING_AUTHORITY.parse().unwrap())
        .await
        .unwrap();
    assert_eq!(pending.status, AuthorityStatus::Pending);
    let flow = custodians::get_flow(tenant.market(), &demo::AUTH_FLOW.parse().unwrap()).unwrap();
    assert_eq!(flow.custodian_id.as_str(), demo::CUSTODIAN);
    assert_eq!(flow.retention_days, Some(180));
}

#[tokio::test]
async fn the_office_is_as_large_as_promised() {
    let world = World::new().await;
    let tenant = world.tenant().await;
    let mut conn = read(&tenant).await;
    let clients = clients::list(&mut conn, ALL).await.unwrap().rows;
    assert_eq!(clients.len(), 3);
    let (mut entities, mut views, mut buckets, mut states) = (0, 0, 0, HashSet::new());
    for (_, client) in clients {
        let found = legal_entities::list(&mut conn, &client.id, ALL)
            .await
            .unwrap()
            .rows;
        entities += found.len();
        for (_, entity) in found {
            let consents = authorities::list(&mut conn, &entity.id, ALL).await.unwrap().rows;
            states.extend(consents.into_iter().map(|(_, consent)| consent.status));
        }
        for (_, view) in reporting_entities::list(&mut conn, &client.id, ALL)
            .await
            .unwrap()
            .rows
        {
            views += 1;
            buckets += portfolios::list(&mut conn, &view.id, ALL)
                .await
                .unwrap()
                .rows
                .len();
        }
    }
    assert_eq!((entities, views, buckets, states.len()), (9, 6, 10, 4));
    let accounts = accounts::list(&mut conn, ALL).await.unwrap().rows;
    let currencies: HashSet<_> = accounts
        .iter()
        .map(|(_, account)| account.currency.to_string())
        .collect();
    assert_eq!((accounts.len(), currencies.len()), (14, 5));
    assert_eq!(custodians::list(tenant.market(), ALL).rows.len(), 6);
    let flows = custodians::list_flows(tenant.market(), ALL).rows;
    let kinds: HashSet<AuthFlowKind> = flows.iter().map(|(_, flow)| flow.kind).collect();
    assert_eq!((flows.len(), kinds.len()), (8, 4));
    assert!(flows.iter().any(|(_, flow)| flow.silent_renewal));
}

#[tokio::test]
async fn the_market_holds_instruments_of_every_type() {
    let world = World::new().await;
    let market = world.tenants.market();
    let instruments = market.instruments();
    assert!((55..=70).contains(&instruments.len()), "{}", instruments.len());
    for kind in InstrumentType::ALL {
        assert!(
            instruments.iter().any(|instrument| instrument.kind == *kind),
            "{kind:?}"
        );
    }
    let loan = instruments
        .iter()
        .find(|instrument| instrument.asset_id == "ast_AUR_TLB_2029")
        .unwrap();
    assert_eq!(
        (loan.kind, loan.issuer_id.as_deref()),
        (InstrumentType::Loan, Some("iss_AUR"))
    );
    for instrument in instruments {
        assert!(market.instrument(&instrument.id).is_some());
        assert!(
            instrument.isin.as_deref().is_none_or(is_isin),
            "{:?}",
            instrument.isin
        );
        if let Some(issuer) = &instrument.issuer_id {
            assert!(market.issuer(issuer).is_some(), "{issuer}");
        }
        if let Some(underlying) = instrument.terms.get("underlying_id") {
            let id: InstrumentId = underlying.as_str().unwrap().parse().unwrap();
            assert_eq!(market.instrument(&id).unwrap().issuer_id, instrument.issuer_id);
        }
    }
}

/// ISO 6166, annex C.
fn is_isin(text: &str) -> bool {
    let digits: String = text
        .chars()
        .map(|character| character.to_digit(36).unwrap().to_string())
        .collect();
    let sum: u32 = digits
        .chars()
        .rev()
        .enumerate()
        .map(|(index, digit)| digit.to_digit(10).unwrap() * if index.is_multiple_of(2) { 1 } else { 2 })
        .map(|digit| digit / 10 + digit % 10)
        .sum();
    text.len() == 12 && sum.is_multiple_of(10)
}

#[tokio::test]
async fn consents_are_dated_by_the_creation_of_the_sandbox() {
    let world = World::new().await;
    let (row, tenant) = world.sandbox().await;
    let mut conn = read(&tenant).await;
    let mut ahead = Vec::new();
    for number in [1, 3, 4, 5, 7, 10] {
        let id: AuthorityId = format!("6f9d1c3e-2b4a-4c5d-8e7f-0a1b2c3d4e{number:02}")
            .parse()
            .unwrap();
        let consent = authorities::get(&mut conn, &id).await.unwrap();
        let left = consent.expires_at.unwrap().as_millis() - row.created_at.as_millis();
        ahead.push(left / 86_400_000);
    }
    assert!(ahead.iter().all(|days| (30..=170).contains(days)), "{ahead:?}");
    // The first thing to happen is that the consent with 30 days left is announced, a week before it lapses.
    let due = tenant.next_due().unwrap().as_millis() - row.created_at.as_millis();
    assert_eq!(due, 23 * 86_400_000);
}

#[tokio::test]
async fn a_sandbox_is_ready_at_once_and_small() {
    let world = World::new().await;
    let started = Instant::now();
    let (row, tenant) = world.sandbox().await;
    let took = started.elapsed();
    drop(tenant);
    world.tenants.close().await;
    let id = row.id.as_str();
    let folder = world
        .folder
        .path()
        .join("sandboxes")
        .join(&id[id.len() - 2..])
        .join(id);
    let size: u64 = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().metadata().unwrap().len())
        .sum();
    assert!(size < 2 * 1024 * 1024, "{size} bytes");
    println!("{size} bytes, {took:?}");
}
