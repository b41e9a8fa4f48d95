//! What is known of a tenant without asking its file.

use contract::Timestamp;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use tokio::sync::watch;

/// What is known of a tenant without asking its file; each the committed state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Figures {
    /// Counts the changes to the tenant's data.
    pub(super) version: u64,
    /// How far domain time is ahead of real time, in milliseconds.
    pub(super) clock_offset: i64,
    /// The next instant, in domain time, at which something changes by itself.
    pub(super) next_due: Option<Timestamp>,
    /// Whether a fault waits for a call to strike.
    pub(super) has_faults: bool,
    /// Whether work waits that no call does.
    pub(super) has_work: bool,
    /// Whether an enabled endpoint listens to events.
    pub(super) listens: bool,
    /// The next instant, in real time, at which a delivery is to be attempted.
    pub(super) next_delivery: Option<Timestamp>,
}

impl Figures {
    /// The next due instant in real time.
    pub(super) fn due_in_real_time(self) -> Option<Timestamp> {
        self.next_due.map(|due| due.plus_millis(-self.clock_offset))
    }
}

/// [`Figures`] that many can read while the writer changes them.
#[derive(Debug)]
pub(super) struct Published {
    version: AtomicU64,
    clock_offset: AtomicI64,
    next_due: AtomicI64,
    next_delivery: AtomicI64,
    has_faults: AtomicBool,
    changed: watch::Sender<()>,
}

impl Published {
    pub(super) fn new(figures: Figures) -> Self {
        let published = Self {
            version: AtomicU64::default(),
            clock_offset: AtomicI64::default(),
            next_due: AtomicI64::default(),
            next_delivery: AtomicI64::default(),
            has_faults: AtomicBool::default(),
            changed: watch::Sender::new(()),
        };
        published.set(figures);
        published
    }

    pub(super) fn set(&self, figures: Figures) {
        let millis = |instant: Option<Timestamp>| instant.map_or(i64::MAX, Timestamp::as_millis);
        self.next_due.store(millis(figures.next_due), Ordering::Release);
        self.next_delivery
            .store(millis(figures.next_delivery), Ordering::Release);
        self.has_faults.store(figures.has_faults, Ordering::Release);
        self.clock_offset.store(figures.clock_offset, Ordering::Release);
        self.version.store(figures.version, Ordering::Release);
        self.wake();
    }

    /// Tells whoever waits for a change to look again.
    pub(super) fn wake(&self) {
        self.changed.send_replace(());
    }

    /// Told of every commit from now on.
    pub(super) fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    pub(super) fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    pub(super) fn clock_offset(&self) -> i64 {
        self.clock_offset.load(Ordering::Acquire)
    }

    pub(super) fn has_faults(&self) -> bool {
        self.has_faults.load(Ordering::Acquire)
    }

    pub(super) fn next_due(&self) -> Option<Timestamp> {
        instant(&self.next_due)
    }

    pub(super) fn next_delivery(&self) -> Option<Timestamp> {
        instant(&self.next_delivery)
    }
}

fn instant(millis: &AtomicI64) -> Option<Timestamp> {
    let millis = millis.load(Ordering::Acquire);
    (millis != i64::MAX).then(|| Timestamp::from_millis(millis))
}
