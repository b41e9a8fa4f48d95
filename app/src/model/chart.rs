//! A chart, measured out: the docs engine computes where everything stands, the part only puts it there.

use super::Table;
use serde::{Deserialize, Serialize};

/// Figures over days, as a drawing of [`Chart::WIDTH`] by [`Chart::HEIGHT`] units and as a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chart {
    /// What it shows.
    pub title: String,
    /// The request whose answers the figures come from.
    pub request: String,
    /// What is to be seen, in words.
    pub summary: String,
    /// Where figures are ruled off, lowest first.
    pub rulings: Vec<Mark>,
    /// Where days are marked, oldest first.
    pub days: Vec<Mark>,
    /// What is drawn, in the order of drawing.
    pub strokes: Vec<Stroke>,
    /// The figures.
    pub table: Table,
}

impl Chart {
    /// How wide the drawing is.
    pub const WIDTH: i32 = 640;
    /// How high it is.
    pub const HEIGHT: i32 = 240;
    /// Where the figures begin, right of their rulings' labels.
    pub const LEFT: i32 = 80;
    /// Where they end.
    pub const RIGHT: i32 = 632;
    /// The highest place for a figure.
    pub const TOP: i32 = 12;
    /// The lowest.
    pub const BOTTOM: i32 = 204;
}

/// A place on an axis.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Where it is, in units from the left or from the top.
    pub at: i32,
    /// What is written there.
    pub label: String,
    /// Whether it is where figures are zero.
    pub zero: bool,
}

/// One column of figures, drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stroke {
    /// What the figures are.
    pub name: String,
    /// How they are drawn.
    pub style: StrokeStyle,
    /// The data of an SVG path.
    pub path: String,
}

/// How figures are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StrokeStyle {
    /// A line.
    Line,
    /// A dashed line, beside another one.
    Dashed,
    /// A line, and the area between it and zero.
    Area,
    /// A bar for each figure.
    Bars,
}
