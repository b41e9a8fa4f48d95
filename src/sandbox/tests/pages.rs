//! Walks through lists while rows come and go.

use super::harness::{World, any, read, write};
use crate::{
    sandbox::{PageRequest, clients},
    store::tenant::Tenant,
};
use contract::{Timestamp, clients::NewClient, ids::ClientId};
use proptest::prelude::*;
use std::collections::HashSet;

/// What happens between two pages.
#[derive(Clone, Debug)]
enum Between {
    Insert,
    /// Deletes one of those that exist, counted around.
    Delete(usize),
}

fn walks() -> impl Strategy<Value = (u16, Vec<Vec<Between>>)> {
    let between = prop_oneof![Just(Between::Insert), (0..40_usize).prop_map(Between::Delete)];
    (
        1..6_u16,
        prop::collection::vec(prop::collection::vec(between, 0..4), 0..12),
    )
}

async fn insert(tenant: &Tenant, now: Timestamp) -> ClientId {
    let new = NewClient {
        name: "row".parse().unwrap(),
        parent_id: None,
        reference_currency: "EUR".parse().unwrap(),
        accounting_method: None,
    };
    let made = write(tenant, move |tx| Box::pin(clients::create(tx, now, new))).await;
    made.unwrap().id
}

async fn walk(limit: u16, rounds: Vec<Vec<Between>>) {
    let world = World::new().await;
    let (tenant, now) = (world.tenant().await, world.now());
    let mut alive = Vec::new();
    for _ in 0..12 {
        alive.push(insert(&tenant, now).await);
    }
    let mut throughout: HashSet<ClientId> = alive.iter().cloned().collect();
    let mut rounds = rounds.into_iter();
    let (mut seen, mut page) = (Vec::new(), PageRequest::first(limit));
    loop {
        let found = clients::list(&mut read(&tenant).await, page).await.unwrap();
        assert!(found.rows.len() <= usize::from(limit));
        seen.extend(found.rows.iter().map(|(_, client)| client.id.clone()));
        if !found.has_more {
            break;
        }
        page.after = found.last();
        for between in rounds.next().unwrap_or_default() {
            match between {
                Between::Insert => alive.push(insert(&tenant, now).await),
                Between::Delete(index) if !alive.is_empty() => {
                    let gone = alive.remove(index % alive.len());
                    throughout.remove(&gone);
                    write(&tenant, move |tx| {
                        Box::pin(async move { clients::delete(tx, now, &gone, &any).await })
                    })
                    .await
                    .unwrap();
                }
                Between::Delete(_) => {}
            }
        }
    }
    let distinct: HashSet<ClientId> = seen.iter().cloned().collect();
    assert_eq!(distinct.len(), seen.len(), "no row twice");
    assert!(
        throughout.is_subset(&distinct),
        "no row that was there throughout is missed"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_walk_neither_repeats_nor_skips((limit, rounds) in walks()) {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
            .block_on(walk(limit, rounds));
    }
}

#[tokio::test]
async fn a_position_is_never_given_again() {
    let world = World::new().await;
    let (tenant, now) = (world.tenant().await, world.now());
    insert(&tenant, now).await;
    let all = clients::list(&mut read(&tenant).await, PageRequest::first(100))
        .await
        .unwrap();
    let (last, client) = all.rows.into_iter().next_back().unwrap();
    write(&tenant, move |tx| {
        Box::pin(async move { clients::delete(tx, now, &client.id, &any).await })
    })
    .await
    .unwrap();
    insert(&tenant, now).await;
    let all = clients::list(&mut read(&tenant).await, PageRequest::first(100))
        .await
        .unwrap();
    assert_eq!(
        all.last(),
        Some(last + 1),
        "or a walk that ended on the deleted row would miss this one"
    );
}
