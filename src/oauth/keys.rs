//! The keys that sign access tokens: made once, published before they sign, kept until their last token has expired.

use super::{TOKEN_SECONDS, reason::Reason};
use crate::store::{
    StoreError,
    control::{
        Control,
        signing_keys::{self, SigningKeyRow},
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use contract::Timestamp;
use rsa::{
    RsaPrivateKey, RsaPublicKey,
    pkcs1v15::{Signature, SigningKey, VerifyingKey},
    pkcs8::{DecodePrivateKey, EncodePrivateKey, LineEnding},
    rand_core::OsRng,
    sha2::Sha256,
    signature::{Keypair, RandomizedSigner, SignatureEncoding, Verifier},
    traits::PublicKeyParts,
};
use serde_json::{Value, json};
use sha2::Digest;
use std::sync::{Arc, PoisonError, RwLock};

/// How long others may keep the published set, in seconds.
pub const PUBLISHED_SECONDS: i64 = 300;

/// How old our own copy of the set may be, in milliseconds: another process may rotate the keys.
const RELOAD_MILLIS: i64 = 30_000;

/// How long before its first signature a key is published: everyone's copy has been renewed by then.
const AHEAD_MILLIS: i64 = (PUBLISHED_SECONDS + 60) * 1000;

/// How long after its last signature a key is kept: the life of a token, and a minute for clocks that differ.
const KEPT_MILLIS: i64 = (TOKEN_SECONDS + 60) * 1000;

/// What can go wrong with signing keys. None of it is the caller's fault.
#[derive(Debug, thiserror::Error)]
pub enum KeyFailure {
    /// The control database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored key is not a private RSA key.
    #[error("signing key: {0}")]
    Encoding(#[from] rsa::pkcs8::Error),
    /// RSA failed.
    #[error("RSA: {0}")]
    Rsa(#[from] rsa::Error),
    /// Signing failed.
    #[error("signature: {0}")]
    Signature(#[from] rsa::signature::Error),
    /// A computation was stopped.
    #[error("a blocking task was stopped: {0}")]
    Stopped(#[from] tokio::task::JoinError),
    /// No key may sign now.
    #[error("no signing key is valid at this time")]
    NoKey,
}

/// The signing keys of this installation; every process on one data folder uses the same.
#[derive(Debug)]
pub struct SigningKeys(RwLock<Arc<KeySet>>);

/// The published keys as they were at one moment.
#[derive(Debug)]
pub(super) struct KeySet {
    keys: Vec<Arc<Key>>,
    /// When the set was read; none when it was given and is not in the database.
    read_at: Option<Timestamp>,
}

struct Key {
    kid: String,
    signing: SigningKey<Sha256>,
    verifying: VerifyingKey<Sha256>,
    not_before: Timestamp,
    retired_at: Option<Timestamp>,
}

impl std::fmt::Debug for Key {
    /// Without the private key, which must not reach a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Key")
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

impl SigningKeys {
    /// The keys in the control database; makes the first one when there is none, which takes a moment.
    ///
    /// # Errors
    /// When the database fails or holds something that is not a key.
    pub async fn load(control: &Control, now: Timestamp) -> Result<Self, KeyFailure> {
        let set = KeySet::read(control, now, &[]).await?;
        if set.signer(now).is_some() {
            return Ok(Self(RwLock::new(Arc::new(set))));
        }
        add_key(control, now, When::IfNone).await?;
        Ok(Self(RwLock::new(Arc::new(
            KeySet::read(control, now, &[]).await?,
        ))))
    }

    /// One key that is given and never changes; for tests, as making a key is slow.
    ///
    /// # Errors
    /// When `pem` is not a private RSA key as PKCS#8.
    pub fn from_pem(pem: &str) -> Result<Self, KeyFailure> {
        let row = SigningKeyRow {
            kid: String::new(),
            pem: pem.to_owned(),
            created_at: Timestamp::from_millis(0),
            not_before: Timestamp::from_millis(0),
            retired_at: None,
            expires_at: None,
        };
        let mut key = Key::try_from(&row)?;
        key.kid = thumbprint(key.verifying.as_ref());
        Ok(Self(RwLock::new(Arc::new(KeySet {
            keys: vec![Arc::new(key)],
            read_at: None,
        }))))
    }

    /// The published keys, read anew when our copy is old.
    pub(super) async fn current(&self, control: &Control, now: Timestamp) -> Result<Arc<KeySet>, KeyFailure> {
        let set = Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner));
        let fresh = set.read_at.is_none_or(|read_at| {
            (0..RELOAD_MILLIS).contains(&now.as_millis().saturating_sub(read_at.as_millis()))
        });
        if fresh {
            return Ok(set);
        }
        let set = Arc::new(KeySet::read(control, now, &set.keys).await?);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&set);
        Ok(set)
    }
}

/// Makes the next signing key: published from now on, signing once every copy of the set has been renewed. The key
/// before it verifies until the last token that it signed has expired. Running servers notice by themselves.
///
/// # Errors
/// When the key cannot be made or stored.
pub async fn rotate(control: &Control, now: Timestamp) -> Result<(), KeyFailure> {
    add_key(control, now, When::AfterLast).await
}

/// On what condition a key is added.
#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    /// If no other process was quicker at the first start.
    IfNone,
    /// As successor of the last key.
    AfterLast,
}

async fn add_key(control: &Control, now: Timestamp, when: When) -> Result<(), KeyFailure> {
    let (kid, pem) = tokio::task::spawn_blocking(generate).await??;
    let mut write = control.begin().await?;
    let last = signing_keys::last(&mut write).await?;
    if when == When::IfNone && last.is_some() {
        return Ok(());
    }
    let not_before = match last {
        None => now,
        Some((kid, its_not_before)) => {
            let not_before = its_not_before.max(now).plus_millis(AHEAD_MILLIS);
            signing_keys::retire(&mut write, &kid, not_before, not_before.plus_millis(KEPT_MILLIS)).await?;
            not_before
        }
    };
    let key = SigningKeyRow {
        kid,
        pem,
        created_at: now,
        not_before,
        retired_at: None,
        expires_at: None,
    };
    signing_keys::create(&mut write, &key).await?;
    signing_keys::forget_expired(&mut write, now).await?;
    Ok(write.commit().await?)
}

fn generate() -> Result<(String, String), KeyFailure> {
    let key = RsaPrivateKey::new(&mut OsRng, 2048)?;
    let pem = key.to_pkcs8_pem(LineEnding::LF)?;
    Ok((thumbprint(&key.to_public_key()), pem.as_str().to_owned()))
}

impl TryFrom<&SigningKeyRow> for Key {
    type Error = KeyFailure;
    fn try_from(row: &SigningKeyRow) -> Result<Self, KeyFailure> {
        let signing = SigningKey::<Sha256>::new(RsaPrivateKey::from_pkcs8_pem(&row.pem)?);
        let verifying = signing.verifying_key();
        let (not_before, retired_at) = (row.not_before, row.retired_at);
        Ok(Self {
            kid: row.kid.clone(),
            signing,
            verifying,
            not_before,
            retired_at,
        })
    }
}

impl KeySet {
    /// Reads the set; keys of `known` whose times are the same are not decoded again.
    async fn read(control: &Control, now: Timestamp, known: &[Arc<Key>]) -> Result<Self, KeyFailure> {
        let rows = signing_keys::published(control, now).await?;
        let decode = |row: &SigningKeyRow| {
            let same = known
                .iter()
                .find(|key| key.kid == row.kid && key.retired_at == row.retired_at);
            same.map_or_else(|| Ok(Arc::new(Key::try_from(row)?)), |key| Ok(Arc::clone(key)))
        };
        let keys: Result<_, KeyFailure> = rows.iter().map(decode).collect();
        Ok(Self {
            keys: keys?,
            read_at: Some(now),
        })
    }

    fn signer(&self, now: Timestamp) -> Option<&Arc<Key>> {
        let signs = |key: &&Arc<Key>| {
            key.not_before <= now && key.retired_at.is_none_or(|retired_at| retired_at > now)
        };
        self.keys.iter().rev().find(signs)
    }

    /// The compact JWS of `claims` with the header's `typ`, signed off the async threads: RSA takes milliseconds.
    pub(super) async fn sign(&self, typ: &str, claims: &Value, now: Timestamp) -> Result<String, KeyFailure> {
        let key = Arc::clone(self.signer(now).ok_or(KeyFailure::NoKey)?);
        let header = json!({ "alg": "RS256", "typ": typ, "kid": key.kid });
        let mut text = URL_SAFE_NO_PAD.encode(header.to_string());
        text.push('.');
        URL_SAFE_NO_PAD.encode_string(claims.to_string(), &mut text);
        let signing = move || {
            let signature = key.signing.try_sign_with_rng(&mut OsRng, text.as_bytes())?;
            text.push('.');
            URL_SAFE_NO_PAD.encode_string(signature.to_vec(), &mut text);
            Ok(text)
        };
        tokio::task::spawn_blocking(signing).await?
    }

    /// Checks an RS256 signature by the key `kid`.
    pub(super) fn verify(&self, kid: &str, signed: &str, signature: &[u8]) -> Result<(), Reason> {
        let key = self
            .keys
            .iter()
            .find(|key| key.kid == kid)
            .ok_or("`kid` names no key of ours")?;
        let signature = Signature::try_from(signature).map_err(|_| "the signature is malformed")?;
        let verified = key.verifying.verify(signed.as_bytes(), &signature);
        verified.map_err(|_| "the signature does not match".into())
    }

    /// The public keys as a JWK set (RFC 7517 §5).
    pub(super) fn jwks(&self) -> Value {
        let jwk = |key: &Arc<Key>| {
            let (n, e) = modulus_and_exponent(key.verifying.as_ref());
            json!({ "kty": "RSA", "use": "sig", "alg": "RS256", "kid": key.kid, "n": n, "e": e })
        };
        json!({ "keys": self.keys.iter().map(jwk).collect::<Vec<_>>() })
    }
}

fn modulus_and_exponent(key: &RsaPublicKey) -> (String, String) {
    let encode = |number: &rsa::BigUint| URL_SAFE_NO_PAD.encode(number.to_bytes_be());
    (encode(key.n()), encode(key.e()))
}

/// The JWK thumbprint (RFC 7638), which makes a `kid` that needs no bookkeeping.
fn thumbprint(key: &RsaPublicKey) -> String {
    let (n, e) = modulus_and_exponent(key);
    URL_SAFE_NO_PAD.encode(sha2::Sha256::digest(format!(
        r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#
    )))
}
