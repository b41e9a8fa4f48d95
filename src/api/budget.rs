//! Budgets: how much a tenant, or an address without a token, may ask in a while (contract §3).

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use contract::{ids::SandboxId, sandbox::Plan};
use serde::Deserialize;
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What a plan allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanLimits {
    /// Sustained reads a minute; twice as many are absorbed at once.
    pub reads_per_minute: u32,
    /// Sustained writes a minute; twice as many are absorbed at once.
    pub writes_per_minute: u32,
    /// Requests in flight.
    pub concurrent: u32,
}

/// What each plan allows, and what an address may do without a token.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// The plan of a new sandbox.
    pub sandbox: PlanLimits,
    /// What a production tenant gets.
    pub production: PlanLimits,
    /// For load tests by the operator.
    pub unlimited: PlanLimits,
    /// Calls a minute from one address that carry no valid token.
    pub anonymous_per_minute: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            sandbox: PlanLimits {
                reads_per_minute: 120,
                writes_per_minute: 30,
                concurrent: 8,
            },
            production: PlanLimits {
                reads_per_minute: 1_200,
                writes_per_minute: 300,
                concurrent: 32,
            },
            unlimited: PlanLimits {
                reads_per_minute: 60_000_000,
                writes_per_minute: 60_000_000,
                concurrent: 4_096,
            },
            anonymous_per_minute: 600,
        }
    }
}

impl Limits {
    /// What `plan` allows.
    pub fn of(&self, plan: Plan) -> PlanLimits {
        match plan {
            Plan::Sandbox => self.sandbox,
            Plan::Production => self.production,
            Plan::Unlimited => self.unlimited,
        }
    }
}

/// The generic cell rate algorithm: one instant says how much of a bucket is spent. All times are nanoseconds.
#[derive(Clone, Copy, Debug, Default)]
struct Gcra {
    /// The theoretical arrival time: when the bucket will be full again.
    full_at: u64,
}

/// How a bucket stands after a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The size of the bucket.
    pub quota: u32,
    /// The seconds in which an empty bucket fills.
    pub window: u64,
    /// The calls left now.
    pub remaining: u32,
    /// Seconds until the bucket is full, or, after a refusal, until the next call is admitted.
    pub reset: u64,
    /// Whether the call was admitted.
    pub admitted: bool,
}

const SECOND: u64 = 1_000_000_000;

impl Gcra {
    fn spend(&mut self, now: u64, per_minute: u32, cost: u64) -> Standing {
        let cell = 60 * SECOND / u64::from(per_minute.max(1));
        let quota = per_minute.saturating_mul(2);
        let depth = cell * u64::from(quota);
        let full_at = self.full_at.max(now);
        let after = full_at + cell * cost;
        let admitted = after - now <= depth;
        if admitted {
            self.full_at = after;
        }
        let spent = self.full_at.saturating_sub(now);
        let wait = if admitted { spent } else { after - now - depth };
        Standing {
            quota,
            window: 120,
            remaining: u32::try_from((depth.saturating_sub(spent)) / cell).unwrap_or(u32::MAX),
            reset: wait.div_ceil(SECOND),
            admitted,
        }
    }
}

/// The budgets of one tenant.
#[derive(Debug)]
pub struct TenantBudget {
    limits: PlanLimits,
    buckets: Mutex<[Gcra; 2]>,
    permits: Arc<Semaphore>,
}

/// How every budget of a tenant stands after a call.
#[derive(Clone, Copy, Debug)]
pub struct TenantStanding {
    reads: Standing,
    writes: Standing,
    concurrent: (u32, u32),
    is_read: bool,
}

impl TenantBudget {
    fn new(limits: PlanLimits) -> Self {
        let permits = Arc::new(Semaphore::new(limits.concurrent as usize));
        Self {
            limits,
            buckets: Mutex::default(),
            permits,
        }
    }

    /// Spends one call.
    pub fn spend(&self, now: u64, is_read: bool) -> TenantStanding {
        let mut buckets = lock(&self.buckets);
        let [reads, writes] = &mut *buckets;
        TenantStanding {
            reads: reads.spend(now, self.limits.reads_per_minute, u64::from(is_read)),
            writes: writes.spend(now, self.limits.writes_per_minute, u64::from(!is_read)),
            concurrent: (
                self.limits.concurrent,
                u32::try_from(self.permits.available_permits()).unwrap_or(u32::MAX),
            ),
            is_read,
        }
    }

    /// A place among the requests in flight; it is given back when the permit is dropped.
    pub fn enter(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.permits).try_acquire_owned().ok()
    }
}

impl TenantStanding {
    /// The same standing once the call itself has taken its place in flight.
    #[must_use]
    pub fn with_one_more(mut self) -> Self {
        self.concurrent.1 = self.concurrent.1.saturating_sub(1);
        self
    }

    /// The bucket that the call spent from.
    pub fn spent(&self) -> Standing {
        if self.is_read { self.reads } else { self.writes }
    }

