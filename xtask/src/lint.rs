//! Formatting and lints, each warning an error.

use anyhow::Result;

use crate::workspace::{self, Workspace};

/// The checks by name. `--workspace` is never used: it would build the app for server and browser at once, which it
/// refuses. The first clippy line is the server's side (the app with `ssr`, the contract with `schema`, by way of
/// `portal`'s own features), the second is the browser's, the third is this tool.
pub(crate) const CHECKS: [(&str, &[&str]); 4] = [
    ("format", &["fmt", "--all", "--check"]),
    (
        "clippy, server",
        &[
            "clippy",
            "-p",
            "portal",
            "-p",
            "contract",
            "-p",
            "app",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ],
    ),
    (
        "clippy, browser",
        &[
            "clippy",
            "-p",
            "web",
            "--target",
            "wasm32-unknown-unknown",
            "--",
            "-D",
            "warnings",
        ],
    ),
    (
        "clippy, xtask",
        &["clippy", "-p", "xtask", "--all-targets", "--", "-D", "warnings"],
    ),
];

/// Runs every check and stops at the first that fails.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    for (_, args) in CHECKS {
        workspace::run(&mut workspace.cargo(args))?;
    }
    Ok(())
}
