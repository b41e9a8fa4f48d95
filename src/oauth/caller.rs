//! Who calls the API: a verified access token, checked again with the control database every two seconds.

use super::{
    OAuth,
    keys::KeyFailure,
    reason::Reason,
    token::{self, TokenId, Verified},
};
use crate::store::{
    StoreError,
    control::{api_clients::ClientKey, revoked_tokens, sandboxes},
};
use contract::{ScopeSet, Timestamp, ids::SandboxId, sandbox::Plan};
use quick_cache::sync::Cache;
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

/// How long a check with the control database holds, in milliseconds.
const HOLDS_MILLIS: i64 = 2_000;

/// How exactly the last use of a sandbox is kept, in milliseconds.
const USE_MILLIS: i64 = 60_000;

/// The bearer of a good access token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The only sandbox that the token opens.
    pub sandbox: SandboxId,
    /// The API client that the token was issued to.
    pub client_id: ClientKey,
    /// What the token may do, and the client still may.
    pub scopes: ScopeSet,
    /// The sandbox's plan.
    pub plan: Plan,
    /// The sandbox's epoch.
    pub epoch: u32,
    /// The token's id.
    pub jti: TokenId,
    /// When the token expires.
    pub expires_at: Timestamp,
}

/// Why a bearer is not a caller.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The token is not good.
    #[error("{reason}")]
    Invalid {
        /// Why exactly, for the request log.
        reason: Reason,
        /// Whose token it is, when at least its signature is ours.
        sandbox: Option<SandboxId>,
    },
    /// The server could not tell.
    #[error(transparent)]
    Failed(#[from] KeyFailure),
}

impl From<StoreError> for TokenError {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

/// Tokens that were good a moment ago.
#[derive(Debug)]
pub(super) struct Callers {
    cache: Cache<Box<str>, Entry>,
    /// Counts the invalidations, so that a check that was under way meanwhile does not bring back what was dropped.
    dropped: AtomicU64,
}

#[derive(Clone, Debug)]
struct Entry {
    caller: Arc<Caller>,
    verified: Arc<Verified>,
    checked_at: Timestamp,
}

impl Callers {
    /// At most `capacity` tokens, about 2 KiB each.
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            cache: Cache::new(capacity),
            dropped: AtomicU64::new(0),
        }
    }

    fn drop_all(&self, matches: impl Fn(&Caller) -> bool) {
        self.dropped.fetch_add(1, Ordering::SeqCst);
        self.cache.retain(|_, entry| !matches(&entry.caller));
    }
}

impl OAuth {
    /// The caller who bears this token (without the word `Bearer`).
    ///
    /// A token seen within the last two seconds costs one look into a map.
    ///
    /// # Errors
    /// When the token is not good, or the control database fails.
    pub async fn authenticate(&self, bearer: &str) -> Result<Arc<Caller>, TokenError> {
        let now = self.0.clock.now();
        let known = self.0.callers.cache.get(bearer);
        match known {
            Some(entry) if entry.holds(now) => Ok(entry.caller),
            Some(entry) if entry.verified.expires_at > now => self.admit(bearer, entry.verified, now).await,
            _ => {
                let keys = self.0.keys.current(&self.0.control, now).await?;
                let verified = token::verify(bearer, &self.0.config.issuer, &keys, now).map_err(|bad| {
                    TokenError::Invalid {
                        reason: bad.reason,
                        sandbox: bad.sandbox,
                    }
                })?;
                self.admit(bearer, Arc::new(verified), now).await
            }
        }
    }

    /// Forgets what is known of a sandbox's callers: after it was reset, put on another plan or deleted.
    pub fn forget_sandbox(&self, sandbox: &SandboxId) {
        self.0.callers.drop_all(|caller| caller.sandbox == *sandbox);
    }

    /// Forgets one token: after it was revoked.
    pub(super) fn forget_token(&self, jti: &TokenId) {
        self.0.callers.drop_all(|caller| caller.jti == *jti);
    }

    async fn admit(
        &self,
        bearer: &str,
        verified: Arc<Verified>,
        now: Timestamp,
    ) -> Result<Arc<Caller>, TokenError> {
        let dropped = self.0.callers.dropped.load(Ordering::SeqCst);
        let caller = match self.check(&verified, now).await {
            Ok(caller) => Arc::new(caller),
            Err(error) => {
                self.0.callers.cache.remove(bearer);
                return Err(error);
            }
        };
        let entry = Entry {
            caller: Arc::clone(&caller),
            verified,
            checked_at: now,
        };
        self.0.callers.cache.insert(bearer.into(), entry);
        if self.0.callers.dropped.load(Ordering::SeqCst) != dropped {
            self.0.callers.cache.remove(bearer);
        }
        Ok(caller)
    }

    /// Checks a verified token with the control database.
    pub(super) async fn check(&self, verified: &Verified, now: Timestamp) -> Result<Caller, TokenError> {
        let Verified {
            sandbox,
            client_id,
            jti,
            ..
        } = verified;
        let standing = revoked_tokens::standing(&self.0.control, client_id, sandbox, jti.as_str()).await?;
        let refuse = |reason: &'static str| TokenError::Invalid {
            reason: reason.into(),
            sandbox: Some(sandbox.clone()),
        };
        let standing = standing.ok_or_else(|| refuse("its sandbox or its client was deleted"))?;
        if standing.revoked {
            return Err(refuse("it was revoked"));
        }
        if standing.last_used_at.plus_millis(USE_MILLIS) <= now {
            self.note_use(sandbox.clone(), now);
        }
        Ok(Caller {
            sandbox: sandbox.clone(),
            client_id: client_id.clone(),
            scopes: verified
                .scopes
                .iter()
                .filter(|scope| standing.scopes.contains(*scope))
                .collect(),
            plan: standing.plan,
            epoch: standing.epoch,
            jti: jti.clone(),
            expires_at: verified.expires_at,
        })
    }

    /// Notes the use of a sandbox without letting the call wait for the disk.
    fn note_use(&self, sandbox: SandboxId, now: Timestamp) {
        let control = self.0.control.clone();
        tokio::spawn(async move {
            let noting = async {
                let mut write = control.begin().await?;
                sandboxes::touch(&mut write, &sandbox, now, USE_MILLIS).await?;
                write.commit().await
            };
            if let Err(error) = noting.await {
                tracing::warn!(%error, %sandbox, "the use of a sandbox could not be noted");
            }
        });
    }
}

impl Entry {
    fn holds(&self, now: Timestamp) -> bool {
        let age = now.as_millis().saturating_sub(self.checked_at.as_millis());
        (0..HOLDS_MILLIS).contains(&age) && self.verified.expires_at > now
    }
}
