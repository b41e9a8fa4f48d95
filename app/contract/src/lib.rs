//! What the Aleta API promises: operations, wire types, problem codes and scopes.
//!
//! This crate does no I/O and knows neither axum nor Leptos. Everything else is derived from it: the router, the
//! OpenAPI document, the operation block of the docs, the builder's form, the code samples and the table-driven tests.
//!
//! # Adding an operation
//!
//! 1. Give its wire types doc comments in the resource's file (they become descriptions in OpenAPI and in the docs).
//! 2. Declare it with [`operation!`]; the doc comment is its published description, so it cannot be left out.
//! 3. Add it to the resource's `cards()` list, which [`contract()`] folds.
//! 4. Mount a handler for it in the server's `api.rs`: a reply of another type does not compile, and a test fails
//!    while an operation is promised but not mounted, or has no page in the docs.

pub mod decimal;
pub mod demo;
pub mod form;
pub mod grouping;
pub mod ids;
pub mod operation;
pub mod page;
pub mod patch;
pub mod problem;
pub mod query;
pub mod scope;
pub mod text;
pub mod time;

pub mod accounts;
pub mod authorities;
pub mod cashflows;
pub mod clients;
pub mod custodians;
pub mod deliveries;
pub mod depositories;
pub mod events;
pub mod extracts;
pub mod faults;
pub mod holdings;
pub mod inboxes;
pub mod instruments;
pub mod legacy;
pub mod legal_entities;
pub mod performance;
pub mod portfolios;
pub mod positions;
pub mod reporting_entities;
pub mod sandbox;
pub mod time_series;
pub mod transactions;
pub mod users;
pub mod webhooks;

#[cfg(feature = "schema")]
pub mod card;
#[cfg(feature = "schema")]
pub mod check;
#[cfg(feature = "schema")]
pub mod openapi;

#[cfg(all(test, feature = "schema"))]
mod tests;

pub use decimal::Decimal;
pub use operation::{Auth, Example, Group, Method, Nothing, Operation, Reply, Spec, Track, Wire};
pub use page::{ListQuery, Page};
pub use patch::{Change, Field};
pub use problem::{FieldError, Problem, ProblemCode};
pub use query::Paged;
pub use scope::{Scope, ScopeSet};
pub use time::{Day, Timestamp};

#[cfg(feature = "schema")]
pub use card::{Card, Contract, ErasedExample, contract};
