//! Tells the dispatcher which sandboxes have queued something to deliver.

use contract::ids::SandboxId;
use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};
use tokio::sync::Notify;

/// Rung after a commit that queued deliveries. A ring that nobody hears costs nothing: what is due stands in the control
/// database too.
#[derive(Debug, Default)]
pub struct Bell {
    rung_for: Mutex<BTreeSet<SandboxId>>,
    rung: Notify,
}

impl Bell {
    /// Rings for this sandbox.
    pub fn ring(&self, sandbox: &SandboxId) {
        let mut rung_for = self.rung_for.lock().unwrap_or_else(PoisonError::into_inner);
        if !rung_for.contains(sandbox) {
            rung_for.insert(sandbox.clone());
        }
        drop(rung_for);
        self.rung.notify_one();
    }

    /// Waits until it has been rung, and answers for whom.
    pub async fn heard(&self) -> BTreeSet<SandboxId> {
        loop {
            let heard = std::mem::take(&mut *self.rung_for.lock().unwrap_or_else(PoisonError::into_inner));
            if !heard.is_empty() {
                return heard;
            }
            self.rung.notified().await;
        }
    }
}
