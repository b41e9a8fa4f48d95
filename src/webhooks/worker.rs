//! Serves one sandbox for as long as it has something to deliver. No endpoint holds up another.

use super::{
    attempt::attempt,
    dispatcher::Shared,
    outcomes::{Attempted, Outcomes},
    places::{Busy, Singles, TO_FAILING_OF_ONE, TO_NEW_OF_ONE, some_of},
};
use crate::store::{
    StoreError,
    tenant::{
        Tenant,
        deliveries::{
            self,
            claims::{self, Claim, Health, Waiting},
        },
    },
};
use contract::Timestamp;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::Notify,
    task::{JoinError, JoinSet},
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
    running: JoinSet<Attempted>,
    outcomes: Outcomes,
    busy: Busy,
    /// The places for endpoints that fail.
    failing: Singles,
    /// The places for endpoints that have not accepted anything yet.
    new: Singles,
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
        outcomes: Outcomes::default(),
        busy: Busy::default(),
        failing: Singles::new(TO_FAILING_OF_ONE, &shared.places_for_failing),
        new: Singles::new(TO_NEW_OF_ONE, &shared.places_for_new),
    };
    let mut quiet = tokio::time::Instant::now();
    let mut look = true;
    while !stop.is_cancelled() && !tenant.is_retired() {
        let started = look && worker.look().await;
        if started || !worker.is_idle() {
            quiet = tokio::time::Instant::now();
        }
        let pause = worker.pause(started);
        if worker.is_idle() && quiet.elapsed() >= LINGER && pause > LINGER {
            break;
        }
        look = true;
        tokio::select! {
            () = stop.cancelled() => {}
            () = bell.notified() => quiet = tokio::time::Instant::now(),
            Some(done) = worker.outcomes.written() => worker.forget(done),
            Some(ended) = worker.running.join_next() => {
                worker.take(ended);
                // Its place is not free before it is written down.
                look = false;
            }
            () = tokio::time::sleep(pause.min(LINGER)) => {}
        }
        worker.outcomes.write(shared, tenant);
    }
    worker.finish().await;
    if let Err(error) = worker.leave().await {
        tracing::warn!(%error, sandbox = %tenant.sandbox_id(), "the next delivery was not noted");
    }
}

impl Worker<'_> {
    /// Starts what is due; whether that was anything.
    async fn look(&mut self) -> bool {
        match self.start_due().await {
            Ok(started) => started,
            Err(error) => {
                tracing::warn!(%error, sandbox = %self.tenant.sandbox_id(), "deliveries of a sandbox wait");
                false
            }
        }
    }

    fn is_idle(&self) -> bool {
        self.running.is_empty() && self.outcomes.is_empty()
    }

    /// Takes what came of an attempt, and of all others that have ended by now.
    fn take(&mut self, attempted: Result<Attempted, JoinError>) {
        let mut next = Some(attempted);
        while let Some(attempted) = next {
            match attempted {
                Ok(attempted) => self.outcomes.push(attempted),
                Err(error) => self.panicked(&error),
            }
            next = self.running.try_join_next();
        }
    }

    fn forget(&mut self, done: Result<Vec<i64>, JoinError>) {
        match done {
            Ok(webhooks) => webhooks.into_iter().for_each(|webhook| self.busy.end(webhook)),
            Err(error) => self.panicked(&error),
        }
    }

    fn panicked(&mut self, error: &JoinError) {
        tracing::error!(%error, "an attempt panicked");
        // Whose it was is not told.
        if self.is_idle() {
            self.busy.clear();
        }
    }

    /// Lets what is under way end, and writes it down.
    async fn finish(&mut self) {
        while let Some(ended) = self.running.join_next().await {
            self.take(ended);
        }
        while !self.outcomes.is_empty() {
            self.outcomes.write(self.shared, self.tenant);
            if let Some(done) = self.outcomes.written().await {
                self.forget(done);
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
        let of = |health| -> Vec<Waiting> {
            let those = waiting.iter().filter(|endpoint| endpoint.health == health);
            those.copied().collect()
        };
        let failing = self
            .start_single(now, &of(Health::Failing), |worker| &mut worker.failing)
            .await?;
        let new = self
            .start_single(now, &of(Health::New), |worker| &mut worker.new)
            .await?;
        // Last, because it may have to wait for a place.
        Ok(self.start_healthy(now, &of(Health::Well)).await? || failing || new)
    }

    /// Waits for the first place, if it has to.
    async fn start_healthy(&mut self, now: Timestamp, waiting: &[Waiting]) -> Result<bool, StoreError> {
        let wanted = self.busy.shares(waiting);
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

    /// Endpoints of which nothing good is known have places for which they alone compete: however many there are, and
    /// however long each attempt at them takes, the others do not notice.
    async fn start_single(
        &mut self,
        now: Timestamp,
        waiting: &[Waiting],
        singles: fn(&mut Self) -> &mut Singles,
    ) -> Result<bool, StoreError> {
        let wanted = self.busy.single(waiting);
        let wanted = singles(self).in_turn(wanted);
        let Some((mut own, mut places)) = singles(self).take(wanted.len()) else {
            return Ok(false);
        };
        let claimed = self.claim((now, places.num_permits()), wanted).await?;
        singles(self).began(claimed.len());
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
            .write(move |tx| Box::pin(async move { claims::claim(tx, &wanted, (now, lease), most).await }))
            .await
    }

    /// Attempts it; what it holds for that is free again once the outcome is written down.
    fn start(&mut self, claim: Claim, place: impl Send + Sync + 'static) {
        let (shared, tenant, webhook) = (Arc::clone(self.shared), Arc::clone(self.tenant), claim.webhook);
        self.busy.begin(webhook);
        self.running.spawn(async move {
            Attempted {
                webhook,
                ended: attempt(&shared, &tenant, claim).await,
                place: Box::new(place),
            }
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
