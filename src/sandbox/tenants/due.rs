//! What becomes due in tenants that nobody calls.

use super::Tenants;
use crate::{
    sandbox::{DomainError, clock},
    store::{StoreError, control::sandboxes, tenant::Tenant},
};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often the registry looks for tenants that nobody calls but in which something is due.
const TICK: Duration = Duration::from_secs(1);
/// How many of those it wakes at a time.
const DUE_AT_ONCE: u32 = 64;

impl Tenants {
    /// Lets what is due happen in tenants that nobody calls, until `shutdown`.
    pub async fn run_due(&self, shutdown: CancellationToken) {
        loop {
            let closing = self.slots().make_room();
            self.forget_when_closed(closing);
            if let Err(error) = self.settle_due().await {
                tracing::warn!(%error, "what is due in idle sandboxes waits for the next round");
            }
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = tokio::time::sleep(TICK) => {}
            }
        }
    }

    /// Lets what is due happen in tenants that nobody calls, once.
    ///
    /// # Errors
    /// When a tenant cannot be opened or written.
    pub async fn settle_due(&self) -> Result<(), StoreError> {
        let now = self.shared.clock.now();
        for id in sandboxes::due_before(&self.shared.control, now, DUE_AT_ONCE).await? {
            let settled = match self.get_current(&id).await {
                Ok(tenant) => self.settle_one(&tenant).await,
                // Deleted in between.
                Err(DomainError::NotFound) => Ok(()),
                Err(error) => Err(error),
            };
            if let Err(error) = settled {
                tracing::warn!(%error, sandbox = %id, "what is due in this sandbox did not happen");
            }
        }
        Ok(())
    }

    async fn settle_one(&self, tenant: &Tenant) -> Result<(), DomainError> {
        let now = tenant.now(&self.shared.clock);
        tenant
            .write(move |tx| {
                Box::pin(async move {
                    // Even where nothing was due after all, so that the same sandbox is not woken again for it.
                    tx.announce_due();
                    clock::run_due(tx, now).await.map_err(DomainError::from)
                })
            })
            .await
    }
}
