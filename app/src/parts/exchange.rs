//! One call and its answer, as they went over the wire.

use crate::{
    figures::{duration, size},
    json,
    model::{Code, RehearsedCall},
    parts::code,
    port::Sent,
};
use leptos::prelude::*;

/// Draws the call under an id of its own.
pub(crate) fn exchange(id: &str, call: RehearsedCall) -> impl IntoView + use<> {
    let RehearsedCall { request, sent, .. } = call;
    let class = if sent.status < 400 {
        "status good"
    } else {
        "status bad"
    };
    view! {
        <div class="exchange">
            {code::code(format!("{id}-request"), sample("http", "Request", &request))}
            <div class="answer-head">
                <h3 class=class><span class="figure">{sent.status}</span> " " {sent.reason.clone()}</h3>
                <dl class="facts across">
                    <div><dt>"Time"</dt><dd class="figure">{duration(sent.duration_us)}</dd></div>
                    <div><dt>"Size"</dt><dd class="figure">{size(sent.size)}</dd></div>
                    {(!sent.request_id.is_empty()).then(|| view! {
                        <div class="wide"><dt>"Request id"</dt><dd><code>{sent.request_id.clone()}</code></dd></div>
                    })}
                </dl>
            </div>
            {code::code(format!("{id}-headers"), sample("http", "Headers of the answer", &headers(&sent)))}
            {body(id, &sent)}
        </div>
    }
}

fn headers(sent: &Sent) -> String {
    let lines = sent
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}"));
    lines.collect::<Vec<_>>().join("\n")
}

fn body(id: &str, sent: &Sent) -> AnyView {
    if sent.body.is_empty() {
        return view! { <p class="answer-bare">"The answer has no body."</p> }.into_any();
    }
    code::code(
        format!("{id}-body"),
        sample("json", "Body of the answer", &json::pretty(&sent.body)),
    )
    .into_any()
}

fn sample(lang: &str, title: &str, text: &str) -> Code {
    let html = if lang == "json" {
        json::highlight(text, |_, _| None)
    } else {
        let mut html = String::new();
        json::escape(&mut html, text);
        html
    };
    Code {
        lang: lang.to_owned(),
        title: title.to_owned(),
        text: text.to_owned(),
        html,
    }
}
