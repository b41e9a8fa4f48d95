//! What is exported, as a table: columns with a kind, rows of cells, and where they go.

use contract::{Decimal, Timestamp};
use jiff::civil::Date;
use std::io;

/// What a column holds. Any cell may be null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Date,
    Instant,
    Decimal,
    Flag,
    /// Several ids.
    Ids,
}

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
}

/// One value of a row, of the kind of its column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Cell<'a> {
    Null,
    Text(&'a str),
    Date(Date),
    Instant(Timestamp),
    Decimal(Decimal),
    Flag(bool),
    Ids(&'a [&'a str]),
}

impl<'a> Cell<'a> {
    /// The text, or null.
    pub(super) fn text(value: Option<&'a str>) -> Self {
        value.map_or(Self::Null, Self::Text)
    }

    /// The decimal, or null.
    pub(super) fn decimal(value: Option<Decimal>) -> Self {
        value.map_or(Self::Null, Self::Decimal)
    }

    /// The day, or null.
    pub(super) fn date(value: Option<Date>) -> Self {
        value.map_or(Self::Null, Self::Date)
    }

    /// The truth value, or null.
    pub(super) fn flag(value: Option<bool>) -> Self {
        value.map_or(Self::Null, Self::Flag)
    }
}

/// A file that a table is written to, row by row.
pub(super) trait Sink: Send {
    /// Writes a row, which has a cell for each column.
    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()>;

    /// Writes what is still to be written.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// Declares columns: `TABLE: name Kind, name Kind`.
macro_rules! columns {
    ($table:ident: $($name:literal $kind:ident),+ $(,)?) => {
        pub(super) const $table: &[Column] = &[$(Column { name: $name, kind: Kind::$kind }),+];
    };
}
pub(super) use columns;
