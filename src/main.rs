//! The `portal` binary: reads the command line and hands over.

use clap::Parser;
use portal::cli::Cli;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    portal::trace::start();
    match portal::run(cli).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::debug!(?error, "stopped");
            eprintln!("portal: {error}");
            ExitCode::FAILURE
        }
    }
}
