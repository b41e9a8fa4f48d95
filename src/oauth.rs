//! The authorization server: clients prove themselves and get access tokens; the API asks who bears one.
//!
//! ```text
//! endpoints → { exchange | revocation } → request (limits, parameters)
//!                                       → client (Basic, secret, assertion) → token (claims) → keys (RS256)
//! the API   → caller (cache, control database) → token → jws
//! ```
//!
//! Everything that a stranger sends is read by [`jws`] and [`json`], which are strict by construction: the algorithm
//! is ours, never the header's. What happened is told to the layers outside by [`AuthTrace`].

mod assertion;
mod budget;
mod caller;
mod client;
pub mod credentials;
mod endpoints;
mod exchange;
mod json;
mod jws;
pub mod keys;
mod metadata;
mod parameters;
mod reason;
mod refusal;
mod request;
mod revocation;
mod token;
mod trace;

pub use budget::Quota;
pub use caller::{Caller, TokenError};
pub use endpoints::router;
pub use keys::{KeyFailure, SigningKeys};
pub use reason::Reason;
pub use token::{AccessToken, TokenId};
pub use trace::{AuthOutcome, AuthTrace};

use crate::{
    clock::Clock,
    store::control::{Control, api_clients::ClientKey},
};
use budget::Budget;
use caller::Callers;
use std::{net::IpAddr, sync::Arc};

/// How long an access token lives, in seconds (contract §2).
pub const TOKEN_SECONDS: i64 = 3600;

/// How many verified tokens are remembered.
const REMEMBERED_TOKENS: usize = 4096;

/// What the operator decides about the authorization server.
#[derive(Clone, Debug)]
pub struct OAuthConfig {
    /// The issuer: the API's public URL without a slash at its end. Every URL and audience derives from it.
    issuer: String,
    /// How many requests to the token endpoints one address may make.
    pub address_quota: Quota,
    /// How many requests to the token endpoints one client may make.
    pub client_quota: Quota,
}

impl OAuthConfig {
    /// The defaults for the API at this public URL.
    pub fn new(api_url: &str) -> Self {
        Self {
            issuer: api_url.trim_end_matches('/').to_owned(),
            address_quota: Quota {
                per_minute: 1_200,
                burst: 600,
            },
            client_quota: Quota {
                per_minute: 300,
                burst: 120,
            },
        }
    }

    /// The issuer identifier, byte for byte as it stands in tokens.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    fn token_endpoint(&self) -> String {
        format!("{}/oauth/token", self.issuer)
    }

    /// The path of the issuer, empty when it has none.
    fn issuer_path(&self) -> &str {
        let rest = self
            .issuer
            .split_once("://")
            .map_or(self.issuer.as_str(), |(_, rest)| rest);
        rest.find('/').map_or("", |start| &rest[start..])
    }
}

/// The authorization server; cheap to clone.
#[derive(Clone, Debug)]
pub struct OAuth(Arc<Server>);

#[derive(Debug)]
struct Server {
    control: Control,
    clock: Clock,
    config: OAuthConfig,
    keys: SigningKeys,
    callers: Callers,
    addresses: Budget<IpAddr>,
    clients: Budget<ClientKey>,
}

impl OAuth {
    /// The authorization server on this control database.
    pub fn new(control: Control, clock: Clock, config: OAuthConfig, keys: SigningKeys) -> Self {
        let addresses = Budget::new(config.address_quota);
        let clients = Budget::new(config.client_quota);
        let callers = Callers::new(REMEMBERED_TOKENS);
        Self(Arc::new(Server {
            control,
            clock,
            config,
            keys,
            callers,
            addresses,
            clients,
        }))
    }
}

#[cfg(test)]
mod tests;
