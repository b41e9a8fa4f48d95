//! The board of staff: every workspace and how far its launch has come.

use crate::{
    link,
    model::{
        Frame,
        board::{BoardCell, BoardPage, BoardRow},
    },
    parts::{
        entry::press,
        shell::{Head, Section, document},
        statement::moment,
    },
};
use leptos::prelude::*;

/// What stands around every page of the board.
pub(super) fn head(title: String) -> Head {
    Head {
        title,
        description: "How far each launch has come.".to_owned(),
        section: Section::None,
        class: "plain",
        islands: false,
        listed: false,
        script: None,
        markdown_url: None,
    }
}

/// Draws the board.
pub(crate) fn render(frame: &Frame, page: &BoardPage) -> String {
    document(frame, head("Launch board".to_owned()), || body(page))
}

/// Who is looking, and the way out.
pub(super) fn signed_in(staff: String) -> AnyView {
    view! {
        <div class="board-staff">
            <p>"Staff: " <strong id="staff">{staff}</strong></p>
            {press(link::BOARD_SIGN_OUT, Vec::new(), ("button quiet", "Sign out", String::new()))}
        </div>
    }
    .into_any()
}

fn body(page: &BoardPage) -> AnyView {
    view! {
        <main id="main" class="board">
            <header class="board-head">
                <div>
                    <p class="eyebrow">"As of " {moment(&page.as_of)} " UTC"</p>
                    <h1>"Launch board"</h1>
                </div>
                {signed_in(page.staff.clone())}
            </header>
            {filters(page)}
            {if page.rows.is_empty() { nothing() } else { table(page) }}
            {page.more.then(|| view! { <p class="caption">"There are more than these; those used last are shown. Look for one by its name or by a member’s address."</p> })}
        </main>
    }
    .into_any()
}

fn filters(page: &BoardPage) -> AnyView {
    view! {
        <div class="board-filters">
            {choices("Show", page.views.clone())}
            {choices("Sort by", page.sorts.clone())}
            <form method="get" action=link::BOARD role="search" aria-label="Workspaces">
                <input type="hidden" name="show" value=page.show.clone()/>
                <label class="unseen" for="board-query">"Name, address or sandbox id"</label>
                <input id="board-query" name="q" type="search" value=page.query.clone() placeholder="Name, address or sandbox id"/>
                <button class="button quiet" type="submit">"Find"</button>
            </form>
        </div>
    }
    .into_any()
}

fn choices(what: &'static str, choices: Vec<(String, String, bool)>) -> AnyView {
    let links = choices
        .into_iter()
        .map(|(label, href, here)| {
            let here = here.then_some("true");
            view! { <li><a href=href aria-current=here>{label}</a></li> }
        })
        .collect_view();
    view! {
        <nav class="board-choices" aria-label=what>
            <span aria-hidden="true">{what}</span>
            <ul role="list">{links}</ul>
        </nav>
    }
    .into_any()
}

fn nothing() -> AnyView {
    view! { <p class="summary">"No workspace is among these. “All” also shows those that nobody has claimed."</p> }.into_any()
}

fn table(page: &BoardPage) -> AnyView {
    let heads = page
        .titles
        .iter()
        .cloned()
        .map(|title| view! { <th scope="col">{title}</th> })
        .collect_view();
    let rows = page.rows.iter().cloned().map(row).collect_view();
    view! {
        <div class="board-scroll" tabindex="0" role="region" aria-label="Workspaces and their items">
            <table class="board-table">
                <thead>
                    <tr>
                        <th scope="col">"Workspace"</th>
                        {heads}
                        <th scope="col">"Waits for"</th>
                        <th scope="col" class="number">"People"</th>
                        <th scope="col" class="number">"Age, days"</th>
                        <th scope="col" class="number">"Idle, days"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(row: BoardRow) -> AnyView {
    let people = if row.members == 0 {
        "unclaimed".to_owned()
    } else {
        row.members.to_string()
    };
    view! {
        <tr>
            <th scope="row"><a href=row.href>{row.name}</a></th>
            {row.cells.into_iter().map(cell).collect_view()}
            <td><strong>{row.waits_for}</strong></td>
            <td class="number figure">{people}</td>
            <td class="number figure">{row.age}</td>
            <td class="number figure">{row.idle}</td>
        </tr>
    }
    .into_any()
}

fn cell(cell: BoardCell) -> AnyView {
    let BoardCell { word, days, fresh } = cell;
    let class = format!("board-cell {}", word.to_lowercase());
    view! {
        <td class=class>
            <span class="board-word">{word}</span>
            {days.map(|days| view! { " " <span class="figure">{days} " d"</span> })}
            {fresh.then(|| view! { " " <mark>"new"</mark> })}
        </td>
    }
    .into_any()
}
