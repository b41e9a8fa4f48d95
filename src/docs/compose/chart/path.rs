//! Figures as the data of SVG paths.

use super::axis::{Days, Scale};
use app::model::chart::StrokeStyle;
use rust_decimal::Decimal;
use std::fmt::Write as _;

/// The widest that a bar gets.
const WIDEST: i64 = 14;

/// Figures in their style.
pub(super) fn path(style: StrokeStyle, days: &Days, scale: &Scale, figures: &[Decimal]) -> String {
    match style {
        StrokeStyle::Line | StrokeStyle::Dashed => line(days, scale, figures),
        StrokeStyle::Area => area(days, scale, figures),
        StrokeStyle::Bars => bars(days, scale, figures),
    }
}

fn line(days: &Days, scale: &Scale, figures: &[Decimal]) -> String {
    let mut path = String::new();
    for (index, (place, figure)) in days.places.iter().zip(figures).enumerate() {
        let step = if index == 0 { 'M' } else { 'L' };
        // Writing to a string does not fail.
        let _ = write!(path, "{step}{place} {}", scale.height(*figure));
    }
    path
}

/// The line, closed along zero.
fn area(days: &Days, scale: &Scale, figures: &[Decimal]) -> String {
    let zero = scale.height(Decimal::ZERO);
    let ends = days.places.first().zip(days.places.last());
    let close = ends.map(|(first, last)| format!("L{last} {zero}H{first}Z"));
    line(days, scale, figures) + &close.unwrap_or_default()
}

/// A bar from zero to each figure but those that are zero, with air between two.
fn bars(days: &Days, scale: &Scale, figures: &[Decimal]) -> String {
    let zero = scale.height(Decimal::ZERO);
    let gaps = days.places.windows(2).map(|pair| pair[1] - pair[0]);
    let closest = gaps.min().unwrap_or_default();
    let half = (closest * Decimal::new(3, 1))
        .min(Decimal::from(WIDEST) / Decimal::TWO)
        .round_dp(1);
    let mut path = String::new();
    for (place, figure) in days
        .places
        .iter()
        .zip(figures)
        .filter(|(_, figure)| !figure.is_zero())
    {
        let (left, right, end) = (place - half, place + half, scale.height(*figure));
        let _ = write!(path, "M{left} {zero}V{end}H{right}V{zero}Z");
    }
    path
}
