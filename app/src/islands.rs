//! The islands: the only code of this crate that reaches the browser.

mod answer;
pub mod builder;
mod follow;
mod form;
mod history;
mod rows;

pub use builder::Builder;
