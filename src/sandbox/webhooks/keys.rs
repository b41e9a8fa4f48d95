//! The platform's own P-256 keys, which sign every delivery beside the endpoint's secret.

use crate::{
    ids,
    store::{
        StoreError,
        control::{
            Control,
            webhook_keys::{self as store, WebhookKeyRow},
        },
    },
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use contract::{
    Timestamp,
    webhooks::{WebhookKey, WebhookKeys},
};
use p256::{
    ecdsa::{Signature, SigningKey, signature::Signer},
    pkcs8::{DecodePrivateKey, EncodePrivateKey, LineEnding},
};
use sha2::{Digest, Sha256};

/// The active key.
#[derive(Clone)]
pub struct PlatformKey(SigningKey);

impl std::fmt::Debug for PlatformKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PlatformKey")
    }
}

impl PlatformKey {
    /// The signature of a message, with its version.
    pub fn sign(&self, id: &str, timestamp: &str, body: &[u8]) -> String {
        let mut text = format!("{id}.{timestamp}.").into_bytes();
        text.extend_from_slice(body);
        let signature: Signature = self.0.sign(&text);
        format!("v1es256,{}", STANDARD.encode(signature.to_bytes()))
    }
}

fn inconsistent(error: impl std::fmt::Display) -> StoreError {
    StoreError::Inconsistent(format!("a webhook key: {error}"))
}

fn read(row: &WebhookKeyRow) -> Result<SigningKey, StoreError> {
    SigningKey::from_pkcs8_pem(&row.pem).map_err(inconsistent)
}

fn published_half(key: &SigningKey) -> WebhookKey {
    let point = key.verifying_key().to_encoded_point(false);
    let coordinate = |bytes: Option<_>| bytes.map(|bytes: &p256::FieldBytes| URL_SAFE_NO_PAD.encode(bytes));
    let (x, y) = (
        coordinate(point.x()).unwrap_or_default(),
        coordinate(point.y()).unwrap_or_default(),
    );
    // The members that RFC 7638 names, in its order.
    let named = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
    WebhookKey {
        kty: "EC".to_owned(),
        crv: "P-256".to_owned(),
        alg: "ES256".to_owned(),
        r#use: "sig".to_owned(),
        kid: URL_SAFE_NO_PAD.encode(Sha256::digest(named)),
        x,
        y,
    }
}

fn fresh(now: Timestamp) -> Result<WebhookKeyRow, StoreError> {
    // All but one in 2^32 draws are a key.
    let key = loop {
        if let Ok(key) = SigningKey::from_slice(&ids::random::<32>()) {
            break key;
        }
    };
    let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(inconsistent)?;
    Ok(WebhookKeyRow {
        kid: published_half(&key).kid,
        pem: pem.to_string(),
        created_at: now,
    })
}

/// The active key, made when there is none.
///
/// # Errors
/// When the database fails.
pub async fn active(control: &Control, now: Timestamp) -> Result<PlatformKey, StoreError> {
    if store::published(control).await?.is_empty() {
        let mut write = control.begin().await?;
        if !store::any(&mut write).await? {
            store::succeed(&mut write, &fresh(now)?).await?;
        }
        write.commit().await?;
    }
    let rows = store::published(control).await?;
    let first = rows.first().ok_or_else(|| inconsistent("there is none"))?;
    Ok(PlatformKey(read(first)?))
}

/// Makes the next key, which signs from now on; the one before stays published.
///
/// # Errors
/// When the database fails.
pub async fn rotate(control: &Control, now: Timestamp) -> Result<String, StoreError> {
    let next = fresh(now)?;
    let mut write = control.begin().await?;
    store::succeed(&mut write, &next).await?;
    write.commit().await?;
    Ok(next.kid)
}

/// The public halves: of the active key, then of the last one before it.
///
/// # Errors
/// When the database fails.
pub async fn published(control: &Control) -> Result<WebhookKeys, StoreError> {
    let rows = store::published(control).await?;
    let keys = rows.iter().map(|row| Ok(published_half(&read(row)?)));
    Ok(WebhookKeys {
        keys: keys.collect::<Result<_, StoreError>>()?,
    })
}
