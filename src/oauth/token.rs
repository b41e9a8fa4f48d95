//! Access tokens: JWTs after RFC 9068, signed with RS256, good for one sandbox.

use super::{
    OAuth, TOKEN_SECONDS,
    jws::{self, Jws},
    keys::{KeyFailure, KeySet},
    reason::Reason,
};
use crate::{
    ids,
    store::control::api_clients::{ApiClientRow, ClientKey},
};
use contract::{ScopeSet, Timestamp, ids::SandboxId};
use serde_json::json;
use std::fmt;

/// The longest access token that is looked at; ours are about a third of it.
const LONGEST: usize = 4096;

/// How far the clock of another process on this data folder may be ahead of ours, in milliseconds.
const SKEW_MILLIS: i64 = 60_000;

/// The id of an access token (`jti`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TokenId(Box<str>);

impl TokenId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An access token that was just issued.
#[derive(Clone)]
pub struct AccessToken {
    /// The token as a client sends it.
    pub token: String,
    /// Its id.
    pub jti: TokenId,
    /// What it may do.
    pub scopes: ScopeSet,
    /// When it expires.
    pub expires_at: Timestamp,
}

impl fmt::Debug for AccessToken {
    /// Without the token, which must not reach a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken")
            .field("jti", &self.jti)
            .finish_non_exhaustive()
    }
}

/// The claims of a token whose signature and times are good. Whether it was revoked is another question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Verified {
    pub sandbox: SandboxId,
    pub client_id: ClientKey,
    pub subject: String,
    pub scopes: ScopeSet,
    pub jti: TokenId,
    pub issued_at: Timestamp,
    pub expires_at: Timestamp,
}

/// Why a token is not good, and whose it is when its signature is.
#[derive(Debug)]
pub(super) struct BadToken {
    pub reason: Reason,
    pub sandbox: Option<SandboxId>,
}

impl From<Reason> for BadToken {
    fn from(reason: Reason) -> Self {
        Self {
            reason,
            sandbox: None,
        }
    }
}

impl From<&'static str> for BadToken {
    fn from(reason: &'static str) -> Self {
        Reason::from(reason).into()
    }
}

impl OAuth {
    /// Issues an access token to a client of a sandbox; for the portal's own calls on a visitor's behalf too.
    ///
    /// # Errors
    /// When no key can sign.
    pub async fn mint(
        &self,
        sandbox: &SandboxId,
        client_id: &ClientKey,
        scopes: &ScopeSet,
    ) -> Result<AccessToken, KeyFailure> {
        let now = self.0.clock.now();
        let jti = TokenId(ids::secret("").into());
        let issued_at = now.as_seconds();
        let claims = json!({
            "iss": self.0.config.issuer,
            "sub": client_id.as_str(),
            "aud": self.0.config.issuer,
            "exp": issued_at + TOKEN_SECONDS,
            "iat": issued_at,
            "jti": jti.as_str(),
            "client_id": client_id.as_str(),
            "scope": scopes.to_string(),
            "tenant": sandbox.as_str(),
        });
        let keys = self.0.keys.current(&self.0.control, now).await?;
        Ok(AccessToken {
            token: keys.sign("at+jwt", &claims, now).await?,
            jti,
            scopes: scopes.clone(),
            expires_at: Timestamp::from_millis((issued_at + TOKEN_SECONDS) * 1000),
        })
    }

    /// [`OAuth::mint`] for a client with fewer scopes than it has.
    pub(super) async fn mint_for(
        &self,
        client: &ApiClientRow,
        scopes: &ScopeSet,
    ) -> Result<AccessToken, KeyFailure> {
        self.mint(&client.sandbox_id, &client.client_id, scopes).await
    }
}

/// Reads an access token and checks everything that needs no database.
pub(super) fn verify(text: &str, issuer: &str, keys: &KeySet, now: Timestamp) -> Result<Verified, BadToken> {
    let jws = jws::parse(text, LONGEST)?;
    if jws.header.alg != "RS256" {
        return Err("its `alg` is not RS256".into());
    }
    // RFC 9068 §4: without this an ID token or an assertion signed by the same key would pass for an access token.
    if jws.header.media_type().as_deref() != Some("at+jwt") {
        return Err("its `typ` is not at+jwt".into());
    }
    keys.verify(&jws.header.kid, jws.signed, &jws.signature)?;
    let verified = read(&jws)?;
    check(&jws, &verified, issuer, now).map_err(|reason| BadToken {
        reason,
        sandbox: Some(verified.sandbox.clone()),
    })?;
    Ok(verified)
}

fn read(jws: &Jws<'_>) -> Result<Verified, Reason> {
    let claims = &jws.claims;
    Ok(Verified {
        sandbox: claims
            .text("tenant")?
            .parse()
            .map_err(|_| "`tenant` is malformed")?,
        client_id: claims
            .text("client_id")?
            .parse()
            .map_err(|_| "`client_id` is malformed")?,
        subject: claims.text("sub")?.to_owned(),
        scopes: claims
            .text("scope")?
            .parse()
            .map_err(|_| "`scope` is malformed")?,
        jti: TokenId(claims.text("jti")?.into()),
        issued_at: claims.instant("iat")?,
        expires_at: claims.instant("exp")?,
    })
}

fn check(jws: &Jws<'_>, verified: &Verified, issuer: &str, now: Timestamp) -> Result<(), Reason> {
    if jws.claims.text("iss")? != issuer {
        return Err("`iss` is not this server".into());
    }
    if jws.claims.audience()? != issuer {
        return Err("`aud` is not this API".into());
    }
    let latest = now.plus_millis(SKEW_MILLIS);
    if verified.issued_at > latest {
        return Err("`iat` is in the future".into());
    }
    if jws
        .claims
        .optional_instant("nbf")?
        .is_some_and(|not_before| not_before > latest)
    {
        return Err("`nbf` is in the future".into());
    }
    if verified.expires_at <= now {
        return Err(format!("it expired at {}", verified.expires_at).into());
    }
    Ok(())
}
