//! Credentials: how API clients come by their secrets and register their keys.

use super::json;
use crate::{
    ids,
    store::{
        StoreError,
        control::{
            Write,
            api_clients::{self, ApiClientRow, ClientKey},
            client_keys::{self, ClientKeyRow, KeyId},
            client_secrets::{self, SecretHash},
        },
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use contract::{ScopeSet, Timestamp, ids::SandboxId};
use p256::{EncodedPoint, PublicKey, elliptic_curve::sec1::FromEncodedPoint};
use serde_json::{Map, Value, json};
use std::fmt;

/// What every client secret begins with, so that scanners can find one that leaked.
const SECRET_PREFIX: &str = "cs_";

/// A client secret in clear: to be shown once, and kept nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientSecret(String);

impl ClientSecret {
    fn generate() -> Self {
        Self(ids::secret(SECRET_PREFIX))
    }
    /// The secret itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ClientSecret {
    /// Without the secret, which must not reach a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecret")
    }
}

/// A client that was just made.
#[derive(Clone, Debug)]
pub struct IssuedClient {
    /// Its public id.
    pub client_id: ClientKey,
    /// Its secret.
    pub client_secret: ClientSecret,
    /// What its tokens may do.
    pub scopes: ScopeSet,
}

/// A key that was just registered, with what its assertions must carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisteredKey {
    /// For the header.
    pub kid: KeyId,
    /// For the claim `iss`, and the id of the client when the key authenticates it.
    pub iss: String,
    /// For the claim `sub`.
    pub sub: String,
}

/// Why a key was not registered.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The JWK is not acceptable; the text says why, for the caller.
    #[error("{0}")]
    Jwk(&'static str),
    /// The control database failed, or there is no such sandbox.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes an API client of a sandbox, with every scope and one secret.
///
/// # Errors
/// When the sandbox does not exist.
pub async fn issue_client(
    write: &mut Write,
    sandbox: &SandboxId,
    now: Timestamp,
) -> Result<IssuedClient, StoreError> {
    let client = add_client(write, sandbox, now).await?;
    let client_secret = ClientSecret::generate();
    let hash = SecretHash::of(client_secret.reveal());
    client_secrets::create(write, &client.client_id, &hash, now).await?;
    Ok(IssuedClient {
        client_id: client.client_id,
        client_secret,
        scopes: client.scopes,
    })
}

/// Gives a client another secret; those before it stay good for `overlap_millis` more.
///
/// # Errors
/// When the client does not exist.
pub async fn rotate_secret(
    write: &mut Write,
    client_id: &ClientKey,
    overlap_millis: i64,
    now: Timestamp,
) -> Result<ClientSecret, StoreError> {
    client_secrets::expire_all(write, client_id, now.plus_millis(overlap_millis)).await?;
    let secret = ClientSecret::generate();
    client_secrets::create(write, client_id, &SecretHash::of(secret.reveal()), now).await?;
    Ok(secret)
}

/// Ends one secret of a client at once; `false` when it has no such secret. Tokens issued with it live on.
///
/// # Errors
/// When the database fails.
pub async fn revoke_secret(
    write: &mut Write,
    client_id: &ClientKey,
    secret: &SecretHash,
) -> Result<bool, StoreError> {
    client_secrets::delete(write, client_id, secret).await
}

/// Registers a public P-256 key, given as JWK, for the sandbox's first client, which is made when there is none.
///
/// # Errors
/// When the JWK is not acceptable or the sandbox does not exist.
pub async fn register_key(
    write: &mut Write,
    sandbox: &SandboxId,
    jwk: &str,
    now: Timestamp,
) -> Result<RegisteredKey, KeyError> {
    let jwk = public_p256(jwk)?;
    let client = match api_clients::first_of_sandbox(write, sandbox).await? {
        Some(client) => client,
        None => add_client(write, sandbox, now).await?,
    };
    let subject = client.client_id.to_string();
    let key = ClientKeyRow {
        kid: KeyId::generate(now),
        client_id: client.client_id,
        sandbox_id: sandbox.clone(),
        jwk,
        iss: subject.clone(),
        sub: subject,
        created_at: now,
        revoked_at: None,
    };
    client_keys::create(write, &key).await?;
    Ok(RegisteredKey {
        kid: key.kid,
        iss: key.iss,
        sub: key.sub,
    })
}

/// Revokes a key of a sandbox; `false` when it has no such key that is not revoked yet. Tokens live on.
///
/// # Errors
/// When the database fails.
pub async fn revoke_key(
    write: &mut Write,
    sandbox: &SandboxId,
    kid: &KeyId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    client_keys::revoke(write, sandbox, kid, now).await
}

async fn add_client(
    write: &mut Write,
    sandbox: &SandboxId,
    now: Timestamp,
) -> Result<ApiClientRow, StoreError> {
    let client = ApiClientRow {
        client_id: ClientKey::generate(now),
        sandbox_id: sandbox.clone(),
        scopes: ScopeSet::all(),
        created_at: now,
    };
    api_clients::create(write, &client).await?;
    Ok(client)
}

/// The JWK with nothing but the public key in it, if it is one that we accept.
fn public_p256(jwk: &str) -> Result<String, KeyError> {
    let members = json::object(jwk.as_bytes())
        .ok_or(KeyError::Jwk("the JWK is not a JSON object, or repeats a member"))?;
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    if members.contains_key("keys") {
        return Err(KeyError::Jwk("this is a set of keys: register one JWK at a time"));
    }
    if ["d", "k", "p", "q"]
        .iter()
        .any(|name| members.contains_key(*name))
    {
        return Err(KeyError::Jwk(
            "this is a private key: register the public one only, and replace this one, since it was sent",
        ));
    }
    if text("kty") != Some("EC") || text("crv") != Some("P-256") {
        return Err(KeyError::Jwk(
            "the key must be an EC key (`kty`) on the curve P-256 (`crv`)",
        ));
    }
    if members.get("alg").is_some_and(|alg| alg != "ES256") {
        return Err(KeyError::Jwk("`alg` must be ES256 if it is there"));
    }
    if members.get("use").is_some_and(|purpose| purpose != "sig") || !may_verify(&members) {
        return Err(KeyError::Jwk(
            "the key must be meant for signatures (`use`, `key_ops`)",
        ));
    }
    let (x, y) = (coordinate(text("x"))?, coordinate(text("y"))?);
    let point = EncodedPoint::from_affine_coordinates(&x.into(), &y.into(), false);
    if bool::from(PublicKey::from_encoded_point(&point).is_none()) {
        return Err(KeyError::Jwk("`x` and `y` are not a point on the curve P-256"));
    }
    let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
    Ok(json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y }).to_string())
}

fn may_verify(members: &Map<String, Value>) -> bool {
    members.get("key_ops").is_none_or(|operations| {
        operations
            .as_array()
            .is_some_and(|operations| operations.iter().any(|operation| operation == "verify"))
    })
}

fn coordinate(text: Option<&str>) -> Result<[u8; 32], KeyError> {
    text.and_then(|text| URL_SAFE_NO_PAD.decode(text).ok())
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or(KeyError::Jwk(
            "`x` and `y` must be 32 bytes each, as base64url without padding",
        ))
}
