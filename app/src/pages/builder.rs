//! The request builder: a plain form that posts, which an island brings to life.

use crate::{
    islands::Builder,
    model::{BuilderPage, Frame, Outcome},
    parts::{
        request_form,
        shell::{Head, Section, document},
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
        listed: false,
        script: None,
        markdown_url: None,
    };
    document(frame, head, || body(page.clone()))
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
    if page.outcome.is_some() && !strange {
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
    let BuilderPage {
        operations,
        form,
        outcome,
        api_url,
        ..
    } = page.clone();
    view! {
        <main id="main">
            <Builder form=form operations=operations api_url=api_url fields=fields.clone() outcome=outcome>
                {request_form::draw(&page, &fields)}
            </Builder>
        </main>
    }
}
