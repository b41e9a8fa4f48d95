//! The writer: many jobs in one commit, each on its own.

use super::harness::{World, read, write};
use crate::{
    ids::RequestId,
    sandbox::{DomainError, PageRequest, clients},
    store::{
        StoreError,
        tenant::{WriteTx, events, idempotency},
    },
};
use contract::{
    Timestamp,
    clients::{Client, NewClient},
    ids::ClientId,
};
use futures::future::{BoxFuture, join_all};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use tokio::sync::Notify;

fn new(name: &str) -> NewClient {
    NewClient {
        name: name.parse().unwrap(),
        parent_id: None,
        reference_currency: "EUR".parse().unwrap(),
        accounting_method: None,
    }
}

#[tokio::test]
async fn a_job_that_fails_does_not_undo_its_neighbours() {
    let world = World::new().await;
    let (tenant, now) = (world.tenant().await, world.now());
    let version = tenant.version();
    let jobs = (0..200).map(|number| {
        let tenant = Arc::clone(&tenant);
        async move {
            tenant
                .write(move |tx| {
                    Box::pin(async move {
                        let made = clients::create(tx, now, new(&format!("row {number}"))).await?;
                        match number % 4 {
                            1 => Err(DomainError::PreconditionFailed),
                            // A statement that SQLite itself refuses, in the middle of a job.
                            2 => clients::create(tx, now, {
                                let mut orphan = new("orphan");
                                orphan.parent_id = Some("ffffffffffffffffffffffff".parse().unwrap());
                                orphan
                            })
                            .await
                            .map(|client| client.id),
                            3 if number % 8 == 3 => panic!("on purpose"),
                            _ => Ok(made.id),
                        }
                    })
                })
                .await
        }
    });
    let answers = join_all(jobs).await;
    let kept: Vec<ClientId> = answers.iter().flatten().cloned().collect();
    assert_eq!(kept.len(), 75);
    let panicked = answers
        .iter()
        .filter(|answer| matches!(answer, Err(DomainError::Store(StoreError::Panicked))))
        .count();
    assert_eq!(panicked, 25);

    let mut conn = read(&tenant).await;
    let stored = clients::list(&mut conn, PageRequest::first(1000))
        .await
        .unwrap()
        .rows;
    let stored: Vec<ClientId> = stored.into_iter().skip(3).map(|(_, client)| client.id).collect();
    assert_eq!(stored, kept, "in the order in which they were asked for");
    assert_eq!(tenant.version(), version + 75);
    let told = events::page(&mut conn, PageRequest::first(1000)).await.unwrap();
    let numbers: Vec<i64> = told.rows.iter().map(|(number, _)| *number).collect();
    assert_eq!(
        numbers,
        (1..=40 + 75).collect::<Vec<_>>(),
        "no change without its event, and no gap"
    );
}

