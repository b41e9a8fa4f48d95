//! API and portal tests over real HTTP on real files, one binary; the tree mirrors the URLs.

mod architecture;
mod harness;

mod process;
mod v1;
mod world;
