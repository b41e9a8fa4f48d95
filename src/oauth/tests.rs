//! The authorization server over its own router, on a real control database.

mod budgets;
mod clients;
mod desk;
mod endpoints;
mod forgery;
mod hostile_assertions;
mod hostile_tokens;
mod registration;
mod replays;
mod revocation;
mod rotation;
mod standing;
