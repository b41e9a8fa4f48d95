//! The rules on real files.

mod clients;
mod demo;
mod harness;
