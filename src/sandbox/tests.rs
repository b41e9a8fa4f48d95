//! The rules on real files.

mod clients;
mod harness;
