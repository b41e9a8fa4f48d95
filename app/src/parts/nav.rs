//! Navigation inside the docs: the tree of pages, the table of contents, the turn of the page.

use crate::model::{DocPage, Heading, NavGroup, NavTree, PageLink, TrackLink};
use leptos::prelude::*;

/// The tree of pages. On a phone it is a sheet that its button opens; both need no script.
pub(crate) fn tree(page: &DocPage, with_toc: bool) -> impl IntoView + use<> {
    let NavTree { tracks, groups } = page.nav.clone();
    let path = page.path.clone();
    let toc = if with_toc { page.toc.clone() } else { Vec::new() };
    let current = groups
        .iter()
        .flat_map(|group| &group.items)
        .find(|item| item.href == path)
        .map_or_else(|| page.title.clone(), |item| item.title.clone());
    view! {
        <div class="pages-bar">
            <button class="pages-open" type="button" popovertarget="pages"><span>"Pages"</span> <strong>{current}</strong></button>
        </div>
        <nav class="pages" id="pages" popover="auto" aria-label="Docs">
            {(!tracks.is_empty()).then(|| switch(tracks))}
            {groups.into_iter().map(|NavGroup { title, items }| {
                let items = items.into_iter().map(|item| {
                    let here = item.href == path;
                    let toc = (here && !toc.is_empty()).then(|| contents(&toc, "toc nested"));
                    view! {
                        <li>
                            <a href=item.href aria-current=here.then_some("page")>{item.title}</a>
                            {toc}
                        </li>
                    }
                }).collect_view();
                view! { <div class="group"><p>{title}</p><ul>{items}</ul></div> }
            }).collect_view()}
        </nav>
    }
}

fn switch(tracks: Vec<TrackLink>) -> impl IntoView {
    let links = tracks
        .into_iter()
        .map(|track| {
            view! {
                <li>
                    <a href=track.href aria-current=track.current.then_some("true")>
                        <strong>{track.label}</strong> " " <span>{track.note}</span>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="tracks" aria-label="Track">{links}</ul> }
}

/// The headings of a page.
pub(crate) fn contents(toc: &[Heading], class: &'static str) -> impl IntoView + use<> {
    let items = toc
        .iter()
        .cloned()
        .map(|heading| {
            let class = if heading.level > 2 { "deeper" } else { "" };
            view! {
                <li class=class>
                    <a href=format!("#{}", heading.id)>
                        {heading.text}
                        {heading.method.map(|method| view! { " " <span class="method" data-method=method.clone()>{method.clone()}</span> })}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! { <ul class=class>{items}</ul> }
}

/// The pages before and after, and the page as Markdown.
pub(crate) fn turn(page: &DocPage) -> impl IntoView + use<> {
    let link = |link: PageLink, rel: &'static str, word: &'static str| {
        view! { <a class=rel rel=rel href=link.href><span>{word}</span> {link.title}</a> }
    };
    view! {
        <nav class="turn" aria-label="Pages before and after">
            {page.prev.clone().map(|page| link(page, "prev", "Previous"))}
            {page.next.clone().map(|page| link(page, "next", "Next"))}
        </nav>
    }
}
