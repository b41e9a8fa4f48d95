//! A request to a token endpoint, received within its limits and from a client that proved itself.

use super::{
    OAuth,
    client::Client,
    parameters::Parameters,
    refusal::{Fault, Refusal},
};
use crate::store::control::api_clients::ApiClientRow;
use axum::{
    extract::{ConnectInfo, Request},
    http::HeaderMap,
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

/// The largest body that is read, in bytes: two assertions with room to spare.
const LARGEST_BODY: usize = 32 * 1024;

/// The parameters of a request, and the headers that go with them.
#[derive(Debug)]
pub(super) struct Received {
    /// The headers.
    pub headers: HeaderMap,
    /// The parameters.
    pub parameters: Parameters,
}

impl OAuth {
    /// Reads a request, if its address has budget left.
    pub(super) async fn receive(&self, request: Request) -> Result<Received, Refusal> {
        let (parts, body) = request.into_parts();
        if let Some(ConnectInfo(address)) = parts.extensions.get::<ConnectInfo<SocketAddr>>() {
            let taken = self.0.addresses.take(network(address.ip()), self.0.clock.now());
            taken.map_err(|retry_after| {
                Refusal::new(
                    Fault::RateLimited { retry_after },
                    "too many requests from this address",
                )
            })?;
        }
        // RFC 6749 §2.3.1: credentials in a URL end up in logs.
        if parts.uri.query().is_some_and(|query| !query.is_empty()) {
            return Err(Refusal::request("Parameters belong in the body, not in the URL."));
        }
        let body = Limited::new(body, LARGEST_BODY)
            .collect()
            .await
            .map_err(|error| {
                if error.is::<LengthLimitError>() {
                    Refusal::new(Fault::TooLarge, "the body is too large")
                } else {
                    Refusal::request("The body could not be read.")
                }
            })?;
        let parameters = Parameters::parse(&parts.headers, &body.to_bytes())?;
        Ok(Received {
            headers: parts.headers,
            parameters,
        })
    }

    /// Takes one from the client's budget: only after it proved itself, or anyone could use up anyone's.
    pub(super) fn charge(&self, client: &ApiClientRow) -> Result<(), Refusal> {
        let taken = self.0.clients.take(client.client_id.clone(), self.0.clock.now());
        taken.map_err(|retry_after| {
            Refusal::new(
                Fault::RateLimited { retry_after },
                "too many requests of this client",
            )
            .concerning(&client.sandbox_id, &client.client_id)
        })
    }

    /// The client that a request must come from; it is charged and its assertion is used up.
    pub(super) async fn require_client(&self, received: &Received) -> Result<Client, Refusal> {
        let client = self
            .authenticate_client(&received.headers, &received.parameters)
            .await?;
        let client = client.ok_or_else(nobody)?;
        self.charge(&client.row)?;
        self.consume(client.assertion.as_ref().as_slice()).await?;
        Ok(client)
    }
}

/// The refusal of a request that had to prove its client and did not try to.
pub(super) fn nobody() -> Refusal {
    Refusal::new(
        Fault::InvalidClient { challenge: false },
        "the request has no client authentication",
    )
}

/// The key of an address's budget: one household or office has a whole /64 of IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
    }
}
