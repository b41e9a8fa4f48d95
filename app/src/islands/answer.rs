//! What came of a send: the figures, what can be done next, the body, the headers.

use super::follow::follow;
use crate::{
    figures::{duration, size},
    json, link,
    model::{OperationLink, Outcome},
    port::{SendError, Sent},
};
use contract::form::Form;
use leptos::prelude::*;

/// The answer pane's content.
pub(super) fn draw(outcome: Option<Outcome>, operations: &[OperationLink], form: &Form) -> AnyView {
    match outcome {
        None => unsent(form),
        Some(Outcome::Failed(error)) => failed(&error),
        Some(Outcome::Answered(sent)) => answered(*sent, operations, &form.path),
    }
}

/// Before the first send: what an answer looks like.
fn unsent(form: &Form) -> AnyView {
    let status = form.status;
    let sample = (!form.example_reply.is_empty()).then(|| {
        let html = json::highlight(&form.example_reply, |_, _| None);
        view! {
            <figure class="code answer-body" data-lang="json">
                <figcaption><span class="code-title">"Sample answer " <span class="figure">{status}</span></span></figcaption>
                <pre tabindex="0" role="group" aria-label="Sample answer"><code inner_html=html></code></pre>
            </figure>
        }
    });
    view! {
        <div class="answer-void">
            <h2>"Nothing sent yet"</h2>
            <p>"Send the request and its answer stands here: status, time, headers, body."</p>
        </div>
        {sample}
    }
    .into_any()
}

fn failed(error: &SendError) -> AnyView {
    let explanation = error.explain();
    let create = (*error == SendError::NoSandbox).then(|| {
        view! {
            <form method="post" action=link::SANDBOX><button class="button" type="submit">"Create sandbox"</button></form>
        }
    });
    view! {
        <div class="answer-void alert">
            <h2>{explanation.what}</h2>
            <p>{explanation.remedy}</p>
            {create}
        </div>
    }
    .into_any()
}

fn answered(sent: Sent, operations: &[OperationLink], path: &str) -> AnyView {
    let class = match sent.status {
        0..=399 => "status good",
        _ => "status bad",
    };
    let budget = budget(&sent);
    let actions = actions(&sent);
    let problem = problem(&sent);
    let struck = sent.header("sandbox-fault").map(|id| {
        view! { <p class="struck">"A fault that you planted struck this call: " <code>{id.to_owned()}</code></p> }
    });
    let body = body(&sent, operations, path);
    let headers = headers(&sent);
    view! {
        <div class="answer-head">
            <h2 class=class><span class="figure">{sent.status}</span> " " {sent.reason}</h2>
            <dl class="facts across">
                <div><dt>"Time"</dt><dd class="figure">{duration(sent.duration_us)}</dd></div>
                <div><dt>"Size"</dt><dd class="figure">{size(sent.size)}</dd></div>
                {budget.map(|(left, window)| view! { <div><dt>{window}</dt><dd class="figure">{left}</dd></div> })}
                <div class="wide"><dt>"Request"</dt><dd>{traced(&sent.request_id)}</dd></div>
            </dl>
        </div>
        {struck}
        {problem}
        {actions}
        {body}
        {headers}
    }
    .into_any()
}

/// A request id, which leads to what the request changed.
fn traced(id: &str) -> AnyView {
    if id.is_empty() {
        return "–".into_any();
    }
    view! { <a href=link::timeline(id) data-key="t"><code>{id.to_owned()}</code></a> }.into_any()
}

/// What is left of the rate budget, as the answer tells it.
fn budget(sent: &Sent) -> Option<(String, &'static str)> {
    let left = sent.header("x-ratelimit-remaining")?;
    let limit = sent.header("x-ratelimit-limit")?;
    Some((format!("{left} of {limit}"), "Budget left"))
}

fn member(body: &str, name: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(body).ok()?;
    value.get(name)?.as_str().map(str::to_owned)
}

/// The buttons stand outside of the form and repeat one of its fields: the last value of a field wins.
fn actions(sent: &Sent) -> Option<AnyView> {
    let next = member(&sent.body, "next_cursor");
    let get = sent.request_line.starts_with("GET ");
    let tag = sent.header("etag").filter(|_| get).map(str::to_owned);
    if next.is_none() && tag.is_none() {
        return None;
    }
    Some(
        view! {
            <div class="answer-actions">
                {next.map(|cursor| view! {
                    <button class="button quiet" type="submit" form="request" name="query.cursor" value=cursor data-key="n">"Next page"</button>
                })}
                {tag.map(|tag| view! {
                    <button class="button quiet" type="submit" form="request" name="header.if-none-match" value=tag data-key="e">"Send again with this ETag"</button>
                })}
            </div>
        }
        .into_any(),
    )
}

/// What an error answer says, in words, above its body.
fn problem(sent: &Sent) -> Option<AnyView> {
    if sent.status < 400 {
        return None;
    }
    let detail = member(&sent.body, "detail")?;
    let kind = member(&sent.body, "type")?;
    let slug = kind.rsplit(['/', '#']).next().unwrap_or_default().to_owned();
    Some(
        view! {
            <p class="alert">{detail} " " <a href=link::problem(&slug)>"What to do about it"</a></p>
        }
        .into_any(),
    )
}

fn body(sent: &Sent, operations: &[OperationLink], path: &str) -> AnyView {
    if sent.body.is_empty() {
        let words = match sent.status {
            304 => "Not modified: the copy you have is current, so no body travels.",
            204 => "Done. This answer has no body.",
            _ => "The answer has no body.",
        };
        return view! { <p class="answer-bare">{words}</p> }.into_any();
    }
    let indented = json::indented(&sent.body);
    let folds = indented.as_ref().is_some_and(|text| text.starts_with(['{', '[']));
    let text = indented.unwrap_or_else(|| sent.body.clone());
    let follow = |key: &str, value: &str| follow(operations, path, key, value);
    let html = if text.len() > json::COLOURED {
        json::linked(&text, follow)
    } else {
        json::highlight(&text, follow)
    };
    let shown = if folds {
        let html = json::fold(&text, &html);
        view! { <div class="json" id="answer-body" tabindex="0" role="group" aria-label="Body of the answer" inner_html=html></div> }.into_any()
    } else {
        view! { <pre tabindex="0" role="group" aria-label="Body of the answer"><code id="answer-body" inner_html=html></code></pre> }.into_any()
    };
    view! {
        <figure class="code answer-body" data-lang="json">
            <figcaption>
                <span class="code-title">"Body"</span>
                {folds.then(|| view! { <button class="copy fold-all" type="button" data-fold="answer-body" data-key="f">"Fold"</button> })}
                <button class="copy" type="button" data-copy="answer-body" aria-label="Copy the body">"Copy"</button>
            </figcaption>
            {shown}
        </figure>
    }
    .into_any()
}

/// Folded until somebody asks, so they are one text rather than a node for each word.
fn headers(sent: &Sent) -> AnyView {
    let count = sent.headers.len();
    let mut rows = String::new();
    for (name, value) in &sent.headers {
        rows.push_str("<div><dt>");
        json::escape(&mut rows, name);
        rows.push_str("</dt><dd>");
        json::escape(&mut rows, value);
        rows.push_str("</dd></div>");
    }
    view! {
        <details class="fold">
            <summary>"Headers " <span class="figure">{count}</span></summary>
            <dl class="headers" inner_html=rows></dl>
        </details>
    }
    .into_any()
}
