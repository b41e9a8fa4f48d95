//! The replayed ledger, kept so that a change is folded on from the nearest checkpoint before it.

use super::{
    Entry, Refusal, State,
    closing::Closings,
    replay::{World, fold},
};

/// How many entries lie between two checkpoints at first; doubled whenever there are [`MOST`].
const SPACING: usize = 2048;
const MOST: usize = 64;

/// The state after a number of entries.
#[derive(Clone, Debug)]
struct Checkpoint {
    entries: usize,
    state: State,
}

/// The state after all entries, and checkpoints on the way there.
#[derive(Clone, Debug)]
pub(super) struct Replayed {
    spacing: usize,
    checkpoints: Vec<Checkpoint>,
    pub(super) head: State,
}

/// What replaces the end of a replay.
#[derive(Debug)]
pub(super) struct Tail {
    kept: usize,
    checkpoints: Vec<Checkpoint>,
    pub(super) head: State,
}

impl Default for Replayed {
    fn default() -> Self {
        Self {
            spacing: SPACING,
            checkpoints: Vec::new(),
            head: State::default(),
        }
    }
}

impl Replayed {
    /// An empty replay with a checkpoint after every so many entries.
    #[cfg(test)]
    pub(super) fn every(spacing: usize) -> Self {
        Self {
            spacing,
            ..Self::default()
        }
    }

    /// The latest state at or before `entries` entries, and how many it has.
    pub(super) fn before(&self, entries: usize, all: usize) -> (usize, State) {
        if entries >= all {
            return (all, self.head.clone());
        }
        let kept = self.kept(entries);
        match kept.checked_sub(1).and_then(|last| self.checkpoints.get(last)) {
            Some(checkpoint) => (checkpoint.entries, checkpoint.state.clone()),
            None => (0, State::default()),
        }
    }

    /// Replays again from `first` on, where `entries` says what comes after the first `start` of the old ones.
    pub(super) fn again<'e>(
        &self,
        world: World<'_>,
        first: usize,
        all: usize,
        entries: impl FnOnce(usize) -> Box<dyn Iterator<Item = &'e Entry> + 'e>,
    ) -> Result<Tail, Refusal> {
        let (start, mut state) = self.before(first, all);
        let kept = self.kept(start);
        let mut checkpoints = Vec::new();
        let mut ignored = Closings::ignored();
        for (done, entry) in (start + 1..).zip(entries(start)) {
            fold(&mut state, world, entry, &mut ignored)?;
            if done % self.spacing == 0 {
                checkpoints.push(Checkpoint {
                    entries: done,
                    state: state.clone(),
                });
            }
        }
        Ok(Tail {
            kept,
            checkpoints,
            head: state,
        })
    }

    /// Puts a tail in place.
    pub(super) fn replace(&mut self, tail: Tail) {
        self.checkpoints.truncate(tail.kept);
        self.checkpoints.extend(tail.checkpoints);
        self.head = tail.head;
        while self.checkpoints.len() > MOST {
            self.spacing *= 2;
            let spacing = self.spacing;
            self.checkpoints
                .retain(|checkpoint| checkpoint.entries % spacing == 0);
        }
    }

    /// How many checkpoints hold no more than `entries` entries.
    fn kept(&self, entries: usize) -> usize {
        self.checkpoints
            .partition_point(|checkpoint| checkpoint.entries <= entries)
    }
}
