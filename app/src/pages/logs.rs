//! The request log of the visitor's sandbox.

use crate::{
    link,
    model::{Frame, LastCalls, LogFilter, LogsPage, OperationLink},
    parts::{
        calls::calls,
        shell::{Head, Section, document, fragment},
    },
};
use leptos::prelude::*;

/// Draws the log.
pub(crate) fn render(frame: &Frame, page: &LogsPage) -> String {
    let head = Head {
        title: "Request log".to_owned(),
        description: "Every call of your sandbox in the last seven days, wherever it came from.".to_owned(),
        section: Section::Logs,
        class: "plain",
        islands: false,
        listed: false,
        script: None,
        markdown_url: None,
    };
    document(frame, head, || body(page.clone()))
}

/// Draws the last calls of one operation, to stand in its block in the docs.
pub(crate) fn render_last(last: &LastCalls) -> String {
    let last = last.clone();
    let all = link::logs_of(&last.operation);
    fragment(|| {
        if !last.has_sandbox {
            return view! { <p class="caption">"You have no sandbox yet. " <a href=link::SANDBOX>"Create one"</a> ", and what you call is listed here."</p> }.into_any();
        }
        if last.calls.is_empty() {
            return view! { <p class="caption">"Not called in the last seven days, neither from the builder nor from a program."</p> }.into_any();
        }
        view! { {calls(last.calls)} <p class="caption"><a href=all>"All of them in the request log"</a></p> }
            .into_any()
    })
}

fn body(page: LogsPage) -> impl IntoView {
    let LogsPage {
        holder,
        operations,
        filter,
        calls: list,
        older,
    } = page;
    let without = holder.is_none();
    let empty = list.is_empty() && !without;
    let filtered = !filter.is_empty();
    view! {
        <main id="main" class="sheet wide">
            <header class="sheet-head">
                <p class="eyebrow">{holder.unwrap_or_else(|| "Nobody yet".to_owned())}</p>
                <h1>"Request log"</h1>
                <p class="summary">
                    "Every call that reached your sandbox in the last seven days: from the builder, from curl, from your own code. "
                    "Bodies and headers are not kept, and neither is anything that looks like a secret."
                </p>
                {(!without).then(|| form(&operations, &filter))}
            </header>
            {without.then(|| view! {
                <form class="notice" method="post" action=link::SANDBOX>
                    <p>"There is no sandbox in this browser, so nothing has been called."</p>
                    <button class="button" type="submit">"Create sandbox"</button>
                </form>
            })}
            {empty.then(|| nothing(filtered))}
            {(!list.is_empty()).then(|| calls(list))}
            {older.map(|href| view! { <p class="older"><a class="button quiet" href=href rel="next">"Older calls"</a></p> })}
        </main>
    }
}

fn nothing(filtered: bool) -> AnyView {
    if filtered {
        return view! { <p>"No call of the last seven days is like this. " <a href=link::LOGS>"Show all calls"</a></p> }.into_any();
    }
    view! {
        <p>"Nothing has been called yet. " <a href=link::BUILDER>"Send a request from the builder"</a>
            ", or follow the " <a href=link::DOCS>"quickstart"</a> " with curl: both appear here."</p>
    }
    .into_any()
}

const STATUSES: [(&str, &str); 10] = [
    ("", "Any status"),
    ("2xx", "2xx, done"),
    ("304", "304, not modified"),
    ("4xx", "4xx, refused"),
    ("401", "401, no valid token"),
    ("404", "404, not found"),
    ("409", "409, conflict"),
    ("422", "422, invalid"),
    ("429", "429, over budget"),
    ("5xx", "5xx, failed"),
];

const SOURCES: [(&str, &str); 3] = [
    ("", "Anywhere"),
    ("builder", "The builder"),
    ("direct", "A program"),
];

const TIMES: [(&str, &str); 4] = [
    ("", "Seven days"),
    ("15m", "15 minutes"),
    ("1h", "1 hour"),
    ("1d", "1 day"),
];

fn form(operations: &[OperationLink], filter: &LogFilter) -> impl IntoView + use<> {
    let mut choices = vec![(String::new(), "Every operation".to_owned())];
    choices.extend(operations.iter().map(|operation| {
        let label = format!("{} {}", operation.method.as_str(), operation.path);
        (operation.id.clone(), label)
    }));
    let fixed = |list: &[(&str, &str)]| {
        list.iter()
            .map(|(value, label)| ((*value).to_owned(), (*label).to_owned()))
            .collect::<Vec<_>>()
    };
    view! {
        <form class="log-filter" method="get" action=link::LOGS aria-label="Filter">
            {select("operation", "Operation", choices, &filter.operation)}
            {select("status", "Status", fixed(&STATUSES), &filter.status)}
            {select("source", "From", fixed(&SOURCES), &filter.source)}
            {select("since", "The last", fixed(&TIMES), &filter.since)}
            <button class="button" type="submit">"Show"</button>
        </form>
    }
}

fn select(
    name: &'static str,
    label: &'static str,
    choices: Vec<(String, String)>,
    chosen: &str,
) -> impl IntoView + use<> {
    let options = choices
        .into_iter()
        .map(|(value, label)| {
            let selected = value == chosen;
            view! { <option value=value selected=selected>{label}</option> }
        })
        .collect_view();
    let id = format!("log-{name}");
    view! { <p><label for=id.clone()>{label}</label><select id=id name=name>{options}</select></p> }
}
