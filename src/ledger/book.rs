//! A tenant's ledger in memory: entries in order, and what they add up to.

mod structure;

use super::{
    Chart, Entry, Fault, Market, Position, Reason, Refusal, State, TransactionNo,
    checkpoints::{Replayed, Tail},
    closing::{Closing, Closings},
    replay::{World, fold},
};
use jiff::civil::Date;

/// Entries and their replay. Every change is refused whole or done whole.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    chart: Chart,
    market: Market,
    entries: Vec<Entry>,
    replayed: Replayed,
}

impl Ledger {
    /// An empty ledger over a chart and a market.
    pub fn new(chart: Chart, market: Market) -> Self {
        Self {
            chart,
            market,
            ..Self::default()
        }
    }

    /// An empty ledger with a checkpoint after every so many entries.
    #[cfg(test)]
    pub(super) fn every(chart: Chart, market: Market, spacing: usize) -> Self {
        Self {
            replayed: Replayed::every(spacing),
            ..Self::new(chart, market)
        }
    }

    /// A ledger of entries in any order.
    ///
    /// # Errors
    /// Names the first entry that cannot be.
    pub fn load(chart: Chart, market: Market, entries: Vec<Entry>) -> Result<Self, Refusal> {
        let mut ledger = Self::new(chart, market);
        ledger.extend(entries)?;
        Ok(ledger)
    }

    /// The entries in the order of replay.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The state as it would be after everything and `entry`; nothing changes.
    ///
    /// # Errors
    /// Says why it cannot be: of the entry itself or of a later one.
    pub fn with_entry(&self, entry: &Entry) -> Result<State, Refusal> {
        let place = self.place(entry)?;
        self.with(place, entry).map(|tail| tail.head)
    }

    /// Inserts an entry where its day and number put it.
    ///
    /// # Errors
    /// Says why it cannot be: of the entry itself or of a later one. Nothing has changed then.
    pub fn insert(&mut self, entry: Entry) -> Result<(), Refusal> {
        let place = self.place(&entry)?;
        let tail = self.with(place, &entry)?;
        self.replayed.replace(tail);
        self.entries.insert(place, entry);
        Ok(())
    }

    /// Inserts entries in any order, as they were accepted before: one that closes lots without naming them closes the
    /// oldest, since the method may have been another one then.
    ///
    /// # Errors
    /// Names the first entry that cannot be. Nothing has changed then.
    pub fn extend(&mut self, mut added: Vec<Entry>) -> Result<(), Refusal> {
        added.sort_unstable_by_key(Entry::rank);
        let Some(first) = added.first() else {
            return Ok(());
        };
        let place = self.entries.partition_point(|held| held.rank() < first.rank());
        let mut suffix = added;
        if place < self.entries.len() {
            suffix.extend_from_slice(&self.entries[place..]);
            suffix.sort_unstable_by_key(Entry::rank);
        }
        let mut neighbours = suffix.iter().zip(suffix.iter().skip(1));
        if let Some((_, twice)) = neighbours.find(|(left, right)| left.rank() == right.rank()) {
            return Err(refusal(twice, Reason::Duplicate));
        }
        let tail = self
            .replayed
            .again(self.world(), place, self.entries.len(), |start| {
                Box::new(self.entries[start..place].iter().chain(&suffix))
            })?;
        self.replayed.replace(tail);
        if place == 0 {
            // It has grown row by row, and is kept.
            suffix.shrink_to_fit();
            self.entries = suffix;
        } else {
            self.entries.truncate(place);
            self.entries.append(&mut suffix);
        }
        Ok(())
    }

    /// The state as it would be without an entry; that of now where there is none. Nothing changes.
    ///
    /// # Errors
    /// Names the first later entry that would be impossible without it.
    pub fn without_entry(&self, number: TransactionNo) -> Result<State, Refusal> {
        match self.find(number) {
            Some(place) => self.without(place).map(|tail| tail.head),
            None => Ok(self.head().clone()),
        }
    }

