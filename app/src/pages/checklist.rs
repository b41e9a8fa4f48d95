//! The launch checklist: a statement of what is proven, and by what.

use crate::{
    link,
    model::{ChecklistPage, Frame},
    parts::{
        items::watched,
        shell::{Head, Section, document},
        statement::moment,
    },
};
use leptos::prelude::*;

/// Draws the checklist page.
pub(crate) fn render(frame: &Frame, page: &ChecklistPage) -> String {
    let head = Head {
        title: "Launch checklist".to_owned(),
        description: "What stands between an integration and production, proven by what the server saw."
            .to_owned(),
        section: Section::Checklist,
        class: "plain",
        islands: false,
        listed: true,
        script: Some(frame.assets.live_js.clone()),
        markdown_url: None,
    };
    document(frame, head, || body(page))
}

fn body(page: &ChecklistPage) -> impl IntoView + use<> {
    let holder = page.holder.clone();
    let as_of = page.as_of.clone();
    let without = page.client_id.is_none();
    view! {
        <main id="main" class="sheet wide">
            <header class="sheet-head">
                <p class="eyebrow">"Statement of readiness"</p>
                <h1>"Launch checklist"</h1>
                <p class="summary">
                    "What stands between an integration and production. Nothing here is ticked by hand: an item is proven by "
                    "what the server saw, and opens again if the proof is withdrawn."
                </p>
                <dl class="facts across">
                    <div><dt>"Holder"</dt><dd>{holder}</dd></div>
                    {page.client_id.clone().map(|id| view! { <div><dt>"Client id"</dt><dd><code>{id}</code></dd></div> })}
                    <div><dt>"As of"</dt><dd>{moment(&as_of)} " UTC"</dd></div>
                </dl>
            </header>
            {without.then(|| view! {
                <form class="notice" method="post" action=link::SANDBOX>
                    <p>"Proof comes from the calls of your own sandbox, and you have none yet."</p>
                    <button class="button" type="submit">"Create sandbox"</button>
                </form>
            })}
            {watched(page)}
            <p class="caption">"For your own dashboards: " <a href=link::CHECKLIST_JSON>"the same as JSON"</a></p>
            <noscript><p class="caption">"Without JavaScript this page does not refresh itself. " <a href=link::CHECKLIST>"Look again"</a></p></noscript>
        </main>
    }
}
