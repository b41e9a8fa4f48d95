//! Problems: what they mean, what to do, and the button that produces them.

use crate::{
    link,
    model::{ProblemBlock, ProblemLink, Provocation, Provoked},
    parts::action,
};
use leptos::prelude::*;

/// Problems, explained one after the other.
pub(crate) fn problems(blocks: Vec<ProblemBlock>) -> impl IntoView {
    view! { <div class="problems">{blocks.into_iter().map(problem).collect_view()}</div> }
}

fn problem(block: ProblemBlock) -> impl IntoView {
    let anchor = block.slug.clone();
    let href = format!("#{anchor}");
    view! {
        <section class="problem" id=anchor>
            <h3>
                <span class="figure">{block.status}</span>
                " "
                <a href=href>{block.title.clone()}</a>
                " "
                <code>{block.slug.clone()}</code>
            </h3>
            <p inner_html=block.cause_html></p>
            <p class="remedy"><strong>"What to do. "</strong><span inner_html=block.remedy_html></span></p>
            {provoked(block.provoke, block.slug, block.title)}
        </section>
    }
}

fn provoked(provoke: Provoked, slug: String, title: String) -> AnyView {
    match provoke {
        Provoked::Builder(provoke) => provocation(provoke, title).into_any(),
        Provoked::Rehearsal(note) => view! {
            <form method="post" action=link::REHEARSE>
                <input type="hidden" name="problem" value=slug/>
                <button class="button quiet" type="submit">"Produce it" <span class="unseen">": " {title}</span></button>
                <p class="caption" inner_html=note></p>
            </form>
        }
        .into_any(),
    }
}

fn provocation(provoke: Provocation, title: String) -> impl IntoView {
    action::send(
        provoke,
        view! { "Produce it" <span class="unseen">": " {title}</span> },
    )
}

/// The problems of an operation, folded up: one ruled row per status.
pub(crate) fn by_status(problems: Vec<ProblemLink>) -> impl IntoView {
    let mut rows: Vec<(u16, Vec<ProblemLink>)> = Vec::new();
    for problem in problems {
        match rows.last_mut() {
            Some((status, row)) if *status == problem.status => row.push(problem),
            _ => rows.push((problem.status, vec![problem])),
        }
    }
    let statuses: Vec<String> = rows.iter().map(|(status, _)| status.to_string()).collect();
    let rows = rows
        .into_iter()
        .map(|(status, row)| {
            let links = row
                .into_iter()
                .map(|problem| view! { <li><a href=problem.href>{problem.title}</a></li> })
                .collect_view();
            view! { <div class="answer"><dt class="figure">{status}</dt><dd><ul>{links}</ul></dd></div> }
        })
        .collect_view();
    view! {
        <details class="fold refusals">
            <summary><h3>"Refusals"</h3> " " <span class="figure">{statuses.join(" ")}</span></summary>
            <dl class="answers">{rows}</dl>
        </details>
    }
}
