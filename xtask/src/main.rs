//! Builds, serves, tests and measures the portal: the one tool that a contributor runs.
//!
//! `workspace` knows the folders and starts commands, `site` makes the browser's files, the other modules are one
//! subcommand each. To add a subcommand: a variant of `Task`, a module of its name, an arm in `run`.

mod bench;
mod dev;
mod lint;
mod serve;
mod site;
mod test;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::workspace::{Profile, Workspace};

/// Builds, serves, tests and measures the portal.
#[derive(Parser)]
#[command(name = "cargo xtask", disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build everything and run the portal with its data in ./data.
    Serve {
        /// Optimise; what production runs.
        #[arg(long)]
        release: bool,
        /// Arguments for `portal serve`, after `--`.
        #[arg(last = true)]
        args: Vec<String>,
    },
    /// Serve, and rebuild and restart whenever a source file changes.
    Dev {
        /// Arguments for `portal serve`, after `--`.
        #[arg(last = true)]
        args: Vec<String>,
    },
    /// Build one self-contained release binary: code, pages, assets, content, migrations.
    Build,
    /// Build the browser's files alone, into target/site.
    BuildSite,
    /// Check formatting and lints.
    Lint,
    /// Run every check and every test, in the browser too.
    Test(test::Options),
    /// Measure the release build beside the limit of the machine, and print a table.
    Bench(bench::Options),
}

fn main() -> ExitCode {
    match run(Cli::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<()> {
    let workspace = Workspace::find()?;
    match task {
        Task::Serve { release, args } => serve::run(&workspace, Profile::pick(release), &args),
        Task::Dev { args } => dev::run(&workspace, &args),
        Task::Build => serve::build_release(&workspace),
        Task::BuildSite => site::build(&workspace, site::Bundle::Small),
        Task::Lint => lint::run(&workspace),
        Task::Test(options) => test::run(&workspace, &options),
        Task::Bench(options) => bench::run(&workspace, &options),
    }
}
