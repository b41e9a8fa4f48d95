//! Which tenants are open, and what becomes of them.

use super::harness::{World, open, read, write};
use crate::{
    sandbox::{DomainError, PageRequest, clients, tenants::TenantsConfig},
    store::{
        control::sandboxes,
        log::{First, LogRow, Remarks, Source},
        tenant::{Tenant, events},
    },
};
use contract::{Timestamp, clients::NewClient};
use futures::future::join_all;
use std::{sync::Arc, time::Instant};

async fn add(tenant: &Tenant, now: Timestamp) {
    let new = NewClient {
        name: "added".parse().unwrap(),
        parent_id: None,
        reference_currency: "EUR".parse().unwrap(),
        accounting_method: None,
    };
    write(tenant, move |tx| Box::pin(clients::create(tx, now, new)))
        .await
        .unwrap();
}

async fn count(tenant: &Tenant) -> usize {
    let all = clients::list(&mut read(tenant).await, PageRequest::first(1000))
        .await
        .unwrap();
    all.rows.len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn few_tenants_stay_open_and_none_loses_anything() {
    let world = World::with(TenantsConfig { open_at_most: 3 }).await;
    let mut rows = Vec::new();
    for _ in 0..8 {
        rows.push(world.sandbox().await.0);
    }
    let now = world.now();
    for round in 1..=3 {
        let calls = rows.iter().map(|row| async {
            let tenant = world.tenants.get(&row.id, row.epoch).await.unwrap();
            add(&tenant, now).await;
            count(&tenant).await
        });
        assert_eq!(join_all(calls).await, [3 + round; 8]);
    }
    // Everyone has gone; the next call makes room again.
    for row in &rows {
        drop(world.tenants.get(&row.id, row.epoch).await.unwrap());
        assert_eq!(world.tenants.open_count(), 3);
    }
}

#[tokio::test]
async fn a_tenant_in_use_does_not_close() {
    let world = World::with(TenantsConfig { open_at_most: 1 }).await;
    let (row, held) = world.sandbox().await;
    world.sandbox().await;
    world.sandbox().await;
    let again = world.tenants.get(&row.id, row.epoch).await.unwrap();
    assert!(Arc::ptr_eq(&held, &again));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn callers_at_once_share_one_opening() {
    let world = World::new().await;
    let (row, tenant) = world.sandbox().await;
    drop(tenant);
    world.tenants.close().await;
    let opened = join_all((0..50).map(|_| world.tenants.get(&row.id, row.epoch))).await;
    let first = opened[0].as_ref().unwrap();
    assert!(
        opened
            .iter()
            .all(|tenant| Arc::ptr_eq(tenant.as_ref().unwrap(), first))
    );
}

#[tokio::test]
async fn a_deleted_sandbox_is_gone_with_its_files() {
    let world = World::new().await;
    let (row, tenant) = world.sandbox().await;
    tenant.log().flush().await.unwrap();
    drop(tenant);
    world.tenants.delete(&row.id).await.unwrap();
    let again = world.tenants.delete(&row.id).await;
    assert!(matches!(again, Err(DomainError::NotFound)));
    let gone = world.tenants.get(&row.id, row.epoch).await;
    assert!(matches!(gone, Err(DomainError::NotFound)));
    let id = row.id.as_str();
    let folder = world
        .folder
        .path()
        .join("sandboxes")
        .join(&id[id.len() - 2..])
        .join(id);
    assert!(!folder.exists());
}

#[tokio::test]
async fn a_sandbox_that_another_process_made_or_deleted_is_noticed() {
    let world = World::new().await;
    let (_, elsewhere) = open(world.folder.path(), &world.clock, TenantsConfig::default()).await;
    let row = elsewhere
        .create("Other".parse().unwrap(), contract::sandbox::Plan::Sandbox, None)
        .await
        .unwrap();
    drop(world.tenants.get(&row.id, row.epoch).await.unwrap());
    elsewhere.delete(&row.id).await.unwrap();
    let gone = world.tenants.get_current(&row.id).await;
    assert!(matches!(gone, Err(DomainError::NotFound)));
}

#[tokio::test]
async fn what_is_committed_is_there_after_a_restart() {
    let world = World::new().await;
    let (row, tenant) = world.sandbox().await;
    add(&tenant, world.now()).await;
    let (version, due) = (tenant.version(), tenant.next_due());
    drop(tenant);
    world.tenants.close().await;
    let (_, tenants) = open(world.folder.path(), &world.clock, TenantsConfig::default()).await;
    let tenant = tenants.get(&row.id, row.epoch).await.unwrap();
    assert_eq!(
        (count(&tenant).await, tenant.version(), tenant.next_due()),
        (4, version, due)
    );
}

#[tokio::test]
async fn start_does_not_look_at_the_sandboxes() {
    let world = World::new().await;
    let folders = world.folder.path().join("sandboxes");
    for shard in 0..100 {
        for number in 0..20 {
            std::fs::create_dir_all(folders.join(format!("{shard:02}/sbx_{number}"))).unwrap();
        }
    }
    let started = Instant::now();
    let (_, tenants) = open(world.folder.path(), &world.clock, TenantsConfig::default()).await;
    assert_eq!(tenants.open_count(), 0);
    // A scan would open 2,100 folders; a debug build on a busy machine still has time to spare.
    assert!(started.elapsed().as_millis() < 1_500, "{:?}", started.elapsed());
}

#[tokio::test]
async fn what_is_due_happens_though_nobody_calls() {
    let world = World::new().await;
    let (row, tenant) = world.sandbox().await;
    let due = tenant.next_due().unwrap();
    drop(tenant);
    world.tenants.close().await;
    assert_eq!(sandboxes::next_due(&world.control).await.unwrap(), Some(due));

    world.tenants.settle_due().await.unwrap();
    assert_eq!(world.tenants.open_count(), 0, "nothing is due yet");
    world
        .clock
        .advance_millis(due.as_millis() - world.now().as_millis());
    world.tenants.settle_due().await.unwrap();
    let tenant = world.tenants.get(&row.id, row.epoch).await.unwrap();
    let told = events::page(&mut read(&tenant).await, PageRequest::first(100))
        .await
        .unwrap();
    let (number, event) = told.rows.last().unwrap();
    assert_eq!(
        (*number, event.event_type.as_str(), event.created_at),
        (41, "authority.expiring", due)
    );
    // A later instant is announced after the answer; a tenant that has closed has announced it.
    let next = tenant.next_due();
    drop(tenant);
    world.tenants.close().await;
    assert_eq!(sandboxes::next_due(&world.control).await.unwrap(), next);
    assert!(next > Some(due));
}

#[tokio::test]
async fn a_moved_clock_moves_what_is_announced() {
    use crate::sandbox::clock;
    use contract::sandbox::AdvanceClock;
    let world = World::new().await;
    let tenant = world.tenant().await;
    let real = world.now();
    let by = AdvanceClock {
        by_seconds: Some(10 * 86_400),
        to: None,
    };
    write(&tenant, move |tx| Box::pin(clock::advance(tx, real, by)))
        .await
        .unwrap();
    let in_real_time = tenant.next_due().unwrap().plus_millis(-tenant.clock_offset());
    assert_eq!(
        sandboxes::next_due(&world.control).await.unwrap(),
        Some(in_real_time)
    );
    assert_eq!(in_real_time, real.plus_millis(13 * 86_400_000));
}

fn logged(number: u32, at: Timestamp, status: u16) -> LogRow {
    LogRow {
        request_id: format!("req_{number}"),
        at,
        operation_id: Some("clients.list".into()),
        method: "GET".into(),
        path: "/v1/clients?limit=\"ü\"".into(),
        status,
        duration_us: 250,
        source: Source::Direct,
        client_id: Some("cli".into()),
        problem: (status >= 400).then(|| "not-found".into()),
        note: None,
        remarks: Remarks::default(),
    }
}

#[tokio::test]
async fn the_request_log_keeps_what_it_is_given_over_restarts_and_for_a_week() {
    let world = World::new().await;
    let (row, tenant) = world.sandbox().await;
    let now = world.now();
    for number in 0..600 {
        tenant
            .log()
            .record(logged(number, now, if number < 10 { 404 } else { 200 }));
    }
    let recent = tenant.log().recent(1000, None).await.unwrap();
    assert_eq!(recent.len(), 600);
    assert_eq!(recent[0], logged(599, now, 200));
    assert_eq!(tenant.log().recent(5, Some("clients.get")).await.unwrap(), []);
    assert_eq!(
        tenant.log().recent(5, Some("clients.list")).await.unwrap().len(),
        5
    );
    drop(tenant);
    world.tenants.close().await;

    let tenant = world.tenants.get(&row.id, row.epoch).await.unwrap();
    let log = tenant.log();
    assert_eq!(log.recent(1000, None).await.unwrap(), recent);
    let first = log.first(First::default()).await.unwrap().unwrap();
    assert_eq!(
        (first.request_id.as_str(), first.operation_id.as_str()),
        ("req_10", "clients.list")
    );
    let refused = First {
        problem: Some("not-found"),
        ..First::default()
    };
    assert_eq!(log.first(refused).await.unwrap().unwrap().request_id, "req_0");
    let built = First {
        source: Some(Source::Builder),
        ..First::default()
    };
    assert_eq!(log.first(built).await.unwrap(), None);

    log.record(logged(1000, now.plus_millis(8 * 86_400_000), 200));
    let kept = log.recent(1000, None).await.unwrap();
    assert_eq!(kept.len(), 1, "what is older than a week goes");
    let first = log.first(First::default()).await.unwrap().unwrap();
    assert_eq!(first.request_id, "req_10", "the evidence stays");
    assert_eq!(log.dropped(), 0);
}
