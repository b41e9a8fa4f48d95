//! The signature debugger.

use super::{head, trail};
use crate::{
    link,
    model::{
        Frame,
        webhooks::{SignaturePage, Verdict},
    },
    parts::shell::document,
};
use leptos::prelude::*;

/// Draws it.
pub(crate) fn render(frame: &Frame, page: &SignaturePage) -> String {
    document(frame, head("Signature debugger", None), || body(page.clone()))
}

fn body(page: SignaturePage) -> impl IntoView {
    let SignaturePage {
        endpoints,
        typed: (headers, body),
        chosen,
        verdict: found,
    } = page;
    view! {
        <main id="main" class="sheet">
            {trail(link::WEBHOOKS_SIGNATURE)}
            <header class="sheet-head">
                <h1>"Why does it not verify?"</h1>
                <p class="summary">"Paste what your receiver got and what it checks with. Every known mistake is tried until one explains the signature."</p>
            </header>
            {found.map(verdict)}
            <form class="entry wide-entry" method="post" action=link::WEBHOOKS_SIGNATURE>
                <div class="entry-field">
                    <label for="signature-headers">"Headers, a line each"</label>
                    <textarea id="signature-headers" name="headers" rows="5" required spellcheck="false" autocapitalize="none" placeholder="webhook-id: evt_…\nwebhook-timestamp: 1767225600\nwebhook-signature: v1,…">{headers}</textarea>
                </div>
                <div class="entry-field">
                    <label for="signature-body">"Body, exactly as your code has it"</label>
                    <textarea id="signature-body" name="body" rows="6" spellcheck="false" autocapitalize="none">{body}</textarea>
                </div>
                {(!endpoints.is_empty()).then(|| view! {
                    <div class="entry-field">
                        <label for="signature-endpoint">"Checked with the secret of"</label>
                        <select id="signature-endpoint" name="endpoint">
                            <option value="">"what I paste below"</option>
                            {endpoints.into_iter().map(|(id, url)| {
                                let selected = id == chosen;
                                view! { <option value=id selected=selected>{url}</option> }
                            }).collect_view()}
                        </select>
                    </div>
                })}
                <div class="entry-field">
                    <label for="signature-secret">"Secret, as your receiver has it"</label>
                    <input id="signature-secret" name="secret" type="text" placeholder="whsec_…" autocomplete="off" autocapitalize="none" spellcheck="false"/>
                    <p class="hint">"It is used for this one answer and neither kept nor logged."</p>
                </div>
                <button class="button" type="submit">"Find out"</button>
            </form>
        </main>
    }
}

fn verdict(verdict: Verdict) -> AnyView {
    if verdict.good {
        return view! {
            <div class="notice" role="status"><p><strong>"The signature is good."</strong> " Secret, body and timestamp are all as they should be."</p></div>
        }
        .into_any();
    }
    let findings = verdict
        .findings
        .into_iter()
        .map(|(what, advice)| view! { <li><strong>{what}</strong> " " {advice}</li> })
        .collect_view();
    view! { <div class="alert" role="alert"><ul class="plain-list">{findings}</ul></div> }.into_any()
}
