//! The fault panel: makes the sandbox fail on purpose, from where the request is sent.

use crate::{
    link,
    model::{FaultPanel, WaitingFault},
};
use leptos::prelude::*;

/// The kinds of fault, as the contract spells them, in words.
const KINDS: [(&str, &str); 5] = [
    ("rate_limited", "429, over budget"),
    ("server_error", "500, failed on our side"),
    ("timeout", "503, took too long"),
    ("latency", "true answer, but late"),
    ("connection_reset", "connection breaks"),
];

/// The panel. A form in it posts and comes back; a script only swaps the panel instead of the page.
pub(crate) fn panel(panel: FaultPanel) -> AnyView {
    let FaultPanel {
        operation,
        method,
        path,
        can_be_struck,
        waiting,
        said,
    } = panel;
    let count = waiting.len();
    let open = said.is_some();
    let part = format!("{}?operation={operation}", link::BUILDER_FAULTS);
    let said = said.map(|(done, text)| {
        let class = if done { "notice-line good" } else { "notice-line" };
        view! { <p class=class role="status">{text}</p> }
    });
    let form = can_be_struck.then(|| plant(&operation, &format!("{method} {path}")));
    let clear = (count > 1).then(|| {
        view! {
            <form method="post" action=link::BUILDER_FAULTS_CHANGE data-swap="faults">
                <input type="hidden" name="operation" value=operation.clone()/>
                <button class="button quiet" type="submit" name="do" value="clear">"Take all away"</button>
            </form>
        }
    });
    let rows = waiting
        .into_iter()
        .map(|fault| row(&operation, fault))
        .collect_view();
    view! {
        <details class="fold faults" id="faults" open=open data-fresh=part>
            <summary>"Faults " <span class="figure">{count}</span></summary>
            {said}
            {(!can_be_struck).then(|| view! { <p class="caption">"Controls of the sandbox are never struck, so that a fault can always be taken away."</p> })}
            {form}
            {(count > 0).then(|| view! { <ol class="faults-waiting" role="list">{rows}</ol> })}
            {clear}
        </details>
    }
    .into_any()
}

fn plant(operation: &str, line: &str) -> impl IntoView + use<> {
    let kinds = KINDS
        .map(|(value, label)| view! { <option value=value>{label}</option> })
        .into_iter()
        .collect_view();
    let figure = |name: &'static str, label: &'static str, hint: &'static str| {
        let id = format!("fault-{name}");
        view! {
            <p><label for=id.clone()>{label}</label>
            <input id=id name=name inputmode="numeric" pattern="[0-9]*" placeholder=hint autocomplete="off"/></p>
        }
    };
    view! {
        <form class="faults-plant" method="post" action=link::BUILDER_FAULTS_CHANGE data-swap="faults" aria-label="Plant a fault">
            <input type="hidden" name="operation" value=operation.to_owned()/>
            <p><label for="fault-kind">"What happens"</label><select id="fault-kind" name="kind">{kinds}</select></p>
            <p><label for="fault-strikes">"To"</label>
                <select id="fault-strikes" name="strikes">
                    <option value="this">{line.to_owned()}</option>
                    <option value="every">"Every call"</option>
                </select>
            </p>
            {figure("times", "Calls", "1")}
            {figure("delay_ms", "Held, ms", "none")}
            {figure("retry_after", "Retry-After, s", "1")}
            <button class="button quiet" type="submit" name="do" value="plant">"Plant fault"</button>
        </form>
    }
}

fn row(operation: &str, fault: WaitingFault) -> impl IntoView + use<> {
    let WaitingFault {
        id,
        does,
        strikes,
        remaining,
    } = fault;
    let left = if remaining == 1 {
        "1 call left".to_owned()
    } else {
        format!("{remaining} calls left")
    };
    view! {
        <li>
            <span>{does} " to " <code>{strikes}</code></span> " "
            <span class="figure caption">{left}</span> " "
            <form method="post" action=link::BUILDER_FAULTS_CHANGE data-swap="faults">
                <input type="hidden" name="operation" value=operation.to_owned()/>
                <input type="hidden" name="fault" value=id.clone()/>
                <button class="copy" type="submit" name="do" value="remove" aria-label=format!("Take {id} away")>"Take away"</button>
            </form>
        </li>
    }
}
