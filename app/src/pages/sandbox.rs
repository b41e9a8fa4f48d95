//! The visitor's sandbox: credentials, what is in it, and what can be done with it.

use crate::{
    link,
    model::{Frame, SandboxPage, SandboxView},
    parts::{
        entry::confirm,
        shell::{Head, Section, document},
        statement::{copy, moment},
    },
};
use leptos::prelude::*;

/// Draws the sandbox page.
pub(crate) fn render(frame: &Frame, page: &SandboxPage) -> String {
    let head = Head {
        title: "Sandbox".to_owned(),
        description: "A sandbox of your own: credentials, demo data, and the controls over both.".to_owned(),
        section: Section::Sandbox,
        class: "plain",
        islands: false,
        listed: true,
        script: None,
        markdown_url: None,
    };
    document(frame, head, || match page.clone() {
        SandboxPage::Absent { problem } => absent(problem).into_any(),
        SandboxPage::Present(view) => present(&view).into_any(),
    })
}

fn absent(problem: Option<String>) -> impl IntoView {
    let facts = [
        (
            "Credentials",
            "A client id and a secret for OAuth 2.0, which any HTTP client can use.",
        ),
        (
            "Data",
            "A family office with three clients, six custodians and five years of history, the same every time.",
        ),
        (
            "Isolation",
            "A database of its own. Nobody else reads it, locks it, or spends its budget.",
        ),
        (
            "Ends",
            "When you delete it, or 14 days after its last use. Reset brings the demo data back at any time.",
        ),
    ];
    view! {
        <main id="main" class="sheet">
            <header class="sheet-head">
                <h1>"A sandbox of your own"</h1>
                <p class="summary">"The whole API, with data to read and to change, answering to you alone. You have none yet."</p>
            </header>
            {problem.map(alert)}
            <dl class="facts">
                {facts.map(|(name, text)| view! { <div><dt>{name}</dt><dd>{text}</dd></div> }).into_iter().collect_view()}
            </dl>
            <form method="post" action=link::SANDBOX>
                <button class="button" type="submit">"Create sandbox"</button>
            </form>
            <p>"Is it in a workspace that you claimed? " <a href=link::SIGN_IN>"Sign in"</a> "."</p>
        </main>
    }
}

fn alert(text: String) -> impl IntoView {
    view! { <p class="alert" role="alert">{text}</p> }
}

fn present(view: &SandboxView) -> impl IntoView + use<> {
    view! {
        <main id="main" class="sheet">
            <header class="sheet-head">
                <p class="eyebrow">"Sandbox"</p>
                <h1>{view.name.clone()}</h1>
                <p class="summary">
                    "Opened " {moment(&view.created)} " UTC. Its own clock shows " {moment(&view.clock)} " UTC. "
                    "Unused, it is removed on " {moment(&view.ends)} " UTC; using it moves that date. "
                    {(!view.claimed).then(|| view! { <a href=link::WORKSPACE>"Claim its workspace"</a> " to keep it for longer and to open it elsewhere." })}
                </p>
            </header>
            {view.notice.clone().map(|text| view! { <p class="notice" role="status">{text}</p> })}
            {view.problem.clone().map(alert)}
            {credentials(view)}
            {token(view)}
            {contents(view)}
            {if view.may_manage { controls(view).into_any() } else { kept_back().into_any() }}
        </main>
    }
}

fn credentials(view: &SandboxView) -> impl IntoView + use<> {
    let SandboxView {
        client_id,
        secret,
        secret_at,
        api_url,
        plan,
        budget,
        scopes,
        ..
    } = view.clone();
    let secret = match secret {
        Some(secret) => view! {
            <dd class="secret">
                <p><code id="client-secret">{secret}</code> {copy("client-secret", "the client secret")}</p>
                <p class="secret-note"><strong>"Shown once."</strong> " Keep it now: only a hash of it is stored, so nobody can show it again."</p>
            </dd>
        }
        .into_any(),
        None => view! { <dd>"Issued " {moment(&secret_at)} " UTC and shown then. Lost it? " <a href="#rotate">"Rotate it"</a> "."</dd> }.into_any(),
    };
    view! {
        <section class="part" aria-labelledby="credentials">
            <h2 id="credentials">"Credentials"</h2>
            <dl class="facts">
                <div><dt>"Client id"</dt><dd><code id="client-id">{client_id}</code> {copy("client-id", "the client id")}</dd></div>
                <div><dt>"Client secret"</dt>{secret}</div>
                <div><dt>"API"</dt><dd><code id="api-url">{api_url}</code> {copy("api-url", "the API address")}</dd></div>
                <div><dt>"Plan"</dt><dd>{plan} ", " {budget}</dd></div>
                <div><dt>"Scopes"</dt><dd class="scopes">{scopes.into_iter().map(|scope| view! { <code>{scope}</code> " " }).collect_view()}</dd></div>
            </dl>
        </section>
    }
}

