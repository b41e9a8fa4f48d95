//! The ledger alone, as `benches/ledger.rs` measures it.

use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use super::{
    Stand,
    table::{Row, Unit},
};

/// Runs the bench and reads the rows of its table.
pub(crate) fn alone(stand: &Stand) -> Result<Vec<Row>> {
    let output = Command::new(&stand.binaries.ledger)
        .stderr(Stdio::inherit())
        .output()
        .context("the ledger's bench did not start")?;
    ensure!(
        output.status.success(),
        "the ledger's bench failed ({})",
        output.status
    );
    let rows: Vec<Row> = String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(row)
        .collect();
    ensure!(!rows.is_empty(), "the ledger's bench printed no numbers");
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
