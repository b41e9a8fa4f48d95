//! The launch checklist: what has to be true before an integration goes live, and what was observed that proves it.
//!
//! Nothing here is ticked and nothing is stored: every item is derived from what the server observed, each time it is
//! read. If the observation is gone, the item is open again. To add an item, say in [`rules`] what would prove it, and
//! in [`evidence`] how that is found.

pub mod evidence;
pub mod rules;

pub use evidence::{Proof, Standing, read};
pub use rules::{ITEMS, Item, Part, Rule};
