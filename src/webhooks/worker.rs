//! Serves one sandbox for as long as it has something to deliver. No endpoint holds up another.

use super::{attempt::attempt, dispatcher::Shared};
use crate::store::{
    StoreError,
    tenant::{
        Tenant,
        deliveries::{
            self,
            claims::{self, Claim},
        },
    },
};
use contract::Timestamp;
use std::{collections::HashMap, sync::Arc, time::Duration};
use tokio::{
    sync::{Notify, OwnedSemaphorePermit},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;

/// How many attempts of one sandbox run at a time.
const PER_SANDBOX: usize = 128;
/// How many of them to one endpoint.
const PER_ENDPOINT: u32 = 8;
/// How many to one whose last attempt failed.
const PER_FAILING_ENDPOINT: u32 = 1;
/// A claim holds for this long, in milliseconds: the deadline of an exchange, and time to write down what came of it.
const LEASE_MILLIS: i64 = 15_000;
/// A worker stays for this long after the last thing it had to do.
const LINGER: Duration = Duration::from_secs(2);
/// How long delivered and given up ones are kept, in milliseconds.
const KEPT_MILLIS: i64 = 30 * 24 * 60 * 60 * 1000;
/// How many of them go at a time.
const FORGOTTEN_AT_ONCE: u32 = 1000;

struct Worker<'a> {
    shared: &'a Arc<Shared>,
    tenant: &'a Arc<Tenant>,
    running: JoinSet<i64>,
    /// How many attempts run, by the number of the endpoint.
    busy: HashMap<i64, u32>,
}

/// Serves a sandbox until nothing has been due for a while, or told to stop.
pub(super) async fn run(
    shared: &Arc<Shared>,
    tenant: &Arc<Tenant>,
    (bell, stop): (&Arc<Notify>, &CancellationToken),
) {
    let mut worker = Worker {
        shared,
        tenant,
        running: JoinSet::new(),
        busy: HashMap::new(),
    };
    let mut quiet = tokio::time::Instant::now();
    while !stop.is_cancelled() && !tenant.is_retired() {
        let started = match worker.start_due().await {
            Ok(started) => started,
            Err(error) => {
                tracing::warn!(%error, sandbox = %tenant.sandbox_id(), "deliveries of a sandbox wait");
                false
            }
        };
        if started || !worker.running.is_empty() {
            quiet = tokio::time::Instant::now();
        }
        let pause = worker.pause(started);
        if worker.running.is_empty() && quiet.elapsed() >= LINGER && pause > LINGER {
            break;
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = bell.notified() => quiet = tokio::time::Instant::now(),
            Some(ended) = worker.running.join_next() => worker.forget(ended),
            () = tokio::time::sleep(pause.min(LINGER)) => {}
        }
    }
    while let Some(ended) = worker.running.join_next().await {
        worker.forget(ended);
    }
    if let Err(error) = worker.leave().await {
        tracing::warn!(%error, sandbox = %tenant.sandbox_id(), "the next delivery was not noted");
    }
}

impl Worker<'_> {
    fn forget(&mut self, ended: Result<i64, tokio::task::JoinError>) {
        match ended {
            Ok(webhook) => {
                if let Some(busy) = self.busy.get_mut(&webhook) {
                    *busy = busy.saturating_sub(1);
                }
            }
            Err(error) => {
                tracing::error!(%error, "an attempt panicked");
                // Whose it was is not told.
                if self.running.is_empty() {
                    self.busy.clear();
                }
            }
        }
    }

    /// How long nothing is due.
    fn pause(&self, started: bool) -> Duration {
        let now = self.shared.clock.now();
        match self.tenant.next_delivery() {
            None => Duration::MAX,
            Some(at) if at > now => {
                let millis = u64::try_from(at.as_millis() - now.as_millis()).unwrap_or_default();
                Duration::from_millis(millis)
            }
            // There may be more than was claimed.
            Some(_) if started => Duration::ZERO,
            // Something is due, but its endpoint is busy: an attempt that ends is what to wait for.
            Some(_) => Duration::from_secs(1),
        }
    }

    /// Starts what is due, as much of it as there are places for; whether that was anything.
    async fn start_due(&mut self) -> Result<bool, StoreError> {
        let now = self.shared.clock.now();
        if self.tenant.next_delivery().is_none_or(|at| at > now) {
            return Ok(false);
        }
        let wanted = self.wanted(now).await?;
        let Some(mut places) = self.places(&wanted).await else {
            return Ok(false);
        };
        let claimed = self.claim((now, places.num_permits()), wanted).await?;
        let any = !claimed.is_empty();
        for claim in claimed {
            if let Some(place) = places.split(1) {
                self.start(claim, place);
            }
        }
        Ok(any)
    }

    /// The endpoints with something due, and how much of it may be started.
    async fn wanted(&self, now: Timestamp) -> Result<Vec<(i64, u32)>, StoreError> {
        let waiting = claims::waiting(&mut self.tenant.read().await?, now).await?;
        let free = |endpoint: &claims::Waiting| {
            let most = if endpoint.is_failing {
                PER_FAILING_ENDPOINT
            } else {
                PER_ENDPOINT
            };
            let busy = self.busy.get(&endpoint.webhook).copied().unwrap_or_default();
            (endpoint.webhook, most.saturating_sub(busy))
        };
        Ok(waiting.iter().map(free).filter(|(_, free)| *free > 0).collect())
    }

    /// Places for what is wanted, or for a part of it; waits for the first.
    async fn places(&self, wanted: &[(i64, u32)]) -> Option<OwnedSemaphorePermit> {
        let all: u32 = wanted.iter().map(|(_, free)| free).sum();
        let own = u32::try_from(PER_SANDBOX.saturating_sub(self.running.len())).unwrap_or_default();
        let mut number = all.min(own);
        while number > 1 {
            if let Ok(places) = Arc::clone(&self.shared.places).try_acquire_many_owned(number) {
                return Some(places);
            }
            number /= 2;
        }
        if number == 0 {
            return None;
        }
        Arc::clone(&self.shared.places).acquire_owned().await.ok()
    }

    async fn claim(
        &self,
        (now, most): (Timestamp, usize),
        wanted: Vec<(i64, u32)>,
    ) -> Result<Vec<Claim>, StoreError> {
        let lease = now.plus_millis(LEASE_MILLIS);
        self.tenant
            .write(move |tx| {
                Box::pin(async move {
                    let mut claimed = Vec::new();
                    for (webhook, free) in wanted {
                        let left = u32::try_from(most - claimed.len()).unwrap_or_default();
                        if left == 0 {
                            break;
                        }
                        claimed.extend(claims::claim(tx, webhook, (now, lease), free.min(left)).await?);
                    }
                    Ok::<_, StoreError>(claimed)
                })
            })
            .await
    }

    fn start(&mut self, claim: Claim, place: OwnedSemaphorePermit) {
        let (shared, tenant, webhook) = (Arc::clone(self.shared), Arc::clone(self.tenant), claim.webhook);
        *self.busy.entry(webhook).or_default() += 1;
        self.running.spawn(async move {
            attempt(&shared, &tenant, claim).await;
            drop(place);
            webhook
        });
    }

    /// Tells the control database when to come back, and forgets what is old.
    async fn leave(&self) -> Result<(), StoreError> {
        let old = self.shared.clock.now().plus_millis(-KEPT_MILLIS);
        self.tenant
            .write(move |tx| {
                Box::pin(async move {
                    deliveries::forget(tx, old, FORGOTTEN_AT_ONCE).await?;
                    tx.announce_deliveries();
                    Ok::<_, StoreError>(())
                })
            })
            .await
    }
}
