//! What time does to consents, and what a link brings.

use super::harness::{World, read, write};
use crate::{
    sandbox::{DomainError, PageRequest, accounts, authorities, clock},
    store::tenant::{Tenant, events},
};
use contract::{
    Timestamp,
    accounts::Account,
    authorities::{AuthorityStatus, LinkAuthority},
    demo,
    ids::{AuthorityId, LegalEntityId},
    sandbox::AdvanceClock,
};

const DAY_MILLIS: i64 = 86_400_000;

async fn news(tenant: &Tenant, after: i64) -> Vec<events::Event> {
    let mut page = PageRequest {
        after: Some(after),
        limit: 100,
    };
    let mut all = Vec::new();
    loop {
        let found = events::page(&mut read(tenant).await, page).await.unwrap();
        page.after = found.last();
        let more = found.has_more;
        for (number, event) in found.rows {
            assert_eq!(number, after + i64::try_from(all.len()).unwrap() + 1, "no gap");
            all.push(event);
        }
        if !more {
            return all;
        }
    }
}

async fn advance(world: &World, tenant: &Tenant, days: i64) -> Result<contract::sandbox::Clock, DomainError> {
    let real = world.now();
    let by = AdvanceClock {
        by_seconds: Some(days * 86_400),
        to: None,
    };
    write(tenant, move |tx| Box::pin(clock::advance(tx, real, by))).await
}

#[tokio::test]
async fn everything_due_happens_in_order_at_its_own_instant() {
    let world = World::new().await;
    let tenant = world.tenant().await;
    let birth = world.now();
    advance(&world, &tenant, 200).await.unwrap();
    let told = news(&tenant, 40).await;
    let instants: Vec<Timestamp> = told.iter().map(|event| event.created_at).collect();
    assert!(instants.is_sorted(), "{instants:?}");
    let days = |kind: &str| -> Vec<i64> {
        told.iter()
            .filter(|event| event.event_type.as_str() == kind)
            .map(|event| (event.created_at.as_millis() - birth.as_millis()) / DAY_MILLIS)
            .collect()
    };
    // Thornbury 30, Nordea 120, Luxvault 150 and Alpenbank 170 lapse, each announced a week before.
    assert_eq!(days("authority.expiring"), [23, 113, 143, 163]);
    assert_eq!(days("authority.expired"), [30, 120, 150, 170]);
    // Saxo renews by itself a week before the 45th and the 75th day, and every 83 days from then on.
    assert_eq!(days("authority.refreshed"), [38, 68, 121, 151]);
    // Thornbury feeds two accounts, Nordea two, Luxvault one, Alpenbank two.
    assert_eq!(days("account.disconnected"), [30, 30, 120, 120, 150, 170, 170]);
    assert_eq!(told.len(), 19);
}

#[tokio::test]
async fn an_overdue_state_is_settled_before_it_is_seen() {
    let world = World::new().await;
    let tenant = world.tenant().await;
    world.clock.advance_millis(31 * DAY_MILLIS);
    let id: AuthorityId = "6f9d1c3e-2b4a-4c5d-8e7f-0a1b2c3d4e04".parse().unwrap();
    let now = tenant.now(&world.clock);
    clock::settle(&tenant, now).await.unwrap();
    let lapsed = authorities::get(&mut read(&tenant).await, &id).await.unwrap();
    assert_eq!(lapsed.status, AuthorityStatus::Expired);
    assert_eq!(lapsed.expires_at, Some(lapsed.updated_at));
    let version = tenant.version();
    clock::settle(&tenant, now).await.unwrap();
    assert_eq!(tenant.version(), version, "once is enough");
    assert!(tenant.next_due().unwrap() > now);
}