#[tokio::test]
async fn a_job_runs_to_its_end_when_its_caller_has_gone() {
    let world = World::new().await;
    let (tenant, now) = (world.tenant().await, world.now());
    let (started, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let call = {
        let (tenant, started, go) = (Arc::clone(&tenant), Arc::clone(&started), Arc::clone(&go));
        tokio::spawn(async move {
            write(&tenant, move |tx| {
                Box::pin(async move {
                    started.notify_one();
                    go.notified().await;
                    clients::create(tx, now, new("left behind")).await
                })
            })
            .await
        })
    };
    started.notified().await;
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    go.notify_one();
    // The next job is committed after it.
    write(&tenant, move |tx| Box::pin(clients::create(tx, now, new("next"))))
        .await
        .unwrap();
    let all = clients::list(&mut read(&tenant).await, PageRequest::first(100))
        .await
        .unwrap();
    let names: Vec<String> = all
        .rows
        .into_iter()
        .skip(3)
        .map(|(_, client)| client.name.to_string())
        .collect();
    assert_eq!(names, ["left behind", "next"]);
}

#[tokio::test]
async fn a_full_queue_refuses_and_then_recovers() {
    let world = World::new().await;
    let (tenant, now) = (world.tenant().await, world.now());
    let (go, refused) = (Arc::new(Notify::new()), Arc::new(AtomicUsize::new(0)));
    let blocker = {
        let (tenant, go) = (Arc::clone(&tenant), Arc::clone(&go));
        tokio::spawn(async move {
            write(&tenant, move |_| {
                Box::pin(async move {
                    go.notified().await;
                    Ok(())
                })
            })
            .await
        })
    };
    let flood = (0..600).map(|_| {
        let (tenant, refused, go) = (Arc::clone(&tenant), Arc::clone(&refused), Arc::clone(&go));
        async move {
            let answer = write(&tenant, move |tx| {
                Box::pin(clients::create(tx, now, new("flood")))
            })
            .await;
            if matches!(answer, Err(DomainError::Store(StoreError::Overloaded))) {
                // Only once someone was refused does the writer go on.
                refused.fetch_add(1, Ordering::SeqCst);
                go.notify_one();
            }
        }
    });
    join_all(flood).await;
    blocker.await.unwrap().unwrap();
    assert!(refused.load(Ordering::SeqCst) > 0);
    write(&tenant, move |tx| {
        Box::pin(clients::create(tx, now, new("after")))
    })
    .await
    .unwrap();
    let all = clients::list(&mut read(&tenant).await, PageRequest::first(1000))
        .await
        .unwrap();
    assert_eq!(all.rows.len(), 3 + 600 - refused.load(Ordering::SeqCst) + 1);
}

#[tokio::test]
async fn readers_wait_for_their_turn_and_see_committed_states_only() {
    let world = World::new().await;
    let (tenant, now) = (world.tenant().await, world.now());
    let (inside, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let job = {
        let (tenant, inside, go) = (Arc::clone(&tenant), Arc::clone(&inside), Arc::clone(&go));
        tokio::spawn(async move {
            write(&tenant, move |tx| {
                Box::pin(async move {
                    let made = clients::create(tx, now, new("half done")).await?;
                    inside.notify_one();
                    go.notified().await;
                    Ok(made)
                })
            })
            .await
        })
    };
    inside.notified().await;
    let before = tenant.version();
    let reads = (0..20).map(|_| async {
        let mut conn = tenant.read().await.unwrap();
        clients::list(&mut conn, PageRequest::first(100))
            .await
            .unwrap()
            .rows
            .len()
    });
    assert_eq!(join_all(reads).await, [3; 20]);
    go.notify_one();
    let made = job.await.unwrap().unwrap();
    assert_eq!(tenant.version(), before + 1);
    clients::get(&mut read(&tenant).await, &made.id).await.unwrap();
}

#[tokio::test]
async fn a_kept_answer_is_found_for_a_day() {
    let world = World::new().await;
    let (tenant, now) = (world.tenant().await, world.now());
    let version = tenant.version();
    let slot = |key: &str| idempotency::Slot {
        client_id: "cli".into(),
        method: "POST".into(),
        path: "/v1/clients".into(),
        key: key.into(),
    };
    let answer = idempotency::Stored {
        fingerprint: vec![7; 32],
        status: 201,
        headers: r#"{"location":"/v1/clients/x"}"#.into(),
        body: b"{}".to_vec(),
        created_at: now,
    };
    let keep = async |key: &'static str, answer: idempotency::Stored| {
        tenant
            .write::<(), StoreError, _>(move |tx| {
                Box::pin(async move { idempotency::insert(tx, &slot(key), &answer).await })
            })
            .await
    };
    keep("a", answer.clone()).await.unwrap();
    keep("a", answer.clone()).await.unwrap_err();
    let day = 86_400_000;
    let mut conn = read(&tenant).await;
    let found = async |conn: &mut _, key: &str, after: i64| {
        idempotency::find(conn, &slot(key), now.plus_millis(after))
            .await
            .unwrap()
    };
    assert_eq!(found(&mut conn, "a", day - 1).await, Some(answer.clone()));
    assert_eq!(found(&mut conn, "a", day).await, None);
    assert_eq!(found(&mut conn, "b", 0).await, None);
    let next_day = idempotency::Stored {
        created_at: now.plus_millis(day),
        ..answer
    };
    keep("a", next_day.clone()).await.unwrap();
    assert_eq!(found(&mut conn, "a", day).await, Some(next_day));
    assert_eq!(tenant.version(), version, "an answer is no change");
}

/// A job that creates a client.
fn creating(
    name: &str,
    now: Timestamp,
) -> impl for<'t> FnOnce(&'t mut WriteTx) -> BoxFuture<'t, Result<Client, DomainError>> + Send + 'static {
    let new = new(name);
    move |tx| Box::pin(clients::create(tx, now, new))
}

#[tokio::test]
async fn an_event_names_the_request_of_its_own_job_alone() {
    let world = World::new().await;
    let (tenant, now) = (world.tenant().await, world.now());
    let (first, second) = (RequestId::new(now), RequestId::new(now));
    // Queued together, so that one commit may hold them all.
    let (one, none, two) = tokio::join!(
        tenant.write_for(first.clone(), creating("one", now)),
        tenant.write(creating("none", now)),
        tenant.write_for(second.clone(), creating("two", now)),
    );
    let ids = [one, none, two].map(|made| made.unwrap().id.to_string());
    let mut conn = read(&tenant).await;
    for (request, made) in [(&first, &ids[0]), (&second, &ids[2])] {
        let (events, count) = events::of_request(&mut conn, request, 10).await.unwrap();
        assert_eq!((events.len(), count), (1, 1));
        assert_eq!(events[0].event.data["client_id"], **made);
        assert!(events[0].written_at.is_some());
    }
    let all = events::page(&mut conn, PageRequest::first(1000)).await.unwrap();
    let told = all.rows.iter().map(|(_, event)| event.event_id.as_str());
    let causes = events::causes(&mut conn, told).await.unwrap();
    assert_eq!(causes.len(), 2, "nobody called for the others");
}
