//! API and portal tests over real HTTP on real files.
fn main() {}
