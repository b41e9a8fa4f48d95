//! API and portal tests over real HTTP on real files, one binary; the tree mirrors the URLs.
#![expect(
    clippy::expect_used,
    reason = "a test that cannot go on says what it expected"
)]

mod architecture;
#[cfg(feature = "site")]
mod docs;
mod harness;

mod process;
mod receiver;
#[cfg(feature = "site")]
mod site;
mod v1;
mod world;
