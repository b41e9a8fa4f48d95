//! One delivery, attempt by attempt.

use super::{head, press, rows, said, trail};
use crate::{
    link,
    model::{
        Frame,
        webhooks::{AttemptRow, DeliveryPage},
    },
    parts::{shell::document, statement::moment},
};
use leptos::prelude::*;

/// Draws it.
pub(crate) fn render(frame: &Frame, page: &DeliveryPage) -> String {
    document(frame, head("Delivery", None), || body(page.clone()))
}

fn body(page: DeliveryPage) -> impl IntoView {
    let DeliveryPage {
        said: told,
        delivery,
        cause,
        url,
        body,
        attempts,
    } = page;
    let endpoint = link::endpoint(&delivery.webhook_id);
    let again = link::delivery(&delivery.id);
    view! {
        <main id="main" class="sheet wide">
            {trail("")}
            <header class="sheet-head">
                <p class="eyebrow">"Delivery"</p>
                <h1><code>{delivery.event_type}</code></h1>
                <dl class="facts across">
                    <div><dt>"State"</dt><dd>{rows::state(&delivery.status)}</dd></div>
                    <div><dt>"To"</dt><dd><a href=endpoint><code>{url}</code></a></dd></div>
                    <div><dt>"Event"</dt><dd><code>{delivery.event_id}</code></dd></div>
                    <div><dt>"Caused by"</dt><dd>{caused(cause)}</dd></div>
                    <div><dt>"Queued"</dt><dd>{moment(&delivery.at)} " UTC"</dd></div>
                    {delivery.next.map(|next| view! { <div><dt>"Next attempt"</dt><dd>{moment(&next)} " UTC"</dd></div> })}
                </dl>
            </header>
            {said(told)}
            {press(again, "Attempt now", "button")}
            <section class="part" aria-labelledby="attempts">
                <h2 id="attempts">"Attempts"</h2>
                {if attempts.is_empty() {
                    view! { <p class="caption">"None yet."</p> }.into_any()
                } else {
                    view! { <ol class="ruled-rows" role="list" reversed=true>{attempts.into_iter().map(attempt).collect_view()}</ol> }.into_any()
                }}
            </section>
            <section class="part" aria-labelledby="body">
                <h2 id="body">"Body of every attempt"</h2>
                {rows::raw("Body, byte for byte", body)}
            </section>
        </main>
    }
}

/// The way to the request that caused it.
fn caused(cause: Option<String>) -> AnyView {
    match cause {
        Some(id) => view! { <a href=link::timeline(&id)><code>{id.clone()}</code></a> }.into_any(),
        None => view! { "No call of the API" }.into_any(),
    }
}

fn attempt(row: AttemptRow) -> impl IntoView {
    let word = if row.error.is_none() {
        "delivered"
    } else {
        "failed"
    };
    let outcome = match (&row.error, row.status) {
        (None, Some(status)) => format!("{status} in {} ms", row.millis),
        (Some((class, _)), Some(status)) => format!("{status}, {class}, after {} ms", row.millis),
        (Some((class, _)), None) => format!("{class}, after {} ms", row.millis),
        (None, None) => format!("{} ms", row.millis),
    };
    let by = if row.manual { ", asked for by hand" } else { "" };
    view! {
        <li class="ruled">
            <p>{rows::state(word)}</p>
            <div>
                <h3>"Attempt " {row.number} ": " {outcome}</h3>
                <p class="caption">{moment(&row.at)} " UTC" {by}</p>
                {row.error.map(|(_, meaning)| view! { <p>{meaning}</p> })}
                <details>
                    <summary>"What was sent and what came back"</summary>
                    {rows::headers("Sent headers", row.sent)}
                    {rows::headers("Answered headers", row.answered)}
                    {row.body.filter(|body| !body.is_empty()).map(|body| rows::raw("Answered body", body))}
                </details>
            </div>
        </li>
    }
}
