//! The request builder: a plain form that posts, which an island brings to life.

use crate::{
    islands::Builder,
    link,
    model::{Assets, Bench, BuilderPage, Frame, Outcome},
    parts::{
        request_form,
        shell::{Head, Section, document, fragment},
    },
    port::SendError,
    request::{Pairs, example_fields},
};
use leptos::prelude::*;

/// Draws the builder.
pub(crate) fn render(frame: &Frame, page: &BuilderPage) -> String {
    let head = Head {
        title: title(page),
        description: "Fill in a request to the Aleta API, send it to your sandbox, read the answer."
            .to_owned(),
        section: Section::Builder,
        class: "workbench",
        islands: true,
        // The sitemap names it; with a request filled in it is somebody's own.
        listed: frame.path == link::BUILDER,
        script: None,
        markdown_url: None,
    };
    document(frame, head, || body(page.clone()))
}

/// So many calls are listed where the builder stands in the docs.
const LISTED: usize = 5;

/// Draws the builder to stand under the block of its operation, with the last calls of that operation alone.
pub(crate) fn render_part(frame: &Frame, page: &BuilderPage) -> String {
    let Assets {
        islands_js,
        wasm_js,
        wasm,
        ..
    } = frame.assets.clone();
    let fields = shown(page);
    let mut bench = bench(page, &fields);
    bench.history.retain(|call| call.operation == page.form.operation);
    bench.history.truncate(LISTED);
    let label = format!("Builder: {}", page.form.summary);
    let own_page = link::builder(&page.form.operation);
    let page = page.clone();
    fragment(|| {
        view! {
            <section class="in-place" tabindex="-1" aria-label=label data-script=islands_js data-js=wasm_js data-wasm=wasm>
                <p class="in-place-head">
                    <a href=own_page>"Open on a page of its own"</a> " "
                    <button class="button quiet" type="button" data-leave="">"Close"</button>
                </p>
                <Builder bench=bench>{request_form::draw_part(&page, &fields)}</Builder>
            </section>
        }
    })
}

/// After a send, the first thing in the title is what came of it.
fn title(page: &BuilderPage) -> String {
    let name = format!("{} · Builder", page.form.summary);
    match &page.outcome {
        None => name,
        Some(Outcome::Answered(sent)) => format!("{} {} · {name}", sent.status, sent.reason),
        Some(Outcome::Failed(_)) => format!("Not sent · {name}"),
    }
}

/// What the form shows: the worked example, and over it what was posted or what the address carried.
fn shown(page: &BuilderPage) -> Pairs {
    let strange = matches!(
        page.outcome,
        Some(Outcome::Failed(SendError::UnknownOperation(_)))
    );
    if page.whole || (page.outcome.is_some() && !strange) {
        return page.fields.clone();
    }
    let mut fields = example_fields(&page.form);
    for (name, value) in &page.fields {
        fields.retain(|(known, _)| known != name);
        fields.push((name.clone(), value.clone()));
    }
    fields
}

fn body(page: BuilderPage) -> impl IntoView {
    let fields = shown(&page);
    view! {
        <main id="main">
            <Builder bench=bench(&page, &fields)>
                {request_form::draw(&page, &fields)}
            </Builder>
        </main>
    }
}

/// What the island starts with.
fn bench(page: &BuilderPage, fields: &Pairs) -> Bench {
    let BuilderPage {
        operations,
        form,
        outcome,
        api_url,
        portal_url,
        history,
        ..
    } = page.clone();
    Bench {
        form,
        operations,
        api_url,
        portal_url,
        fields: fields.clone(),
        outcome,
        history,
    }
}
