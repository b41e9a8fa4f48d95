//! Sends events to the endpoints that listen: finds what is due, signs it, dials, and writes down what came of it.
//!
//! ```text
//! dispatcher → worker, one per sandbox with something due → attempt → exchange → dial
//! ```
//!
//! What waits stands in the tenant's file, and when it next waits in the control database: nothing here has to survive.

mod attempt;
mod dial;
mod dispatcher;
mod exchange;
mod outcomes;
mod places;
mod worker;

pub use dial::{Lookup, Outside};
pub use dispatcher::{Dispatcher, Setup};
pub use exchange::ClientError;
