//! The portal over real HTTP: what a browser, a stranger and a machine get.

mod board;
pub(crate) mod browser;
mod builder;
mod checklist;
mod crawl;
mod docs;
mod edge;
mod foreign;
mod history;
mod logs;
mod sandbox;
mod sessions;
mod timeline;
mod webhooks;
mod workspace;
