//! Budgets of addresses and clients, seen from outside.

use super::desk::{CLIENT_CREDENTIALS, Desk};
use crate::oauth::Quota;
use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Request, header},
};
use std::net::SocketAddr;

#[tokio::test]
async fn an_address_has_a_budget() {
    let quota = Quota {
        per_minute: 60,
        burst: 3,
    };
    let desk = Desk::with_quotas(quota, quota).await;
    let send = async |address: &str| {
        let address: SocketAddr = address.parse().unwrap();
        let request = Request::post("/oauth/token").extension(ConnectInfo(address));
        desk.send(request.body(Body::empty()).unwrap()).await
    };
    for host in 1..=3 {
        assert_eq!(send(&format!("[2001:db8::{host}]:1")).await.status, 400);
    }
    let answer = send("[2001:db8::ffff]:1").await;
    assert_eq!(answer.refused(), (429, "temporarily_unavailable"));
    assert_eq!(answer.header(header::RETRY_AFTER), "1");
    assert_eq!(send("[2001:db8:0:1::1]:1").await.status, 400);
    assert_eq!(send("192.0.2.1:1").await.status, 400);
    desk.clock.advance_millis(1000);
    assert_eq!(send("[2001:db8::1]:1").await.status, 400);
}

#[tokio::test]
async fn a_client_has_a_budget_that_only_it_can_use() {
    let generous = Quota {
        per_minute: 1000,
        burst: 1000,
    };
    let desk = Desk::with_quotas(
        generous,
        Quota {
            per_minute: 60,
            burst: 2,
        },
    )
    .await;
    for _ in 0..10 {
        let form = [CLIENT_CREDENTIALS, desk.owner.id(), ("client_secret", "wrong")];
        assert_eq!(desk.post("/oauth/token", &form).await.status, 401);
    }
    let form = [CLIENT_CREDENTIALS, desk.owner.id(), desk.owner.secret()];
    desk.post("/oauth/token", &form).await.token();
    desk.post("/oauth/token", &form).await.token();
    let answer = desk.post("/oauth/token", &form).await;
    assert_eq!(answer.refused(), (429, "temporarily_unavailable"));
    assert_eq!(
        answer.trace.as_ref().unwrap().sandbox.as_ref(),
        Some(&desk.owner.sandbox)
    );
    let wait: i64 = answer.header(header::RETRY_AFTER).parse().unwrap();
    desk.clock.advance_millis(wait * 1000);
    desk.post("/oauth/token", &form).await.token();
}
