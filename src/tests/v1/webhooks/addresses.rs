//! Where events are not sent, over HTTP.

use super::{all, client, deliveries, endpoint, report};
use crate::{
    harness::{Developer, Portal},
    receiver::Receiver,
};
use axum::{http::StatusCode, response::IntoResponse};
use portal::{clock::Clock, webhooks::Lookup};
use serde_json::{Value, json};
use std::{
    net::{IpAddr, Ipv4Addr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

/// The error of each attempt at the first delivery to an endpoint, once it is given up.
async fn errors(developer: &Developer, made: &Value) -> Vec<Value> {
    let failed = deliveries(developer, made, all("failed")).await;
    let report = report(developer, &failed[0]).await;
    let attempts = report["attempts"].as_array().expect("attempts").iter();
    attempts.map(|attempt| attempt["error"].clone()).collect()
}

#[tokio::test]
async fn without_the_operator_s_leave_nothing_inside_is_called() {
    let lookup: Lookup = Arc::new(|_| Box::pin(async { Ok(vec![IpAddr::V4(Ipv4Addr::LOCALHOST)]) }));
    let portal = Portal::resolving(Clock::system(), Some(lookup), |config| {
        config.allow_private_webhook_targets = false;
        config.webhook_retry_schedule = "0s".parse().expect("a schedule");
    })
    .await;
    let developer = portal.sandbox().await;
    let receiver = Receiver::new().await;
    for url in [
        receiver.url(),
        "https://127.0.0.1/".into(),
        "https://[::ffff:7f00:1]/".into(),
        "https://2130706433/".into(),
    ] {
        let body = json!({ "url": url, "event_types": ["*"] });
        let refused = developer.post("/v1/webhooks", body).await.expect(422);
        assert_eq!(refused.json()["errors"][0]["pointer"], "#/url", "{url}");
    }
    let url = format!("https://inside.example:{}/", receiver.address.port());
    let made = endpoint(&developer, &url, &["client.*"]).await;
    client(&developer).await;
    assert_eq!(errors(&developer, &made).await, ["address_not_allowed"]);
    assert!(receiver.seen().is_empty());
}

#[tokio::test]
async fn a_name_that_changes_its_answer_is_judged_by_what_is_dialled() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let lookup: Lookup = Arc::new(move |_| {
        let number = counter.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move {
            Ok(match number {
                0 => vec![IpAddr::V4(Ipv4Addr::LOCALHOST)],
                1 => vec![IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254))],
                // One good address does not excuse the other.
                _ => vec![
                    IpAddr::V4(Ipv4Addr::LOCALHOST),
                    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
                ],
            })
        })
    });
    let portal = Portal::resolving(Clock::system(), Some(lookup), |config| {
        config.webhook_retry_schedule = "0s,100ms,200ms".parse().expect("a schedule");
    })
    .await;
    let developer = portal.sandbox().await;
    let receiver = Receiver::answering(|_| {
        (StatusCode::INTERNAL_SERVER_ERROR, [("connection", "close")]).into_response()
    })
    .await;
    let url = format!("http://flip.example:{}/", receiver.address.port());
    let made = endpoint(&developer, &url, &["client.*"]).await;
    client(&developer).await;
    assert_eq!(
        errors(&developer, &made).await,
        ["status", "address_not_allowed", "address_not_allowed"]
    );
    assert_eq!((asked.load(Ordering::SeqCst), receiver.seen().len()), (3, 1));
}

#[tokio::test]
async fn the_portal_never_calls_itself() {
    let lookup: Lookup = Arc::new(|_| Box::pin(async { Ok(vec![IpAddr::V4(Ipv4Addr::LOCALHOST)]) }));
    let portal = Portal::resolving(Clock::system(), Some(lookup), |config| {
        config.webhook_retry_schedule = "0s".parse().expect("a schedule");
    })
    .await;
    let developer = portal.sandbox().await;
    for own in [&portal.server.api_url, &portal.server.portal_url] {
        let port = own.rsplit(':').next().expect("a port");
        for url in [
            format!("{own}/v1/clients"),
            format!("http://127.1:{port}/sandbox/reset"),
            format!("http://[::ffff:127.0.0.1]:{port}/"),
        ] {
            let body = json!({ "url": url, "event_types": ["*"] });
            let refused = developer.post("/v1/webhooks", body).await.expect(422);
            assert_eq!(refused.json()["errors"][0]["pointer"], "#/url", "{url}");
        }
        let made = endpoint(&developer, &format!("http://self.example:{port}/"), &["client.*"]).await;
        client(&developer).await;
        assert_eq!(errors(&developer, &made).await, ["address_not_allowed"]);
    }
}
