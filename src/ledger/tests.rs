//! Worked cases of an independent implementation, and what holds of every ledger.

mod pages;
mod properties;
mod rules;
mod vectors;
mod worth;
