//! Calls of the request log: each a line that opens to what is known of it.

use crate::{figures::duration, link, model::LoggedCall};
use leptos::prelude::*;

/// The calls as a ruled list.
pub(crate) fn calls(calls: Vec<LoggedCall>) -> impl IntoView {
    let rows = calls.into_iter().map(call).collect_view();
    view! { <ol class="calls" role="list">{rows}</ol> }
}

fn call(call: LoggedCall) -> impl IntoView {
    let LoggedCall {
        request_id,
        at,
        method,
        path,
        status,
        duration_us,
        from_builder,
        client_id,
        operation,
        problem,
        open,
    } = call;
    let class = if status < 400 { "figure good" } else { "figure bad" };
    let timeline = link::timeline(&request_id);
    let source = if from_builder { "builder" } else { "direct" };
    view! {
        <li id=request_id.clone()>
            <details>
                <summary>
                    <time datetime=at.iso>{at.date} " " <span class="clock">{at.time}</span></time> " "
                    <span class=class>{status}</span> " "
                    <span class="call-line"><span class="method" data-method=method.clone()>{method.clone()}</span> " " {path}</span> " "
                    <span class="call-source">{source}</span> " "
                    <span class="figure end">{duration(duration_us)}</span>
                </summary>
                <dl class="facts">
                    <div><dt>"Request"</dt><dd><code>{request_id.clone()}</code></dd></div>
                    {operation.map(|(title, href)| view! { <div><dt>"Operation"</dt><dd><a href=href>{title}</a></dd></div> })}
                    {problem.map(|slug| view! { <div><dt>"Problem"</dt><dd><a href=link::problem(&slug)>{slug.clone()}</a></dd></div> })}
                    {client_id.map(|id| view! { <div><dt>"Client"</dt><dd><code>{id}</code></dd></div> })}
                </dl>
                <p class="call-open">
                    <a class="button quiet" href=timeline>"Timeline"</a>
                    {open.map(|href| view! { " " <a class="button quiet" href=href>"Open in the builder"</a> })}
                </p>
            </details>
        </li>
    }
}
