//! What came of attempts, written down together: one transaction for all that ended meanwhile costs much less than one each.

use super::{attempt::Ended, dispatcher::Shared};
use crate::{
    ids,
    sandbox::deliveries::{self, Chance},
    store::{StoreError, tenant::Tenant},
};
use std::{ops::Range, sync::Arc, time::Duration};
use tokio::task::{JoinError, JoinSet};

/// How long to wait before an outcome is offered again to a writer that is too busy.
const PATIENCE: Duration = Duration::from_millis(50);
/// How often it is offered; past that, the lease runs out and the delivery is attempted again.
const OFFERS: u32 = 100;

/// An attempt that was made, or that could not be.
pub(super) struct Attempted {
    /// The number of the endpoint.
    pub(super) webhook: i64,
    /// What came of it.
    pub(super) ended: Option<Ended>,
    /// What is free again once that is written down.
    pub(super) place: Box<dyn Send + Sync>,
}

/// Those that have ended and are not written down yet.
#[derive(Default)]
pub(super) struct Outcomes {
    waiting: Vec<Attempted>,
    /// At most one: what ends while it runs is written down together after it.
    writing: JoinSet<Vec<i64>>,
}

impl Outcomes {
    /// One more.
    pub(super) fn push(&mut self, attempted: Attempted) {
        self.waiting.push(attempted);
    }

    /// Whether everything is written down.
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.writing.is_empty()
    }

    /// Begins to write down what waits, unless something is being written.
    pub(super) fn write(&mut self, shared: &Arc<Shared>, tenant: &Arc<Tenant>) {
        if self.waiting.is_empty() || !self.writing.is_empty() {
            return;
        }
        let (shared, tenant) = (Arc::clone(shared), Arc::clone(tenant));
        let attempted = std::mem::take(&mut self.waiting);
        self.writing.spawn(async move {
            let (mut webhooks, mut ended, mut places) = (Vec::new(), Vec::new(), Vec::new());
            for one in attempted {
                webhooks.push(one.webhook);
                ended.extend(one.ended);
                places.push(one.place);
            }
            conclude(&shared, &tenant, ended).await;
            drop(places);
            webhooks
        });
    }

    /// The numbers of the endpoints of what has been written down; `None` where nothing is being written.
    pub(super) async fn written(&mut self) -> Option<Result<Vec<i64>, JoinError>> {
        self.writing.join_next().await
    }
}

/// If writing them together fails, each is written for itself, so that one that cannot be does not hold up the others.
async fn conclude(shared: &Shared, tenant: &Tenant, ended: Vec<Ended>) {
    let ended = Arc::new(ended);
    if write_down(shared, tenant, (&ended, 0..ended.len())).await.is_ok() {
        return;
    }
    for index in 0..ended.len() {
        if let Err(error) = write_down(shared, tenant, (&ended, index..index + 1)).await {
            tracing::warn!(%error, sandbox = %tenant.sandbox_id(), "an attempt is not written down");
        }
    }
}

async fn write_down(
    shared: &Shared,
    tenant: &Tenant,
    (ended, range): (&Arc<Vec<Ended>>, Range<usize>),
) -> Result<(), StoreError> {
    let mut offers = 0;
    loop {
        let (ended, range, schedule) = (Arc::clone(ended), range.clone(), Arc::clone(&shared.schedule));
        let written = tenant
            .write(move |tx| {
                Box::pin(async move {
                    for one in ended.get(range).unwrap_or_default() {
                        let chance = Chance {
                            schedule: &schedule,
                            chance: f64::from(u32::from_le_bytes(ids::random())) / f64::from(u32::MAX),
                        };
                        deliveries::conclude(tx, &one.claim, (&one.attempt, one.outcome), chance).await?;
                    }
                    Ok(())
                })
            })
            .await;
        match written {
            Err(StoreError::Overloaded) if offers < OFFERS => {
                offers += 1;
                tokio::time::sleep(PATIENCE).await;
            }
            written => return written,
        }
    }
}
