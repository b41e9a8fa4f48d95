//! The rules of the sandbox, without HTTP and without SQL: what may be created, changed and deleted, and what happens
//! by itself.
//!
//! Every rule takes the tenant it works on, as a [`WriteTx`](crate::store::tenant::WriteTx) or something that reads,
//! and the instant it happens at, which is the sandbox's own time.

pub mod accounts;
pub mod authorities;
pub mod book;
mod cashflows;
pub mod clients;
pub mod clock;
mod convert;
mod coupon;
pub mod custodians;
pub mod deliveries;
mod demo;
pub mod depositories;
mod error;
pub mod events;
pub mod extracts;
pub mod faults;
mod history;
pub mod inboxes;
mod ingest;
pub mod instruments;
pub mod legal_entities;
pub mod portfolios;
pub mod positions;
mod price;
pub mod reference;
pub mod reporting_entities;
mod seed;
mod template;
pub mod tenants;
pub mod time_series;
pub mod transactions;
pub mod users;
pub mod webhooks;

#[cfg(test)]
mod tests;

pub use crate::store::{PageRequest, Rows};
pub use error::DomainError;
