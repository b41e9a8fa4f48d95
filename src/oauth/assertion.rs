//! Assertions (RFC 7523): every check of a signed JWT by which a client proves itself or asks for a token.

use super::{
    OAuth,
    jws::{self, Claims, Jws},
    reason::Reason,
    refusal::{Fault, Refusal},
};
use crate::store::{
    StoreError,
    control::{
        api_clients::{self, ApiClientRow, ClientKey},
        client_keys::{self, ClientKeyRow},
        used_assertions,
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use contract::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, jwk::Jwk};

/// The longest assertion that is read, in bytes.
const LONGEST: usize = 8192;

/// How long an assertion may live, in milliseconds.
const LIFE_MILLIS: i64 = 300_000;

/// How far a client's clock may be ahead of ours, in milliseconds.
const SKEW_MILLIS: i64 = 30_000;

/// How long beyond its expiry an assertion's id is kept, in milliseconds.
const KEPT_MILLIS: i64 = 60_000;

/// The longest `jti` and `kid`.
const LONGEST_ID: usize = 128;

/// What an assertion is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To authenticate the client (RFC 7523 §2.2, `private_key_jwt`).
    ClientAuthentication,
    /// To be exchanged for a token (RFC 7523 §2.1).
    Grant,
}

/// An assertion that passed every check but one: that it was not used before.
#[derive(Debug)]
pub(super) struct Assertion {
    /// The client that signed it.
    pub client: ApiClientRow,
    purpose: Purpose,
    key: ClientKeyRow,
    jti: String,
    expires_at: Timestamp,
}

impl OAuth {
    /// Checks an assertion, in the order in which nothing expensive or stateful happens for a stranger.
    pub(super) async fn check_assertion(&self, text: &str, purpose: Purpose) -> Result<Assertion, Refusal> {
        let jws = jws::parse(text, LONGEST).map_err(|reason| purpose.unreadable(&reason))?;
        let key = self
            .key_of(&jws)
            .await?
            .map_err(|reason| purpose.refuse(&reason))?;
        let refuse = |reason: Reason| {
            purpose
                .refuse(&reason)
                .concerning(&key.sandbox_id, &key.client_id)
        };
        verify(&jws, &key).map_err(refuse)?;
        check_type(&jws, purpose).map_err(refuse)?;
        self.check_audience(&jws.claims, purpose).map_err(refuse)?;
        let expires_at = check_times(&jws.claims, self.0.clock.now()).map_err(refuse)?;
        check_parties(&jws.claims, &key, purpose).map_err(refuse)?;
        let jti = jws
            .claims
            .text("jti")
            .and_then(bounded_id)
            .map_err(refuse)?
            .to_owned();
        let client = api_clients::get(&self.0.control, &key.client_id).await?;
        let client = client.ok_or_else(|| refuse("its client was deleted".into()))?;
        Ok(Assertion {
            client,
            purpose,
            key,
            jti,
            expires_at,
        })
    }

    /// The registered key that the header names, if it is one of the issuer's.
    async fn key_of(&self, jws: &Jws<'_>) -> Result<Result<ClientKeyRow, Reason>, StoreError> {
        let issuer = match jws.claims.text("iss") {
            Ok(issuer) => issuer.parse::<ClientKey>(),
            Err(reason) => return Ok(Err(reason)),
        };
        let (Ok(client_id), Ok(kid)) = (issuer, jws.header.kid.parse()) else {
            return Ok(Err(
                "no such key: `iss` or `kid` is not one that was issued here".into()
            ));
        };
        let key = client_keys::get(&self.0.control, &client_id, &kid).await?;
        Ok(match key {
            None => Err("the client that `iss` names has no key with this `kid`".into()),
            Some(key) if key.revoked_at.is_some() => Err("the key that `kid` names was revoked".into()),
            Some(key) => Ok(key),
        })
    }

    /// What `aud` may be comes from configuration, never from the request: a `Host` header is the sender's.
    fn check_audience(&self, claims: &Claims, purpose: Purpose) -> Result<(), Reason> {
        let audience = claims.audience()?;
        let issuer = &self.0.config.issuer;
        let good = match purpose {
            Purpose::ClientAuthentication => audience == issuer,
            Purpose::Grant => audience == issuer || audience == self.0.config.token_endpoint(),
        };
        if good {
            Ok(())
        } else {
            Err(format!("`aud` is not {issuer}").into())
        }
    }

