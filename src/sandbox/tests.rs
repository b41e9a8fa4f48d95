//! The rules on real files.

mod authorities;
mod clients;
mod consents;
mod custody;
mod demo;
mod habits;
mod harness;
mod history;
mod pages;
mod registry;
mod reset;
mod sweep;
mod trees;
mod writer;
