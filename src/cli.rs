//! The command line: the server, and administration beside a running server.

use clap::{Parser, Subcommand, ValueEnum};
use contract::{ids::SandboxId, sandbox::Plan, text::Name};
use std::path::PathBuf;

use crate::{config::Flags, people::email::Email};

/// The Aleta developer portal and the API sandbox behind it.
#[derive(Debug, Parser)]
#[command(version, about, propagate_version = true)]
pub struct Cli {
    /// Settings that every command reads.
    #[command(flatten)]
    pub flags: Flags,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the portal and the API.
    Serve,
    /// Create, list and delete sandboxes.
    #[command(subcommand)]
    Sandbox(SandboxCommand),
    /// Register public keys of sandboxes; rotate the key that signs tokens.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Name the people who operate this installation.
    #[command(subcommand)]
    Staff(StaffCommand),
    /// Print the OpenAPI document.
    Openapi,
    /// Copy the data folder, consistently, while the server runs.
    Backup {
        /// A folder that does not exist yet.
        #[arg(long)]
        to: PathBuf,
    },
}

/// Create, list and delete sandboxes.
#[derive(Debug, Subcommand)]
pub enum SandboxCommand {
    /// Create a sandbox with the demo data and a client of its own.
    Create {
        /// What people call it.
        #[arg(long)]
        name: Name,
        /// How large its budgets are.
        #[arg(long, value_enum, default_value_t = PlanName::Sandbox)]
        plan: PlanName,
        /// How many, all of that name; for load tests.
        #[arg(long, default_value_t = 1, hide = true)]
        count: u32,
        /// Answer as JSON, a line each.
        #[arg(long)]
        json: bool,
    },
    /// List the sandboxes, oldest first.
    List {
        /// Answer as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Delete a sandbox with everything in it.
    Delete {
        /// Which one.
        id: SandboxId,
    },
}

/// Register public keys of sandboxes; rotate the key that signs tokens.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Make the next key that signs tokens. It is published at once and signs once every copy of the set is renewed;
    /// the one before it verifies until its last token has expired.
    Rotate {
        /// Make the next key that signs webhooks instead. It signs at once; the one before it stays published.
        #[arg(long)]
        webhooks: bool,
    },
    /// Register a public P-256 key for signed assertions (RFC 7523).
    Add {
        /// The sandbox whose client signs with it.
        #[arg(long)]
        sandbox: SandboxId,
        /// A file with the public key as a JWK (RFC 7517).
        #[arg(long)]
        jwk: PathBuf,
        /// Answer as JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Name the people who operate this installation.
#[derive(Debug, Subcommand)]
pub enum StaffCommand {
    /// Add a person, and print the link with which they set their password.
    Add {
        /// Their e-mail address.
        #[arg(long)]
        email: Email,
    },
    /// Print another link with which a person sets a new password; it works once, within a day.
    Link {
        /// Their e-mail address.
        #[arg(long)]
        email: Email,
    },
    /// List the people.
    List,
    /// Remove a person, who is signed out at once.
    Remove {
        /// Their e-mail address.
        #[arg(long)]
        email: Email,
    },
}

/// How large a sandbox's budgets are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PlanName {
    /// 120 reads and 30 writes a minute.
    Sandbox,
    /// What a production tenant gets.
    Production,
    /// No limit; for load tests.
    Unlimited,
}

impl From<PlanName> for Plan {
    fn from(name: PlanName) -> Self {
        match name {
            PlanName::Sandbox => Self::Sandbox,
            PlanName::Production => Self::Production,
            PlanName::Unlimited => Self::Unlimited,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
