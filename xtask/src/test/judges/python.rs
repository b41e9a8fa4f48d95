//! The Python that the judges run in.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result};

use super::super::browser;
use crate::workspace::run as run_command;

/// A virtual environment with the judges of this very list.
pub(super) fn install(bench: &Path, folder: &Path) -> Result<PathBuf> {
    let list = bench.join("requirements.txt");
    let wanted = fs::read_to_string(&list).context("the list of Python judges is missing")?;
    let stamp = folder.join("stamp");
    if fs::read_to_string(&stamp).is_ok_and(|old| old == wanted) {
        return Ok(folder.join("bin"));
    }
    if make_environment(folder).is_err() {
        // Debian's Python comes without the module until it is asked for.
        browser::apt(&["update"])?;
        browser::apt(&["install", "-y", "--no-install-recommends", "python3-venv"])?;
        make_environment(folder)?;
    }
    let mut install = Command::new(folder.join("bin/pip"));
    install
        .args(["install", "--quiet", "--disable-pip-version-check", "-r"])
        .arg(&list);
    run_command(&mut install)?;
    fs::write(stamp, wanted)?;
    Ok(folder.join("bin"))
}

fn make_environment(folder: &Path) -> Result<()> {
    let mut command = Command::new("python3");
    command.args(["-m", "venv", "--clear"]).arg(folder);
    run_command(&mut command)
}
