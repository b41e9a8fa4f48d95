//! An endpoint that has not accepted anything yet gets one attempt at a time, and takes no place from one that has.

use super::{all, client, deliveries, endpoint, path};
use crate::{
    harness::{Developer, Portal},
    receiver::Receiver,
};
use axum::{
    body::{Body, Bytes},
    response::Response,
};
use contract::webhooks::MOST;
use futures::stream;
use serde_json::{Value, json};
use std::convert::Infallible;
use tokio::sync::watch;

/// More than run at a time to one endpoint.
const EVENTS: usize = 12;
/// How many run at a time to endpoints that have not accepted anything yet, of all sandboxes together.
const PLACES: usize = 256;

/// A receiver that ends only so many of its answers as it is let, and says so through the other half.
async fn gated() -> (Receiver, watch::Sender<usize>) {
    let (let_go, gate) = watch::channel(0);
    let receiver = Receiver::answering(move |number| {
        let mut gate = gate.clone();
        let rest = stream::once(async move {
            gate.wait_for(|open| *open > number).await.ok();
            Ok::<_, Infallible>(Bytes::new())
        });
        Response::new(Body::from_stream(rest))
    })
    .await;
    (receiver, let_go)
}

/// Has events happen, and waits until somebody else has heard of all: the dispatcher has seen them then.
async fn tell(developer: &Developer) {
    let other = Receiver::new().await;
    let made = endpoint(developer, &other.url(), &["client.*"]).await;
    for _ in 0..EVENTS {
        client(developer).await;
    }
    other.until(EVENTS).await;
    developer.delete(&path(&made)).await.expect(204);
}

async fn gets_one_and_then_eight(
    developer: &Developer,
    made: &Value,
    gate: (&Receiver, &watch::Sender<usize>),
) {
    let (receiver, let_go) = gate;
    tell(developer).await;
    assert_eq!(receiver.until(1).await.len(), 1, "nothing is known of it");
    let_go.send_replace(1);
    assert_eq!(receiver.until(9).await.len(), 9, "eight that have no answer yet");
    let_go.send_replace(usize::MAX);
    receiver.until(EVENTS).await;
    deliveries(developer, made, all("delivered")).await;
}

#[tokio::test]
async fn an_endpoint_is_called_once_at_a_time_until_it_has_accepted_something() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let (receiver, let_go) = gated().await;
    let made = endpoint(&developer, &receiver.url(), &["client.*"]).await;
    gets_one_and_then_eight(&developer, &made, (&receiver, &let_go)).await;
}

#[tokio::test]
async fn one_that_moves_or_was_disabled_begins_anew() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let first = Receiver::new().await;
    let made = endpoint(&developer, &first.url(), &["client.*"]).await;
    client(&developer).await;
    deliveries(&developer, &made, all("delivered")).await;
    let (receiver, let_go) = gated().await;
    let moved = json!({ "url": receiver.url() });
    developer.patch(&path(&made), moved).await.expect(200);
    gets_one_and_then_eight(&developer, &made, (&receiver, &let_go)).await;
    assert_eq!(first.seen().len(), 1);

    let_go.send_replace(EVENTS);
    for status in ["disabled", "enabled"] {
        let switched = json!({ "status": status });
        developer.patch(&path(&made), switched).await.expect(200);
    }
    tell(&developer).await;
    assert_eq!(receiver.until(EVENTS + 1).await.len(), EVENTS + 1);
}

#[tokio::test]
async fn however_many_new_ones_are_dead_one_that_is_well_does_not_notice() {
    let portal = Portal::new().await;
    let (dead, _let_go) = gated().await;
    let mut flood = Vec::new();
    for _ in 0..=PLACES / usize::from(MOST) {
        let developer = portal.sandbox().await;
        for number in 0..MOST {
            endpoint(&developer, &format!("{}/{number}", dead.url()), &["client.*"]).await;
        }
        flood.push(developer);
    }
    let developer = portal.sandbox().await;
    let receiver = Receiver::new().await;
    let made = endpoint(&developer, &receiver.url(), &["client.*"]).await;
    client(&developer).await;
    deliveries(&developer, &made, all("delivered")).await;
    for _ in 0..2 {
        for developer in &flood {
            client(developer).await;
        }
    }
    dead.until(PLACES).await;
    for _ in 0..EVENTS {
        client(&developer).await;
    }
    receiver.until(1 + EVENTS).await;
    assert_eq!(dead.seen().len(), PLACES, "not one of their attempts has ended");
}
