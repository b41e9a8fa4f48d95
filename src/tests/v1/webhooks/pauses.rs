//! An endpoint that asks for a pause gets it whole, and only what a person asks for is sent to it meanwhile.

use super::{all, client, deliveries, endpoint, path};
use crate::{
    harness::{Developer, Portal},
    receiver::Receiver,
};
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use contract::Timestamp;
use portal::clock::Clock;
use serde_json::{Value, json};

const START: i64 = 1_780_000_000_000;

/// A receiver that asks for a minute's pause, and accepts whatever comes after.
fn asks_for_a_minute(number: usize) -> Response {
    match number {
        0 => (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "60")]).into_response(),
        _ => StatusCode::NO_CONTENT.into_response(),
    }
}

/// A server whose time stands still, and an endpoint of it that has asked for a pause.
async fn paused() -> (Portal, Developer, Receiver, Value) {
    let clock = Clock::fixed(Timestamp::from_millis(START));
    let portal = Portal::with(clock, |config| {
        config.webhook_retry_schedule = "0s,1s,2s".parse().expect("a schedule");
    })
    .await;
    let developer = portal.sandbox().await;
    let receiver = Receiver::answering(asks_for_a_minute).await;
    let made = endpoint(&developer, &receiver.url(), &["client.*"]).await;
    client(&developer).await;
    deliveries(&developer, &made, |rows| {
        rows.iter().any(|row| row["attempts_made"] == 1)
    })
    .await;
    (portal, developer, receiver, made)
}

#[tokio::test]
async fn what_comes_meanwhile_waits_for_the_end_of_the_pause() {
    let (portal, developer, receiver, made) = paused().await;
    // One that is called at once shows that the dispatcher has seen the event.
    let other = Receiver::new().await;
    endpoint(&developer, &other.url(), &["client.*"]).await;
    client(&developer).await;
    other.until(1).await;
    let end = Timestamp::from_millis(START + 60_000).to_string();
    let waiting = deliveries(&developer, &made, |rows| rows.len() == 2).await;
    for row in &waiting {
        assert_eq!(
            (&row["status"], &row["next_attempt_at"]),
            (&json!("waiting"), &json!(end))
        );
    }
    assert_eq!(receiver.seen().len(), 1);
    portal.clock.advance_millis(59_000);
    client(&developer).await;
    other.until(2).await;
    assert_eq!(receiver.seen().len(), 1, "a second is left");
    portal.clock.advance_millis(1_000);
    receiver.until(4).await;
    deliveries(&developer, &made, all("delivered")).await;
}

#[tokio::test]
async fn what_a_person_asks_for_does_not_wait() {
    let (_portal, developer, receiver, made) = paused().await;
    client(&developer).await;
    let waiting = deliveries(&developer, &made, |rows| rows.len() == 2).await;
    let attempt = format!(
        "/v1/deliveries/{}/replay",
        waiting[1]["id"].as_str().expect("an id")
    );
    developer.post(&attempt, json!({})).await.expect(200);
    let arrived = receiver.until(2).await.pop().expect("two");
    assert_eq!(arrived.header("webhook-id"), waiting[1]["event_id"]);
    let test = format!("{}/test", path(&made));
    developer.post(&test, json!({})).await.expect(200);
    let arrived = receiver.until(3).await.pop().expect("three");
    assert_eq!(arrived.json()["event_type"], "webhook.test");
    let rows = deliveries(&developer, &made, |rows| {
        rows.iter().filter(|row| row["status"] == "delivered").count() == 2
    })
    .await;
    assert_eq!(
        (&rows[0]["status"], &rows[0]["attempts_made"]),
        (&json!("waiting"), &json!(1)),
        "that the others were accepted does not end the pause"
    );
}

#[tokio::test]
async fn a_pause_ends_with_the_address_that_asked_for_it_and_survives_a_restart() {
    let (portal, developer, receiver, made) = paused().await;
    let portal = portal.restart().await;
    let other = Receiver::new().await;
    endpoint(&developer, &other.url(), &["client.*"]).await;
    client(&developer).await;
    other.until(1).await;
    assert_eq!(receiver.seen().len(), 1);
    let moved = Receiver::new().await;
    developer
        .patch(&path(&made), json!({ "url": moved.url() }))
        .await
        .expect(200);
    moved.until(1).await;
    portal.clock.advance_millis(60_000);
    moved.until(2).await;
    deliveries(&developer, &made, all("delivered")).await;
    assert_eq!(receiver.seen().len(), 1);
}

#[tokio::test]
async fn the_tag_of_an_endpoint_tells_its_health_and_nothing_else() {
    let clock = Clock::fixed(Timestamp::from_millis(START));
    let portal = Portal::with(clock, |config| {
        config.webhook_retry_schedule = "0s,1s,2s,3s".parse().expect("a schedule");
    })
    .await;
    let developer = portal.sandbox().await;
    let receiver = Receiver::answering(|number| match number {
        1 | 2 => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        _ => StatusCode::NO_CONTENT.into_response(),
    })
    .await;
    let made = endpoint(&developer, &receiver.url(), &["client.*"]).await;
    let tag = async || {
        let read = developer.get(&path(&made)).await.expect(200);
        let tag = read.header("etag").expect("a tag").to_owned();
        (tag, read.json()["failing_since"].clone())
    };
    let attempted = async |number: u32| {
        written_down(&developer, &made, number).await;
        tag().await
    };
    let fresh = tag().await;
    client(&developer).await;
    assert_eq!(attempted(1).await, fresh, "a success");
    client(&developer).await;
    let failing = attempted(2).await;
    assert_ne!(failing.0, fresh.0, "the first failure");
    assert_eq!(failing.1, Timestamp::from_millis(START).to_string());
    portal.clock.advance_millis(2_000);
    assert_eq!(attempted(3).await, failing, "a failure more");
    portal.clock.advance_millis(2_000);
    assert_eq!(attempted(4).await, fresh, "well again");
}

/// Waits until so many attempts are written down.
async fn written_down(developer: &Developer, made: &Value, number: u32) {
    deliveries(developer, made, |rows| {
        let made = rows.iter().filter_map(|row| row["attempts_made"].as_u64());
        made.sum::<u64>() == u64::from(number)
    })
    .await;
}
