//! Compiles what is measured: the portal as it is shipped, the limit, the ledger alone and served, and its export.

use std::{
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::Stdio,
};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::{
    site::{self, Bundle},
    workspace::{Workspace, describe},
};

/// Where the programs are.
pub(crate) struct Binaries {
    pub(crate) portal: PathBuf,
    pub(crate) limit: PathBuf,
    pub(crate) ledger: PathBuf,
    pub(crate) book: PathBuf,
    pub(crate) extracts: PathBuf,
}

impl Binaries {
    /// Builds the site and the programs; one command, or the server would be compiled twice.
    pub(crate) fn build(workspace: &Workspace) -> Result<Self> {
        site::build(workspace, Bundle::Small)?;
        let mut command = workspace.cargo(&["build", "--release", "--package", "portal"]);
        command.args([
            "--bin",
            "portal",
            "--bench",
            "limit",
            "--bench",
            "ledger",
            "--bench",
            "book",
            "--bench",
            "extracts",
            "--message-format",
            "json-render-diagnostics",
        ]);
        let line = describe(&command);
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("could not start `{line}`"))?;
        let (mut portal, mut limit, mut ledger, mut book, mut extracts) = (None, None, None, None, None);
        if let Some(output) = child.stdout.take() {
            for message in BufReader::new(output).lines() {
                match program(&message?) {
                    Some((name, path)) if name == "portal" => portal = Some(path),
                    Some((name, path)) if name == "limit" => limit = Some(path),
                    Some((name, path)) if name == "ledger" => ledger = Some(path),
                    Some((name, path)) if name == "book" => book = Some(path),
                    Some((name, path)) if name == "extracts" => extracts = Some(path),
                    _ => {}
                }
            }
        }
        let status = child.wait()?;
        ensure!(status.success(), "`{line}` failed ({status})");
        Ok(Self {
            portal: portal.context("cargo named no portal binary")?,
            limit: limit.context("cargo named no limit binary")?,
            ledger: ledger.context("cargo named no ledger binary")?,
            book: book.context("cargo named no book binary")?,
            extracts: extracts.context("cargo named no extracts binary")?,
        })
    }
}

/// The name and path of a program, if this message of cargo's announces one.
fn program(message: &str) -> Option<(String, PathBuf)> {
    let message: Value = serde_json::from_str(message).ok()?;
    let path = message.get("executable")?.as_str()?;
    let name = message.get("target")?.get("name")?.as_str()?;
    Some((name.to_owned(), path.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_messages_that_name_a_program_count() {
        let line = r#"{"reason":"compiler-artifact","target":{"name":"limit"},"executable":"/t/limit-1"}"#;
        assert_eq!(program(line), Some(("limit".to_owned(), "/t/limit-1".into())));
        assert_eq!(
            program(r#"{"reason":"compiler-artifact","target":{"name":"serde"},"executable":null}"#),
            None
        );
        assert_eq!(program("warning: something"), None);
    }
}
