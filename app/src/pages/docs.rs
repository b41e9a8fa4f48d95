//! A page of the docs: navigation, prose, rail.

use crate::{
    model::{Block, DocPage, Frame},
    parts::{
        blocks::blocks,
        nav,
        shell::{Head, Section, document},
    },
};
use leptos::prelude::*;

/// Draws a docs page.
pub(crate) fn render(frame: &Frame, page: &DocPage) -> String {
    let head = Head {
        title: page.title.clone(),
        description: page.summary.clone(),
        section: Section::Docs,
        class: "docs",
        islands: false,
        listed: true,
        script: has_key(&page.blocks).then(|| frame.assets.key_js.clone()),
        markdown_url: Some(page.markdown_url.clone()).filter(|url| !url.is_empty()),
    };
    document(frame, head, || body(page))
}

/// Whether anything stands in the rail; the table of contents then moves into the navigation.
fn has_rail(blocks: &[Block]) -> bool {
    blocks.iter().any(|block| match block {
        Block::Operation(_) => true,
        Block::Row { rail, .. } => !rail.is_empty(),
        Block::Steps(steps) => steps.iter().any(|step| !step.rail.is_empty()),
        _ => false,
    })
}

/// Whether the page makes a key, which takes a script of its own.
fn has_key(blocks: &[Block]) -> bool {
    blocks.iter().any(|block| match block {
        Block::BrowserKey => true,
        Block::Row { blocks, .. } => has_key(blocks),
        Block::Steps(steps) => steps.iter().any(|step| has_key(&step.blocks)),
        _ => false,
    })
}

fn body(page: &DocPage) -> impl IntoView + use<> {
    let rail = has_rail(&page.blocks);
    let contents = (!rail && page.toc.len() > 1).then(|| {
        view! {
            <aside class="on-page" aria-labelledby="on-page">
                <p id="on-page">"On this page"</p>
                {nav::contents(&page.toc, "toc")}
            </aside>
        }
    });
    let class = if rail { "doc with-rail" } else { "doc" };
    view! {
        <div class="docs-frame">
            {nav::tree(page, rail)}
            <main id="main" class=class>
                {title(page)}
                {blocks("block", page.blocks.clone())}
                {nav::turn(page)}
                <p class="as-markdown"><a href=page.markdown_url.clone()>"This page as Markdown"</a></p>
            </main>
            {contents}
        </div>
    }
}

fn title(page: &DocPage) -> impl IntoView + use<> {
    let eyebrow = page.eyebrow.clone();
    view! {
        <header class="doc-head">
            {(!eyebrow.is_empty()).then(|| view! { <p class="eyebrow">{eyebrow}</p> })}
            <h1>{page.title.clone()}</h1>
            <p class="summary">{page.summary.clone()}</p>
            {page.successor.clone().map(|link| view! {
                <p class="replaced">"This is a legacy track. New integrations use v1: " <a href=link.href>{link.title}</a></p>
            })}
        </header>
    }
}