fn token(view: &SandboxView) -> impl IntoView + use<> {
    let secret = view.secret.clone();
    let shown = secret.is_some();
    let command = format!(
        "export ACCESS_TOKEN=$(curl -s {}/oauth/token \\\n  -u '{}:{}' \\\n  -d grant_type=client_credentials | cut -d'\"' -f4)\n\ncurl {}/v1/clients \\\n  -H \"Authorization: Bearer $ACCESS_TOKEN\"",
        view.api_url,
        view.client_id,
        secret.unwrap_or_else(|| "YOUR_CLIENT_SECRET".to_owned()),
        view.api_url,
    );
    view! {
        <section class="part" aria-labelledby="first-call">
            <h2 id="first-call">"First call"</h2>
            <p>
                "A token, then a request with it. Paste both lines into a shell"
                {if shown { ", your credentials are in them." } else { " and put your secret in." }}
                " Or " <a href=link::builder("clients.list")>"send it from the builder"</a> ", which needs neither."
            </p>
            <figure class="code" data-lang="shell">
                <figcaption><span class="code-title">"Shell"</span>{copy("first-call-sample", "sample")}</figcaption>
                <pre tabindex="0" role="group" aria-label="Sample: a token and a first call"><code id="first-call-sample">{command}</code></pre>
            </figure>
        </section>
    }
}

fn contents(view: &SandboxView) -> impl IntoView + use<> {
    let total: u64 = view.counts.iter().map(|(_, count)| count).sum();
    let rows = view
        .counts
        .clone()
        .into_iter()
        .map(|(name, count)| view! { <tr><th scope="row">{name}</th><td class="figure">{grouped(count)}</td></tr> })
        .collect_view();
    view! {
        <section class="part" aria-labelledby="inside">
            <h2 id="inside">"What is in it"</h2>
            <table class="ledger">
                <thead class="unseen"><tr><th scope="col">"Objects"</th><th scope="col">"Number"</th></tr></thead>
                <tbody>{rows}</tbody>
                <tfoot><tr><th scope="row">"Objects"</th><td class="figure">{grouped(total)}</td></tr></tfoot>
            </table>
        </section>
    }
}

/// A count with a thin space between thousands.
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + 4);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

fn kept_back() -> impl IntoView {
    view! {
        <section class="part" aria-labelledby="controls">
            <h2 id="controls">"Controls"</h2>
            <p id="rotate">"Rotating the secret, resetting the data and deleting the sandbox are for the admins of the " <a href=link::WORKSPACE>"workspace"</a> "."</p>
        </section>
    }
}

fn controls(view: &SandboxView) -> impl IntoView + use<> {
    view! {
        <section class="part" aria-labelledby="controls">
            <h2 id="controls">"Controls"</h2>
            <ul class="controls" role="list">
                <li id="rotate">
                    <div><h3>"Rotate the secret"</h3><p>"Makes a new one and shows it once. The old one keeps working for 24 hours, so that running services can change over; tokens already issued live out their hour."</p></div>
                    <form method="post" action=link::SANDBOX_ROTATE><button class="button quiet" type="submit">"Rotate secret"</button></form>
                </li>
                <li id="reset">
                    <div><h3>"Reset the data"</h3><p>"Puts the demo data back and sets the clock to now. Credentials stay; cursors and ETags from before stop matching."</p></div>
                    {confirm(link::SANDBOX_RESET, ("confirm-reset", &view.name), ("button quiet", "Reset data"))}
                </li>
                <li id="delete">
                    <div><h3>"Delete the sandbox"</h3><p>"Ends its credentials and removes its database. This cannot be undone."</p></div>
                    {confirm(link::SANDBOX_DELETE, ("confirm", &view.name), ("button danger", "Delete sandbox"))}
                </li>
            </ul>
        </section>
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(
            [7, 999, 4000, 1_234_567].map(super::grouped),
            ["7", "999", "4\u{202f}000", "1\u{202f}234\u{202f}567"]
        );
    }
}
