//! A chart: a drawing for the eye, a sentence for the ear, and the figures as a table behind a fold.

use crate::model::{
    Chart,
    chart::{Mark, Stroke, StrokeStyle},
};
use leptos::prelude::*;

/// Draws a chart; `anchor` starts its ids.
pub(crate) fn chart(anchor: &str, chart: Chart) -> impl IntoView + use<> {
    let (title, about) = (format!("{anchor}-title"), format!("{anchor}-about"));
    let view_box = format!("0 0 {} {}", Chart::WIDTH, Chart::HEIGHT);
    // A single name would only repeat the title.
    let keys = (chart.strokes.len() > 1).then(|| keys(&chart.strokes));
    view! {
        <figure class="chart">
            <figcaption><p class="chart-title">{chart.title.clone()}</p>{keys}</figcaption>
            <svg viewBox=view_box role="img" aria-labelledby=title aria-describedby=about>
                <title id=title.clone()>{chart.title}</title>
                <desc id=about.clone()>{chart.summary}</desc>
                {chart.rulings.into_iter().map(ruling).collect_view()}
                {chart.days.into_iter().map(day).collect_view()}
                {chart.strokes.into_iter().map(stroke).collect_view()}
            </svg>
            <details>
                <summary>"The figures, from "<code>{chart.request}</code></summary>
                {super::blocks::draw_table(chart.table)}
            </details>
        </figure>
    }
}

fn class(style: StrokeStyle) -> &'static str {
    match style {
        StrokeStyle::Line => "line",
        StrokeStyle::Dashed => "line dashed",
        StrokeStyle::Area => "area",
        StrokeStyle::Bars => "bars",
    }
}

fn keys(strokes: &[Stroke]) -> impl IntoView + use<> {
    let keys = strokes.iter().map(|stroke| {
        view! {
            <li>
                <svg class="key" viewBox="0 0 24 10" aria-hidden="true">
                    <path class=class(stroke.style) d=sign(stroke.style)/>
                </svg>
                {stroke.name.clone()}
            </li>
        }
    });
    view! { <ul class="chart-keys" role="list">{keys.collect_view()}</ul> }
}

/// A small example of the style.
fn sign(style: StrokeStyle) -> &'static str {
    match style {
        StrokeStyle::Line | StrokeStyle::Dashed => "M0 5H24",
        StrokeStyle::Area | StrokeStyle::Bars => "M7 1H17V9H7Z",
    }
}

fn ruling(mark: Mark) -> impl IntoView {
    let path = format!("M{} {}H{}", Chart::LEFT, mark.at, Chart::RIGHT);
    view! {
        <path class=if mark.zero { "ruling zero" } else { "ruling" } d=path/>
        <text class="figure" x={Chart::LEFT - 8} y=mark.at>{mark.label}</text>
    }
}

fn day(mark: Mark) -> impl IntoView {
    let path = format!("M{} {}v8", mark.at, Chart::BOTTOM);
    view! {
        <path class="ruling" d=path/>
        <text x=mark.at y={Chart::HEIGHT - 6}>{mark.label}</text>
    }
}

fn stroke(stroke: Stroke) -> impl IntoView {
    view! { <path class=class(stroke.style) d=stroke.path/> }
}