    /// Writes `RateLimit-Policy`, `RateLimit` (draft-ietf-httpapi-ratelimit-headers-11) and `X-RateLimit-*`.
    pub fn write(&self, headers: &mut HeaderMap) {
        let (places, free) = self.concurrent;
        let (reads, writes) = (self.reads, self.writes);
        let policy = format!(
            "\"read\";q={};w={}, \"write\";q={};w={}, \"concurrent\";q={places};qu=\"concurrent-requests\"",
            reads.quota, reads.window, writes.quota, writes.window,
        );
        let limit = format!(
            "\"read\";r={};t={}, \"write\";r={};t={}, \"concurrent\";r={free}",
            reads.remaining, reads.reset, writes.remaining, writes.reset,
        );
        insert(headers, "ratelimit-policy", policy);
        insert(headers, "ratelimit", limit);
        self.spent().write_legacy(headers);
    }
}

impl Standing {
    /// Writes the headers of a budget that stands alone.
    pub fn write(&self, name: &str, headers: &mut HeaderMap) {
        insert(
            headers,
            "ratelimit-policy",
            format!("\"{name}\";q={};w={}", self.quota, self.window),
        );
        insert(
            headers,
            "ratelimit",
            format!("\"{name}\";r={};t={}", self.remaining, self.reset),
        );
        self.write_legacy(headers);
    }

    fn write_legacy(&self, headers: &mut HeaderMap) {
        headers.insert(
            HeaderName::from_static("x-ratelimit-limit"),
            HeaderValue::from(self.quota),
        );
        headers.insert(
            HeaderName::from_static("x-ratelimit-remaining"),
            HeaderValue::from(self.remaining),
        );
        headers.insert(
            HeaderName::from_static("x-ratelimit-reset"),
            HeaderValue::from(self.reset),
        );
    }
}

fn insert(headers: &mut HeaderMap, name: &'static str, value: String) {
    if let Ok(value) = HeaderValue::try_from(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Every budget: by tenant, and by address for calls without a valid token.
#[derive(Debug)]
pub struct Budgets {
    started: Instant,
    limits: Limits,
    tenants: Mutex<HashMap<SandboxId, Arc<TenantBudget>>>,
    addresses: Mutex<HashMap<IpAddr, Gcra>>,
}

/// Past this many entries the full buckets are forgotten, so that a map never grows without bound.
const CROWDED: usize = 20_000;

impl Budgets {
    /// Full budgets for everyone.
    pub fn new(limits: Limits) -> Self {
        Self {
            started: Instant::now(),
            limits,
            tenants: Mutex::default(),
            addresses: Mutex::default(),
        }
    }

    /// Nanoseconds on the budgets' own monotonic clock.
    pub fn now(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    /// The budget of a tenant; a change of plan starts a new one.
    pub fn tenant(&self, sandbox: &SandboxId, plan: Plan) -> Arc<TenantBudget> {
        let limits = self.limits.of(plan);
        let mut tenants = lock(&self.tenants);
        if let Some(budget) = tenants.get(sandbox)
            && budget.limits == limits
        {
            return Arc::clone(budget);
        }
        if tenants.len() >= CROWDED {
            let now = self.now();
            tenants.retain(|_, budget| {
                Arc::strong_count(budget) > 1
                    || lock(&budget.buckets).iter().any(|bucket| bucket.full_at > now)
            });
        }
        let budget = Arc::new(TenantBudget::new(limits));
        tenants.insert(sandbox.clone(), Arc::clone(&budget));
        budget
    }

    /// Spends one call of an address that shows no valid token.
    pub fn spend_anonymous(&self, address: IpAddr) -> Standing {
        let now = self.now();
        let mut addresses = lock(&self.addresses);
        if addresses.len() >= CROWDED {
            addresses.retain(|_, bucket| bucket.full_at > now);
        }
        addresses
            .entry(address)
            .or_default()
            .spend(now, self.limits.anonymous_per_minute, 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_absorbs_twice_the_rate_then_refuses() {
        let mut bucket = Gcra::default();
        let admitted = (0..300).filter(|_| bucket.spend(7, 120, 1).admitted).count();
        assert_eq!(admitted, 240);
    }

    #[test]
    fn waiting_as_long_as_told_is_enough_and_less_is_not() {
        let mut bucket = Gcra::default();
        while bucket.spend(0, 7, 1).admitted {}
        let refused = bucket.spend(0, 7, 1);
        assert!(bucket.clone().spend(refused.reset * SECOND, 7, 1).admitted);
        assert!(!bucket.clone().spend((refused.reset - 1) * SECOND, 7, 1).admitted);
    }

    #[test]
    fn a_refusal_spends_nothing() {
        let mut bucket = Gcra::default();
        while bucket.spend(0, 30, 1).admitted {}
        let before = bucket.full_at;
        bucket.spend(0, 30, 1);
        assert_eq!(bucket.full_at, before);
    }

    proptest::proptest! {
        #[test]
        fn remaining_is_exactly_what_is_admitted(rate in 1_u32..500, spent in 0_u32..1200, at in 0_u64..10_000_000_000) {
            let mut bucket = Gcra::default();
            for _ in 0..spent {
                bucket.spend(at, rate, 1);
            }
            let left = bucket.spend(at, rate, 0).remaining;
            let admitted = (0..=left).filter(|_| bucket.spend(at, rate, 1).admitted).count();
            proptest::prop_assert_eq!(admitted, left as usize);
        }
    }
}
