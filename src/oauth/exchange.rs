//! The token endpoint: one of two grants becomes an access token.

use super::{
    OAuth, TOKEN_SECONDS,
    assertion::{Assertion, Purpose},
    client::Client,
    metadata::{CLIENT_CREDENTIALS, JWT_BEARER},
    refusal::{Fault, Refusal},
    request::{Received, nobody},
    token::AccessToken,
    trace::{AuthOutcome, traced},
};
use crate::store::control::api_clients::ApiClientRow;
use axum::{Json, extract::Request, response::Response};
use contract::ScopeSet;
use serde_json::json;

impl OAuth {
    /// The token endpoint (RFC 6749 §3.2).
    pub(super) async fn exchange(&self, request: Request) -> Result<Response, Refusal> {
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

fn issued(client: &ApiClientRow, token: AccessToken, grant_type: &'static str) -> Response {
    let body = json!({
        "access_token": token.token,
        "token_type": "Bearer",
        "expires_in": TOKEN_SECONDS,
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
