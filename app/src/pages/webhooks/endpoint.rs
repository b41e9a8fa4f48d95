//! One endpoint: what can be done with it, and its deliveries.

use super::{head, press, rows, said, trail};
use crate::{
    link,
    model::{
        Frame,
        webhooks::{EndpointPage, Standing},
    },
    parts::{shell::document, statement::moment},
};
use leptos::prelude::*;

/// Draws it.
pub(crate) fn render(frame: &Frame, page: &EndpointPage) -> String {
    document(frame, head("Webhook endpoint", None), || body(page.clone()))
}

fn body(page: EndpointPage) -> impl IntoView {
    let EndpointPage {
        said: told,
        endpoint,
        created,
        overlap,
        may_manage,
        deliveries,
        filter,
        older,
    } = page;
    let base = link::endpoint(&endpoint.id);
    let title = endpoint
        .description
        .clone()
        .unwrap_or_else(|| endpoint.url.clone());
    let enabled = !matches!(endpoint.standing, Standing::Disabled { .. });
    let filtered = filter_links(&base, filter.as_deref());
    view! {
        <main id="main" class="sheet wide">
            {trail("")}
            <header class="sheet-head">
                <p class="eyebrow">"Webhook endpoint"</p>
                <h1>{title}</h1>
                <dl class="facts across">
                    <div><dt>"State"</dt><dd>{rows::state(endpoint.standing.word())}</dd></div>
                    <div><dt>"Address"</dt><dd><code>{endpoint.url.clone()}</code></dd></div>
                    <div><dt>"Events"</dt><dd>{endpoint.events.clone()}</dd></div>
                    <div><dt>"Id"</dt><dd><code>{endpoint.id.clone()}</code></dd></div>
                    <div><dt>"Added"</dt><dd>{moment(&created)} " UTC"</dd></div>
                </dl>
            </header>
            {said(told)}
            {rows::standing(&endpoint.id, endpoint.standing.clone())}
            {overlap.map(|until| view! { <p class="caption">"The secret before the last rotation signs too until " {moment(&until)} " UTC."</p> })}
            {controls(&base, enabled, may_manage)}
            {replays(&base)}
            <section class="part" aria-labelledby="deliveries">
                <h2 id="deliveries">"Deliveries"</h2>
                {filtered}
                {rows::deliveries(deliveries, "Deliveries to this endpoint")}
                {older.map(|href| view! { <p><a href=href>"Older"</a></p> })}
            </section>
        </main>
    }
}

fn filter_links(base: &str, filter: Option<&str>) -> impl IntoView + use<> {
    let chosen = filter.unwrap_or_default().to_owned();
    let links = [
        ("", "All"),
        ("waiting", "Waiting"),
        ("delivered", "Delivered"),
        ("failed", "Failed"),
    ];
    let base = base.to_owned();
    view! {
        <nav class="trail" aria-label="Which deliveries">
            {links.map(|(status, label)| {
                let href = if status.is_empty() { format!("{base}#deliveries") } else { format!("{base}?status={status}#deliveries") };
                let current = (chosen == status).then_some("true");
                view! { <a href=href aria-current=current>{label}</a> " " }
            }).into_iter().collect_view()}
        </nav>
    }
}

fn controls(base: &str, enabled: bool, may_manage: bool) -> impl IntoView + use<> {
    let toggle = if enabled {
        (
            "disable",
            "Disable",
            "Gives up the deliveries that wait. Nothing is sent until it is enabled again.",
        )
    } else {
        (
            "enable",
            "Enable",
            "Events from now on are sent again. What was missed can be replayed.",
        )
    };
    let item = |verb: &str, label: &'static str, text: &'static str, class: &'static str| {
        let action = format!("{base}/{verb}");
        view! { <li><div><h3>{label}</h3><p>{text}</p></div>{press(action, label, class)}</li> }
    };
    view! {
        <section class="part" aria-labelledby="controls">
            <h2 id="controls">"Try and change"</h2>
            <ul class="controls" role="list">
                {enabled.then(|| view! {
                    {item("test", "Send a test", "One signed webhook.test event, whatever the endpoint listens to.", "button")}
                    {item("missign", "Send a forged test", "The same event, signed with a secret that is not the endpoint’s. A receiver that verifies refuses it, and that refusal is what proves it.", "button quiet")}
                })}
                {item(toggle.0, toggle.1, toggle.2, "button quiet")}
                {may_manage.then(|| view! {
                    {item("rotate", "Rotate the secret", "Makes a new one and shows it once. The one before signs too for 24 hours.", "button quiet")}
                    {item("delete", "Delete the endpoint", "With its deliveries. This cannot be undone.", "button danger")}
                })}
            </ul>
        </section>
    }
}

fn replays(base: &str) -> impl IntoView + use<> {
    let action = format!("{base}/replay");
    view! {
        <section class="part" aria-labelledby="replay">
            <h2 id="replay">"Replay"</h2>
            <form class="line-form" method="post" action=action>
                <label for="replay-only">"Send again"</label>
                <select id="replay-only" name="only">
                    <option value="failed">"all that failed"</option>
                    <option value="missing">"what was never queued for it"</option>
                    <option value="all">"everything it listens to"</option>
                </select>
                <label for="replay-hours">"of the last"</label>
                <select id="replay-hours" name="hours">
                    <option value="1">"hour"</option>
                    <option value="24" selected=true>"24 hours"</option>
                    <option value="71">"three days"</option>
                </select>
                <button class="button quiet" type="submit">"Replay"</button>
            </form>
            <p class="caption">"A replay keeps the event’s id, so a receiver that remembers ids takes it once."</p>
        </section>
    }
}
