//! The portal's pages: what they show (plain data), how it is drawn, and the islands that come alive in the browser.
//!
//! | module | holds |
//! | --- | --- |
//! | [`model`] | the plain data that pages draw; the server and the docs engine fill it |
//! | [`request`] | the one request object behind form, sample, wire and log |
//! | [`sample`] | that object as a command to paste |
//! | [`port`] | what the pages ask of the server, as traits |
//! | [`link`] | every address of the portal |
//! | [`json`], [`figures`] | answers, times and sizes for reading |
//! | `routes`, `pages`, `parts` | what the server draws (feature `ssr`) |
//! | [`islands`], [`actions`] | what comes alive in the browser, and what it asks of the server |
//!
//! # Adding a page
//!
//! Put its data into `model`, draw it in `pages/`, export its `render_…` function from `routes`, give it sample data
//! in `samples.rs` (a test renders every page there), and let the server fill and serve it. Nothing of it reaches the
//! browser as code: only what stands under `islands/` does.

#[cfg(test)]
mod contrast;
#[cfg(feature = "ssr")]
mod pages;
#[cfg(feature = "ssr")]
mod parts;
#[cfg(feature = "ssr")]
pub mod routes;
#[cfg(all(test, feature = "ssr"))]
mod samples;

pub mod actions;
pub mod figures;
pub mod islands;
pub mod json;
pub mod link;
pub mod model;
pub mod port;
pub mod request;
pub mod sample;
