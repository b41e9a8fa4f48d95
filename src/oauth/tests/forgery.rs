//! JWTs to order: a good one to start from, and every way to sign or mis-sign it.

use super::desk::{Desk, ISSUER, Owner};
use crate::ids;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use serde_json::{Value, json};
use sha2::Sha256;

/// A JWT that is not signed yet.
#[derive(Clone)]
pub(super) struct Draft {
    pub header: Value,
    pub claims: Value,
}

impl Draft {
    /// What a careful client sends for the grant, with a `jti` of its own.
    pub(super) fn assertion(desk: &Desk, owner: &Owner) -> Self {
        let now = desk.now();
        Self {
            header: json!({ "alg": "ES256", "typ": "JWT", "kid": owner.key.kid.as_str() }),
            claims: json!({
                "iss": owner.key.iss, "sub": owner.key.sub, "aud": ISSUER,
                "iat": now, "exp": now + 60, "jti": ids::secret(""),
            }),
        }
    }

    pub(super) fn header(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.header[name] = value.into();
        self
    }

    pub(super) fn claim(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.claims[name] = value.into();
        self
    }

    pub(super) fn without(mut self, name: &str) -> Self {
        self.header.as_object_mut().unwrap().shift_remove(name);
        self.claims.as_object_mut().unwrap().shift_remove(name);
        self
    }

    pub(super) fn signed(&self) -> String {
        [encode(self.header.to_string()), encode(self.claims.to_string())].join(".")
    }

    /// Signed with ES256, as it should be.
    pub(super) fn sign(&self, key: &SigningKey) -> String {
        es256(&self.signed(), key)
    }

    /// Signed with HS256 and this secret.
    pub(super) fn hmac(&self, secret: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
        mac.update(self.signed().as_bytes());
        with_signature(&self.signed(), &mac.finalize().into_bytes())
    }
}

pub(super) fn es256(signed: &str, key: &SigningKey) -> String {
    let signature: Signature = key.sign(signed.as_bytes());
    with_signature(signed, &signature.to_bytes())
}

pub(super) fn with_signature(signed: &str, signature: &[u8]) -> String {
    format!("{signed}.{}", encode(signature))
}

pub(super) fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
