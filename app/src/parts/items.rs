//! The checklist's rows, as they stand. `live.js` looks for proof and puts newer rows in their place.

use crate::model::{ChecklistItem, ChecklistPage, Evidence, ItemState, Moment, checklist::Turn};
use leptos::prelude::*;

/// How often the rows look for proof, in milliseconds.
const PERIOD: u32 = 2_000;

/// The rows of a checklist, with what a page needs to keep them up to date.
pub(crate) fn watched(page: &ChecklistPage) -> impl IntoView + use<> {
    view! {
        <p class="unseen" role="status" id="live-status"></p>
        <div id="live" data-every=PERIOD data-count=page.mark().to_string()>{draw(page)}</div>
    }
}

fn draw(page: &ChecklistPage) -> AnyView {
    let (proven, total) = (page.proven(), page.launch().count());
    let launch = rows(page.launch().cloned().collect());
    let practice = page.practice().cloned().map(row).collect_view();
    view! {
        {launch}
        <p class="items-total">
            <span>"Proven"</span> " "
            <span class="figure">{proven} " of " {total}</span>
        </p>
        <section class="items-more" aria-labelledby="practice">
            <h2 id="practice">"Good practice"</h2>
            <p class="caption">"A launch does not wait for these, but production is calmer with them."</p>
            <ol class="items" role="list">{practice}</ol>
        </section>
    }
    .into_any()
}

/// The rows, as they stand.
pub(crate) fn rows(items: Vec<ChecklistItem>) -> AnyView {
    let rows = items.into_iter().map(row).collect_view();
    view! { <ol class="items" role="list">{rows}</ol> }.into_any()
}

fn row(item: ChecklistItem) -> AnyView {
    let ChecklistItem {
        id,
        title,
        why,
        rule,
        action,
        hint,
        state,
        launch,
    } = item;
    let (class, word) = match state {
        ItemState::Proven(_) => ("item proven", "Proven"),
        ItemState::Asked(_) => ("item asked", "Asked"),
        ItemState::Returned(_) => ("item returned", "Returned"),
        ItemState::Open => ("item", "Open"),
    };
    // Read aloud when the row turns.
    let news = matches!(state, ItemState::Proven(_)).then(|| format!("Proven: {title}."));
    let heading = if launch {
        view! { <h2>{title}</h2> }.into_any()
    } else {
        view! { <h3>{title}</h3> }.into_any()
    };
    let evidence = match state {
        ItemState::Proven(evidence) => proof(evidence),
        ItemState::Asked(turn) => step("Waits for Aleta", turn),
        ItemState::Returned(turn) => step("Aleta returned it", turn),
        ItemState::Open => view! {
            {hint.map(|hint| view! { <p class="refused">{hint}</p> })}
            <p class="evidence-word">"What would prove it"</p>
            <p>{rule}</p>
        }
        .into_any(),
    };
    let action = action.map(|(label, href)| view! { <p><a href=href>{label}</a></p> });
    view! {
        <li class=class id=id data-news=news>
            <p class="state">{word}</p>
            <div class="item-words">{heading}<p>{why}</p></div>
            <div class="evidence">{evidence}{action}</div>
        </li>
    }
    .into_any()
}

fn proof(evidence: Evidence) -> AnyView {
    let Evidence {
        what,
        request_id,
        href,
        by,
        note,
        at,
    } = evidence;
    let what = match href {
        Some(href) => view! { <a href=href>{what}</a> }.into_any(),
        None => view! { <span>{what}</span> }.into_any(),
    };
    view! {
        <p class="evidence-what">{what}</p>
        {request_id.map(|id| view! { <p><code>{id}</code></p> })}
        {who(at, by, note)}
    }
    .into_any()
}

fn step(word: &'static str, turn: Turn) -> AnyView {
    view! {
        <p class="evidence-word">{word}</p>
        <p class="evidence-what">{turn.what}</p>
        {who(turn.at, turn.by, turn.note)}
    }
    .into_any()
}

fn who(at: Moment, by: String, note: String) -> AnyView {
    let Moment { iso, date, time } = at;
    view! {
        <p class="evidence-who"><time datetime=iso>{date} " " <span class="clock">{time}</span></time> " by " {by}</p>
        {(!note.is_empty()).then(|| view! { <p class="evidence-note">{note}</p> })}
    }
    .into_any()
}
