//! Tables.

use crate::docs::inline;
use app::model::{Cell, Table};
use pulldown_cmark::{Alignment, Event, Tag, TagEnd};

/// A table from what stands inside of it. A column that is aligned right holds figures.
pub(super) fn table(events: Vec<Event<'_>>, alignments: &[Alignment]) -> Table {
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut open = Vec::new();
    for event in events {
        match event {
            Event::Start(Tag::TableHead | Tag::TableRow) => rows.push(Vec::new()),
            Event::Start(Tag::TableCell) => open.clear(),
            Event::End(TagEnd::TableCell) => {
                if let Some(row) = rows.last_mut() {
                    let figures = alignments.get(row.len()) == Some(&Alignment::Right);
                    let html = inline::html(std::mem::take(&mut open));
                    row.push(Cell { html, figures });
                }
            }
            Event::End(TagEnd::TableHead | TagEnd::TableRow) => {}
            other => open.push(other),
        }
    }
    let mut rows = rows.into_iter();
    Table {
        head: rows.next().unwrap_or_default(),
        rows: rows.collect(),
    }
}
