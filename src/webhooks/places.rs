//! How many attempts run at a time: to one endpoint, of one sandbox, of all of them.
//!
//! Who is well competes with nobody else. Endpoints that fail, and those that have not accepted anything yet, have places
//! of their own, so that no number of dead ones holds up one that answers.

use crate::store::tenant::deliveries::claims::Waiting;
use contract::webhooks::MOST;
use std::{collections::HashMap, sync::Arc};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many run at a time of all sandboxes, to endpoints that are well.
pub(super) const TO_HEALTHY: usize = 512;
/// How many to endpoints whose last attempt failed.
pub(super) const TO_FAILING: usize = 128;
/// How many of these one sandbox may have.
pub(super) const TO_FAILING_OF_ONE: usize = 32;
/// How many to endpoints that have not accepted anything yet.
pub(super) const TO_NEW: usize = 256;
/// How many of these one sandbox may have: one for each endpoint that it can have, so that none waits for another.
pub(super) const TO_NEW_OF_ONE: usize = MOST as usize;
/// How many run at a time to one endpoint that is well. To another, it is one.
const PER_ENDPOINT: u32 = 8;
/// How many of one sandbox beyond the first to each endpoint, which waits for no other.
const BEYOND_FIRST: u32 = 96;

/// How many attempts run, by the number of the endpoint.
#[derive(Debug, Default)]
pub(super) struct Busy(HashMap<i64, u32>);

impl Busy {
    /// One begins.
    pub(super) fn begin(&mut self, webhook: i64) {
        *self.0.entry(webhook).or_default() += 1;
    }

    /// One has ended.
    pub(super) fn end(&mut self, webhook: i64) {
        let left = self.0.get(&webhook).map_or(0, |busy| busy.saturating_sub(1));
        match left {
            0 => self.0.remove(&webhook),
            left => self.0.insert(webhook, left),
        };
    }

    /// None runs any more.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    fn of(&self, webhook: i64) -> u32 {
        self.0.get(&webhook).copied().unwrap_or_default()
    }

    /// How much may be started of what is due to endpoints that are well: to each one at least, and more of it as far as
    /// there is room.
    pub(super) fn shares(&self, waiting: &[Waiting]) -> Vec<(i64, u32)> {
        let beyond: u32 = self.0.values().map(|busy| busy.saturating_sub(1)).sum();
        let mut room = BEYOND_FIRST.saturating_sub(beyond);
        let mut share = |endpoint: &Waiting| {
            let busy = self.of(endpoint.webhook);
            let first = u32::from(busy == 0);
            let more = PER_ENDPOINT.saturating_sub(busy + first).min(room);
            room -= more;
            (endpoint.webhook, first + more)
        };
        let shares = waiting.iter().map(&mut share);
        shares.filter(|(_, number)| *number > 0).collect()
    }

    /// The same of what is due to other endpoints: to each one at most.
    pub(super) fn single(&self, waiting: &[Waiting]) -> Vec<(i64, u32)> {
        let idle = waiting.iter().filter(|endpoint| self.of(endpoint.webhook) == 0);
        idle.map(|endpoint| (endpoint.webhook, 1)).collect()
    }
}

/// The places of one sandbox for endpoints that get one attempt at a time: its own share of those of all sandboxes.
#[derive(Debug)]
pub(super) struct Singles {
    own: Arc<Semaphore>,
    all: Arc<Semaphore>,
    /// Counts the attempts, so that each endpoint has its turn.
    turn: usize,
}

impl Singles {
    /// At most `own` of `all`.
    pub(super) fn new(own: usize, all: &Arc<Semaphore>) -> Self {
        Self {
            own: Arc::new(Semaphore::new(own)),
            all: Arc::clone(all),
            turn: 0,
        }
    }

    /// What is wanted, with those first whose turn it is.
    pub(super) fn in_turn(&self, mut wanted: Vec<(i64, u32)>) -> Vec<(i64, u32)> {
        let first = self.turn.checked_rem(wanted.len()).unwrap_or_default();
        wanted.rotate_left(first);
        wanted
    }

