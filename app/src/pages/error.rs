//! A page that has nothing else to show: what happened, why, and the one thing to do.

use crate::{
    model::{ErrorPage, Frame},
    parts::shell::{Head, Section, document},
};
use leptos::prelude::*;

/// Draws an error page.
pub(crate) fn render(frame: &Frame, page: &ErrorPage) -> String {
    let head = Head {
        title: page.title.clone(),
        description: page.why.clone(),
        section: Section::None,
        class: "plain",
        islands: false,
        listed: false,
        script: None,
        markdown_url: None,
    };
    document(frame, head, || body(page.clone()))
}

fn body(page: ErrorPage) -> impl IntoView {
    let (label, href) = page.action;
    view! {
        <main id="main" class="void">
            <p class="void-figure" aria-hidden="true">{page.status}</p>
            <div>
                <h1>{page.title}</h1>
                <p class="summary">{page.why}</p>
                <p><a class="button" href=href>{label}</a></p>
                {page.request_id.map(|id| view! { <p class="caption">"Request " <code>{id}</code></p> })}
            </div>
        </main>
    }
}
