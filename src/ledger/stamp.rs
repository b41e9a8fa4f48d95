//! Names for contents, so that what was worked out from one can be found again.

use std::sync::atomic::{AtomicU64, Ordering};

/// Names one content in this process. Contents are compared by what they are, so any two stamps are equal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stamp(u64);

impl Stamp {
    /// A name that no other content has.
    pub(super) fn fresh() -> Self {
        static LAST: AtomicU64 = AtomicU64::new(0);
        Self(LAST.fetch_add(1, Ordering::Relaxed))
    }
    /// The name itself.
    pub(super) const fn number(self) -> u64 {
        self.0
    }
}

impl PartialEq for Stamp {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
