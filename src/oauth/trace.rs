//! What happened at a token endpoint, told to the layers outside by the response's extensions.

use super::{reason::Reason, token::TokenId};
use crate::store::control::api_clients::{ApiClientRow, ClientKey};
use axum::response::{IntoResponse, Response};
use contract::ids::SandboxId;

/// What the request log may show to the sandbox that a call of the token endpoints concerned.
///
/// Every response of [`super::router`]'s `POST` endpoints carries one in its extensions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthTrace {
    /// The sandbox of the client that called or that was named; none when no such client exists.
    pub sandbox: Option<SandboxId>,
    /// That client.
    pub client_id: Option<ClientKey>,
    /// What came of the call.
    pub outcome: AuthOutcome,
}

/// What came of a call of the token endpoints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthOutcome {
    /// An access token was issued.
    Issued {
        /// The grant that it was issued for.
        grant_type: &'static str,
        /// The token's id.
        jti: TokenId,
    },
    /// A revocation or an introspection was answered.
    Answered,
    /// The call was refused.
    Refused {
        /// The `error` member of the answer.
        error: &'static str,
        /// Why exactly; not in the answer.
        reason: Reason,
    },
}

/// An answer to a client that proved itself, with its trace.
pub(super) fn traced(body: impl IntoResponse, client: &ApiClientRow, outcome: AuthOutcome) -> Response {
    let mut response = body.into_response();
    response.extensions_mut().insert(AuthTrace {
        sandbox: Some(client.sandbox_id.clone()),
        client_id: Some(client.client_id.clone()),
        outcome,
    });
    response
}
