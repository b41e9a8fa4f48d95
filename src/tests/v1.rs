//! The API on v1, and what holds for every operation of every track.

mod authorities;
mod caching;
mod cashflows;
mod clients;
mod conventions;
mod events;
mod every_operation;
mod extracts;
mod faults;
mod figures;
mod holdings;
mod idempotency;
mod instruments;
mod legal_entities;
mod limits;
mod lists;
mod own_instruments;
mod own_points;
mod performance;
mod positions;
mod replay;
mod snapshots;
mod transactions;
mod users;
mod vectors;
mod webhooks;
