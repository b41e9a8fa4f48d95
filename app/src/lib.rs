//! The portal's pages: what they show (plain data), how it is drawn, and the islands that come alive in the browser.
//!
//! | module | holds |
//! | --- | --- |
//! | [`model`] | the plain data that pages draw; the server and the docs engine fill it |
//! | [`request`] | the one request object behind form, sample, wire and log |
//! | [`sample`] | that object as a command to paste |
//! | [`port`] | what the pages ask of the server, as traits |
//! | [`link`] | every address of the portal |
//!
//! # Adding a page
//!
//! Put its data into `model`, draw it in `pages/`, export its `render_…` function from `routes`, give it sample data
//! in `samples.rs` (a test renders every page there), and let the server fill and serve it. Nothing of it reaches the
//! browser as code: only what stands under `islands/` does.

pub mod link;
pub mod model;
pub mod port;
pub mod request;
pub mod sample;
