//! The Aleta developer portal and, inside the same binary, the sandbox implementation of the API that it documents.
//!
//! ```text
//! main → cli → serve → { site | api | oauth | webhooks } → extracts → sandbox → ledger
//!                              └─────────────────────────→ store → { clock, ids, contract }
//! docs ← site, api
//! ```
//!
//! An arrow never points up: `store` holds all SQL, `sandbox` the rules without HTTP or SQL text, `api` the HTTP
//! without SQL. To add an operation, read the `contract` crate's page first.

pub mod administer;
pub mod api;
#[cfg(feature = "site")]
pub mod assets;
pub mod checklist;
pub mod cli;
pub mod clock;
pub mod config;
#[cfg(feature = "site")]
pub mod docs;
pub mod extracts;
pub mod ids;
pub mod layers;
pub mod ledger;
pub mod metrics;
pub mod oauth;
pub mod people;
pub mod problem;
pub mod sandbox;
pub mod serve;
#[cfg(feature = "site")]
pub mod site;
pub mod store;
pub mod throttle;
pub mod trace;
pub mod webhooks;
