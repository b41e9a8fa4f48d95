//! Which keys may be registered.

use super::{desk::Desk, forgery::Draft};
use crate::{
    oauth::credentials::{self, KeyError, RegisteredKey},
    store::control::client_keys,
};
use p256::ecdsa::SigningKey;
use serde_json::{Value, json};

async fn register(desk: &Desk, jwk: &str) -> Result<RegisteredKey, KeyError> {
    let mut write = desk.control.begin().await.unwrap();
    let key = credentials::register_key(&mut write, &desk.owner.sandbox, jwk, desk.clock.now()).await?;
    write.commit().await.unwrap();
    Ok(key)
}

fn new_key() -> (SigningKey, Value) {
    let key = SigningKey::from_slice(&crate::ids::random::<32>()).unwrap();
    let jwk = p256::PublicKey::from(key.verifying_key()).to_jwk_string();
    (key, serde_json::from_str(&jwk).unwrap())
}

fn with(mut jwk: Value, name: &str, value: impl Into<Value>) -> String {
    jwk[name] = value.into();
    jwk.to_string()
}

#[tokio::test]
async fn several_keys_of_a_client_are_good_at_once() {
    let desk = Desk::open().await;
    let (second, mut jwk) = new_key();
    for (name, value) in [
        ("alg", json!("ES256")),
        ("use", json!("sig")),
        ("key_ops", json!(["verify"])),
        ("kid", json!("mine")),
    ] {
        jwk[name] = value;
    }
    let registered = register(&desk, &jwk.to_string()).await.unwrap();
    assert_ne!(registered.kid, desk.owner.key.kid);
    let draft = || Draft::assertion(&desk, &desk.owner);
    desk.grant(&draft().sign(&desk.owner.signer)).await.token();
    desk.grant(&draft().header("kid", registered.kid.as_str()).sign(&second))
        .await
        .token();
    let stored = client_keys::of_sandbox(&desk.control, &desk.owner.sandbox)
        .await
        .unwrap();
    assert_eq!(stored.len(), 2);
    assert!(
        stored.iter().all(|key| !key.jwk.contains("mine")),
        "only the public point is kept"
    );
}

#[tokio::test]
async fn a_sandbox_without_a_client_gets_one_with_its_first_key() {
    let desk = Desk::open().await;
    let mut write = desk.control.begin().await.unwrap();
    let client_id = &desk.owner.client.client_id;
    crate::store::control::api_clients::delete(&mut write, client_id)
        .await
        .unwrap();
    write.commit().await.unwrap();
    let (signer, jwk) = new_key();
    let key = register(&desk, &jwk.to_string()).await.unwrap();
    assert_ne!(key.iss, client_id.as_str());
    let draft = Draft::assertion(&desk, &desk.owner)
        .header("kid", key.kid.as_str())
        .claim("iss", key.iss.as_str())
        .claim("sub", key.sub.as_str());
    desk.grant(&draft.sign(&signer)).await.token();
}

#[tokio::test]
async fn every_unacceptable_key_is_refused_with_a_clear_word() {
    let desk = Desk::open().await;
    let (_, jwk) = new_key();
    let off_curve = jwk["x"].clone();
    let cases = [
        ("not JSON", "nonsense".to_owned(), "not a JSON object"),
        ("an array", "[]".to_owned(), "not a JSON object"),
        (
            "x twice",
            jwk.to_string().replacen('{', r#"{"x":"AA","#, 1),
            "repeats a member",
        ),
        ("a set", json!({ "keys": [jwk] }).to_string(), "one JWK at a time"),
        ("private", with(jwk.clone(), "d", "AAAA"), "a private key"),
        (
            "a shared secret",
            r#"{"kty":"oct","k":"AAAA"}"#.to_owned(),
            "a private key",
        ),
        (
            "RSA",
            r#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#.to_owned(),
            "P-256",
        ),
        ("P-384", with(jwk.clone(), "crv", "P-384"), "P-256"),
        ("secp256k1", with(jwk.clone(), "crv", "secp256k1"), "P-256"),
        (
            "Ed25519",
            r#"{"kty":"OKP","crv":"Ed25519","x":"AA"}"#.to_owned(),
            "P-256",
        ),
        ("alg ES384", with(jwk.clone(), "alg", "ES384"), "ES256"),
        ("for encryption", with(jwk.clone(), "use", "enc"), "signatures"),
        (
            "for signing only",
            with(jwk.clone(), "key_ops", json!(["sign"])),
            "signatures",
        ),
        ("y missing", with(jwk.clone(), "y", json!(null)), "32 bytes"),
        ("x too short", with(jwk.clone(), "x", "AAAA"), "32 bytes"),
        (
            "x padded",
            with(jwk.clone(), "x", format!("{}=", jwk["x"].as_str().unwrap())),
            "32 bytes",
        ),
        ("off the curve", with(jwk.clone(), "y", off_curve), "not a point"),
    ];
    for (name, jwk, message) in cases {
        let error = register(&desk, &jwk).await.unwrap_err();
        assert!(
            matches!(error, KeyError::Jwk(_)) && error.to_string().contains(message),
            "{name}: {error}"
        );
    }
    assert_eq!(
        client_keys::of_sandbox(&desk.control, &desk.owner.sandbox)
            .await
            .unwrap()
            .len(),
        1
    );
}
