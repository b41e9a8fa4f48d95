//! The Aleta developer portal and, inside the same binary, the sandbox implementation of the API that it documents.
//!
//! ```text
//! main → cli → serve → { site | api | oauth } → sandbox → ledger
//!                              └──────────────→ store → { clock, ids, contract }
//! docs ← site, api
//! ```
//!
//! An arrow never points up: `store` holds all SQL, `sandbox` the rules without HTTP or SQL text, `api` the HTTP
//! without SQL. To add an operation, read the `contract` crate's page first.

#[cfg(feature = "site")]
pub mod assets;
pub mod checklist;
pub mod clock;
#[cfg(feature = "site")]
pub mod docs;
pub mod ids;
pub mod oauth;
pub mod sandbox;
#[cfg(feature = "site")]
pub mod site;
pub mod store;
