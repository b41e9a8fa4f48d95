//! The journeys in a real browser: installs what is missing, then runs Playwright against the debug build.

use std::{env, fs, path::Path, process::Command};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::tally::Tally;
use crate::workspace::{Profile, Workspace, run as run_command};

const CHROMIUM: &str = "/usr/bin/chromium";

/// Runs every journey and counts the results.
pub(crate) fn run(workspace: &Workspace) -> Result<Tally> {
    let folder = workspace.root.join("end2end");
    install_packages(&folder)?;
    let chromium = find_chromium()?;
    let report = workspace.target.join("playwright-report.json");
    if report.exists() {
        fs::remove_file(&report)?;
    }
    let status = Command::new("npx")
        .current_dir(&folder)
        .args([
            "--no-install",
            "playwright",
            "test",
            "--reporter=list,json",
            "--pass-with-no-tests",
        ])
        .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report)
        .env("CHROMIUM", chromium)
        .env("PORTAL_BIN", workspace.portal(Profile::Debug))
        .env("CI", "1")
        .status()
        .context("could not start npx")?;
    let text =
        fs::read_to_string(&report).with_context(|| format!("Playwright left no report ({status})"))?;
    let mut tally = Tally::of_playwright(&serde_json::from_str::<Value>(&text)?);
    if !status.success() && tally.failed == 0 {
        tally += Tally::one_failed();
    }
    Ok(tally)
}

/// `npm ci`, unless the installed packages are the ones of this very lock file.
pub(crate) fn install_packages(folder: &Path) -> Result<()> {
    let lock = fs::read_to_string(folder.join("package-lock.json"))
        .with_context(|| format!("{}/package-lock.json is missing", folder.display()))?;
    let stamp = folder.join("node_modules/.stamp");
    if fs::read_to_string(&stamp).is_ok_and(|old| old == lock) {
        return Ok(());
    }
    let mut install = Command::new("npm");
    // The browser comes from the system's packages; Playwright would fetch its own from elsewhere.
    install
        .current_dir(folder)
        .args(["ci", "--no-audit", "--no-fund"])
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    run_command(&mut install).context("the browser tests need node 20 or later, with npm")?;
    Ok(fs::write(stamp, lock)?)
}

/// The browser: `$CHROMIUM`, or the system's, installed if it is not there.
pub(crate) fn find_chromium() -> Result<String> {
    if let Ok(path) = env::var("CHROMIUM") {
        ensure!(
            Path::new(&path).is_file(),
            "CHROMIUM names {path}, which is no file"
        );
        return Ok(path);
    }
    if !Path::new(CHROMIUM).is_file() {
        let advice = "the browser tests need Chromium: as root, run `apt-get install -y chromium`, \
                      or set CHROMIUM to the path of one";
        apt(&["update"]).context(advice)?;
        apt(&[
            "install",
            "-y",
            "--no-install-recommends",
            "chromium",
            "fonts-liberation",
        ])
        .context(advice)?;
    }
    Ok(CHROMIUM.to_owned())
}

pub(super) fn apt(args: &[&str]) -> Result<()> {
    run_command(
        Command::new("apt-get")
            .args(args)
            .env("DEBIAN_FRONTEND", "noninteractive"),
    )
}