    /// Uses assertions up, all or none, if none was used before and their keys are still good.
    pub(super) async fn consume(&self, assertions: &[&Assertion]) -> Result<(), Refusal> {
        if assertions.is_empty() {
            return Ok(());
        }
        let now = self.0.clock.now();
        let mut write = self.0.control.begin().await?;
        for Assertion {
            client,
            purpose,
            key,
            jti,
            expires_at,
        } in assertions
        {
            let refuse = |reason: &'static str| {
                purpose
                    .refuse(&reason.into())
                    .concerning(&client.sandbox_id, &client.client_id)
            };
            // Read again under the write lock: the key may have been revoked since.
            if !client_keys::is_active(&mut write, &key.kid).await? {
                return Err(refuse("the key that `kid` names was revoked"));
            }
            let kept_until = expires_at.plus_millis(KEPT_MILLIS);
            if !used_assertions::consume(&mut write, &key.iss, jti, (now, kept_until)).await? {
                return Err(refuse("its `jti` was used before"));
            }
        }
        write.commit().await?;
        Ok(())
    }
}

impl Purpose {
    fn refuse(self, reason: &Reason) -> Refusal {
        let fault = match self {
            Self::ClientAuthentication => Fault::InvalidClient { challenge: false },
            Self::Grant => Fault::InvalidGrant,
        };
        Refusal::new(fault, format!("the assertion was refused: {reason}"))
    }

    /// What is not even an assertion: for a client's authentication a malformed request.
    fn unreadable(self, reason: &Reason) -> Refusal {
        match self {
            Self::Grant => self.refuse(reason),
            Self::ClientAuthentication => {
                let fault = Fault::InvalidRequest("The client_assertion is not an acceptable JWT.");
                Refusal::new(fault, format!("the assertion was refused: {reason}"))
            }
        }
    }
}

/// Checks the signature with the algorithm of the stored key; the header may only agree.
fn verify(jws: &Jws<'_>, key: &ClientKeyRow) -> Result<(), Reason> {
    if jws.header.alg != "ES256" {
        return Err("its `alg` is not ES256".into());
    }
    let jwk: Jwk = serde_json::from_str(&key.jwk).map_err(|_| "the registered key cannot be read")?;
    let key = DecodingKey::from_jwk(&jwk).map_err(|_| "the registered key cannot be read")?;
    p256::ecdsa::Signature::from_slice(&jws.signature)
        .map_err(|_| "its signature is not the 64 bytes of r and s (DER is not accepted)")?;
    let signature = URL_SAFE_NO_PAD.encode(&jws.signature);
    match jsonwebtoken::crypto::verify(&signature, jws.signed.as_bytes(), &key, Algorithm::ES256) {
        Ok(true) => Ok(()),
        Ok(false) | Err(_) => Err("its signature does not match the key that `kid` names".into()),
    }
}

/// Refuses a JWT that says it is something else (RFC 8725 §3.11).
fn check_type(jws: &Jws<'_>, purpose: Purpose) -> Result<(), Reason> {
    let own = match purpose {
        Purpose::ClientAuthentication => "client-authentication+jwt",
        Purpose::Grant => "authorization-grant+jwt",
    };
    match jws.header.media_type().as_deref() {
        None | Some("jwt") => Ok(()),
        Some(typ) if typ == own => Ok(()),
        Some(_) => Err(format!("its `typ` is neither JWT nor {own}").into()),
    }
}

/// Checks `exp`, `iat` and `nbf`; returns the expiry.
fn check_times(claims: &Claims, now: Timestamp) -> Result<Timestamp, Reason> {
    let expires_at = claims.instant("exp")?;
    let issued_at = claims.instant("iat")?;
    let latest = now.plus_millis(SKEW_MILLIS);
    if expires_at <= now {
        return Err(format!("it expired at {expires_at}").into());
    }
    if issued_at > latest {
        return Err("`iat` is more than 30 seconds in the future".into());
    }
    if expires_at <= issued_at {
        return Err("`exp` is not after `iat`".into());
    }
    let life = expires_at.as_millis().saturating_sub(issued_at.as_millis());
    if life > LIFE_MILLIS || expires_at > latest.plus_millis(LIFE_MILLIS) {
        return Err("`exp` is more than 5 minutes ahead".into());
    }
    if claims
        .optional_instant("nbf")?
        .is_some_and(|not_before| not_before > latest)
    {
        return Err("`nbf` is more than 30 seconds in the future".into());
    }
    Ok(expires_at)
}

/// Checks `iss` and `sub` against what was issued when the key was registered.
fn check_parties(claims: &Claims, key: &ClientKeyRow, purpose: Purpose) -> Result<(), Reason> {
    let subject = match purpose {
        Purpose::ClientAuthentication => key.client_id.as_str(),
        Purpose::Grant => &key.sub,
    };
    if claims.text("iss")? != key.iss {
        return Err("`iss` is not the one that was issued with the key".into());
    }
    if claims.text("sub")? != subject {
        return Err("`sub` is not the one that was issued with the key".into());
    }
    Ok(())
}

fn bounded_id(jti: &str) -> Result<&str, Reason> {
    match jti.len() {
        0 => Err("`jti` is empty".into()),
        length if length > LONGEST_ID => Err(format!("`jti` is longer than {LONGEST_ID} bytes").into()),
        _ => Ok(jti),
    }
}
