//! What a client's calls show of its habits.

use super::harness::World;
use crate::store::log::{Habit, LogRow, Remarks, RequestLog, Source};
use contract::Timestamp;

/// A call at so many milliseconds, answered at once.
fn call(number: u32, at: Timestamp, status: u16) -> LogRow {
    LogRow {
        request_id: format!("req_{number}"),
        at,
        operation_id: Some("clients.list".into()),
        method: "GET".into(),
        path: "/v1/clients".into(),
        status,
        duration_us: 2_000,
        source: Source::Direct,
        client_id: Some("cli".into()),
        problem: (status >= 400).then(|| "rate-limited".into()),
        note: None,
        remarks: Remarks {
            retry_after: (status >= 400).then_some(3),
            ..Remarks::default()
        },
    }
}

async fn shown(log: &RequestLog) -> Vec<Habit> {
    let mut habits: Vec<_> = log
        .habits()
        .await
        .unwrap()
        .iter()
        .map(|shown| shown.habit)
        .collect();
    habits.sort_by_key(|habit| habit.as_str());
    habits
}

#[tokio::test]
async fn who_repeats_in_time_has_waited() {
    let world = World::new().await;
    let (tenant, now) = (world.tenant().await, world.now());
    let log = tenant.log();
    log.record(call(1, now, 429));
    log.record(call(2, now.plus_millis(3_001), 200));
    assert_eq!(
        shown(log).await,
        [],
        "the answer came after 2 ms, so 3 s were over a little later"
    );
    log.record(call(3, now.plus_millis(4_000), 503));
    log.record(call(4, now.plus_millis(7_002), 200));
    let habits = log.habits().await.unwrap();
    let before = habits[0].before.as_ref().unwrap();
    assert_eq!(
        (
            habits[0].habit,
            habits[0].evidence.request_id.as_str(),
            before.request_id.as_str()
        ),
        (Habit::Waited, "req_4", "req_3")
    );
    assert_eq!((before.status, before.retry_after), (503, 3));
}

#[tokio::test]
async fn what_is_not_the_same_call_of_the_same_program_repeats_nothing() {
    let world = World::new().await;
    let (tenant, now) = (world.tenant().await, world.now());
    let log = tenant.log();
    let late = now.plus_millis(10_000);
    log.record(call(1, now, 429));
    log.record(LogRow {
        path: "/v1/clients?limit=2".into(),
        ..call(2, late, 200)
    });
    log.record(LogRow {
        method: "POST".into(),
        ..call(3, late, 201)
    });
    log.record(LogRow {
        client_id: Some("another".into()),
        ..call(4, late, 200)
    });
    log.record(LogRow {
        path: "/v1/custodians".into(),
        ..call(5, late, 500)
    });
    log.record(LogRow {
        path: "/v1/custodians".into(),
        ..call(6, late.plus_millis(10_000), 200)
    });
    assert_eq!(shown(log).await, []);
}

#[tokio::test]
async fn who_tries_too_early_in_between_has_not_waited_and_neither_has_a_person_at_the_builder() {
    let world = World::new().await;
    let (tenant, now) = (world.tenant().await, world.now());
    let log = tenant.log();
    log.record(call(1, now, 429));
    let mut hasty = call(2, now.plus_millis(100), 500);
    hasty.remarks.retry_after = None;
    log.record(hasty);
    log.record(call(3, now.plus_millis(9_000), 200));
    log.record(call(4, now.plus_millis(20_000), 429));
    log.record(LogRow {
        source: Source::Builder,
        ..call(5, now.plus_millis(30_000), 200)
    });
    assert_eq!(shown(log).await, []);
}

#[tokio::test]
async fn what_a_call_shows_by_itself_is_on_record_over_a_restart_and_a_week() {
    let world = World::new().await;
    let (row, tenant) = world.sandbox().await;
    let now = world.now();
    let with = |number, status, remarks| LogRow {
        remarks,
        ..call(number, now, status)
    };
    let replayed = Remarks {
        replayed: true,
        ..Remarks::default()
    };
    let log = tenant.log();
    log.record(with(1, 304, Remarks::default()));
    log.record(with(2, 201, replayed));
    let more = Remarks {
        next_page: true,
        ..Remarks::default()
    };
    let page = |number, remarks| LogRow {
        path: "/v1/clients?limit=2&cursor=abc".into(),
        ..with(number, 200, remarks)
    };
    log.record(page(3, more));
    assert_eq!(
        shown(log).await,
        [Habit::Compared, Habit::Repeated],
        "a page in the middle ends no walk"
    );
    log.record(page(4, Remarks::default()));
    log.record(page(5, Remarks::default()));
    drop(tenant);
    world.tenants.close().await;

    let tenant = world.tenants.get(&row.id, row.epoch).await.unwrap();
    tenant.log().record(call(6, now.plus_millis(8 * 86_400_000), 200));
    assert_eq!(tenant.log().recent(10, None).await.unwrap().len(), 1);
    let habits = tenant.log().habits().await.unwrap();
    let walked = habits.iter().find(|shown| shown.habit == Habit::Walked).unwrap();
    assert_eq!((habits.len(), walked.evidence.request_id.as_str()), (3, "req_4"));
}
