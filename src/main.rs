//! The `portal` binary: reads the command line and hands over.

use clap::Parser;
use portal::{
    administer::{self, CommandError},
    cli::Cli,
    config::Config,
};
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    portal::trace::start();
    match run(cli).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::debug!(?error, "stopped");
            eprintln!("portal: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<(), CommandError> {
    let config = Config::load(cli.flags)?;
    administer::run(cli.command, config).await
}
