//! What every call of the API shares.

use contract::ids::SandboxId;
use quick_cache::sync::Cache;
use std::{ops::Deref, sync::Arc};

use super::{budget::Budgets, conditional::Tag, cursor::Cursors, idempotency::Running};
use crate::{
    clock::Clock, metrics::Metrics, oauth::OAuth, sandbox::tenants::Tenants, store::control::Control,
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
    /// Real time.
    pub clock: Clock,
    /// How much each tenant may ask.
    pub budgets: Budgets,
    /// Seals cursors.
    pub cursors: Cursors,
    /// Requests with an idempotency key that are running.
    pub running: Running,
    /// The tags of representations that were served lately.
    pub tags: Tags,
    /// Counters for the operator.
    pub metrics: Metrics,
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

/// Remembers which tag a target had at which version of its tenant, so that a 304 needs neither query nor computation.
pub struct Tags(Cache<String, (u64, Tag)>);

impl Default for Tags {
    fn default() -> Self {
        Self(Cache::new(20_000))
    }
}

impl Tags {
    fn key(sandbox: &SandboxId, epoch: u32, target: &str) -> String {
        format!("{sandbox} {epoch} {target}")
    }
    /// The tag of `target`, if nothing has changed in the tenant since it was served.
    pub fn current(&self, sandbox: &SandboxId, epoch: u32, target: &str, version: u64) -> Option<Tag> {
        let (at, tag) = self.0.get(&Self::key(sandbox, epoch, target))?;
        (at == version).then_some(tag)
    }
    /// Remembers the tag of `target`. `version` must have been read before the data was.
    pub fn remember(&self, sandbox: &SandboxId, epoch: u32, target: &str, entry: (u64, Tag)) {
        self.0.insert(Self::key(sandbox, epoch, target), entry);
    }
}
