//! The ledger alone and as it is served, and its export, as `benches/ledger.rs`, `benches/book.rs` and
//! `benches/extracts.rs` measure them.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, ensure};

use super::{
    Stand,
    table::{Row, Unit},
};

/// The ledger without anything around it, and from a tenant's file through the book that the API answers from.
pub(crate) fn replayed(stand: &Stand) -> Result<Vec<Row>> {
    let mut rows = run(&stand.binaries.ledger)?;
    rows.extend(run(&stand.binaries.book)?);
    Ok(rows)
}

/// The ledger written to files.
pub(crate) fn exported(stand: &Stand) -> Result<Vec<Row>> {
    run(&stand.binaries.extracts)
}

/// Runs a bench and reads the rows of its table.
fn run(program: &Path) -> Result<Vec<Row>> {
    let name = program.display();
    let output = Command::new(program)
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("{name} did not start"))?;
    ensure!(output.status.success(), "{name} failed ({})", output.status);
    let rows: Vec<Row> = String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(row)
        .collect();
    ensure!(!rows.is_empty(), "{name} printed no numbers");
    Ok(rows)
}

/// A line of `| method | what | measured | target |`; none where it holds no number.
fn row(line: &str) -> Option<Row> {
    let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
    let [method, what, measured, target] = cells.as_slice() else {
        return None;
    };
    let (value, unit) = number(measured)?;
    let row = Row::new(format!("{what} ({method})"), value, unit);
    Some(
        match target.strip_prefix('<').and_then(|bound| number(bound.trim())) {
            Some((bound, _)) => row.below(bound),
            None => row,
        },
    )
}

fn number(text: &str) -> Option<(f64, Unit)> {
    let (value, unit) = text.split_once(' ')?;
    let unit = match unit {
        "ms" => Unit::Millis,
        "MiB" => Unit::Mebibytes,
        _ => return None,
    };
    Some((value.parse().ok()?, unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_with_a_number_are_rows() {
        assert!(row("| fifo | holdings, warm | 0.05 ms | < 2 ms |").is_some());
        assert!(row("| fifo | resident | 31 MiB | |").is_some());
        assert!(row("| method | what | measured | target |").is_none());
        assert!(row("| --- | --- | --- | --- |").is_none());
    }
}