#[tokio::test]
async fn the_clock_only_goes_forward_and_not_too_far() {
    let world = World::new().await;
    let tenant = world.tenant().await;
    let real = world.now();
    let clock = advance(&world, &tenant, 1).await.unwrap();
    assert_eq!(clock.ahead_by_seconds, 86_400);
    assert_eq!(clock, clock::get(&tenant, real));
    assert_eq!(tenant.now(&world.clock), real.plus_millis(DAY_MILLIS));
    let ten_years = real.plus_millis(3650 * DAY_MILLIS);
    let refusals = [
        (AdvanceClock::default(), "#"),
        (
            AdvanceClock {
                by_seconds: Some(1),
                to: Some(ten_years),
            },
            "#",
        ),
        (
            AdvanceClock {
                by_seconds: Some(0),
                to: None,
            },
            "#/by_seconds",
        ),
        (
            AdvanceClock {
                by_seconds: Some(315_360_000),
                to: None,
            },
            "#/by_seconds",
        ),
        (
            AdvanceClock {
                by_seconds: None,
                to: Some(real),
            },
            "#/to",
        ),
        (
            AdvanceClock {
                by_seconds: None,
                to: Some(ten_years.plus_millis(1000)),
            },
            "#/to",
        ),
    ];
    for (advance, pointer) in refusals {
        let refused = write(&tenant, move |tx| Box::pin(clock::advance(tx, real, advance))).await;
        let Err(DomainError::Invalid(errors)) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(errors[0].pointer.as_deref(), Some(pointer));
    }
    let to = AdvanceClock {
        by_seconds: None,
        to: Some(ten_years),
    };
    let clock = write(&tenant, move |tx| Box::pin(clock::advance(tx, real, to)))
        .await
        .unwrap();
    assert_eq!(clock.now, ten_years);
}

async fn link(world: &World, tenant: &Tenant) -> Vec<Account> {
    let now = tenant.now(&world.clock);
    let id: AuthorityId = demo::PENDING_AUTHORITY.parse().unwrap();
    let linked = write(tenant, {
        let id = id.clone();
        move |tx| {
            let link = LinkAuthority {
                consent_reference: "nordea-consent-7f3a".parse().unwrap(),
            };
            Box::pin(async move { authorities::link(tx, now, &id, link).await })
        }
    })
    .await
    .unwrap();
    assert_eq!(
        (linked.status, linked.linked_at),
        (AuthorityStatus::Active, Some(now))
    );
    assert_eq!(linked.expires_at, Some(now.plus_millis(180 * DAY_MILLIS)));
    let entity: LegalEntityId = demo::LEGAL_ENTITY.parse().unwrap();
    let all = accounts::list_of(&mut read(tenant).await, &entity, PageRequest::first(100))
        .await
        .unwrap();
    all.rows
        .into_iter()
        .map(|(_, account)| account)
        .filter(|account| account.custodian_authority_id.as_ref() == Some(&id))
        .collect()
}

#[tokio::test]
async fn a_link_brings_a_depository_accounts_and_their_history() {
    let world = World::new().await;
    let tenant = world.tenant().await;
    let brought = link(&world, &tenant).await;
    assert!((2..=3).contains(&brought.len()));
    for account in &brought {
        assert_eq!(account.custodian_id.as_ref().unwrap().as_str(), "nordea");
        assert_eq!(account.depository_ids.len(), 1);
        assert_eq!(account.depository_ids, brought[0].depository_ids);
    }
    let told = news(&tenant, 40).await;
    assert_eq!(told[0].event_type.as_str(), "authority.linked");
    let count = |kind: &str| {
        told.iter()
            .filter(|event| event.event_type.as_str() == kind)
            .count()
    };
    assert_eq!(count("account.connected"), brought.len());
    let entries = count("transaction.created");
    assert!((20..=60).contains(&entries), "{entries}");
    assert_eq!(told.len(), 1 + brought.len() + entries);
}

#[tokio::test]
async fn the_same_consent_brings_the_same_everywhere() {
    let world = World::new().await;
    let (one, other) = (world.tenant().await, world.tenant().await);
    assert_eq!(link(&world, &one).await, link(&world, &other).await);
    let data = |events: Vec<events::Event>| events.into_iter().map(|event| event.data).collect::<Vec<_>>();
    assert_eq!(data(news(&one, 40).await), data(news(&other, 40).await));
}

#[tokio::test]
async fn a_link_that_fails_leaves_nothing() {
    let world = World::new().await;
    let tenant = world.tenant().await;
    let (now, version) = (world.now(), tenant.version());
    let failed = write(&tenant, move |tx| {
        Box::pin(async move {
            let link = LinkAuthority {
                consent_reference: "x".parse().unwrap(),
            };
            authorities::link(tx, now, &demo::PENDING_AUTHORITY.parse().unwrap(), link).await?;
            Err::<(), _>(DomainError::PreconditionFailed)
        })
    })
    .await;
    assert!(matches!(failed, Err(DomainError::PreconditionFailed)));
    assert_eq!(tenant.version(), version);
    assert_eq!(news(&tenant, 40).await, []);
    let due = tenant.next_due();
    assert_eq!(due, world.tenant().await.next_due());
}
