//! Every type of event, and a form that fires one with one's own data.

use super::{head, press, rows, said, trail};
use crate::{
    link,
    model::{
        Frame,
        webhooks::{EventRow, EventsPage},
    },
    parts::shell::document,
};
use leptos::prelude::*;

/// Draws it.
pub(crate) fn render(frame: &Frame, page: &EventsPage) -> String {
    document(frame, head("Events", None), || body(page.clone()))
}

fn body(page: EventsPage) -> impl IntoView {
    let EventsPage {
        said: told,
        has_sandbox,
        events,
        typed,
    } = page;
    let names: Vec<_> = events.iter().map(|event| event.name.clone()).collect();
    view! {
        <main id="main" class="sheet wide">
            {trail(link::WEBHOOKS_EVENTS)}
            <header class="sheet-head">
                <h1>"Events"</h1>
                <p class="summary">"What an endpoint can listen to, and the data that comes with each. Fire any of them by hand to see how your receiver takes it."</p>
            </header>
            {said(told)}
            {if has_sandbox { fire(names, typed).into_any() } else { press(link::SANDBOX.to_owned(), "Create sandbox", "button").into_any() }}
            <section class="part" aria-labelledby="types">
                <h2 id="types">"Types"</h2>
                <ul class="ruled-rows" role="list">{events.into_iter().map(event).collect_view()}</ul>
            </section>
        </main>
    }
}

fn fire(names: Vec<String>, (chosen, data): (String, String)) -> impl IntoView {
    view! {
        <section class="part" aria-labelledby="fire">
            <h2 id="fire">"Fire an event"</h2>
            <form class="entry" method="post" action=link::WEBHOOKS_EVENTS>
                <div class="entry-field">
                    <label for="event-type">"Type"</label>
                    <select id="event-type" name="event_type">
                        {names.into_iter().map(|name| {
                            let selected = name == chosen;
                            view! { <option value=name.clone() selected=selected>{name.clone()}</option> }
                        }).collect_view()}
                    </select>
                </div>
                <div class="entry-field">
                    <label for="event-data">"Data as JSON; left empty, the example of the type"</label>
                    <textarea id="event-data" name="data" rows="6" spellcheck="false" autocapitalize="none">{data}</textarea>
                </div>
                <button class="button" type="submit">"Fire event"</button>
            </form>
            <p class="caption">"It is written to the event feed and sent to every endpoint that listens. Nothing else in the sandbox changes."</p>
        </section>
    }
}

fn event(row: EventRow) -> impl IntoView {
    let id = row.name.clone();
    view! {
        <li class="ruled" id=id>
            <h3><code>{row.name}</code></h3>
            <div>
                <p>{row.doc}</p>
                <details>
                    <summary>"Example and schema of its data"</summary>
                    {rows::raw("Example", row.example)}
                    {rows::raw("JSON Schema", row.schema)}
                </details>
            </div>
        </li>
    }
}
