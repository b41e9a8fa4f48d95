//! Finds the sandboxes with something to deliver: those that ring, and those of which the control database says so.

use super::{
    dial::Outside,
    exchange::{ClientError, Exchange},
    places::{TO_FAILING, TO_HEALTHY, TO_NEW},
    worker,
};
use crate::{
    clock::Clock,
    sandbox::{
        DomainError,
        deliveries::Schedule,
        tenants::Tenants,
        webhooks::{
            Installation,
            keys::{self, PlatformKey},
        },
    },
    store::{
        StoreError,
        control::{Control, sandboxes},
    },
};
use contract::{Timestamp, ids::SandboxId};
use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    sync::{Notify, Semaphore},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;

/// How many sandboxes are served at a time. The others wait their turn.
const WORKERS: usize = 256;
/// How often the control database is asked.
const TICK: Duration = Duration::from_secs(1);
/// How many sandboxes it is asked for; some of them are being served already.
const DUE_AT_ONCE: u32 = 1000;
/// How long the active key is believed to be active, in milliseconds.
const KEY_MILLIS: i64 = 30_000;

/// What it takes to send.
pub struct Setup {
    /// The sandboxes.
    pub tenants: Tenants,
    /// The control database.
    pub control: Control,
    /// Real time.
    pub clock: Clock,
    /// What is signed with, and where events may be sent.
    pub installation: Installation,
    /// When a delivery is attempted.
    pub schedule: Schedule,
    /// Where the API listens: inboxes are reached there.
    pub api_addr: SocketAddr,
    /// The world outside, where it is not the real one.
    pub outside: Outside,
}

/// What all workers share.
pub(super) struct Shared {
    pub(super) clock: Clock,
    pub(super) installation: Installation,
    pub(super) schedule: Arc<Schedule>,
    pub(super) exchange: Exchange,
    pub(super) places: Arc<Semaphore>,
    pub(super) places_for_failing: Arc<Semaphore>,
    pub(super) places_for_new: Arc<Semaphore>,
    tenants: Tenants,
    control: Control,
    key: Mutex<Option<(Timestamp, PlatformKey)>>,
}

impl Shared {
    /// The active key. Another process may have made the next one.
    pub(super) async fn platform_key(&self) -> Result<PlatformKey, StoreError> {
        let now = self.clock.now();
        let known = self.key.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((since, key)) = known
            && now.as_millis() - since.as_millis() < KEY_MILLIS
        {
            return Ok(key);
        }
        let key = keys::active(&self.control, now).await?;
        *self.key.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, key.clone()));
        Ok(key)
    }
}

/// Sends what is due.
pub struct Dispatcher {
    shared: Arc<Shared>,
    working: HashMap<SandboxId, Arc<Notify>>,
    workers: JoinSet<SandboxId>,
}

/// An address at which a listener is reached from here.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

impl Dispatcher {
    /// A dispatcher that is not running yet.
    ///
    /// # Errors
    /// When the HTTP client cannot be made.
    pub fn new(setup: Setup) -> Result<Self, ClientError> {
        let rules = setup.installation.rules.clone();
        let shared = Shared {
            clock: setup.clock,
            installation: setup.installation,
            schedule: Arc::new(setup.schedule),
            exchange: Exchange::new(rules, setup.outside, reachable(setup.api_addr))?,
            places: Arc::new(Semaphore::new(TO_HEALTHY)),
            places_for_failing: Arc::new(Semaphore::new(TO_FAILING)),
            places_for_new: Arc::new(Semaphore::new(TO_NEW)),
            tenants: setup.tenants,
            control: setup.control,
            key: Mutex::default(),
        };
        Ok(Self {
            shared: Arc::new(shared),
            working: HashMap::new(),
            workers: JoinSet::new(),
        })
    }

    /// Sends what is due until told to stop, then lets the attempts under way end.
    pub async fn run(mut self, stop: CancellationToken) {
        let bell = Arc::clone(self.shared.tenants.bell());
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                heard = bell.heard() => {
                    for sandbox in heard {
                        self.wake(sandbox, &stop);
                    }
                }
                _ = tick.tick() => self.wake_due(&stop).await,
                Some(ended) = self.workers.join_next() => self.forget(ended),
            }
        }
        while let Some(ended) = self.workers.join_next().await {
            self.forget(ended);
        }
    }

    fn forget(&mut self, ended: Result<SandboxId, tokio::task::JoinError>) {
        match ended {
            Ok(sandbox) => _ = self.working.remove(&sandbox),
            Err(error) => {
                tracing::error!(%error, "a worker of webhooks panicked");
                // Which one is not told: those that hold no other handle on their bell are gone.
                self.working.retain(|_, bell| Arc::strong_count(bell) > 1);
            }
        }
    }

    async fn wake_due(&mut self, stop: &CancellationToken) {
        let now = self.shared.clock.now();
        match sandboxes::deliveries_due_before(&self.shared.control, now, DUE_AT_ONCE).await {
            Ok(due) => {
                for sandbox in due {
                    if !self.working.contains_key(&sandbox) {
                        self.wake(sandbox, stop);
                    }
                }
            }
            Err(error) => tracing::warn!(%error, "deliveries that are due wait for the next round"),
        }
    }

    /// Has the worker of a sandbox look again, and makes it where there is none.
    fn wake(&mut self, sandbox: SandboxId, stop: &CancellationToken) {
        if let Some(bell) = self.working.get(&sandbox) {
            bell.notify_one();
            return;
        }
        // One that finds no place is found in the control database once there is one.
        if self.working.len() >= WORKERS {
            return;
        }
        let (bell, shared, stop) = (Arc::new(Notify::new()), Arc::clone(&self.shared), stop.clone());
        self.working.insert(sandbox.clone(), Arc::clone(&bell));
        self.workers.spawn(async move {
            match shared.tenants.get_current(&sandbox).await {
                Ok(tenant) => worker::run(&shared, &tenant, (&bell, &stop)).await,
                // Deleted in between.
                Err(DomainError::NotFound) => {}
                Err(error) => tracing::warn!(%error, %sandbox, "deliveries of a sandbox wait"),
            }
            sandbox
        });
    }
}
