//! Numbers and ids that look random and are always the same: what the demo data and ingestions are drawn from.

use contract::ids::MalformedId;
use sha2::{Digest, Sha256};
use std::str::FromStr;

/// A stream of numbers that a text determines.
#[derive(Clone, Debug)]
pub(super) struct Seed {
    key: [u8; 32],
    drawn: u64,
}

impl Seed {
    /// The stream of `text`.
    pub(super) fn of(text: &str) -> Self {
        Self {
            key: Sha256::digest(text).into(),
            drawn: 0,
        }
    }

    /// The stream of `text` under this one; it does not matter what was drawn before.
    pub(super) fn under(&self, text: &str) -> Self {
        let mut digest = Sha256::new_with_prefix(self.key);
        digest.update(text);
        Self {
            key: digest.finalize().into(),
            drawn: 0,
        }
    }

    fn block(&mut self) -> [u8; 32] {
        self.drawn += 1;
        let mut digest = Sha256::new_with_prefix(self.key);
        digest.update(self.drawn.to_be_bytes());
        digest.finalize().into()
    }

    /// The next number below `bound`; 0 where that is 0.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        let block = self.block();
        let drawn = u64::from(u32::from_be_bytes([block[0], block[1], block[2], block[3]]));
        u32::try_from((drawn * u64::from(bound)) >> 32).unwrap_or_default()
    }

    /// The next number from `least` to `most`, both included.
    pub(super) fn between(&mut self, least: u32, most: u32) -> u32 {
        least + self.below(most.saturating_sub(least) + 1)
    }

    /// The next of `all`; none where there is none.
    pub(super) fn pick<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        all.get(self.below(u32::try_from(all.len()).unwrap_or(u32::MAX)) as usize)
    }

    /// The next domain object id.
    pub(super) fn object_id<I: FromStr<Err = MalformedId>>(&mut self) -> I {
        match hex::encode(&self.block()[..12]).parse() {
            Ok(id) => id,
            Err(MalformedId) => unreachable!("24 hex digits are an id"),
        }
    }

    /// The next `digits` decimal digits.
    pub(super) fn digits(&mut self, digits: usize) -> String {
        self.block()
            .iter()
            .take(digits)
            .map(|byte| char::from(b'0' + byte % 10))
            .collect()
    }
}
