//! Access tokens for the visitors' own clients: minted here, kept here, renewed before anyone notices.

use contract::{ScopeSet, Timestamp, ids::SandboxId};
use quick_cache::sync::Cache;
use std::sync::Arc;

use super::session::Own;
use crate::{
    oauth::{OAuth, keys::KeyFailure},
    store::control::api_clients::ClientKey,
};

/// So many tokens are kept.
const KEPT: usize = 2_000;

/// A token is renewed when it has less than this left, in milliseconds: longer than any request takes.
const SPARE: i64 = 90_000;

/// The tokens that the portal holds.
pub(super) struct Tokens {
    oauth: OAuth,
    kept: Cache<ClientKey, (Timestamp, Arc<str>)>,
}

/// Whose token is wanted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Holder<'a> {
    /// The sandbox.
    pub(super) sandbox: &'a SandboxId,
    /// The client.
    pub(super) client: &'a ClientKey,
    /// What the token may do.
    pub(super) scopes: &'a ScopeSet,
}

impl<'a> From<&'a Own> for Holder<'a> {
    fn from(own: &'a Own) -> Self {
        Self {
            sandbox: &own.row.id,
            client: &own.client,
            scopes: &own.scopes,
        }
    }
}

impl Tokens {
    /// None yet.
    pub(super) fn new(oauth: OAuth) -> Self {
        Self {
            oauth,
            kept: Cache::new(KEPT),
        }
    }

    /// A token that is good for a while.
    ///
    /// # Errors
    /// When no key can sign.
    pub(super) async fn get(&self, holder: Holder<'_>, now: Timestamp) -> Result<Arc<str>, KeyFailure> {
        match self.kept.get(holder.client) {
            Some((expires_at, token)) if expires_at.plus_millis(-SPARE) > now => Ok(token),
            _ => self.renew(holder).await,
        }
    }

    /// A new token in place of the kept one.
    ///
    /// # Errors
    /// When no key can sign.
    pub(super) async fn renew(&self, holder: Holder<'_>) -> Result<Arc<str>, KeyFailure> {
        let minted = self
            .oauth
            .mint(holder.sandbox, holder.client, holder.scopes)
            .await?;
        let token: Arc<str> = minted.token.into();
        self.kept
            .insert(holder.client.clone(), (minted.expires_at, Arc::clone(&token)));
        Ok(token)
    }

    /// Drops the kept token.
    pub(super) fn forget(&self, client: &ClientKey) {
        self.kept.remove(client);
    }
}
