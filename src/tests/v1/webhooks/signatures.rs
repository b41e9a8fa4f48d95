//! What arrives is signed as Standard Webhooks says; its published library is the judge.

use super::{client, endpoint, path};
use crate::{
    harness::{Developer, Portal},
    receiver::{Arrived, Receiver},
};
use axum::http::{HeaderMap, HeaderValue};
use contract::Timestamp;
use portal::clock::Clock;
use serde_json::{Value, json};
use standardwebhooks::Webhook;

fn judge(endpoint: &Value) -> Webhook {
    Webhook::new(endpoint["secret"].as_str().expect("a secret")).expect("a secret")
}

/// The headers of a delivery with one of them changed; taken away where there is no value.
fn with(arrived: &Arrived, name: &'static str, value: Option<&str>) -> HeaderMap {
    let mut headers = arrived.headers.clone();
    match value {
        Some(value) => _ = headers.insert(name, HeaderValue::from_str(value).expect("a value")),
        None => _ = headers.remove(name),
    }
    headers
}

/// Every tampering with a genuine delivery, and what is left of its body and headers.
fn tamperings(arrived: &Arrived, judge: &Webhook) -> Vec<(&'static str, Vec<u8>, HeaderMap)> {
    let body = arrived.body.to_vec();
    let (mut longer, mut other) = (body.clone(), body.clone());
    longer.push(b' ');
    other[2] ^= 1;
    let sent: i64 = arrived.header("webhook-timestamp").parse().expect("seconds");
    let signature = arrived.header("webhook-signature");
    let aged = |by: i64| {
        let id = arrived.header("webhook-id");
        let signed = judge.sign(id, sent + by, &body).expect("a signature");
        let mut headers = with(arrived, "webhook-timestamp", Some(&(sent + by).to_string()));
        headers.insert("webhook-signature", signed.parse().expect("a value"));
        headers
    };
    let header = |name, value: Option<&str>| with(arrived, name, value);
    let (first, _) = signature.split_once(' ').expect("two signatures");
    let mut garbled = first.to_owned().into_bytes();
    garbled[4] = if garbled[4] == b'A' { b'B' } else { b'A' };
    let garbled = String::from_utf8(garbled).expect("text");
    let cases: Vec<(&'static str, Vec<u8>, HeaderMap)> = vec![
        ("a longer body", longer, arrived.headers.clone()),
        ("another byte in the body", other, arrived.headers.clone()),
        ("no body", Vec::new(), arrived.headers.clone()),
        (
            "another id",
            body.clone(),
            header("webhook-id", Some("evt_other")),
        ),
        ("no id", body.clone(), header("webhook-id", None)),
        (
            "another timestamp",
            body.clone(),
            header("webhook-timestamp", Some(&(sent + 1).to_string())),
        ),
        ("no timestamp", body.clone(), header("webhook-timestamp", None)),
        ("signed long ago", body.clone(), aged(-600)),
        ("signed in the future", body.clone(), aged(600)),
        ("no signature", body.clone(), header("webhook-signature", None)),
        (
            "an empty signature",
            body.clone(),
            header("webhook-signature", Some("")),
        ),
        (
            "a garbled signature",
            body.clone(),
            header("webhook-signature", Some(&garbled)),
        ),
        (
            "a shortened signature",
            body.clone(),
            header("webhook-signature", Some(&first[..first.len() - 1])),
        ),
        (
            "another version",
            body,
            header("webhook-signature", Some(&first.replace("v1,", "v2,"))),
        ),
    ];
    cases
}

#[tokio::test]
async fn the_published_library_accepts_what_arrives_and_refuses_every_tampering() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let receiver = Receiver::new().await;
    let made = endpoint(&developer, &receiver.url(), &["client.*"]).await;
    let id = client(&developer).await;
    let arrived = receiver.until(1).await.remove(0);
    let event = arrived.json();
    assert_eq!(
        (&event["event_type"], &event["data"]),
        (&json!("client.created"), &json!({ "client_id": id }))
    );
    assert_eq!(arrived.header("webhook-id"), event["event_id"]);
    assert_eq!(arrived.header("content-type"), "application/json");
    let judge = judge(&made);
    judge.verify(&arrived.body, &arrived.headers).expect("genuine");
    for (name, body, headers) in tamperings(&arrived, &judge) {
        judge.verify(&body, &headers).expect_err(name);
    }
    let stranger = endpoint(&developer, &receiver.url(), &["position.*"]).await;
    let stranger = self::judge(&stranger);
    stranger
        .verify(&arrived.body, &arrived.headers)
        .expect_err("another secret");
}

