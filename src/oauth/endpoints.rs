//! The routes of the authorization server.

use super::{
    OAuth,
    assertion::{Assertion, Purpose},
    caller::{Caller, TokenError},
    client::Client,
    keys::{self, KeyFailure},
    metadata::{self, CLIENT_CREDENTIALS, JWT_BEARER},
    refusal::{Fault, Refusal},
    request::{Received, nobody},
    token::{self, AccessToken, Verified},
    trace::{AuthOutcome, AuthTrace},
};
use crate::store::control::{api_clients::ApiClientRow, revoked_tokens};
use axum::{
    Json, Router,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{MethodRouter, get, post},
};
use contract::ScopeSet;
use serde_json::{Value, json};

/// Where the metadata is (RFC 8414 §3); an issuer's own path comes after it.
const METADATA: &str = "/.well-known/oauth-authorization-server";

/// The routes of the authorization server: token, revocation and introspection endpoint, metadata and keys.
///
/// The address that a request is charged to is axum's `ConnectInfo<SocketAddr>`, when it is there.
pub fn router(oauth: OAuth) -> Router {
    let path = oauth.0.config.issuer_path();
    let mut router = Router::new()
        .route("/oauth/token", endpoint(post(token)))
        .route("/oauth/revoke", endpoint(post(revoke)))
        .route("/oauth/introspect", endpoint(post(introspect)))
        .route("/.well-known/jwks.json", document(get(jwks)))
        .route(METADATA, document(get(describe)));
    if !path.is_empty() {
        router = router.route(&format!("{METADATA}{path}"), document(get(describe)));
    }
    router.with_state(oauth)
}

fn endpoint(route: MethodRouter<OAuth>) -> MethodRouter<OAuth> {
    const ALLOW: &str = "POST, OPTIONS";
    route
        .options(|| async { (StatusCode::NO_CONTENT, [(header::ALLOW, ALLOW)]) })
        .fallback(|| async {
            uncached(Refusal::new(Fault::MethodNotAllowed(ALLOW), "not POST").into_response())
        })
}

fn document(route: MethodRouter<OAuth>) -> MethodRouter<OAuth> {
    const ALLOW: &str = "GET, HEAD, OPTIONS";
    route
        .options(|| async { (StatusCode::NO_CONTENT, [(header::ALLOW, ALLOW)]) })
        .fallback(|| async { Refusal::new(Fault::MethodNotAllowed(ALLOW), "not GET") })
}

async fn token(State(oauth): State<OAuth>, request: Request) -> Response {
    uncached(oauth.exchange(request).await.into_response())
}

async fn revoke(State(oauth): State<OAuth>, request: Request) -> Response {
    uncached(oauth.revoke(request).await.into_response())
}

async fn introspect(State(oauth): State<OAuth>, request: Request) -> Response {
    uncached(oauth.introspect(request).await.into_response())
}

async fn describe(State(oauth): State<OAuth>) -> Response {
    published(&metadata::document(&oauth.0.config))
}

async fn jwks(State(oauth): State<OAuth>) -> Response {
    match oauth.0.keys.current(&oauth.0.control, oauth.0.clock.now()).await {
        Ok(keys) => published(&keys.jwks()),
        Err(failure) => Refusal::from(failure).into_response(),
    }
}

fn published(body: &Value) -> Response {
    let cache = format!("public, max-age={}", keys::PUBLISHED_SECONDS);
    ([(header::CACHE_CONTROL, cache)], Json(body)).into_response()
}

