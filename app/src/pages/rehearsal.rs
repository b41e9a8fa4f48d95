//! What came of a rehearsal: the calls that were made, and their answers.

use crate::{
    link,
    model::{Failure, Frame, RehearsalPage},
    parts::{
        exchange::exchange,
        shell::{Head, Section, document},
    },
};
use leptos::prelude::*;

/// Draws the page of a rehearsal.
pub(crate) fn render(frame: &Frame, page: &RehearsalPage) -> String {
    let head = Head {
        title: page.title.clone(),
        description: page.summary.clone(),
        section: Section::Docs,
        class: "plain",
        islands: false,
        listed: false,
        script: None,
        markdown_url: None,
    };
    document(frame, head, || body(page.clone()))
}

fn body(page: RehearsalPage) -> impl IntoView {
    let RehearsalPage {
        title,
        summary,
        calls,
        failure,
        again,
        back,
    } = page;
    let calls = calls
        .into_iter()
        .enumerate()
        .map(|(index, call)| {
            let caption = call.caption.clone();
            view! {
                <section class="part">
                    <h2>{caption}</h2>
                    {exchange(&format!("call-{}", index + 1), call)}
                </section>
            }
        })
        .collect_view();
    let fields = again
        .iter()
        .cloned()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view();
    view! {
        <main id="main" class="sheet">
            <header class="sheet-head">
                <p class="eyebrow">"In your sandbox, just now"</p>
                <h1>{title}</h1>
                <p class="summary">{summary}</p>
                <div class="rehearsal-actions">
                    <a class="button quiet" href=back.href>{back.title}</a>
                    {(!again.is_empty()).then(|| view! {
                        <form method="post" action=link::REHEARSE>
                            {fields}
                            <button class="button quiet" type="submit">"Do it again"</button>
                        </form>
                    })}
                </div>
            </header>
            {failure.map(failed)}
            {calls}
        </main>
    }
}

fn failed(failure: Failure) -> AnyView {
    match failure {
        Failure::NoSandbox => view! {
            <div class="alert">
                <p>"This runs in a sandbox of your own, and you have none yet. It takes one click and no account."</p>
                <form method="post" action=link::SANDBOX><button class="button" type="submit">"Create sandbox"</button></form>
            </div>
        }
        .into_any(),
        Failure::Other(words) => view! { <p class="alert">{words}</p> }.into_any(),
    }
}
