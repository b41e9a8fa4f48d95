//! What every call of the API shares.

use std::{ops::Deref, sync::Arc};
use tokio_util::sync::CancellationToken;

use super::{budget::Budgets, cursor::Cursors, idempotency::Running, served::Served};
use crate::{
    clock::Clock,
    extracts::{Extracts, link::Links},
    metrics::Metrics,
    oauth::OAuth,
    sandbox::{tenants::Tenants, webhooks::Installation},
    store::control::Control,
};

/// The API's shared state; cheap to clone.
#[derive(Clone)]
pub struct Api(Arc<Shared>);

/// What every call of the API shares.
pub struct Shared {
    /// Tokens and clients.
    pub oauth: OAuth,
    /// The control database.
    pub control: Control,
    /// The open tenant databases.
    pub tenants: Tenants,
    /// What webhooks are sent and signed by.
    pub installation: Installation,
    /// Real time.
    pub clock: Clock,
    /// How much each tenant may ask.
    pub budgets: Budgets,
    /// Seals cursors.
    pub cursors: Cursors,
    /// Requests with an idempotency key that are running.
    pub running: Running,
    /// Makes extracts.
    pub extracts: Extracts,
    /// Signs the links to their files.
    pub links: Links,
    /// The representations that were served lately.
    pub served: Served,
    /// Counters for the operator.
    pub metrics: Metrics,
    /// Fires when the server is told to stop: what waits for news then answers.
    pub stopping: CancellationToken,
    /// Where the portal is reached: problems have their pages there.
    pub portal_url: String,
    /// Where the API is reached.
    pub api_url: String,
    /// Whether `/metrics` answers every address.
    pub metrics_public: bool,
    /// Shown by the portal's own server, so that its sends are told apart in the request log.
    pub builder_secret: String,
}

impl Api {
    /// The API over this state.
    pub fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }
}

impl Deref for Api {
    type Target = Shared;
    fn deref(&self) -> &Shared {
        &self.0
    }
}
