//! Sends what a reader put together to the API listener, and nowhere else.
//!
//! The browser names an operation and gives values. The address comes from the settings, the path from the contract,
//! the token from [`Tokens`](super::tokens::Tokens): nothing that a page sends can turn this into a relay.

mod check;
mod exchange;
mod held;

use app::{
    port::{SendError, Sent},
    request::{Pairs, SendRequest, Wire},
    sample::{Bearer, curl},
};
use contract::{ProblemCode, Timestamp};
use std::{net::SocketAddr, time::Duration};

use super::{
    catalog,
    checklist::moment,
    tokens::{Holder, Tokens},
};
use crate::clock::Clock;
use exchange::{Exchange, Received};
pub(super) use held::Held;

/// A request may take this long altogether.
const LONGEST: Duration = Duration::from_secs(30);

/// Why a request is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A reader pressed the button.
    Reader,
    /// A page of the portal needs the answer.
    Page,
}

/// A call that no form makes: any method, path and body. Only the portal itself makes one, never from what a page sends.
#[derive(Clone, Debug, Default)]
pub(super) struct Call {
    /// The method.
    pub(super) method: &'static str,
    /// Path and query.
    pub(super) target: String,
    /// The headers, `Authorization` included.
    pub(super) headers: Pairs,
    /// The body.
    pub(super) body: Option<String>,
}

/// Sends requests to the API listener.
pub(super) struct Sender {
    exchange: Exchange,
    api_url: String,
    clock: Clock,
}

impl Sender {
    /// A sender to the API listener at `address`, which readers know as `api_url`.
    ///
    /// # Errors
    /// When the HTTP client cannot be made.
    pub(super) fn new(
        address: SocketAddr,
        api_url: &str,
        builder_secret: &str,
        clock: Clock,
    ) -> Result<Self, reqwest::Error> {
        Ok(Self {
            exchange: Exchange::new(address, builder_secret)?,
            api_url: api_url.to_owned(),
            clock,
        })
    }

    /// Sends `request` with a token of `holder`.
    ///
    /// # Errors
    /// Why there is no answer; an answer of the API, whatever its status, is none.
    pub(super) async fn send(
        &self,
        tokens: &Tokens,
        holder: Holder<'_>,
        request: SendRequest,
        purpose: Purpose,
    ) -> Result<Sent, SendError> {
        let form = catalog::form(&request.operation)
            .ok_or_else(|| SendError::UnknownOperation(request.operation.clone()))?;
        let request = check::checked(request, form)?;
        let wire = request.wire(form, &self.api_url)?;
        let at = self.clock.now();
        let received = tokio::time::timeout(LONGEST, self.with_token(tokens, holder, &wire, purpose));
        let received = received.await.map_err(|_| SendError::TimedOut)??;
        let curl = curl(&wire, Bearer::Variable);
        Ok(Sent {
            operation: request.operation,
            curl,
            ..sent(wire.request_line(), at, received)
        })
    }

    /// Makes a call of the portal's own.
    ///
    /// # Errors
    /// Why there is no answer; an answer of the API, whatever its status, is none.
    pub(super) async fn make(&self, call: &Call) -> Result<Sent, SendError> {
        let at = self.clock.now();
        let received = tokio::time::timeout(LONGEST, self.exchange.make(call));
        let received = received.await.map_err(|_| SendError::TimedOut)??;
        let line = format!("{} {}", call.method, call.target);
        Ok(sent(line, at, received))
    }

    /// A call that takes its place among the requests in flight and keeps it.
    ///
    /// # Errors
    /// When the API cannot be reached.
    pub(super) async fn hold(&self, bearer: &str) -> Result<Option<Held>, SendError> {
        let opened = tokio::time::timeout(LONGEST, Held::open(self.exchange.address(), bearer));
        let opened = opened.await.map_err(|_| SendError::TimedOut)?;
        opened.map_err(|_| SendError::Unreachable)
    }

    /// Sends with a kept token, and once more with a new one if that was refused.
    async fn with_token(
        &self,
        tokens: &Tokens,
        holder: Holder<'_>,
        wire: &Wire,
        purpose: Purpose,
    ) -> Result<Received, SendError> {
        let failed = |error: crate::oauth::keys::KeyFailure| {
            tracing::error!(%error, "no token for a send");
            SendError::PortalFailed
        };
        let kept = tokens.get(holder, self.clock.now()).await.map_err(failed)?;
        let received = self.exchange.run(wire, &kept, purpose).await?;
        if !is_token_refused(&received) {
            return Ok(received);
        }
        let renewed = tokens.renew(holder).await.map_err(failed)?;
        self.exchange.run(wire, &renewed, purpose).await
    }
}

/// Whether the API refused the token itself, and did so before it did anything else.
fn is_token_refused(received: &Received) -> bool {
    let invalid = format!("error=\"{}\"", "invalid_token");
    received.status == ProblemCode::InvalidToken.status()
        && received
            .headers
            .iter()
            .any(|(name, value)| name == "www-authenticate" && value.contains(&invalid))
}

fn sent(request_line: String, at: Timestamp, received: Received) -> Sent {
    let request_id = received.headers.iter().find(|(name, _)| name == "request-id");
    Sent {
        operation: String::new(),
        request_line,
        curl: String::new(),
        at: moment(at),
        status: received.status,
        reason: received.reason.to_owned(),
        duration_us: u64::try_from(received.took.as_micros()).unwrap_or(u64::MAX),
        size: received.body.len() as u64,
        request_id: request_id.map(|(_, value)| value.clone()).unwrap_or_default(),
        headers: received.headers,
        body: String::from_utf8(received.body)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
    }
}

#[cfg(test)]
mod tests;
