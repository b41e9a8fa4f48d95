//! Measures the release build; the measurements themselves come with a later change.

use anyhow::{Result, bail};

/// Runs the benchmark named by `args`.
pub(crate) fn run(args: &[String]) -> Result<()> {
    bail!("bench is not built yet; it arrives in a later change (arguments were {args:?})")
}
