//! Serves one sandbox for as long as it has something to deliver. No endpoint holds up another.

use super::{
    attempt::attempt,
    dispatcher::Shared,
    places::{Busy, TO_FAILING_OF_ONE, some_of},
};
use crate::store::{
    StoreError,
    tenant::{
        Tenant,
        deliveries::{
            self,
            claims::{self, Claim, Waiting},
        },
    },
};
use contract::Timestamp;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{Notify, Semaphore},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;

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
    busy: Busy,
    /// The sandbox's share of the places for endpoints that fail.
    to_failing: Arc<Semaphore>,
    /// Counts the attempts at those, so that each has its turn.
    turn: usize,
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
        busy: Busy::default(),
        to_failing: Arc::new(Semaphore::new(TO_FAILING_OF_ONE)),
        turn: 0,
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
            Ok(webhook) => self.busy.end(webhook),
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
        let waiting = claims::waiting(&mut self.tenant.read().await?, now).await?;
        let (failing, healthy) = waiting.into_iter().partition(|endpoint| endpoint.is_failing);
        let failing = self.start_failing(now, failing).await?;
        Ok(self.start_healthy(now, healthy).await? || failing)
    }

    /// Waits for the first place, if it has to.
    async fn start_healthy(&mut self, now: Timestamp, waiting: Vec<Waiting>) -> Result<bool, StoreError> {
        let wanted = self.busy.shares(&waiting);
        let number = wanted.iter().map(|(_, free)| free).sum();
        let all = &self.shared.places;
        let mut places = match (number, some_of(all, number)) {
            (0, _) => return Ok(false),
            (_, Some(places)) => places,
            (_, None) => match Arc::clone(all).acquire_owned().await {
                Ok(place) => place,
                // Nobody closes it.
                Err(_) => return Ok(false),
            },
        };
        let claimed = self.claim((now, places.num_permits()), wanted).await?;
        let any = !claimed.is_empty();
        for claim in claimed {
            let place = places.split(1);
            self.start(claim, place);
        }
        Ok(any)
    }

    /// Endpoints that fail have few places, for which they alone compete: however many there are, and however long each
    /// attempt at them takes, the others do not notice.
    async fn start_failing(&mut self, now: Timestamp, waiting: Vec<Waiting>) -> Result<bool, StoreError> {
        let mut wanted = self.busy.single(&waiting);
        let first = self.turn.checked_rem(wanted.len()).unwrap_or_default();
        wanted.rotate_left(first);
        let number = u32::try_from(wanted.len()).unwrap_or(u32::MAX);
        let Some(mut own) = some_of(&self.to_failing, number) else {
            return Ok(false);
        };
        let number = u32::try_from(own.num_permits()).unwrap_or(u32::MAX);
        let Some(mut places) = some_of(&self.shared.places_for_failing, number) else {
            return Ok(false);
        };
        let claimed = self.claim((now, places.num_permits()), wanted).await?;
        self.turn = self.turn.wrapping_add(claimed.len());
        let any = !claimed.is_empty();
        for claim in claimed {
            let place = (own.split(1), places.split(1));
            self.start(claim, place);
        }
        Ok(any)
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

    /// Attempts it; what it holds for that is free again afterwards.
    fn start(&mut self, claim: Claim, place: impl Send + 'static) {
        let (shared, tenant, webhook) = (Arc::clone(self.shared), Arc::clone(self.tenant), claim.webhook);
        self.busy.begin(webhook);
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
