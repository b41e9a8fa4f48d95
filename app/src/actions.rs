//! What the islands ask of the server. Each finds the visitor's [`Ports`](crate::port::Ports) in context.

use crate::{model::Outcome, request::SendRequest};
use leptos::{prelude::*, server_fn::codec::Json};

#[cfg(feature = "ssr")]
fn ports() -> Result<std::sync::Arc<dyn crate::port::Ports>, ServerFnError> {
    use_context().ok_or_else(|| ServerFnError::new("the server gave no ports"))
}

/// Sends a request to the API on behalf of the visitor.
///
/// # Errors
///
/// If the portal itself fails; what the API answers, and why it was not reached, is the [`Outcome`].
#[server(name = SendCall, prefix = "/actions", endpoint = "send", input = Json, output = Json)]
pub async fn send(
    /// What to send.
    request: SendRequest,
) -> Result<Outcome, ServerFnError> {
    Ok(match ports()?.send(request).await {
        Ok(sent) => Outcome::Answered(Box::new(sent)),
        Err(error) => Outcome::Failed(error),
    })
}
