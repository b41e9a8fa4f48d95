//! Worked cases of an independent implementation, and what holds of every ledger.

mod properties;
mod vectors;
