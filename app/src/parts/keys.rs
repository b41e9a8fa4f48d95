//! The list of keys: one on every page, which names those that the page has.

use super::shell::Section;
use leptos::{attr::custom::custom_attribute, prelude::*};

/// A key, and what it does.
type Key = (&'static [&'static str], &'static str);

const EVERYWHERE: [Key; 3] = [
    (&["/", "Ctrl K"], "Search the docs"),
    (&["?"], "Show or hide this list"),
    (&["Esc"], "Close what is open"),
];

const DOCS: [Key; 3] = [
    (&["j"], "Next operation on the page"),
    (&["k"], "Operation before"),
    (&["b"], "Open that operation in the builder, in place"),
];

/// Those with one letter press the element with the same `data-key`.
const BUILDER: [Key; 8] = [
    (&["Ctrl Enter"], "Send the request, from any field"),
    (&["o"], "Choose another operation"),
    (&["a"], "Go to the answer"),
    (&["n"], "Next page of the answer"),
    (&["e"], "Send again with the ETag of the answer"),
    (&["f"], "Fold or unfold the answer"),
    (&["l"], "Copy the link to the request"),
    (&["t"], "Open the timeline of the answer"),
];

/// The list as a popover, which its button opens without a script.
pub(crate) fn list(section: Section) -> impl IntoView {
    let groups = match section {
        Section::Docs => vec![
            ("Everywhere", &EVERYWHERE[..]),
            ("Reference", &DOCS[..]),
            ("Builder", &BUILDER[..]),
        ],
        Section::Builder => vec![("Everywhere", &EVERYWHERE[..]), ("Builder", &BUILDER[..])],
        _ => vec![("Everywhere", &EVERYWHERE[..])],
    };
    let popover = custom_attribute("popover", "auto");
    view! {
        <dialog id="keys" class="keys" {..popover} aria-labelledby="keys-title">
            <div class="keys-head">
                <h2 id="keys-title">"Keys"</h2>
                <button class="keys-close" type="button" popovertarget="keys" popovertargetaction="hide" autofocus=true>"Close"</button>
            </div>
            {groups.into_iter().map(group).collect_view()}
            <p class="keys-single" hidden=true>
                <input type="checkbox" id="keys-single" checked=true/>
                <label for="keys-single">"Single letters and signs work as keys"</label>
            </p>
        </dialog>
    }
}

fn group((title, keys): (&'static str, &'static [Key])) -> impl IntoView {
    let rows = keys
        .iter()
        .map(|(names, what)| {
            let names = names
                .iter()
                .map(|name| view! { <kbd>{*name}</kbd> " " })
                .collect_view();
            view! { <div><dt>{names}</dt><dd>{*what}</dd></div> }
        })
        .collect_view();
    view! { <h3>{title}</h3> <dl>{rows}</dl> }
}

/// The button that opens the list.
pub(crate) fn button() -> impl IntoView {
    view! { <button class="keys-open" type="button" popovertarget="keys">"Keys " <kbd aria-hidden="true">"?"</kbd></button> }
}
