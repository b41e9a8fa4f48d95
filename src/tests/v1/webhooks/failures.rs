//! Every way in which an attempt can fail.

use super::{all, client, deliveries, endpoint, portal_with, report};
use crate::receiver::Receiver;
use axum::{
    body::{Body, Bytes},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// A server that reads a little, writes these bytes and, if so told, hangs up.
pub(super) async fn raw(bytes: &'static [u8], hangs_up: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut read = [0; 1024];
                if stream.read(&mut read).await.is_ok_and(|amount| amount > 0) {
                    stream.write_all(bytes).await.ok();
                }
                if !hangs_up {
                    std::future::pending::<()>().await;
                }
            });
        }
    });
    address.to_string()
}

fn endless() -> Response {
    let chunks = futures::stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from_static(&[b'x'; 1024])));
    Response::new(Body::from_stream(chunks))
}

#[tokio::test]
async fn each_failure_is_named_and_each_success_is_one() {
    let portal = portal_with("0s").await;
    let developer = portal.sandbox().await;
    let closed = Receiver::new().await.address;
    let answers = |status: StatusCode| Receiver::answering(move |_| status.into_response());
    let (accepted, refused, missing) = (
        answers(StatusCode::ACCEPTED).await,
        answers(StatusCode::BAD_REQUEST).await,
        answers(StatusCode::NOT_FOUND).await,
    );
    let moved = answers(StatusCode::PERMANENT_REDIRECT).await;
    let flood = Receiver::answering(|_| endless()).await;
    let slow = raw(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc", false).await;
    let cases: Vec<(String, &str, Value, Value)> = vec![
        (accepted.url(), "delivered", Value::Null, json!(202)),
        (flood.url(), "delivered", Value::Null, json!(200)),
        (refused.url(), "failed", json!("status"), json!(400)),
        (missing.url(), "failed", json!("status"), json!(404)),
        (moved.url(), "failed", json!("redirect"), json!(308)),
        (
            format!("http://{closed}/"),
            "failed",
            json!("connect"),
            Value::Null,
        ),
        (
            format!("https://{}/", raw(b"SSH-2.0-OpenSSH_9.9\r\n", true).await),
            "failed",
            json!("tls"),
            Value::Null,
        ),
        (
            format!("http://{}/", raw(b"", true).await),
            "failed",
            json!("interrupted"),
            Value::Null,
        ),
        (
            format!("http://{}/", raw(b"SMTP ready\r\n", true).await),
            "failed",
            json!("interrupted"),
            Value::Null,
        ),
        (
            format!(
                "http://{}/",
                raw(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc", true).await
            ),
            "failed",
            json!("interrupted"),
            json!(200),
        ),
        (
            format!("http://{}/", raw(b"", false).await),
            "failed",
            json!("timeout"),
            Value::Null,
        ),
        (format!("http://{slow}/"), "failed", json!("timeout"), json!(200)),
        (
            "http://nowhere.invalid/".to_owned(),
            "failed",
            json!("dns"),
            Value::Null,
        ),
    ];
    let mut made = Vec::new();
    for (url, ..) in &cases {
        made.push(endpoint(&developer, url, &["client.*"]).await);
    }
    client(&developer).await;
    for (made, (url, status, error, answered)) in made.iter().zip(&cases) {
        let ended = deliveries(&developer, made, |rows| {
            all("delivered")(rows) || all("failed")(rows)
        })
        .await;
        let report = report(&developer, &ended[0]).await;
        let attempt = &report["attempts"][0];
        assert_eq!(
            (&report["status"], &attempt["error"], &attempt["response_status"]),
            (&json!(status), error, answered),
            "{url}"
        );
        let kept = attempt["response_body"].as_str().map_or(0, str::len);
        assert!(kept <= 4096, "{kept} bytes are kept of {url}");
        let took = attempt["duration_ms"].as_u64().expect("a number");
        assert!(
            Duration::from_millis(took) < Duration::from_secs(12),
            "{url}: {took} ms"
        );
    }
}
