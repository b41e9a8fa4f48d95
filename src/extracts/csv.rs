//! Comma-separated values as RFC 4180 has them: a header, CRLF, quotes only where they are needed, nothing for null.

use super::table::{Cell, Column, Sink};
use std::io::{self, Write};

/// A CSV file.
pub(super) struct Csv<W> {
    out: W,
}

impl<W: Write> Csv<W> {
    /// Starts the file with its header.
    pub(super) fn new(mut out: W, columns: &[Column]) -> io::Result<Self> {
        for (index, column) in columns.iter().enumerate() {
            if index > 0 {
                out.write_all(b",")?;
            }
            out.write_all(column.name.as_bytes())?;
        }
        out.write_all(b"\r\n")?;
        Ok(Self { out })
    }
}

impl<W: Write + Send> Sink for Csv<W> {
    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        let out = &mut self.out;
        for (index, cell) in cells.iter().enumerate() {
            if index > 0 {
                out.write_all(b",")?;
            }
            match cell {
                Cell::Null => {}
                Cell::Text(text) => write_text(out, text)?,
                Cell::Date(day) => write!(out, "{day}")?,
                Cell::Instant(instant) => write!(out, "{instant}")?,
                Cell::Decimal(decimal) => write!(out, "{decimal}")?,
                Cell::Flag(flag) => write!(out, "{flag}")?,
                Cell::Ids(ids) => write_text(out, &ids.join(" "))?,
            }
        }
        out.write_all(b"\r\n")
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.out.flush()
    }
}

/// A text, in quotes where it holds what would end it. One that is empty is quoted, so that it is not taken for null.
fn write_text(out: &mut impl Write, text: &str) -> io::Result<()> {
    let ends = |byte| matches!(byte, b',' | b'"' | b'\r' | b'\n');
    if !text.is_empty() && !text.bytes().any(ends) {
        return out.write_all(text.as_bytes());
    }
    write!(out, "\"{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extracts::table::Kind;

    #[test]
    fn what_would_end_a_cell_is_quoted_and_null_is_nothing() {
        let columns = ["a", "b", "c"].map(|name| Column {
            name,
            kind: Kind::Text,
        });
        let mut bytes = Vec::new();
        let mut csv = Box::new(Csv::new(&mut bytes, &columns).unwrap());
        csv.row(&[Cell::Text("plain"), Cell::Text("a \"b\", c"), Cell::Null])
            .unwrap();
        csv.row(&[Cell::Text(""), Cell::Text("two\nlines"), Cell::Ids(&["x", "y"])])
            .unwrap();
        csv.finish().unwrap();
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "a,b,c\r\nplain,\"a \"\"b\"\", c\",\r\n\"\",\"two\nlines\",x y\r\n"
        );
    }
}
