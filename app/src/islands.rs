//! The islands: the only code of this crate that reaches the browser.

mod answer;
pub mod builder;
mod follow;
pub mod statement;

pub use builder::Builder;
pub use statement::Statement;
