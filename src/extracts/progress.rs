//! How far the writing of an extract has come, told to those who ask, and whether it is to stop.

use super::trouble::Trouble;
use contract::extracts::ExtractProgress;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Shared by the thread that writes and the task that watches it.
#[derive(Debug)]
pub(super) struct Progress {
    done: AtomicU64,
    total: AtomicU64,
    stopped: AtomicBool,
}

/// Stands for a total that is not known.
const UNKNOWN: u64 = u64::MAX;

impl Default for Progress {
    fn default() -> Self {
        Self {
            done: AtomicU64::new(0),
            total: AtomicU64::new(UNKNOWN),
            stopped: AtomicBool::new(false),
        }
    }
}

impl Progress {
    /// There will be so many rows.
    pub(super) fn expect(&self, rows: u64) {
        self.total.store(rows, Ordering::Relaxed);
    }

    /// One more row is written.
    ///
    /// # Errors
    /// When the writing is to stop.
    pub(super) fn row(&self) -> Result<(), Trouble> {
        self.done.fetch_add(1, Ordering::Relaxed);
        self.go_on()
    }

    /// `Err` when the writing is to stop.
    ///
    /// # Errors
    /// As said.
    pub(super) fn go_on(&self) -> Result<(), Trouble> {
        if self.is_stopped() {
            return Err(Trouble::Stopped);
        }
        Ok(())
    }

    /// Has the writing stop at the next row.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Whether it is to stop.
    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// How many rows are written.
    pub(super) fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// How it stands.
    pub(super) fn shown(&self) -> ExtractProgress {
        let total = self.total.load(Ordering::Relaxed);
        ExtractProgress {
            rows_done: self.done(),
            rows_total: (total != UNKNOWN).then_some(total),
        }
    }
}
