//! A docs page's blocks, drawn in order.

use crate::{
    model::{Admonition, AdmonitionKind, Block, Cell, FieldList, Step, Table},
    parts::{
        action, browser_key, chart, code,
        fields::{self, Way},
        lifecycle, operation, problems,
    },
};
use leptos::prelude::*;

/// Draws blocks. `anchor` starts the ids of what has no id of its own, so that two samples never share one.
pub(crate) fn blocks(anchor: &str, blocks: Vec<Block>) -> AnyView {
    blocks
        .into_iter()
        .enumerate()
        .map(|(index, each)| block(&format!("{anchor}-{}", index + 1), each))
        .collect_view()
        .into_any()
}

fn block(anchor: &str, block: Block) -> AnyView {
    match block {
        Block::Heading { level, id, html } => heading(level, id, &html),
        Block::Html(html) => view! { <div class="prose" inner_html=html></div> }.into_any(),
        Block::Code(sample) => code::code(anchor.to_owned(), sample).into_any(),
        Block::Tabs(tabs) => code::tabs(anchor, tabs),
        Block::Admonition(remark) => admonition(anchor, remark),
        Block::Fields(list) => field_list(list).into_any(),
        Block::Operation(block) => operation::operation(*block).into_any(),
        Block::Problems(list) => problems::problems(list).into_any(),
        Block::Action(wanted) => action::action(anchor, wanted),
        Block::BrowserKey => browser_key::browser_key().into_any(),
        Block::Lifecycle => lifecycle::lifecycle(anchor).into_any(),
        Block::Table(table) => draw_table(table).into_any(),
        Block::Chart(figures) => chart::chart(anchor, figures).into_any(),
        Block::Steps(list) => steps(list).into_any(),
        Block::Row { blocks, rail } => row(anchor, blocks, rail).into_any(),
    }
}

fn heading(level: u8, id: String, html: &str) -> AnyView {
    let href = format!("#{id}");
    let html = format!("<a href=\"{href}\">{html}</a>");
    match level {
        0..=2 => view! { <h2 id=id inner_html=html></h2> }.into_any(),
        3 => view! { <h3 id=id inner_html=html></h3> }.into_any(),
        _ => view! { <h4 id=id inner_html=html></h4> }.into_any(),
    }
}

fn admonition(anchor: &str, remark: Admonition) -> AnyView {
    let (class, word) = match remark.kind {
        AdmonitionKind::Note => ("remark note", "Note"),
        AdmonitionKind::Tip => ("remark tip", "Tip"),
        AdmonitionKind::Warning => ("remark warning", "Take care"),
        AdmonitionKind::Danger => ("remark danger", "Danger"),
    };
    let title = if remark.title.is_empty() {
        word.to_owned()
    } else {
        remark.title
    };
    view! {
        <div class=class role="note">
            <p class="remark-title">{title}</p>
            {blocks(anchor, remark.blocks)}
        </div>
    }
    .into_any()
}

fn field_list(list: FieldList) -> impl IntoView {
    view! {
        <div class="field-list">
            {(!list.title.is_empty()).then(|| view! { <p class="caption">{list.title}</p> })}
            {fields::fields(&list.anchor, Way::Out, list.fields)}
        </div>
    }
}

/// Draws a table.
pub(crate) fn draw_table(table: Table) -> impl IntoView {
    let head = table
        .head
        .into_iter()
        .map(|cell| view! { <th scope="col" class=figures(&cell) inner_html=cell.html></th> })
        .collect_view();
    let rows = table
        .rows
        .into_iter()
        .map(|row| {
            let cells = row
                .into_iter()
                .map(|cell| view! { <td class=figures(&cell) inner_html=cell.html></td> })
                .collect_view();
            view! { <tr>{cells}</tr> }
        })
        .collect_view();
    view! {
        <div class="table" tabindex="0" role="group" aria-label="Table">
            <table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>
        </div>
    }
}

fn figures(cell: &Cell) -> Option<&'static str> {
    cell.figures.then_some("figure")
}

fn steps(steps: Vec<Step>) -> impl IntoView {
    let rows = steps
        .into_iter()
        .enumerate()
        .map(|(index, step)| {
            let Step {
                id,
                title,
                blocks: text,
                rail,
            } = step;
            let href = format!("#{id}");
            view! {
                <li class="row step" id=id.clone()>
                    <div class="row-prose">
                        <p class="step-figure" aria-hidden="true">{format!("{:02}", index + 1)}</p>
                        <h2><a href=href>{title}</a></h2>
                        {blocks(&id, text)}
                    </div>
                    {(!rail.is_empty()).then(|| view! { <div class="rail">{blocks(&format!("{id}-rail"), rail)}</div> })}
                </li>
            }
        })
        .collect_view();
    // The role keeps it a list where the style takes its numbers away.
    view! { <ol class="steps" role="list">{rows}</ol> }
}

fn row(anchor: &str, text: Vec<Block>, rail: Vec<Block>) -> impl IntoView + use<> {
    view! {
        <div class="row">
            <div class="row-prose">{blocks(anchor, text)}</div>
            <div class="rail">{blocks(&format!("{anchor}-rail"), rail)}</div>
        </div>
    }
}