    /// Deletes an entry and returns it; none where there is none.
    ///
    /// # Errors
    /// Names the first later entry that would be impossible without it. Nothing has changed then.
    pub fn delete(&mut self, number: TransactionNo) -> Result<Option<Entry>, Refusal> {
        let Some(place) = self.find(number) else {
            return Ok(None);
        };
        let tail = self.without(place)?;
        self.replayed.replace(tail);
        Ok(Some(self.entries.remove(place)))
    }

    /// The state after everything.
    pub fn head(&self) -> &State {
        &self.replayed.head
    }

    /// The state at the end of `day`.
    ///
    /// # Errors
    /// None that a ledger which was accepted could give.
    pub fn state_at(&self, day: Date) -> Result<State, Fault> {
        let wanted = self.entries.partition_point(|entry| entry.trade_date <= day);
        let (done, mut state) = self.replayed.before(wanted, self.entries.len());
        for entry in &self.entries[done..wanted] {
            fold(&mut state, self.world(), entry, &mut Closings::ignored()).map_err(|_| Fault::Overflow)?;
        }
        Ok(state)
    }

    /// Everything that is or was held at the end of `day`.
    ///
    /// # Errors
    /// None that a ledger which was accepted could give.
    pub fn positions(&self, day: Date) -> Result<Vec<Position>, Fault> {
        Ok(self.state_at(day)?.positions().cloned().collect())
    }

    /// Every part of a lot that was closed from one day to another, both included, in the order of replay.
    ///
    /// # Errors
    /// None that a ledger which was accepted could give.
    pub fn closings(&self, from: Date, to: Date) -> Result<Vec<Closing>, Fault> {
        let bound = |is_before: &dyn Fn(Date) -> bool| {
            self.entries.partition_point(|entry| is_before(entry.trade_date))
        };
        let (first, end) = (bound(&|day| day < from), bound(&|day| day <= to));
        let (done, mut state) = self.replayed.before(first, self.entries.len());
        let mut kept = Closings::kept();
        for (place, entry) in (done..).zip(&self.entries[done..end.max(done)]) {
            let mut ignored = Closings::ignored();
            let closings = if place < first { &mut ignored } else { &mut kept };
            fold(&mut state, self.world(), entry, closings).map_err(|_| Fault::Overflow)?;
        }
        Ok(kept.take())
    }

    /// The latest known state at or before so many entries, and how many it has.
    pub(super) fn before(&self, entries: usize) -> (usize, State) {
        self.replayed.before(entries, self.entries.len())
    }

    pub(super) fn world(&self) -> World<'_> {
        World {
            chart: &self.chart,
            market: &self.market,
            new: None,
        }
    }

    fn place(&self, entry: &Entry) -> Result<usize, Refusal> {
        match self.entries.binary_search_by_key(&entry.rank(), Entry::rank) {
            Ok(_) => Err(refusal(entry, Reason::Duplicate)),
            Err(place) => Ok(place),
        }
    }

    fn find(&self, number: TransactionNo) -> Option<usize> {
        self.entries.iter().rposition(|entry| entry.number == number)
    }

    fn with(&self, place: usize, entry: &Entry) -> Result<Tail, Refusal> {
        let world = World {
            new: Some(entry.number),
            ..self.world()
        };
        self.replayed.again(world, place, self.entries.len(), |start| {
            let (before, after) = (&self.entries[start..place], &self.entries[place..]);
            Box::new(before.iter().chain([entry]).chain(after))
        })
    }

    fn without(&self, place: usize) -> Result<Tail, Refusal> {
        self.replayed
            .again(self.world(), place, self.entries.len(), |start| {
                let (before, after) = (&self.entries[start..place], &self.entries[place + 1..]);
                Box::new(before.iter().chain(after))
            })
    }
}

/// Why an entry cannot be.
pub(super) fn refusal(entry: &Entry, reason: Reason) -> Refusal {
    Refusal {
        number: entry.number,
        date: entry.trade_date,
        reason,
    }
}
