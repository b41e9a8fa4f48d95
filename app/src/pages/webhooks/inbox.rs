//! One inbox: what arrives, and how it answers.

use super::{head, press, rows, said, trail};
use crate::{
    link,
    model::{
        Frame,
        webhooks::{InboxPage, MessageRow},
    },
    parts::{
        shell::document,
        statement::{copy, moment},
    },
};
use leptos::prelude::*;

/// What an inbox can be told with one press: the value that is posted and the label.
const PRESETS: [(&str, &str); 6] = [
    ("200", "200"),
    ("500", "500"),
    ("429", "429, Retry-After 5"),
    ("410", "410, gone"),
    ("slow", "200 after 3 s"),
    ("never", "nothing in time"),
];

/// Draws it.
pub(crate) fn render(frame: &Frame, page: &InboxPage) -> String {
    document(frame, head("Inbox", Some(frame.assets.live_js.clone())), || {
        body(page.clone())
    })
}

fn body(page: InboxPage) -> impl IntoView {
    let base = link::inbox(&page.id);
    let live = format!("{base}/live");
    let (answer, delete) = (format!("{base}/answer"), format!("{base}/delete"));
    view! {
        <main id="main" class="sheet wide">
            {trail("")}
            <header class="sheet-head">
                <p class="eyebrow">"Inbox"</p>
                <h1>{page.name}</h1>
                <p><code id="inbox-url">{page.url}</code> {copy("inbox-url", "the inbox’s address")}</p>
                {page.endpoint.map(|id| {
                    let (href, test) = (link::endpoint(&id), format!("{}/test", link::endpoint(&id)));
                    view! {
                        <p>"An " <a href=href>"endpoint"</a> " points to it."</p>
                        {press(test, "Send a test", "button")}
                    }
                })}
            </header>
            {said(page.said)}
            <section class="part" aria-labelledby="answers">
                <h2 id="answers">"How it answers"</h2>
                {if page.answers.is_empty() {
                    view! { <p>"200 to everything."</p> }.into_any()
                } else {
                    view! { <ol class="plain-list">{page.answers.into_iter().map(|text| view! { <li>{text}</li> }).collect_view()}</ol> }.into_any()
                }}
                <form class="line-form" method="post" action=answer.clone()>
                    <span id="answer-with">"From now on answer with"</span>
                    <div class="choices" role="group" aria-labelledby="answer-with">
                        {PRESETS.map(|(value, label)| view! { <button class="button quiet" type="submit" name="preset" value=value>{label}</button> " " }).into_iter().collect_view()}
                    </div>
                </form>
                <details>
                    <summary>"Write a script of answers"</summary>
                    <form class="entry" method="post" action=answer>
                        <div class="entry-field">
                            <label for="script">"Answers as JSON, one after the other, the last from then on"</label>
                            <textarea id="script" name="script" rows="6" spellcheck="false" autocapitalize="none">"[{\"status\": 503, \"retry_after\": 2}, {\"status\": 200}]"</textarea>
                        </div>
                        <button class="button quiet" type="submit">"Answer like this"</button>
                    </form>
                </details>
            </section>
            <section class="part" aria-labelledby="arrived">
                <h2 id="arrived">"What arrived"</h2>
                <div id="live" data-live=live data-count=page.received data-news="Something arrived.">{messages(page.received, page.messages)}</div>
                <p class="unseen" role="status" id="live-status"></p>
                <noscript><p class="caption">"Without JavaScript this page does not refresh itself. " <a href=base>"Look again"</a></p></noscript>
            </section>
            {press(delete, "Delete inbox", "button danger")}
        </main>
    }
}

fn messages(received: u32, messages: Vec<MessageRow>) -> AnyView {
    if messages.is_empty() {
        return view! { <p class="caption">"Nothing yet. What arrives shows here by itself."</p> }.into_any();
    }
    let rows = messages.into_iter().map(message).collect_view();
    view! {
        <p class="caption"><span class="figure">{received}</span> " received; the latest first."</p>
        <ol class="ruled-rows" role="list" reversed=true>{rows}</ol>
    }
    .into_any()
}

fn message(row: MessageRow) -> impl IntoView {
    let word = if row.genuine { "genuine" } else { "doubtful" };
    view! {
        <li class="ruled" id=row.id>
            <p>{rows::state(word)}</p>
            <div>
                <h3>{row.event_type.map_or_else(|| view! { {row.method} }.into_any(), |kind| view! { <code>{kind}</code> }.into_any())} " → " {row.status}</h3>
                <p class="caption">{moment(&row.at)} " UTC. " {row.verdict} {row.cause.map(|id| view! { " " <a href=link::timeline(&id)>"Timeline of the call that caused it"</a> })}</p>
                <details>
                    <summary>"Headers and body"</summary>
                    {rows::headers("Headers", row.headers)}
                    {rows::raw("Body", row.body)}
                </details>
            </div>
        </li>
    }
}
