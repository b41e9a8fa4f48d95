//! The table of results.

use std::fmt;

use serde_json::{Value, json};

/// What a number counts.
#[derive(Clone, Copy)]
pub(crate) enum Unit {
    PerSecond,
    Millis,
    /// How many times another number.
    Times,
    /// Thousands of bytes.
    Kilobytes,
    /// Millions of bytes.
    Megabytes,
    /// Of 1,048,576 bytes.
    Mebibytes,
    Count,
}

impl Unit {
    /// The number with its unit, as people read it.
    pub(crate) fn show(self, value: f64) -> String {
        match self {
            Self::PerSecond => format!("{}/s", grouped(value)),
            Self::Millis => format!("{value:.1} ms"),
            Self::Times => format!("{value:.2} times"),
            Self::Kilobytes => format!("{value:.1} kB"),
            Self::Megabytes => format!("{value:.0} MB"),
            Self::Mebibytes => format!("{value:.0} MiB"),
            Self::Count => grouped(value),
        }
    }
}

/// What a number should be.
#[derive(Clone, Copy)]
enum Bound {
    AtLeast(f64),
    AtMost(f64),
    Below(f64),
}

impl Bound {
    fn holds(self, value: f64) -> bool {
        match self {
            Self::AtLeast(bound) => value >= bound,
            Self::AtMost(bound) => value <= bound,
            Self::Below(bound) => value < bound,
        }
    }

    fn show(self, unit: Unit) -> String {
        match self {
            Self::AtLeast(bound) => format!("≥ {}", unit.show(bound)),
            Self::AtMost(bound) => format!("≤ {}", unit.show(bound)),
            Self::Below(bound) => format!("< {}", unit.show(bound)),
        }
    }
}

/// One number.
pub(crate) struct Row {
    what: String,
    value: f64,
    unit: Unit,
    bound: Option<Bound>,
    note: String,
}

impl Row {
    /// A number without a target.
    pub(crate) fn new(what: impl Into<String>, value: f64, unit: Unit) -> Self {
        Self {
            what: what.into(),
            value,
            unit,
            bound: None,
            note: String::new(),
        }
    }

    /// Its target: this or more.
    pub(crate) fn at_least(mut self, bound: f64) -> Self {
        self.bound = Some(Bound::AtLeast(bound));
        self
    }

    /// Its target: this or less.
    pub(crate) fn at_most(mut self, bound: f64) -> Self {
        self.bound = Some(Bound::AtMost(bound));
        self
    }

    /// Its target: less than this.
    pub(crate) fn below(mut self, bound: f64) -> Self {
        self.bound = Some(Bound::Below(bound));
        self
    }

    /// What to read beside the number.
    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    fn cells(&self) -> [String; 4] {
        let mut measured = self.unit.show(self.value);
        if !self.note.is_empty() {
            measured = format!("{measured}, {}", self.note);
        }
        let target = self.bound.map(|bound| bound.show(self.unit));
        [
            self.what.clone(),
            measured,
            target.unwrap_or_default(),
            self.verdict().to_owned(),
        ]
    }

    fn verdict(&self) -> &'static str {
        match self.bound {
            None => "",
            Some(bound) if bound.holds(self.value) => "ok",
            Some(_) => "missed",
        }
    }
}

/// All rows, and the machine that they are of.
pub(crate) struct Table {
    load: String,
    rows: Vec<(String, Row)>,
}

impl Table {
    /// None yet. `load` is the machine's load before anything was measured, as in /proc/loadavg.
    pub(crate) fn new(load: String) -> Self {
        Self {
            load,
            rows: Vec::new(),
        }
    }

    /// Adds a row of this subject, and shows it right away.
    pub(crate) fn add(&mut self, subject: &str, row: Row) {
        eprintln!("    {}", row.cells().join(" | "));
        self.rows.push((subject.to_owned(), row));
    }

    /// The numbers as they were, unrounded.
    pub(crate) fn json(&self) -> String {
        let rows = self.rows.iter().map(|(subject, row)| {
            let met = row.bound.map(|bound| bound.holds(row.value));
            let target = row.bound.map(|bound| bound.show(row.unit));
            json!({ "subject": subject, "what": row.what, "value": row.value, "shown": row.unit.show(row.value),
                "note": row.note, "target": target, "met": met })
        });
        let rows: Vec<Value> = rows.collect();
        format!(
            "{:#}\n",
            json!({ "cores": cores(), "load_before": self.load.trim(), "rows": rows })
        )
    }
}

impl fmt::Display for Table {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let busy = self.load.split(' ').next().unwrap_or_default();
        writeln!(out, "{} cores; load before the run: {busy}\n", cores())?;
        writeln!(out, "| what | measured | target | |\n|---|---|---|---|")?;
        for (_, row) in &self.rows {
            writeln!(out, "| {} |", row.cells().join(" | "))?;
        }
        Ok(())
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// A whole number with commas between thousands.
fn grouped(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        assert_eq!(
            [0.0, 999.6, 12_345.0, 1e6].map(grouped),
            ["0", "1,000", "12,345", "1,000,000"]
        );
    }

    #[test]
    fn a_row_says_what_was_measured_and_whether_that_is_enough() {
        let mut table = Table::new("0.50 0.40 0.30 1/99 7".to_owned());
        table.add(
            "a",
            Row::new("reads", 0.55, Unit::Times)
                .at_least(0.5)
                .note("16,000/s"),
        );
        table.add("a", Row::new("p99", 5.0, Unit::Millis).below(5.0));
        table.add("b", Row::new("tokens", 900.0, Unit::PerSecond));
        let text = table.to_string();
        assert!(text.contains("load before the run: 0.50\n"));
        assert!(text.contains("| reads | 0.55 times, 16,000/s | ≥ 0.50 times | ok |\n"));
        assert!(text.contains("| p99 | 5.0 ms | < 5.0 ms | missed |\n"));
        assert!(text.ends_with("| tokens | 900/s |  |  |\n"));
        let json: Value = serde_json::from_str(&table.json()).unwrap();
        assert_eq!(
            (&json["rows"][1]["met"], &json["rows"][2]["met"]),
            (&Value::Bool(false), &Value::Null)
        );
    }
}
