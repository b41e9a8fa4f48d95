//! What a client may do with a token of its own later: revoke it, or ask whether it is still good.

use super::{
    OAuth,
    caller::{Caller, TokenError},
    keys::KeyFailure,
    refusal::Refusal,
    request::Received,
    token::{self, Verified},
    trace::{AuthOutcome, traced},
};
use crate::store::control::{api_clients::ApiClientRow, revoked_tokens};
use axum::{Json, extract::Request, http::StatusCode, response::Response};
use serde_json::{Value, json};

impl OAuth {
    /// The revocation endpoint (RFC 7009): the answer is the same whatever the token is.
    pub(super) async fn revoke(&self, request: Request) -> Result<Response, Refusal> {
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
    pub(super) async fn introspect(&self, request: Request) -> Result<Response, Refusal> {
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
