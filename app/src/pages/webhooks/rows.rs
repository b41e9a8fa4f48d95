//! Rows that several pages of the console share.

use crate::{
    link,
    model::webhooks::{DeliveryRow, Headers, Standing},
    parts::statement::moment,
};
use leptos::prelude::*;

/// Deliveries as a table.
pub(super) fn deliveries(rows: Vec<DeliveryRow>, caption: &'static str) -> AnyView {
    if rows.is_empty() {
        return view! { <p class="caption">"None yet. They appear with the first event that an endpoint listens to."</p> }.into_any();
    }
    let rows = rows.into_iter().map(row).collect_view();
    view! {
        <div class="table-scroll" tabindex="0" role="group" aria-label=caption>
            <table class="log">
                <caption class="unseen">{caption}</caption>
                <thead><tr><th scope="col">"State"</th><th scope="col">"Event"</th><th scope="col" class="figure">"Attempts"</th><th scope="col">"Queued, UTC"</th><th scope="col">"Next, UTC"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(row: DeliveryRow) -> impl IntoView {
    let href = link::delivery(&row.id);
    view! {
        <tr>
            <td>{state(&row.status)}</td>
            <td><a href=href><code>{row.event_type}</code></a></td>
            <td class="figure">{row.attempts}</td>
            <td>{moment(&row.at)}</td>
            <td>{row.next.map_or_else(|| view! { "–" }.into_any(), |next| moment(&next).into_any())}</td>
        </tr>
    }
}

/// A state as a word, with its colour.
pub(super) fn state(status: &str) -> impl IntoView + use<> {
    let class = format!("word {status}");
    view! { <span class=class>{status.to_owned()}</span> }
}

/// Why an endpoint stands where it does, and what can be done about it now; nothing where all is well.
pub(super) fn standing(endpoint: &str, standing: Standing) -> AnyView {
    let said = match standing {
        Standing::Enabled => return ().into_any(),
        Standing::Disabled { why, asked_for } => {
            let class = if asked_for { "caption" } else { "alert" };
            return view! { <p class=class>{why}</p> }.into_any();
        }
        Standing::Paused { until, why } => view! {
            <p>"Paused until " {moment(&until)} " UTC: " {why} ". What waits goes out then."</p>
        }
        .into_any(),
        Standing::Retrying { since } => view! {
            <p>"Retrying after failures: no attempt has succeeded since " {moment(&since)} " UTC. It gets one at a time until one does, and is disabled after five days."</p>
        }
        .into_any(),
    };
    let action = format!("{}/attempt", link::endpoint(endpoint));
    view! { <form class="notice warned" method="post" action=action>{said} <button class="button quiet" type="submit">"Attempt now"</button></form> }
        .into_any()
}

/// Headers as they stand on the wire.
pub(super) fn headers(label: &'static str, headers: Headers) -> AnyView {
    if headers.is_empty() {
        return ().into_any();
    }
    let lines: Vec<_> = headers
        .into_iter()
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    raw(label, lines.join("\n"))
}

/// Text as it is.
pub(super) fn raw(label: &'static str, text: String) -> AnyView {
    view! {
        <figure class="code plain-code">
            <figcaption><span class="code-title">{label}</span></figcaption>
            <pre tabindex="0" role="group" aria-label=label><code>{text}</code></pre>
        </figure>
    }
    .into_any()
}
