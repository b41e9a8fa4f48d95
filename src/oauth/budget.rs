//! Budgets of the token endpoints: a generic cell rate algorithm per key, in memory.

use contract::Timestamp;
use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, PoisonError},
};

/// How often something may happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// How many a minute in the long run.
    pub per_minute: u32,
    /// How many at once after a rest.
    pub burst: u32,
}

/// The budgets of every key of one kind.
#[derive(Debug)]
pub(super) struct Budget<K> {
    quota: Quota,
    cells: Mutex<Cells<K>>,
}

#[derive(Debug)]
struct Cells<K> {
    /// When each key's budget is whole again, in microseconds.
    full_at: HashMap<K, i64>,
    /// At how many keys those with a whole budget are dropped.
    sweep_at: usize,
}

const FIRST_SWEEP: usize = 1024;

impl<K: Hash + Eq> Budget<K> {
    /// A budget of `quota` for each key.
    pub(super) fn new(quota: Quota) -> Self {
        let cells = Cells {
            full_at: HashMap::new(),
            sweep_at: FIRST_SWEEP,
        };
        Self {
            quota,
            cells: Mutex::new(cells),
        }
    }

    /// Takes one from the key's budget.
    ///
    /// # Errors
    /// With the whole seconds after which one is certain to be left, if nobody else takes it.
    pub(super) fn take(&self, key: K, now: Timestamp) -> Result<(), u64> {
        let now = now.as_millis().saturating_mul(1000);
        let each = 60_000_000 / i64::from(self.quota.per_minute.max(1));
        let most = each.saturating_mul(i64::from(self.quota.burst.max(1)));
        let mut cells = self.cells.lock().unwrap_or_else(PoisonError::into_inner);
        cells.sweep(now);
        let full_at = cells.full_at.entry(key).or_insert(now);
        let next = (*full_at).max(now) + each;
        let wait = next - now - most;
        if wait > 0 {
            return Err(u64::try_from(wait).unwrap_or_default().div_ceil(1_000_000));
        }
        *full_at = next;
        Ok(())
    }
}

impl<K: Hash + Eq> Cells<K> {
    /// Keeps the map as small as the number of keys seen lately.
    fn sweep(&mut self, now: i64) {
        if self.full_at.len() >= self.sweep_at {
            self.full_at.retain(|_, full_at| *full_at > now);
            self.sweep_at = (self.full_at.len() * 2).max(FIRST_SWEEP);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Budget, FIRST_SWEEP, Quota};
    use contract::Timestamp;

    const QUOTA: Quota = Quota {
        per_minute: 60,
        burst: 3,
    };

    #[test]
    fn waiting_as_long_as_told_is_always_enough_and_never_much_too_long() {
        let budget = Budget::new(Quota {
            per_minute: 7,
            burst: 3,
        });
        let mut now = 0;
        for _ in 0..3 {
            budget.take("key", Timestamp::from_millis(now)).unwrap();
        }
        for _ in 0..50 {
            let wait = budget.take("key", Timestamp::from_millis(now)).unwrap_err();
            assert!((1..=9).contains(&wait), "{wait}");
            let earlier = now + i64::try_from(wait - 1).unwrap() * 1000;
            budget.take("key", Timestamp::from_millis(earlier)).unwrap_err();
            now += i64::try_from(wait).unwrap() * 1000;
            budget.take("key", Timestamp::from_millis(now)).unwrap();
        }
    }

    #[test]
    fn keys_do_not_share_a_budget_and_idle_ones_are_forgotten() {
        let budget = Budget::new(QUOTA);
        for key in 0..FIRST_SWEEP {
            budget.take(key, Timestamp::from_millis(0)).unwrap();
        }
        budget.take(0, Timestamp::from_millis(60_000)).unwrap();
        assert_eq!(budget.cells.lock().unwrap().full_at.len(), 1);
    }
}
