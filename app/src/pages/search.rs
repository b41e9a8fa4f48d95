//! Search results.

use crate::{
    link,
    model::{Frame, SearchHit, SearchPage},
    parts::shell::{Head, Section, document},
};
use leptos::prelude::*;

/// Draws the search page.
pub(crate) fn render(frame: &Frame, page: &SearchPage) -> String {
    let head = Head {
        title: "Search".to_owned(),
        description: "Search the docs of the Aleta API.".to_owned(),
        section: Section::None,
        class: "plain",
        islands: false,
        listed: false,
        script: None,
        markdown_url: None,
    };
    document(frame, head, || body(page.clone()))
}

fn body(page: SearchPage) -> impl IntoView {
    let SearchPage { query, hits } = page;
    let count = match hits.len() {
        _ if query.is_empty() => "Every page, field, operation and error of the docs.".to_owned(),
        0 => "No page has these words.".to_owned(),
        1 => "1 place has these words.".to_owned(),
        count => format!("{count} places have these words."),
    };
    let empty = hits.is_empty() && !query.is_empty();
    view! {
        <main id="main" class="sheet">
            <header class="sheet-head">
                <h1>"Search"</h1>
                <form class="search-again" role="search" action=link::SEARCH method="get" aria-label="Search again">
                    <label for="q">"Words"</label>
                    <input id="q" name="q" type="search" value=query/>
                    <button class="button" type="submit">"Search"</button>
                </form>
                <p class="summary">{count}</p>
            </header>
            {empty.then(|| view! {
                <p>"Try fewer words, the name of a field (" <code>"expires_at"</code> "), a path, or a status. Or start at the "
                <a href=link::DOCS>"quickstart"</a> "."</p>
            })}
            <ol class="hits" role="list">{hits.into_iter().map(hit).collect_view()}</ol>
        </main>
    }
}

fn hit(hit: SearchHit) -> impl IntoView {
    view! {
        <li>
            <p class="hit-trail">{hit.trail}</p>
            <h2><a href=hit.href>{hit.title}</a></h2>
            <p inner_html=hit.excerpt_html></p>
        </li>
    }
}
