//! The lines of a chart's block: days and figures, read, and told in words.

use super::{Column, Unit, axis};
use jiff::civil::Date;
use rust_decimal::Decimal;

/// Figures by day, a column each.
#[derive(Debug)]
pub(super) struct Figures {
    /// The days, oldest first; at least two.
    pub(super) days: Vec<Date>,
    /// For each column, a figure a day.
    pub(super) columns: Vec<Vec<Decimal>>,
}

impl Figures {
    /// Reads a line of names, then a line for each day.
    pub(super) fn parse(text: &str, columns: &[Column]) -> Result<Self, String> {
        let mut lines = text.lines();
        let names: Vec<&str> = columns.iter().map(|column| column.name).collect();
        let head = format!("day,{}", names.join(","));
        if lines.next() != Some(&head) {
            return Err(format!("the first line of this chart is {head}"));
        }
        let mut figures = Self {
            days: Vec::new(),
            columns: vec![Vec::new(); columns.len()],
        };
        for line in lines {
            figures
                .add(line)
                .ok_or_else(|| format!("a later day and its figures, not `{line}`"))?;
        }
        if figures.days.len() < 2 {
            return Err("a chart has two days or more".to_owned());
        }
        Ok(figures)
    }

    fn add(&mut self, line: &str) -> Option<()> {
        let mut cells = line.split(',');
        let day: Date = cells.next()?.parse().ok()?;
        if self.days.last().is_some_and(|last| *last >= day) {
            return None;
        }
        self.days.push(day);
        for column in &mut self.columns {
            column.push(cells.next()?.parse().ok()?);
        }
        cells.next().is_none().then_some(())
    }

    /// Every figure.
    pub(super) fn all(&self) -> impl Iterator<Item = Decimal> {
        self.columns.iter().flatten().copied()
    }

    /// Where each column begins, ends, and was lowest and highest.
    pub(super) fn told(&self, columns: &[Column], unit: Unit) -> String {
        let columns = columns.iter().zip(&self.columns);
        let told = columns.filter_map(|(column, figures)| {
            let dated = || figures.iter().zip(&self.days);
            let say = |(figure, day): (&Decimal, &Date)| {
                format!("{} on {}", axis::label(*figure, unit), day.strftime("%-d %B %Y"))
            };
            let lowest = dated().min_by_key(|(figure, _)| **figure)?;
            let highest = dated().max_by_key(|(figure, _)| **figure)?;
            Some(format!(
                "{}: {}, lowest {}, highest {}, {}.",
                column.title,
                say(dated().next()?),
                say(lowest),
                say(highest),
                say(dated().next_back()?)
            ))
        });
        told.collect::<Vec<_>>().join(" ")
    }
}
