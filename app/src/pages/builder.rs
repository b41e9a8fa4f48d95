//! The request builder: a plain form that posts, which an island brings to life.

use crate::{
    islands::Builder,
    model::{BuilderPage, Frame},
    parts::{
        request_form,
        shell::{Head, Section, document},
    },
    request::{Pairs, example_fields},
};
use leptos::prelude::*;

/// Draws the builder.
pub(crate) fn render(frame: &Frame, page: &BuilderPage) -> String {
    let head = Head {
        title: format!("{} · Builder", page.form.summary),
        description: "Fill in a request to the Aleta API, send it to your sandbox, read the answer."
            .to_owned(),
        section: Section::Builder,
        class: "workbench",
        islands: true,
        listed: false,
        markdown_url: None,
    };
    document(frame, head, || body(page.clone()))
}

/// What the form shows: the worked example, and over it what was posted or what the address carried.
fn shown(page: &BuilderPage) -> Pairs {
    if page.outcome.is_some() {
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
