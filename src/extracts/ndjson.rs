//! One JSON object a line, its members written as the API writes them.

use super::table::{Cell, Column, Sink};
use std::io::{self, Write};

/// An NDJSON file.
pub(super) struct Ndjson<W> {
    out: W,
    /// What stands before each value: a brace or a comma, and its name.
    leads: Vec<String>,
}

impl<W: Write> Ndjson<W> {
    /// Starts the file.
    pub(super) fn new(out: W, columns: &[Column]) -> Self {
        let lead = |(index, column): (usize, &Column)| {
            let before = if index == 0 { '{' } else { ',' };
            format!("{before}\"{}\":", column.name)
        };
        let leads = columns.iter().enumerate().map(lead).collect();
        Self { out, leads }
    }
}

impl<W: Write + Send> Sink for Ndjson<W> {
    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        let out = &mut self.out;
        for (lead, cell) in self.leads.iter().zip(cells) {
            out.write_all(lead.as_bytes())?;
            match cell {
                Cell::Null => out.write_all(b"null")?,
                Cell::Text(text) => serde_json::to_writer(&mut *out, text)?,
                Cell::Date(day) => write!(out, "\"{day}\"")?,
                Cell::Instant(instant) => write!(out, "\"{instant}\"")?,
                Cell::Decimal(decimal) => write!(out, "\"{decimal}\"")?,
                Cell::Flag(flag) => write!(out, "{flag}")?,
                Cell::Ids(ids) => serde_json::to_writer(&mut *out, ids)?,
            }
        }
        out.write_all(b"}\n")
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.out.flush()
    }
}
