//! A ledger with changes that are tried and not made: what a write looks at inside its own transaction, which may yet be
//! rolled back.

use super::{
    Chart, Entry, Fault, Ledger, Reason, Refusal, State, TransactionNo,
    book::refusal,
    closing::Closings,
    replay::{World, fold},
};
use jiff::civil::Date;

/// A ledger as it would be with some entries more and some fewer.
#[derive(Clone, Debug)]
pub struct Trial<'a> {
    ledger: &'a Ledger,
    /// In the order of replay.
    added: Vec<Entry>,
    removed: Vec<TransactionNo>,
    head: State,
}

impl Ledger {
    /// The ledger with these entries added and removed, as they were accepted before. What is added behind everything
    /// else costs no replay; what comes or goes earlier is replayed from the nearest checkpoint.
    ///
    /// # Errors
    /// Names the first entry that cannot be.
    pub fn trial(&self, mut added: Vec<Entry>, removed: Vec<TransactionNo>) -> Result<Trial<'_>, Refusal> {
        added.sort_unstable_by_key(Entry::rank);
        Trial::replay(self, (added, removed), None)
    }
}

impl<'a> Trial<'a> {
    /// The state after everything.
    pub fn head(&self) -> &State {
        &self.head
    }

    /// What entries may name.
    pub fn chart(&self) -> &'a Chart {
        self.ledger.chart()
    }

    /// The same with a new entry.
    ///
    /// # Errors
    /// Says why it cannot be: of the entry itself or of a later one.
    pub fn insert(&self, entry: Entry) -> Result<Self, Refusal> {
        let is_known = self.find(entry.rank()).is_some() && !self.removed.contains(&entry.number);
        let mut added = self.added.clone();
        match added.binary_search_by_key(&entry.rank(), Entry::rank) {
            Err(place) if !is_known => {
                let new = entry.number;
                added.insert(place, entry);
                Self::replay(self.ledger, (added, self.removed.clone()), Some(new))
            }
            _ => Err(refusal(&entry, Reason::Duplicate)),
        }
    }

    /// The same without an entry; as it is where there is none.
    ///
    /// # Errors
    /// Names the first later entry that would be impossible without it.
    pub fn delete(&self, number: TransactionNo) -> Result<Self, Refusal> {
        let (mut added, mut removed) = (self.added.clone(), self.removed.clone());
        match added.iter().position(|entry| entry.number == number) {
            Some(place) => drop(added.remove(place)),
            None => removed.push(number),
        }
        Self::replay(self.ledger, (added, removed), None)
    }

    /// The entries from `day` on, in the order of replay.
    pub fn entries_since(&self, day: Date) -> impl Iterator<Item = &Entry> {
        let first = self
            .ledger
            .entries()
            .partition_point(|entry| entry.trade_date < day);
        let added = self.added.partition_point(|entry| entry.trade_date < day);
        merged(
            &self.ledger.entries()[first..],
            &self.added[added..],
            &self.removed,
        )
    }

    /// The state at the end of `day`.
    ///
    /// # Errors
    /// None that a ledger which was accepted could give.
    pub fn state_at(&self, day: Date) -> Result<State, Fault> {
        let is_behind = self
            .entries_since(day.tomorrow().unwrap_or(Date::MAX))
            .next()
            .is_none();
        if is_behind {
            return Ok(self.head.clone());
        }
        let first = first_change(self.ledger, (&self.added, &self.removed));
        let wanted = self
            .ledger
            .entries()
            .partition_point(|entry| entry.trade_date <= day);
        let (start, mut state) = self.ledger.before(first.min(wanted));
        let until = self.added.partition_point(|entry| entry.trade_date <= day);
        let entries = merged(
            &self.ledger.entries()[start..wanted.max(start)],
            &self.added[..until],
            &self.removed,
        );
        for entry in entries {
            fold(&mut state, self.ledger.world(), entry, &mut Closings::ignored())
                .map_err(|_| Fault::Overflow)?;
        }
        Ok(state)
    }

    fn find(&self, rank: (Date, TransactionNo)) -> Option<usize> {
        self.ledger
            .entries()
            .binary_search_by_key(&rank, Entry::rank)
            .ok()
    }

    fn replay(
        ledger: &'a Ledger,
        (added, removed): (Vec<Entry>, Vec<TransactionNo>),
        new: Option<TransactionNo>,
    ) -> Result<Self, Refusal> {
        let first = first_change(ledger, (&added, &removed));
        let (start, mut state) = ledger.before(first);
        let world = World {
            new,
            ..ledger.world()
        };
        for entry in merged(&ledger.entries()[start..], &added, &removed) {
            fold(&mut state, world, entry, &mut Closings::ignored())?;
        }
        Ok(Self {
            ledger,
            added,
            removed,
            head: state,
        })
    }
}

/// How many entries of the ledger stand before everything that changes.
fn first_change(ledger: &Ledger, (added, removed): (&[Entry], &[TransactionNo])) -> usize {
    let entries = ledger.entries();
    let removed = removed
        .iter()
        .filter_map(|number| entries.iter().rposition(|entry| entry.number == *number));
    let added = added
        .first()
        .map(|first| entries.partition_point(|entry| entry.rank() < first.rank()));
    removed.chain(added).min().unwrap_or(entries.len())
}

/// Entries of two lists, each in the order of replay, without those that were removed.
fn merged<'e>(
    held: &'e [Entry],
    added: &'e [Entry],
    removed: &'e [TransactionNo],
) -> impl Iterator<Item = &'e Entry> {
    let mut held = held
        .iter()
        .filter(|entry| !removed.contains(&entry.number))
        .peekable();
    let mut added = added.iter().peekable();
    std::iter::from_fn(move || match (held.peek(), added.peek()) {
        (Some(left), Some(right)) if right.rank() < left.rank() => added.next(),
        (Some(_), _) => held.next(),
        (None, _) => added.next(),
    })
}
