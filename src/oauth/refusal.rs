//! Refusals of the token endpoints in the shape of RFC 6749 §5.2: one message outside, the exact reason inside.

use super::{
    reason::Reason,
    trace::{AuthOutcome, AuthTrace},
};
use crate::store::{StoreError, control::api_clients::ClientKey};
use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use contract::ids::SandboxId;
use serde_json::json;

/// What a caller is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// The request itself is malformed; the text says how.
    InvalidRequest(&'static str),
    /// The body is larger than the endpoint reads.
    TooLarge,
    /// The path has no such method; the text is the value of `Allow`.
    MethodNotAllowed(&'static str),
    /// The client is unknown or did not prove itself; a challenge when it tried by the `Authorization` header.
    InvalidClient { challenge: bool },
    /// The assertion is not good.
    InvalidGrant,
    /// The grant type is not one of ours.
    UnsupportedGrantType,
    /// A scope is unknown or was not granted.
    InvalidScope,
    /// Too many requests; one is certain to be admitted after this many seconds.
    RateLimited { retry_after: u64 },
    /// Our own failure.
    Server,
}

impl Fault {
    fn status(self) -> StatusCode {
        match self {
            Self::InvalidClient { .. } => StatusCode::UNAUTHORIZED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Server => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// The `error` member.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::InvalidRequest(_) | Self::TooLarge | Self::MethodNotAllowed(_) => "invalid_request",
            Self::InvalidClient { .. } => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::InvalidScope => "invalid_scope",
            Self::RateLimited { .. } => "temporarily_unavailable",
            Self::Server => "server_error",
        }
    }

    /// The `error_description` member: printable ASCII without `"` and `\`, and nothing that the caller sent.
    fn description(self) -> &'static str {
        match self {
            Self::InvalidRequest(description) => description,
            Self::TooLarge => "The request body is too large.",
            Self::MethodNotAllowed(_) => "The method is not allowed here.",
            Self::InvalidClient { .. } => "Client authentication failed.",
            Self::InvalidGrant => {
                "The assertion was refused. The request log of the sandbox holds the reason."
            }
            Self::UnsupportedGrantType => {
                "The grant type is not supported: use client_credentials or urn:ietf:params:oauth:grant-type:jwt-bearer."
            }
            Self::InvalidScope => "A requested scope is unknown or was not granted to the client.",
            Self::RateLimited { .. } => "Too many requests. Try again after the seconds in Retry-After.",
            Self::Server => "The request failed on our side.",
        }
    }
}

/// A refused request with what its sandbox may read about it.
#[derive(Debug)]
pub(super) struct Refusal {
    /// What the caller is told.
    pub fault: Fault,
    reason: Reason,
    sandbox: Option<SandboxId>,
    client_id: Option<ClientKey>,
}

impl Refusal {
    /// A refusal with its exact reason.
    pub(super) fn new(fault: Fault, reason: impl Into<Reason>) -> Self {
        Self {
            fault,
            reason: reason.into(),
            sandbox: None,
            client_id: None,
        }
    }
    /// A malformed request; the caller is told all there is to tell.
    pub(super) fn request(description: &'static str) -> Self {
        Self::new(Fault::InvalidRequest(description), description)
    }
    /// The same refusal, concerning this client's sandbox.
    #[must_use]
    pub(super) fn concerning(mut self, sandbox: &SandboxId, client_id: &ClientKey) -> Self {
        self.sandbox = Some(sandbox.clone());
        self.client_id = Some(client_id.clone());
        self
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the token endpoint could not use the control database");
        Self::new(Fault::Server, "the server failed")
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = json!({ "error": self.fault.code(), "error_description": self.fault.description() });
        let mut response = (self.fault.status(), Json(body)).into_response();
        let headers = response.headers_mut();
        match self.fault {
            Fault::InvalidClient { challenge: true } => {
                let challenge = HeaderValue::from_static("Basic realm=\"oauth\", charset=\"UTF-8\"");
                headers.insert(header::WWW_AUTHENTICATE, challenge);
            }
            Fault::MethodNotAllowed(allow) => {
                headers.insert(header::ALLOW, HeaderValue::from_static(allow));
            }
            Fault::RateLimited { retry_after } => {
                headers.insert(header::RETRY_AFTER, retry_after.into());
            }
            _ => {}
        }
        response.extensions_mut().insert(AuthTrace {
            sandbox: self.sandbox,
            client_id: self.client_id,
            outcome: AuthOutcome::Refused {
                error: self.fault.code(),
                reason: self.reason,
            },
        });
        response
    }
}
