//! The launch checklist: what has to be true before an integration goes live, and what was observed that proves it.
//!
//! Nothing here is ticked and no state is stored: every item is derived from what the server observed, or from what
//! people have said in [`approval`], each time it is read. If the observation is gone, or reaches beyond what was
//! agreed to, the item is open again. To add an item, say in [`rules`] what would prove it, and in [`evidence`] how
//! that is found.

pub mod approval;
pub mod evidence;
pub mod rules;

pub use evidence::{Call, Delivered, Proof, Standing, State, read, used};
pub use rules::{ITEMS, Item, Part, Rule};
