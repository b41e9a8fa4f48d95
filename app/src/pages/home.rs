//! The home page: what this is, in two sentences, and a real request with its true answer.

use crate::{
    figures::{duration, size},
    json, link,
    model::{Frame, HomePage, LiveCall},
    parts::{
        shell::{Head, Section, document},
        statement::{copy, moment, stamp},
    },
};
use leptos::prelude::*;

/// Draws the home page.
pub(crate) fn render(frame: &Frame, page: &HomePage) -> String {
    let head = Head {
        title: String::new(),
        description: "Docs, a request builder and a sandbox of your own for the Aleta wealth-data API."
            .to_owned(),
        section: Section::None,
        class: "home",
        islands: false,
        listed: true,
        script: None,
        markdown_url: None,
    };
    document(frame, head, || body(page.clone()))
}

fn body(page: HomePage) -> impl IntoView {
    let HomePage {
        live,
        has_sandbox,
        operations,
    } = page;
    view! {
        <main id="main">
            <div class="hero">
                <section class="hero-words">
                    <h1>"Wealth data, on the record."</h1>
                    <p class="lead">
                        "The Aleta API gives you positions, cashflows, performance and the consents behind them as one set of books. "
                        "Everything on this site answers from a sandbox of your own: read it, send it, then take the same "
                        "request into your code."
                    </p>
                    {start(has_sandbox)}
                </section>
                {live.map_or_else(|| unavailable().into_any(), |call| statement(call).into_any())}
            </div>
            {contents(operations)}
        </main>
    }
}

fn start(has_sandbox: bool) -> AnyView {
    if has_sandbox {
        return view! {
            <p class="hero-action"><a class="button" href=link::BUILDER>"Send a request"</a></p>
            <p class="caption">"Your sandbox is ready. " <a href=link::SANDBOX>"See its credentials"</a></p>
        }
        .into_any();
    }
    view! {
        <form class="hero-action" method="post" action=link::SANDBOX>
            <button class="button" type="submit">"Create sandbox"</button>
            <a class="button quiet" href=link::DOCS>"Read the quickstart"</a>
        </form>
        <p class="caption">"No account and no waiting. It is yours alone, with demo data in it."</p>
    }
    .into_any()
}

fn statement(call: LiveCall) -> impl IntoView {
    let LiveCall { sent, at, source } = call;
    let body = json::highlight(&json::pretty(&sent.body), |_, _| None);
    let ok = sent.status < 400;
    let words = format!("{} {}", sent.status, sent.reason);
    view! {
        <section class="statement" aria-labelledby="live-title">
            <header class="statement-head">
                <div>
                    <h2 id="live-title">"Statement of a request"</h2>
                    <p class="caption">"Sent to " {source} ", " {moment(&at)} " UTC"</p>
                </div>
                {if ok { stamp(words, "").into_any() } else { view! { <p class="refused">{words}</p> }.into_any() }}
            </header>
            <dl class="facts across">
                <div class="wide"><dt>"Request"</dt><dd><code>{sent.request_line}</code></dd></div>
                <div><dt>"Time"</dt><dd class="figure">{duration(sent.duration_us)}</dd></div>
                <div><dt>"Size"</dt><dd class="figure">{size(sent.size)}</dd></div>
            </dl>
            <pre class="statement-body" tabindex="0" role="group" aria-label="Body of the answer"><code inner_html=body></code></pre>
            <footer class="statement-foot">
                <pre tabindex="0" role="group" aria-label="The request as curl"><code id="live-curl">{sent.curl}</code></pre>
                {copy("live-curl", "the curl command")}
            </footer>
        </section>
    }
}

fn unavailable() -> impl IntoView {
    view! {
        <section class="statement" aria-labelledby="live-title">
            <header class="statement-head"><h2 id="live-title">"Statement of a request"</h2></header>
            <p class="statement-void">
                "A real request stands here, with the answer it just got. The API did not answer this time; "
                <a href=link::HOME>"load the page again"</a> "."
            </p>
        </section>
    }
}

fn contents(operations: usize) -> impl IntoView {
    let rows = [
        (
            link::DOCS,
            "Quickstart",
            "From nothing to a first answer, in four steps.",
            "4 steps".to_owned(),
        ),
        (
            link::REFERENCE,
            "Reference",
            "Every operation, field and error of v1, each with a request that runs.",
            format!("{operations} operations"),
        ),
        (
            link::BUILDER,
            "Request builder",
            "Fill in a form, send it, read the answer, copy it as code.",
            String::new(),
        ),
        (
            link::CHECKLIST,
            "Launch checklist",
            "Proven by what the server saw, never ticked by hand.",
            "5 items".to_owned(),
        ),
    ];
    let rows = rows
        .map(|(href, title, text, note)| {
            view! {
                <li>
                    <a href=href>{title}</a>
                    <p>{text}</p>
                    <p class="figure">{note}</p>
                </li>
            }
        })
        .into_iter()
        .collect_view();
    view! {
        <section class="contents" aria-labelledby="contents-title">
            <h2 id="contents-title">"What is here"</h2>
            <ul role="list">{rows}</ul>
        </section>
    }
}
