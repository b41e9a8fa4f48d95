//! The secrets of endpoints: derived, never stored; and what is signed and checked with them (Standard Webhooks).

use crate::{
    ids,
    store::tenant::webhooks::{Salt, Salts},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use contract::{
    Timestamp,
    ids::{SandboxId, WebhookId},
};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// How far a timestamp may be from the receiver's clock, in seconds; the published libraries agree on it.
pub const TOLERANCE_SECONDS: i64 = 5 * 60;

/// What a sealed secret begins with.
const SEALED: &str = "sealed:";

/// The server's own key, which all secrets are derived from together with their salts.
#[derive(Clone)]
pub struct SecretKey([u8; 32]);

/// The secret of an endpoint.
#[derive(Clone)]
pub struct Secret([u8; 32]);

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey")
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// HMAC-SHA256 over these parts.
fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        unreachable!("HMAC takes keys of any length")
    };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

impl SecretKey {
    /// The key with these bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The secret of an endpoint with this salt.
    pub fn derive(&self, sandbox: &SandboxId, webhook: &WebhookId, salt: &Salt) -> Secret {
        let (sandbox, webhook) = (sandbox.as_str().as_bytes(), webhook.as_str().as_bytes());
        Secret(mac(&self.0, &[b"secret\0", sandbox, b"\0", webhook, b"\0", salt]))
    }

    /// The secrets that sign for an endpoint now, the present one first.
    pub fn signing(
        &self,
        sandbox: &SandboxId,
        webhook: &WebhookId,
        (salts, now): (&Salts, Timestamp),
    ) -> Vec<Secret> {
        let previous = salts.previous.filter(|(_, expires_at)| *expires_at > now);
        std::iter::once(&salts.present)
            .chain(previous.as_ref().map(|(salt, _)| salt))
            .map(|salt| self.derive(sandbox, webhook, salt))
            .collect()
    }

    /// A secret as it may lie in a file: unreadable without this key.
    pub fn seal(&self, secret: &str) -> String {
        let nonce = ids::random::<16>();
        let sealed = self.masked(&nonce, secret.as_bytes());
        format!("{SEALED}{}.{}", STANDARD.encode(nonce), STANDARD.encode(sealed))
    }

    /// The secret that was sealed as this; none where it was not.
    pub fn unseal(&self, sealed: &str) -> Option<String> {
        let (nonce, masked) = sealed.strip_prefix(SEALED)?.split_once('.')?;
        let (nonce, masked) = (STANDARD.decode(nonce).ok()?, STANDARD.decode(masked).ok()?);
        String::from_utf8(self.masked(&nonce, &masked)).ok()
    }

    /// The text under a mask that no other nonce makes.
    fn masked(&self, nonce: &[u8], text: &[u8]) -> Vec<u8> {
        let mask = text.chunks(32).enumerate().flat_map(|(index, chunk)| {
            let block = mac(&self.0, &[b"mask\0", nonce, &index.to_be_bytes()]);
            chunk
                .iter()
                .zip(block)
                .map(|(byte, mask)| byte ^ mask)
                .collect::<Vec<_>>()
        });
        mask.collect()
    }
}

impl Secret {
    /// As its owner keeps it: `whsec_` and base64.
    pub fn reveal(&self) -> String {
        format!("whsec_{}", STANDARD.encode(self.0))
    }

    /// The signature of a message, with its version.
    pub fn sign(&self, id: &str, timestamp: &str, body: &[u8]) -> String {
        let signature = mac(&self.0, &[id.as_bytes(), b".", timestamp.as_bytes(), b".", body]);
        format!("v1,{}", STANDARD.encode(signature))
    }

    /// Whether one of the signatures in this header is ours.
    pub fn has_signed(&self, header: &str, (id, timestamp, body): (&str, &str, &[u8])) -> bool {
        let ours = self.sign(id, timestamp, body);
        header
            .split(' ')
            .any(|theirs| bool::from(theirs.as_bytes().ct_eq(ours.as_bytes())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn webhook() -> (SandboxId, WebhookId) {
        (
            "sbx_01k2j8x4m6v0q3r5t7w9y1z2a3".parse().unwrap(),
            "whe_1".parse().unwrap(),
        )
    }

    #[test]
    fn the_published_example_of_standard_webhooks_is_signed_as_published() {
        // The example's key is of 24 bytes; the signed text is theirs.
        let key = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signature = mac(
            &key,
            &[b"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{\"test\": 2432232314}"],
        );
        assert_eq!(
            STANDARD.encode(signature),
            "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }

    #[test]
    fn a_secret_depends_on_the_key_the_sandbox_the_endpoint_and_the_salt() {
        let (sandbox, id) = webhook();
        let key = SecretKey::new([1; 32]);
        let secret = key.derive(&sandbox, &id, &[2; 32]).reveal();
        assert_eq!(secret, key.derive(&sandbox, &id, &[2; 32]).reveal());
        assert!(secret.starts_with("whsec_") && secret.len() == 50, "{secret}");
        let other: WebhookId = "whe_2".parse().unwrap();
        for different in [
            SecretKey::new([3; 32]).derive(&sandbox, &id, &[2; 32]),
            key.derive(&sandbox, &other, &[2; 32]),
            key.derive(&sandbox, &id, &[4; 32]),
        ] {
            assert_ne!(different.reveal(), secret);
        }
    }

    #[test]
    fn a_sealed_secret_is_read_with_its_key_alone() {
        let key = SecretKey::new([1; 32]);
        let secret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD0pDsNjPQKuI=";
        let sealed = key.seal(secret);
        assert!(!sealed.contains("whsec"));
        assert_ne!(sealed, key.seal(secret));
        assert_eq!(key.unseal(&sealed).as_deref(), Some(secret));
        assert_ne!(SecretKey::new([2; 32]).unseal(&sealed).as_deref(), Some(secret));
        assert_eq!(key.unseal("sealed"), None);
    }

    #[test]
    fn a_signature_is_of_these_bytes_alone() {
        let (sandbox, id) = webhook();
        let secret = SecretKey::new([1; 32]).derive(&sandbox, &id, &[2; 32]);
        let header = format!("v1,AAAA {} v1es256,BBBB", secret.sign("evt_1", "17", b"{}"));
        assert!(secret.has_signed(&header, ("evt_1", "17", b"{}")));
        for other in [
            ("evt_2", "17", &b"{}"[..]),
            ("evt_1", "18", b"{}"),
            ("evt_1", "17", b"{ }"),
        ] {
            assert!(!secret.has_signed(&header, other));
        }
    }
}
