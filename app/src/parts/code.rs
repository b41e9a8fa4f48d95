//! Code samples: one, or several of which one is shown.

use crate::model::{Code, Tab};
use leptos::prelude::*;

/// A code sample under `id`, with its title and a copy button.
pub(crate) fn code(id: String, code: Code) -> impl IntoView {
    let Code {
        lang, title, html, ..
    } = code;
    let label = if title.is_empty() {
        format!("Sample: {lang}")
    } else {
        title.clone()
    };
    view! {
        <figure class="code" data-lang=lang.clone()>
            <figcaption>
                <span class="code-title">{if title.is_empty() { language(&lang) } else { title }}</span>
                " "
                {super::statement::copy(&id, "sample")}
            </figcaption>
            <pre tabindex="0" role="group" aria-label=label><code id=id inner_html=html></code></pre>
        </figure>
    }
}

/// Several samples under one bar; which one shows is a matter of radio buttons and needs no script.
pub(crate) fn tabs(id: &str, tabs: Vec<Tab>) -> AnyView {
    if tabs.len() < 2 {
        return tabs
            .into_iter()
            .next()
            .map(|tab| code(id.to_owned(), tab.code))
            .into_any();
    }
    let group = format!("{id}-tabs");
    let panels = tabs.into_iter().enumerate().map(|(index, tab)| {
        let choice = format!("{id}-tab-{index}");
        let first = index == 0;
        view! {
            <input type="radio" class="unseen" name=group.clone() id=choice.clone() checked=first/>
            <label for=choice>{tab.label}</label>
            <div class="tab-panel">{code(format!("{id}-{index}"), tab.code)}</div>
        }
    });
    view! { <fieldset class="tabs"><legend class="unseen">"Language of the sample"</legend>{panels.collect_view()}</fieldset> }
        .into_any()
}

fn language(lang: &str) -> String {
    match lang {
        "" | "text" => "Text".to_owned(),
        "shell" | "sh" | "bash" => "Shell".to_owned(),
        "json" => "JSON".to_owned(),
        "http" => "HTTP".to_owned(),
        "python" => "Python".to_owned(),
        "javascript" => "JavaScript".to_owned(),
        "typescript" => "TypeScript".to_owned(),
        "rust" => "Rust".to_owned(),
        "go" => "Go".to_owned(),
        "java" => "Java".to_owned(),
        "csharp" => "C#".to_owned(),
        "sql" => "SQL".to_owned(),
        "yaml" => "YAML".to_owned(),
        "toml" => "TOML".to_owned(),
        other => other.to_owned(),
    }
}