#[tokio::test]
async fn the_second_signature_is_the_platform_s_own_and_its_key_is_published() {
    use base64::{
        Engine,
        engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
    };
    use p256::ecdsa::{Signature, VerifyingKey, signature::Verifier};
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let receiver = Receiver::new().await;
    endpoint(&developer, &receiver.url(), &["*"]).await;
    client(&developer).await;
    let arrived = receiver.until(1).await.remove(0);
    let header = arrived.header("webhook-signature");
    let signature = header.split(' ').find_map(|part| part.strip_prefix("v1es256,"));
    let bytes = STANDARD
        .decode(signature.expect("a second signature"))
        .expect("base64");
    let signature = Signature::from_slice(&bytes).expect("r and s");
    for path in ["/v1/webhooks/keys", "/v2/webhooks/keys"] {
        let keys = developer.get(path).await.expect(200).json();
        let member = |name: &str| URL_SAFE_NO_PAD.decode(keys["keys"][0][name].as_str().expect("text"));
        let point = [vec![4], member("x").expect("x"), member("y").expect("y")].concat();
        let key = VerifyingKey::from_sec1_bytes(&point).expect("a key");
        let mut text = format!(
            "{}.{}.",
            arrived.header("webhook-id"),
            arrived.header("webhook-timestamp")
        );
        text.push_str(std::str::from_utf8(&arrived.body).expect("text"));
        key.verify(text.as_bytes(), &signature).expect("genuine");
        text.push(' ');
        key.verify(text.as_bytes(), &signature).expect_err("another body");
    }
}

/// Whether what arrived carries the signature of this secret.
fn is_signed_with(arrived: &Arrived, endpoint: &Value) -> bool {
    let sent = arrived.header("webhook-timestamp").parse().expect("seconds");
    let own = judge(endpoint).sign(arrived.header("webhook-id"), sent, &arrived.body);
    let own = own.expect("a signature");
    arrived
        .header("webhook-signature")
        .split(' ')
        .any(|signature| signature == own)
}

#[tokio::test]
async fn for_a_day_after_a_rotation_both_secrets_sign_and_then_the_new_one_alone() {
    let clock = Clock::fixed(Timestamp::from_millis(1_780_000_000_000));
    let portal = Portal::with(clock, |_| {}).await;
    let developer = portal.sandbox().await;
    let receiver = Receiver::new().await;
    let made = endpoint(&developer, &receiver.url(), &["client.*"]).await;
    let rotated = developer
        .post(&format!("{}/rotate-secret", path(&made)), json!({}))
        .await;
    let rotated = rotated.expect(200).json();
    assert_ne!(rotated["secret"], made["secret"]);
    assert!(rotated["previous_secret_expires_at"].is_string());
    let day = 24 * 60 * 60 * 1000;
    for (number, wait, old_signs) in [(1, 0, true), (2, day - 1000, true), (3, 2000, false)] {
        portal.clock.advance_millis(wait);
        // The token of before may have expired meanwhile.
        let token = developer
            .client
            .token(&developer.client_id, &developer.client_secret, None)
            .await;
        let developer = Developer {
            token,
            ..developer.clone()
        };
        client(&developer).await;
        let arrived = receiver.until(number).await.pop().expect("one more");
        assert!(is_signed_with(&arrived, &rotated), "number {number}");
        assert_eq!(is_signed_with(&arrived, &made), old_signs, "number {number}");
    }
}

#[tokio::test]
async fn the_published_library_takes_either_secret_after_a_rotation() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let receiver = Receiver::new().await;
    let made = endpoint(&developer, &receiver.url(), &["client.*"]).await;
    let rotate = format!("{}/rotate-secret", path(&made));
    let rotated = developer.post(&rotate, json!({})).await.expect(200).json();
    client(&developer).await;
    let arrived = receiver.until(1).await.remove(0);
    for judge in [judge(&made), judge(&rotated)] {
        judge.verify(&arrived.body, &arrived.headers).expect("genuine");
        for (name, body, headers) in tamperings(&arrived, &judge) {
            judge.verify(&body, &headers).expect_err(name);
        }
    }
}
