//! The places of the registry: which tenants are open, being opened or being closed.

use crate::store::{log::RequestLog, tenant::Tenant};
use contract::ids::SandboxId;
use std::{collections::HashMap, sync::Arc};
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;

/// A tenant, once the first of those who wait for it has opened it.
pub(super) type Cell = Arc<OnceCell<Arc<Tenant>>>;

#[derive(Debug)]
enum Slot {
    Open {
        cell: Cell,
        /// The log of an earlier epoch, which goes on.
        log: Option<Arc<RequestLog>>,
        used: u64,
    },
    /// Its last user has gone and its file is being closed; it must not be opened again before that is done.
    Closing(CancellationToken),
}

/// What a caller who wants a tenant has to do.
pub(super) enum Step {
    /// Open it, or share in the opening.
    Open(Cell),
    /// Wait until it is closed, then ask again.
    Wait(CancellationToken),
}

/// The places.
#[derive(Debug)]
pub(super) struct Slots {
    at_most: usize,
    uses: u64,
    by_id: HashMap<SandboxId, Slot>,
}

impl Slots {
    pub(super) fn new(at_most: usize) -> Self {
        Self {
            at_most,
            uses: 0,
            by_id: HashMap::new(),
        }
    }

    /// How many tenants are open or being opened.
    pub(super) fn open_count(&self) -> usize {
        self.by_id
            .values()
            .filter(|slot| matches!(slot, Slot::Open { .. }))
            .count()
    }

    /// What to do to get the tenant `id` in `epoch` or later, and which tenants start to close to make room for it.
    pub(super) fn step(&mut self, id: &SandboxId, epoch: u32) -> (Step, Vec<(SandboxId, CancellationToken)>) {
        self.uses += 1;
        match self.by_id.get_mut(id) {
            Some(Slot::Closing(closed)) => return (Step::Wait(closed.clone()), Vec::new()),
            Some(Slot::Open { cell, used, .. }) if cell.get().is_none_or(|open| open.epoch() >= epoch) => {
                *used = self.uses;
                let cell = Arc::clone(cell);
                // Those that were in use when room was wanted may be idle by now.
                return (Step::Open(cell), self.make_room());
            }
            Some(Slot::Open { .. }) | None => {}
        }
        // Another process has started the next epoch, and removes the file of this one.
        let (cell, _past) = self.renew(id);
        (Step::Open(cell), self.make_room())
    }

    /// Gives `id` a fresh place, and back what was open there.
    pub(super) fn renew(&mut self, id: &SandboxId) -> (Cell, Option<Arc<Tenant>>) {
        let log = self.log(id);
        let past = self.take(id);
        let cell = Cell::default();
        let slot = Slot::Open {
            cell: Arc::clone(&cell),
            log,
            used: self.uses,
        };
        self.by_id.insert(id.clone(), slot);
        (cell, past)
    }

    /// Empties the place of `id`, and gives back what was open there.
    pub(super) fn take(&mut self, id: &SandboxId) -> Option<Arc<Tenant>> {
        match self.by_id.remove(id)? {
            Slot::Open { cell, .. } => cell.get().cloned(),
            Slot::Closing(_) => None,
        }
    }

    /// The log of the sandbox, if it is open.
    pub(super) fn log(&self, id: &SandboxId) -> Option<Arc<RequestLog>> {
        match self.by_id.get(id) {
            Some(Slot::Open { cell, log, .. }) => log
                .clone()
                .or_else(|| cell.get().map(|open| Arc::clone(open.log()))),
            _ => None,
        }
    }

    /// Whether the place of `id` is this one.
    pub(super) fn holds(&self, id: &SandboxId, this: &Cell) -> bool {
        matches!(self.by_id.get(id), Some(Slot::Open { cell, .. }) if Arc::ptr_eq(cell, this))
    }

    /// Empties the place of `id` if it is this one and nothing was opened there.
    pub(super) fn forget_unopened(&mut self, id: &SandboxId, this: &Cell) {
        if self.holds(id, this) && this.get().is_none() {
            self.by_id.remove(id);
        }
    }

    /// Empties the place of `id` if what was closing there has closed.
    pub(super) fn forget(&mut self, id: &SandboxId, closed: &CancellationToken) {
        if closed.is_cancelled()
            && matches!(self.by_id.get(id), Some(Slot::Closing(token)) if token.is_cancelled())
        {
            self.by_id.remove(id);
        }
    }

    /// Empties every place, and gives back what was open and what to wait for.
    pub(super) fn drain(&mut self) -> (Vec<Arc<Tenant>>, Vec<CancellationToken>) {
        let (mut open, mut closing) = (Vec::new(), Vec::new());
        for (_, slot) in self.by_id.drain() {
            match slot {
                Slot::Open { cell, .. } => open.extend(cell.get().cloned()),
                Slot::Closing(closed) => closing.push(closed),
            }
        }
        closing.extend(open.iter().map(|tenant| tenant.closed()));
        (open, closing)
    }

    /// Starts to close those least recently used without users, until few enough are open or all are in use.
    pub(super) fn make_room(&mut self) -> Vec<(SandboxId, CancellationToken)> {
        let mut closing = Vec::new();
        if self.by_id.len() <= self.at_most {
            return closing;
        }
        for _ in self.at_most..self.open_count() {
            let idle = self
                .by_id
                .iter()
                .filter_map(|(id, slot)| idle(slot).map(|(used, closed)| (used, id, closed)))
                .min_by_key(|(used, ..)| *used);
            let Some((_, id, closed)) = idle else {
                break;
            };
            let id = id.clone();
            // Dropping the last handle is what closes it.
            self.by_id.insert(id.clone(), Slot::Closing(closed.clone()));
            closing.push((id, closed));
        }
        closing
    }
}

/// When an open tenant without users was last used, and what tells that it has closed. Users are only ever added
/// through the registry, under its lock, so one that has none now keeps none.
fn idle(slot: &Slot) -> Option<(u64, CancellationToken)> {
    match slot {
        Slot::Open { cell, used, .. } if Arc::strong_count(cell) == 1 => cell
            .get()
            .filter(|tenant| Arc::strong_count(tenant) == 1)
            .map(|tenant| (*used, tenant.closed())),
        _ => None,
    }
}
