//! Clients, and what holds for every object: versions, events, pages.

use super::harness::{World, any, read, write};
use crate::sandbox::{DomainError, PageRequest, clients};
use contract::{
    Change, Field,
    clients::{AccountingMethod, ClientPatch, NewClient},
    demo,
    ids::ClientId,
};

fn new(name: &str, parent: Option<&ClientId>) -> NewClient {
    NewClient {
        name: name.parse().unwrap(),
        parent_id: parent.cloned(),
        reference_currency: "EUR".parse().unwrap(),
        accounting_method: None,
    }
}

fn under(parent: &ClientId) -> ClientPatch {
    ClientPatch {
        parent_id: Field::Value(parent.clone()),
        ..ClientPatch::default()
    }
}

#[tokio::test]
async fn a_client_is_created_read_changed_and_deleted() {
    let world = World::new().await;
    let (tenant, now) = (world.tenant().await, world.now());
    let version = tenant.version();

    let made = write(&tenant, move |tx| {
        Box::pin(clients::create(tx, now, new("A", None)))
    })
    .await
    .unwrap();
    assert_eq!(made.accounting_method, AccountingMethod::Fifo);
    assert_eq!(tenant.version(), version + 1);
    let id = made.id.clone();
    assert_eq!(clients::get(&mut read(&tenant).await, &id).await.unwrap(), made);

    let later = now.plus_millis(5_000);
    let patch = ClientPatch {
        name: Change::To("B".parse().unwrap()),
        ..ClientPatch::default()
    };
    let changed = write(&tenant, {
        let (id, patch) = (id.clone(), patch.clone());
        move |tx| Box::pin(async move { clients::update(tx, later, &id, patch, &any).await })
    })
    .await
    .unwrap();
    assert_eq!((changed.name.as_str(), changed.updated_at), ("B", later));

    let version = tenant.version();
    let same = write(&tenant, {
        let id = id.clone();
        move |tx| Box::pin(async move { clients::update(tx, later.plus_millis(1), &id, patch, &any).await })
    })
    .await
    .unwrap();
    assert_eq!(same, changed, "a change that changes nothing leaves no trace");
    assert_eq!(tenant.version(), version);

    write(&tenant, {
        let id = id.clone();
        move |tx| Box::pin(async move { clients::delete(tx, later, &id, &any).await })
    })
    .await
    .unwrap();
    let gone = clients::get(&mut read(&tenant).await, &id).await;
    assert!(matches!(gone, Err(DomainError::NotFound)));
}

#[tokio::test]
async fn a_client_is_never_nested_under_itself() {
    let world = World::new().await;
    let (tenant, now) = (world.tenant().await, world.now());
    let root: ClientId = demo::CLIENT.parse().unwrap();
    let child: ClientId = demo::CHILD_CLIENT.parse().unwrap();
    for parent in [root.clone(), child] {
        let root = root.clone();
        let refused = write(&tenant, move |tx| {
            Box::pin(async move { clients::update(tx, now, &root, under(&parent), &any).await })
        })
        .await;
        let Err(DomainError::Invalid(errors)) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(errors[0].pointer.as_deref(), Some("#/parent_id"));
    }
}

#[tokio::test]
async fn a_client_with_dependants_stays_and_the_refusal_counts_them() {
    let world = World::new().await;
    let (tenant, now) = (world.tenant().await, world.now());
    let refused = write(&tenant, move |tx| {
        Box::pin(async move { clients::delete(tx, now, &demo::CLIENT.parse().unwrap(), &any).await })
    })
    .await;
    let Err(DomainError::InUse { detail }) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(
        detail,
        "It still has 1 nested client, 4 legal entities, 3 reporting entities and 3 users."
    );
}

#[tokio::test]
async fn an_unexpected_version_is_neither_changed_nor_deleted() {
    let world = World::new().await;
    let (tenant, now) = (world.tenant().await, world.now());
    let id: ClientId = demo::CLIENT.parse().unwrap();
    let refused = write(&tenant, {
        let id = id.clone();
        move |tx| {
            Box::pin(async move { clients::update(tx, now, &id, ClientPatch::default(), &|_| false).await })
        }
    })
    .await;
    assert!(matches!(refused, Err(DomainError::PreconditionFailed)));
    let refused = write(&tenant, move |tx| {
        Box::pin(async move { clients::delete(tx, now, &id, &|_| false).await })
    })
    .await;
    assert!(matches!(refused, Err(DomainError::PreconditionFailed)));
}

#[tokio::test]
async fn a_page_ends_where_the_next_one_starts() {
    let world = World::new().await;
    let tenant = world.tenant().await;
    let mut read = read(&tenant).await;
    let first = clients::list(&mut read, PageRequest::first(2)).await.unwrap();
    assert!(first.has_more);
    let after = PageRequest {
        after: first.last(),
        limit: 2,
    };
    let second = clients::list(&mut read, after).await.unwrap();
    assert!(!second.has_more);
    let names: Vec<String> = first
        .rows
        .into_iter()
        .chain(second.rows)
        .map(|(_, client)| client.name.to_string())
        .collect();
    assert_eq!(
        names,
        [
            "Halvorsen Family",
            "Halvorsen Foundation Office",
            "Castellan Partners"
        ]
    );
}
