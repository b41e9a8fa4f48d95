//! Resets: a call sees the old data or the new, never a mixture.

use super::harness::{World, read, write};
use crate::{
    sandbox::{DomainError, PageRequest, clients},
    store::{control::sandboxes, tenant::idempotency},
};
use contract::clients::NewClient;
use futures::future::join_all;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

fn new(name: &str) -> NewClient {
    NewClient {
        name: name.parse().unwrap(),
        parent_id: None,
        reference_currency: "EUR".parse().unwrap(),
        accounting_method: None,
    }
}

#[tokio::test]
async fn a_reset_brings_the_demo_data_back_in_a_new_epoch() {
    let world = World::new().await;
    let (row, tenant) = world.sandbox().await;
    let now = world.now();
    write(&tenant, move |tx| Box::pin(clients::create(tx, now, new("mine"))))
        .await
        .unwrap();
    world.clock.advance_millis(3_600_000);
    let slot = idempotency::Slot {
        client_id: "cli".into(),
        method: "POST".into(),
        path: "/sandbox/reset".into(),
        key: "k".into(),
    };
    let kept = slot.clone();
    let reset = world
        .tenants
        .reset(&row.id, move |tx, next| {
            let slot = kept.clone();
            Box::pin(async move {
                let answer = idempotency::Stored {
                    fingerprint: vec![1],
                    status: 200,
                    headers: "{}".into(),
                    body: next.epoch.to_string().into_bytes(),
                    created_at: next.updated_at,
                };
                idempotency::insert(tx, &slot, &answer).await
            })
        })
        .await
        .unwrap();
    assert_eq!((reset.epoch, reset.updated_at), (2, world.now()));
    assert_eq!(
        sandboxes::get(&world.control, &row.id)
            .await
            .unwrap()
            .unwrap()
            .epoch,
        2
    );

    let fresh = world.tenants.get(&row.id, 1).await.unwrap();
    assert_eq!(
        fresh.epoch(),
        2,
        "whoever remembers the old epoch gets the new one"
    );
    let all = clients::list(&mut read(&fresh).await, PageRequest::first(100))
        .await
        .unwrap();
    assert_eq!(all.rows.len(), 3);
    let answer = idempotency::find(&mut read(&fresh).await, &slot, world.now())
        .await
        .unwrap();
    assert_eq!(answer.unwrap().body, b"2");
    // The old data lives on for those who still use it, and goes with them.
    let all = clients::list(&mut read(&tenant).await, PageRequest::first(100))
        .await
        .unwrap();
    assert_eq!(all.rows.len(), 4);
    let id = row.id.as_str();
    let folder = world
        .folder
        .path()
        .join("sandboxes")
        .join(&id[id.len() - 2..])
        .join(id);
    assert!(folder.join("tenant-1.db").exists());
    let closed = tenant.closed();
    drop(tenant);
    closed.cancelled().await;
    assert!(!folder.join("tenant-1.db").exists());
    assert!(folder.join("tenant-2.db").exists());
}

#[tokio::test]
async fn a_reset_of_a_closed_tenant_removes_its_old_file() {
    let world = World::new().await;
    let (row, tenant) = world.sandbox().await;
    drop(tenant);
    world.tenants.close().await;
    world
        .tenants
        .reset(&row.id, |_, _| Box::pin(async { Ok(()) }))
        .await
        .unwrap();
    let id = row.id.as_str();
    let folder = world
        .folder
        .path()
        .join("sandboxes")
        .join(&id[id.len() - 2..])
        .join(id);
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["tenant-2.db"]);
}

#[tokio::test]
async fn a_reset_that_cannot_prepare_changes_nothing() {
    let world = World::new().await;
    let (row, tenant) = world.sandbox().await;
    let failed = world
        .tenants
        .reset(&row.id, |_, _| {
            Box::pin(async { Err(crate::store::StoreError::Inconsistent("on purpose".into())) })
        })
        .await;
    assert!(matches!(failed, Err(DomainError::Store(_))));
    let same = world.tenants.get_current(&row.id).await.unwrap();
    assert!(Arc::ptr_eq(&same, &tenant));
    let nobody = "sbx_01k2j8x4m6v0q3r5t7w9y1z2a3".parse().unwrap();
    let missing = world
        .tenants
        .reset(&nobody, |_, _| Box::pin(async { Ok(()) }))
        .await;
    assert!(matches!(missing, Err(DomainError::NotFound)));
}

/// Writers pair clients: the second one's name is the first one's id. Whoever reads, in whatever epoch, sees pairs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_in_flight_see_one_epoch_whole() {
    let world = World::new().await;
    let (row, tenant) = world.sandbox().await;
    drop(tenant);
    let (world, row) = (Arc::new(world), Arc::new(row));
    let done = Arc::new(AtomicBool::new(false));
    let callers: Vec<_> = (0..6)
        .map(|_| {
            let (world, row, done) = (Arc::clone(&world), Arc::clone(&row), Arc::clone(&done));
            tokio::spawn(async move {
                let mut epochs = Vec::new();
                while !done.load(Ordering::SeqCst) {
                    let tenant = world.tenants.get(&row.id, 1).await.unwrap();
                    let now = world.now();
                    write(&tenant, move |tx| {
                        Box::pin(async move {
                            let first = clients::create(tx, now, new("first")).await?;
                            clients::create(tx, now, new(first.id.as_str())).await
                        })
                    })
                    .await
                    .unwrap();
                    let all = clients::list(&mut read(&tenant).await, PageRequest::first(1000))
                        .await
                        .unwrap();
                    let mut rest = all.rows.iter().skip(3).map(|(_, client)| client);
                    while let Some(first) = rest.next() {
                        assert_eq!(rest.next().unwrap().name.as_str(), first.id.as_str());
                    }
                    epochs.push(tenant.epoch());
                }
                assert!(epochs.is_sorted(), "an epoch never comes back: {epochs:?}");
            })
        })
        .collect();
    for _ in 0..8 {
        world
            .tenants
            .reset(&row.id, |_, _| Box::pin(async { Ok(()) }))
            .await
            .unwrap();
    }
    done.store(true, Ordering::SeqCst);
    for caller in callers {
        caller.await.unwrap();
    }
    assert_eq!(world.tenants.get_current(&row.id).await.unwrap().epoch(), 9);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn resets_at_once_each_count() {
    let world = World::new().await;
    let (row, _) = world.sandbox().await;
    let resets = (0..5).map(|_| world.tenants.reset(&row.id, |_, _| Box::pin(async { Ok(()) })));
    let mut epochs: Vec<u32> = join_all(resets)
        .await
        .into_iter()
        .map(|reset| reset.unwrap().epoch)
        .collect();
    epochs.sort_unstable();
    assert_eq!(epochs, [2, 3, 4, 5, 6]);
    assert_eq!(world.tenants.get(&row.id, 1).await.unwrap().epoch(), 6);
}
