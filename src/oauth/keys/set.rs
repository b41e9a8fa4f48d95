//! The published keys as they were at one moment: to sign with the current one and verify with any.

use super::KeyFailure;
use crate::{
    oauth::reason::Reason,
    store::control::{
        Control,
        signing_keys::{self, SigningKeyRow},
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use contract::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use rsa::{RsaPrivateKey, RsaPublicKey, pkcs8::DecodePrivateKey, traits::PublicKeyParts};
use serde_json::{Value, json};
use sha2::Digest;
use std::sync::Arc;

/// How old our own copy of the set may be, in milliseconds: another process may rotate the keys.
const RELOAD_MILLIS: i64 = 30_000;

/// The published keys as they were at one moment.
#[derive(Debug)]
pub(in crate::oauth) struct KeySet {
    keys: Vec<Arc<Key>>,
    /// When the set was read; none when it was given and is not in the database.
    read_at: Option<Timestamp>,
}

struct Key {
    kid: String,
    signing: EncodingKey,
    verifying: DecodingKey,
    public: RsaPublicKey,
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

impl TryFrom<&SigningKeyRow> for Key {
    type Error = KeyFailure;
    fn try_from(row: &SigningKeyRow) -> Result<Self, KeyFailure> {
        let (not_before, retired_at) = (row.not_before, row.retired_at);
        Self::from_pem(&row.pem, row.kid.clone(), not_before, retired_at)
    }
}

impl Key {
    fn from_pem(
        pem: &str,
        kid: String,
        not_before: Timestamp,
        retired_at: Option<Timestamp>,
    ) -> Result<Self, KeyFailure> {
        let public = RsaPrivateKey::from_pkcs8_pem(pem)?.to_public_key();
        Ok(Self {
            kid,
            signing: EncodingKey::from_rsa_pem(pem.as_bytes())?,
            verifying: DecodingKey::from_rsa_raw_components(
                &public.n().to_bytes_be(),
                &public.e().to_bytes_be(),
            ),
            public,
            not_before,
            retired_at,
        })
    }
}

impl KeySet {
    /// The set that is in the control database.
    pub(super) async fn read(control: &Control, now: Timestamp) -> Result<Self, KeyFailure> {
        let nothing = Self {
            keys: Vec::new(),
            read_at: None,
        };
        nothing.read_again(control, now).await
    }

    /// The set that is in the control database now; keys that are in this one too are not decoded again.
    pub(super) async fn read_again(&self, control: &Control, now: Timestamp) -> Result<Self, KeyFailure> {
        let rows = signing_keys::published(control, now).await?;
        let decode = |row: &SigningKeyRow| {
            let same = |key: &&Arc<Key>| key.kid == row.kid && key.retired_at == row.retired_at;
            match self.keys.iter().find(same) {
                Some(key) => Ok(Arc::clone(key)),
                None => Key::try_from(row).map(Arc::new),
            }
        };
        let keys: Result<_, KeyFailure> = rows.iter().map(decode).collect();
        Ok(Self {
            keys: keys?,
            read_at: Some(now),
        })
    }

    /// A set of one key that signs at any time and is in no database.
    pub(super) fn fixed(pem: &str) -> Result<Self, KeyFailure> {
        let kid = thumbprint(&RsaPrivateKey::from_pkcs8_pem(pem)?.to_public_key());
        let key = Key::from_pem(pem, kid, Timestamp::from_millis(0), None)?;
        Ok(Self {
            keys: vec![Arc::new(key)],
            read_at: None,
        })
    }

    /// Whether the set is young enough to be used without a look into the database.
    pub(super) fn is_fresh(&self, now: Timestamp) -> bool {
        self.read_at.is_none_or(|read_at| {
            (0..RELOAD_MILLIS).contains(&now.as_millis().saturating_sub(read_at.as_millis()))
        })
    }

    /// Whether one of the keys signs at `now`.
    pub(super) fn can_sign(&self, now: Timestamp) -> bool {
        self.signer(now).is_some()
    }

    fn signer(&self, now: Timestamp) -> Option<&Arc<Key>> {
        let signs = |key: &&Arc<Key>| {
            key.not_before <= now && key.retired_at.is_none_or(|retired_at| retired_at > now)
        };
        self.keys.iter().rev().find(signs)
    }

    /// The compact JWS of `claims` with the header's `typ`, signed off the async threads: RSA takes milliseconds.
    pub(in crate::oauth) async fn sign(
        &self,
        typ: &str,
        claims: &Value,
        now: Timestamp,
    ) -> Result<String, KeyFailure> {
        let key = Arc::clone(self.signer(now).ok_or(KeyFailure::NoKey)?);
        let mut header = Header::new(Algorithm::RS256);
        header.typ = Some(typ.to_owned());
        header.kid = Some(key.kid.clone());
        let claims = claims.clone();
        let signing = move || jsonwebtoken::encode(&header, &claims, &key.signing);
        Ok(tokio::task::spawn_blocking(signing).await??)
    }

    /// Checks an RS256 signature by the key `kid`.
    pub(in crate::oauth) fn verify(&self, kid: &str, signed: &str, signature: &[u8]) -> Result<(), Reason> {
        let key = self
            .keys
            .iter()
            .find(|key| key.kid == kid)
            .ok_or("`kid` names no key of ours")?;
        let signature = URL_SAFE_NO_PAD.encode(signature);
        match jsonwebtoken::crypto::verify(&signature, signed.as_bytes(), &key.verifying, Algorithm::RS256) {
            Ok(true) => Ok(()),
            Ok(false) | Err(_) => Err("the signature does not match".into()),
        }
    }

    /// The public keys as a JWK set (RFC 7517 §5).
    pub(in crate::oauth) fn jwks(&self) -> Value {
        let jwk = |key: &Arc<Key>| {
            let (n, e) = modulus_and_exponent(&key.public);
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
pub(super) fn thumbprint(key: &RsaPublicKey) -> String {
    let (n, e) = modulus_and_exponent(key);
    URL_SAFE_NO_PAD.encode(sha2::Sha256::digest(format!(
        r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#
    )))
}
