//! A tenant's ledger in memory: entries in order, and what they add up to.

mod structure;

use super::{
    Chart, Entry, Fault, Gain, Kind, Method, Position, Reason, Refusal, State, TransactionNo,
    checkpoints::{Replayed, Tail},
    replay::fold,
};
use jiff::civil::Date;

/// Entries and their replay. Every change is refused whole or done whole.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    chart: Chart,
    entries: Vec<Entry>,
    replayed: Replayed,
}

impl Ledger {
    /// An empty ledger over a chart.
    pub fn new(chart: Chart) -> Self {
        Self {
            chart,
            ..Self::default()
        }
    }

    /// An empty ledger with a checkpoint after every so many entries.
    #[cfg(test)]
    pub(super) fn every(chart: Chart, spacing: usize) -> Self {
        Self {
            replayed: Replayed::every(spacing),
            ..Self::new(chart)
        }
    }

    /// A ledger of entries in any order.
    ///
    /// # Errors
    /// Names the first entry that cannot be.
    pub fn load(chart: Chart, entries: Vec<Entry>) -> Result<Self, Refusal> {
        let mut ledger = Self::new(chart);
        ledger.extend(entries)?;
        Ok(ledger)
    }

    /// The entries in the order of replay.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Whether `entry` could be inserted; nothing changes.
    ///
    /// # Errors
    /// Says why not: of the entry itself or of a later one.
    pub fn check_insert(&self, entry: &Entry) -> Result<(), Refusal> {
        self.ensure_lots_are_named(entry)?;
        let place = self.place(entry)?;
        self.with(place, entry).map(drop)
    }

    /// Inserts an entry where its day and number put it.
    ///
    /// # Errors
    /// Says why it cannot be: of the entry itself or of a later one. Nothing has changed then.
    pub fn insert(&mut self, entry: Entry) -> Result<(), Refusal> {
        self.ensure_lots_are_named(&entry)?;
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
            .again(&self.chart, place, self.entries.len(), |start| {
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

    /// Whether the entry could be deleted; nothing changes.
    ///
    /// # Errors
    /// Names the first later entry that would be impossible without it.
    pub fn check_delete(&self, number: TransactionNo) -> Result<(), Refusal> {
        match self.find(number) {
            Some(place) => self.without(place).map(drop),
            None => Ok(()),
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
            fold(&mut state, &self.chart, entry).map_err(|_| Fault::Overflow)?;
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

    /// What closing transactions gained up to the end of `day`, in the order of replay.
    pub fn gains(&self, day: Date) -> &[Gain] {
        let gains = &self.replayed.gains;
        &gains[..gains.partition_point(|gain| gain.date <= day)]
    }

    fn ensure_lots_are_named(&self, entry: &Entry) -> Result<(), Refusal> {
        let method = entry
            .depository
            .and_then(|depository| self.chart.depository(depository));
        let closes = matches!(entry.kind, Kind::Sell | Kind::Redemption);
        if closes && method == Some(Method::SpecificId) && entry.lots.is_empty() {
            return Err(refusal(entry, Reason::LotsRequired));
        }
        Ok(())
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
        self.replayed
            .again(&self.chart, place, self.entries.len(), |start| {
                let (before, after) = (&self.entries[start..place], &self.entries[place..]);
                Box::new(before.iter().chain([entry]).chain(after))
            })
    }

    fn without(&self, place: usize) -> Result<Tail, Refusal> {
        self.replayed
            .again(&self.chart, place, self.entries.len(), |start| {
                let (before, after) = (&self.entries[start..place], &self.entries[place + 1..]);
                Box::new(before.iter().chain(after))
            })
    }
}

fn refusal(entry: &Entry, reason: Reason) -> Refusal {
    Refusal {
        number: entry.number,
        date: entry.trade_date,
        reason,
    }
}
