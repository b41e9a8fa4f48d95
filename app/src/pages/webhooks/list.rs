//! The first page: endpoints, inboxes, and what was sent lately.

use super::{head, press, rows, said, trail};
use crate::{
    link,
    model::{
        Frame,
        webhooks::{EndpointRow, InboxRow, WebhooksPage, WebhooksView},
    },
    parts::shell::document,
};
use leptos::prelude::*;

/// Draws it.
pub(crate) fn render(frame: &Frame, page: &WebhooksPage) -> String {
    document(frame, head("Webhooks", None), || match page.clone() {
        WebhooksPage::Absent => absent().into_any(),
        WebhooksPage::Present(view) => present(*view).into_any(),
    })
}

fn absent() -> impl IntoView {
    view! {
        <main id="main" class="sheet">
            {trail(link::WEBHOOKS)}
            <header class="sheet-head">
                <h1>"Webhooks"</h1>
                <p class="summary">"Events are sent to addresses of yours as they happen, signed. They come from your own sandbox, and you have none yet."</p>
            </header>
            {press(link::SANDBOX.to_owned(), "Create sandbox", "button")}
            <p>"How it works is in the " <a href="/guides/webhooks">"guide"</a> "; the " <a href=link::WEBHOOKS_SIGNATURE>"signature debugger"</a> " works without a sandbox."</p>
        </main>
    }
}

fn present(view: WebhooksView) -> impl IntoView {
    let WebhooksView {
        said: told,
        endpoints,
        inboxes,
        latest,
        typed,
    } = view;
    view! {
        <main id="main" class="sheet wide">
            {trail(link::WEBHOOKS)}
            <header class="sheet-head">
                <h1>"Webhooks"</h1>
                <p class="summary">"Each event goes to every endpoint that listens to it, signed, until it is accepted or three days are over. " <a href="/guides/webhooks">"The guide"</a> " tells how to receive one."</p>
            </header>
            {said(told)}
            <section class="part" aria-labelledby="endpoints">
                <h2 id="endpoints">"Endpoints"</h2>
                {endpoint_rows(endpoints)}
            </section>
            <section class="part" aria-labelledby="inboxes">
                <h2 id="inboxes">"Inboxes"</h2>
                <p>"A receiver on the sandbox’s own host, for when nothing of yours is reachable: it shows what arrives, checks the signature, and answers as you tell it."</p>
                {inbox_rows(inboxes)}
                {press(link::WEBHOOKS_INBOX.to_owned(), "Create an inbox that gets every event", "button")}
            </section>
            {new_endpoint(typed)}
            <section class="part" aria-labelledby="latest">
                <h2 id="latest">"Latest deliveries"</h2>
                {rows::deliveries(latest, "Latest deliveries")}
            </section>
        </main>
    }
}

fn endpoint_rows(endpoints: Vec<EndpointRow>) -> AnyView {
    if endpoints.is_empty() {
        return view! { <p class="caption">"None yet. Create an inbox below to see one at work, or add an address of your own."</p> }.into_any();
    }
    let rows = endpoints
        .into_iter()
        .map(|row| {
            let href = link::endpoint(&row.id);
            let standing = rows::standing(&row.id, row.standing.clone());
            view! {
                <li class="ruled">
                    <p>{rows::state(row.standing.word())}</p>
                    <div>
                        <h3><a href=href>{row.description.unwrap_or_else(|| row.url.clone())}</a></h3>
                        <p><code>{row.url}</code></p>
                        <p class="caption">{row.events}</p>
                        {standing}
                    </div>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="ruled-rows" role="list">{rows}</ul> }.into_any()
}

fn inbox_rows(inboxes: Vec<InboxRow>) -> AnyView {
    if inboxes.is_empty() {
        return ().into_any();
    }
    let rows = inboxes
        .into_iter()
        .map(|row| {
            let href = link::inbox(&row.id);
            view! {
                <li class="ruled">
                    <p class="figure">{row.received} " received"</p>
                    <div><h3><a href=href>{row.name}</a></h3></div>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="ruled-rows" role="list">{rows}</ul> }.into_any()
}

fn new_endpoint((url, events, description): (String, String, String)) -> impl IntoView {
    view! {
        <section class="part" aria-labelledby="add">
            <h2 id="add">"Add an endpoint"</h2>
            <form class="entry" method="post" action=link::WEBHOOKS>
                <div class="entry-field">
                    <label for="endpoint-url">"Address"</label>
                    <input id="endpoint-url" name="url" type="url" inputmode="url" required value=url placeholder="https://hooks.example/aleta" autocomplete="off" spellcheck="false"/>
                </div>
                <div class="entry-field">
                    <label for="endpoint-events">"Events"</label>
                    <input id="endpoint-events" name="event_types" required value=events aria-describedby="endpoint-events-hint" autocomplete="off" autocapitalize="none" spellcheck="false"/>
                    <p class="hint" id="endpoint-events-hint">"Types with commas, " <code>"position.*"</code> " for a group, " <code>"*"</code> " for all. " <a href=link::WEBHOOKS_EVENTS>"All types"</a></p>
                </div>
                <div class="entry-field">
                    <label for="endpoint-description">"Description, if you like"</label>
                    <input id="endpoint-description" name="description" value=description autocomplete="off"/>
                </div>
                <button class="button" type="submit">"Add endpoint"</button>
            </form>
        </section>
    }
}
