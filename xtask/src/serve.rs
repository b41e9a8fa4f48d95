//! Builds the portal and becomes it.

use std::{os::unix::process::CommandExt as _, process::Command};

use anyhow::{Context as _, Result};

use crate::{
    site::{self, Bundle},
    workspace::{Profile, Workspace},
};

/// Builds site and server, then replaces this process by the server, so that signals reach it unaltered.
pub(crate) fn run(workspace: &Workspace, profile: Profile, args: &[String]) -> Result<()> {
    site::build(workspace, Bundle::Small)?;
    workspace.build_portal(profile)?;
    let failure = command(workspace, profile, args).exec();
    Err(failure).context("could not start the portal")
}

/// Builds the one file that is deployed.
pub(crate) fn build_release(workspace: &Workspace) -> Result<()> {
    site::build(workspace, Bundle::Small)?;
    workspace.build_portal(Profile::Release)?;
    println!("{}", workspace.portal(Profile::Release).display());
    Ok(())
}

/// `portal serve`, with its data in the checkout unless the caller says where.
pub(crate) fn command(workspace: &Workspace, profile: Profile, args: &[String]) -> Command {
    let mut command = workspace.command(&workspace.portal(profile).to_string_lossy());
    command.arg("serve");
    if !args.iter().any(|arg| arg.starts_with("--data-dir")) {
        command.args(["--data-dir", "./data"]);
    }
    command.args(args);
    command
}