/// RFC 6749 §5.1: nothing on the way may keep what these endpoints answer.
fn uncached(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

impl From<KeyFailure> for Refusal {
    fn from(failure: KeyFailure) -> Self {
        tracing::error!(error = %failure, "the signing keys could not be used");
        Self::new(Fault::Server, "the server failed")
    }
}

fn traced(body: impl IntoResponse, client: &ApiClientRow, outcome: AuthOutcome) -> Response {
    let mut response = body.into_response();
    response.extensions_mut().insert(AuthTrace {
        sandbox: Some(client.sandbox_id.clone()),
        client_id: Some(client.client_id.clone()),
        outcome,
    });
    response
}

fn issued(client: &ApiClientRow, token: AccessToken, grant_type: &'static str) -> Response {
    let body = json!({
        "access_token": token.token,
        "token_type": "Bearer",
        "expires_in": super::TOKEN_SECONDS,
        "scope": token.scopes.to_string(),
    });
    traced(
        Json(body),
        client,
        AuthOutcome::Issued {
            grant_type,
            jti: token.jti,
        },
    )
}

impl OAuth {
    /// The token endpoint (RFC 6749 §3.2).
    async fn exchange(&self, request: Request) -> Result<Response, Refusal> {
        let received = self.receive(request).await?;
        let grant_type = received.parameters.get("grant_type");
        let client = match grant_type {
            None => return Err(Refusal::request("grant_type is missing.")),
            Some(_) => {
                self.authenticate_client(&received.headers, &received.parameters)
                    .await?
            }
        };
        match grant_type {
            Some(CLIENT_CREDENTIALS) => self.by_credentials(&received, client.ok_or_else(nobody)?).await,
            Some(JWT_BEARER) => self.by_assertion(&received, client).await,
            _ => Err(Refusal::new(
                Fault::UnsupportedGrantType,
                "the grant type is not supported",
            )),
        }
    }

    async fn by_credentials(&self, received: &Received, client: Client) -> Result<Response, Refusal> {
        let scopes = granted(received, &client.row)?;
        self.charge(&client.row)?;
        self.consume(client.assertion.as_ref().as_slice()).await?;
        let token = self.mint_for(&client.row, &scopes).await?;
        Ok(issued(&client.row, token, CLIENT_CREDENTIALS))
    }

    async fn by_assertion(&self, received: &Received, client: Option<Client>) -> Result<Response, Refusal> {
        let text = received
            .parameters
            .get("assertion")
            .ok_or_else(|| Refusal::request("assertion is missing."))?;
        let grant = self.check_assertion(text, Purpose::Grant).await?;
        same_client(received, client.as_ref(), &grant)?;
        let scopes = granted(received, &grant.client)?;
        self.charge(&grant.client)?;
        let proof = client.and_then(|client| client.assertion);
        self.consume(&proof.iter().chain([&grant]).collect::<Vec<_>>())
            .await?;
        let token = self.mint_for(&grant.client, &scopes).await?;
        Ok(issued(&grant.client, token, JWT_BEARER))
    }

    /// The revocation endpoint (RFC 7009): the answer is the same whatever the token is.
    async fn revoke(&self, request: Request) -> Result<Response, Refusal> {
        let received = self.receive(request).await?;
        let client = self.require_client(&received).await?.row;
        let token = required_token(&received)?;
        if let Some(verified) = self.verify_own(token, &client).await? {
            let times = (self.0.clock.now(), verified.expires_at);
            let mut write = self.0.control.begin().await?;
            revoked_tokens::revoke(&mut write, &verified.sandbox, verified.jti.as_str(), times).await?;
            write.commit().await?;
            self.forget_token(&verified.jti);
        }
        Ok(traced(StatusCode::OK, &client, AuthOutcome::Answered))
    }

    /// The introspection endpoint (RFC 7662): what is unknown, over or someone else's is not active, and nothing more.
    async fn introspect(&self, request: Request) -> Result<Response, Refusal> {
        let received = self.receive(request).await?;
        let client = self.require_client(&received).await?.row;
        let token = required_token(&received)?;
        let body = match self.verify_own(token, &client).await? {
            None => json!({ "active": false }),
            Some(verified) => match self.check(&verified, self.0.clock.now()).await {
                Ok(caller) => active(&verified, &caller, &self.0.config.issuer),
                Err(TokenError::Invalid { .. }) => json!({ "active": false }),
                Err(TokenError::Failed(failure)) => return Err(failure.into()),
            },
        };
        Ok(traced(Json(body), &client, AuthOutcome::Answered))
    }

    /// The token, if it is a good one of the client's own.
    async fn verify_own(&self, token: &str, client: &ApiClientRow) -> Result<Option<Verified>, KeyFailure> {
        let now = self.0.clock.now();
        let keys = self.0.keys.current(&self.0.control, now).await?;
        let verified = token::verify(token, &self.0.config.issuer, &keys, now).ok();
        Ok(verified.filter(|verified| verified.client_id == client.client_id))
    }
}

fn required_token(received: &Received) -> Result<&str, Refusal> {
    received
        .parameters
        .get("token")
        .ok_or_else(|| Refusal::request("token is missing."))
}

/// The scopes that a request asks for; all of the client's when it asks for none.
fn granted(received: &Received, client: &ApiClientRow) -> Result<ScopeSet, Refusal> {
    let refuse = |reason: &'static str| {
        Refusal::new(Fault::InvalidScope, reason).concerning(&client.sandbox_id, &client.client_id)
    };
    let Some(asked) = received.parameters.get("scope") else {
        return Ok(client.scopes.clone());
    };
    let asked: ScopeSet = asked
        .parse()
        .map_err(|_| refuse("a requested scope does not exist"))?;
    if asked.is_empty() {
        return Ok(client.scopes.clone());
    }
    if asked.is_subset(&client.scopes) {
        Ok(asked)
    } else {
        Err(refuse("a requested scope was not granted to the client"))
    }
}

/// Refuses an assertion that another client signed than the one the request names or proves to come from.
fn same_client(received: &Received, client: Option<&Client>, grant: &Assertion) -> Result<(), Refusal> {
    let signer = &grant.client.client_id;
    let claimed = received.parameters.get("client_id");
    let differs = client.is_some_and(|client| client.row.client_id != *signer)
        || claimed.is_some_and(|claimed| claimed != signer.as_str());
    if differs {
        let refusal = Refusal::new(Fault::InvalidGrant, "another client signed the assertion");
        return Err(refusal.concerning(&grant.client.sandbox_id, signer));
    }
    Ok(())
}

fn active(verified: &Verified, caller: &Caller, issuer: &str) -> Value {
    json!({
        "active": true,
        "iss": issuer,
        "aud": issuer,
        "sub": verified.subject,
        "client_id": verified.client_id.as_str(),
        "tenant": verified.sandbox.as_str(),
        "scope": caller.scopes.to_string(),
        "token_type": "Bearer",
        "iat": verified.issued_at.as_seconds(),
        "exp": verified.expires_at.as_seconds(),
        "jti": verified.jti.as_str(),
    })
}