    /// Places for so many, or for fewer; of the sandbox's own and of all, as many of the one as of the other at least.
    pub(super) fn take(&self, number: usize) -> Option<(OwnedSemaphorePermit, OwnedSemaphorePermit)> {
        let own = some_of(&self.own, u32::try_from(number).unwrap_or(u32::MAX))?;
        let all = some_of(&self.all, u32::try_from(own.num_permits()).unwrap_or(u32::MAX))?;
        Some((own, all))
    }

    /// So many attempts were begun.
    pub(super) fn began(&mut self, number: usize) {
        self.turn = self.turn.wrapping_add(number);
    }
}

/// Places, as many as there are and no more than wanted.
pub(super) fn some_of(places: &Arc<Semaphore>, wanted: u32) -> Option<OwnedSemaphorePermit> {
    let mut number = wanted;
    while number > 0 {
        if let Ok(places) = Arc::clone(places).try_acquire_many_owned(number) {
            return Some(places);
        }
        number /= 2;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tenant::deliveries::claims::Health;

    fn waiting(webhooks: std::ops::Range<i64>) -> Vec<Waiting> {
        let endpoint = |webhook| Waiting {
            webhook,
            health: Health::Well,
        };
        webhooks.map(endpoint).collect()
    }

    #[test]
    fn whatever_the_others_hold_an_endpoint_gets_its_first() {
        let mut busy = Busy::default();
        for (webhook, number) in busy.shares(&waiting(0..99)) {
            (0..number).for_each(|_| busy.begin(webhook));
        }
        assert_eq!(busy.0.values().sum::<u32>(), 99 + BEYOND_FIRST);
        assert_eq!(busy.shares(&waiting(0..100)), [(99, 1)]);
    }

    #[test]
    fn one_endpoint_alone_gets_no_more_than_its_own() {
        let mut busy = Busy::default();
        assert_eq!(busy.shares(&waiting(0..1)), [(0, PER_ENDPOINT)]);
        (0..PER_ENDPOINT).for_each(|_| busy.begin(0));
        assert_eq!(busy.shares(&waiting(0..2)), [(1, PER_ENDPOINT)]);
        busy.end(0);
        assert_eq!(busy.shares(&waiting(0..1)), [(0, 1)]);
    }

    #[test]
    fn one_that_is_not_well_gets_one_at_a_time() {
        let mut busy = Busy::default();
        busy.begin(1);
        assert_eq!(busy.single(&waiting(0..3)), [(0, 1), (2, 1)]);
        busy.end(1);
        assert_eq!(busy.single(&waiting(1..2)), [(1, 1)]);
    }

    #[test]
    fn a_sandbox_has_its_share_of_the_places_of_all_and_each_endpoint_its_turn() {
        let all = Arc::new(Semaphore::new(4));
        let (mut one, other) = (Singles::new(3, &all), Singles::new(3, &all));
        let held = one.take(9).unwrap();
        assert_eq!((held.0.num_permits(), held.1.num_permits()), (2, 2));
        let rest = other.take(2).unwrap();
        assert_eq!((rest.0.num_permits(), rest.1.num_permits()), (2, 2));
        assert!(
            one.take(1).is_none(),
            "its own share is not used up, but that of all is"
        );
        drop((held, rest));
        assert_eq!(all.available_permits(), 4);
        one.began(2);
        assert_eq!(
            one.in_turn(vec![(7, 1), (8, 1), (9, 1)]),
            [(9, 1), (7, 1), (8, 1)]
        );
        assert_eq!(one.in_turn(Vec::new()), []);
    }

    #[test]
    fn places_are_taken_as_far_as_they_go() {
        let places = Arc::new(Semaphore::new(3));
        let held = some_of(&places, 4).unwrap();
        assert_eq!(held.num_permits(), 2);
        assert_eq!(some_of(&places, 4).unwrap().num_permits(), 1);
        assert!(some_of(&places, 0).is_none());
        drop(held);
        assert_eq!(places.available_permits(), 3);
    }
}
