//! Keyset pages: which rows a list returns, and whether more follow.

/// Which part of a list to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// The position of the last row that was seen; none at the start.
    pub after: Option<i64>,
    /// How many rows to return at most.
    pub limit: u16,
}

impl PageRequest {
    /// The first `limit` rows.
    pub const fn first(limit: u16) -> Self {
        Self { after: None, limit }
    }

    /// The position to start behind; positions start at 1.
    pub(super) fn start(self) -> i64 {
        self.after.unwrap_or(0)
    }

    /// One row more than asked for: whether it exists tells whether another page follows, without a count.
    pub(super) fn probe(self) -> i64 {
        i64::from(self.limit) + 1
    }
}

/// The rows of a page, each with its position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows<T> {
    /// Position and row, in the order of the list.
    pub rows: Vec<(i64, T)>,
    /// Whether another page follows.
    pub has_more: bool,
}

impl<T> Rows<T> {
    /// The page of `found`, which holds one row more than `request` asks for where another page follows.
    pub(super) fn of<R: Into<(i64, T)>>(request: PageRequest, found: Vec<R>) -> Self {
        let limit = usize::from(request.limit);
        let has_more = found.len() > limit;
        let mut rows = by_position(found);
        rows.truncate(limit);
        Self { rows, has_more }
    }

    /// The position of the last row: where the next page starts.
    pub fn last(&self) -> Option<i64> {
        self.rows.last().map(|(position, _)| *position)
    }
}

/// The rows of an aggregate by their positions, lowest first: it promises no order, though it keeps that of its input.
pub(super) fn by_position<T, R: Into<(i64, T)>>(found: Vec<R>) -> Vec<(i64, T)> {
    let mut rows: Vec<(i64, T)> = found.into_iter().map(Into::into).collect();
    rows.sort_by_key(|(position, _)| *position);
    rows
}
