//! The builder, alive: the curl command follows every keystroke, and the answer comes without a reload.
//!
//! The form itself is drawn by the server and works alone. The island only listens to it, so no code that draws forms
//! is shipped, and what the form shows and what is sent cannot differ.
#![expect(missing_docs, reason = "the island macro derives structs without docs")]

use super::{
    answer,
    form::{adopt, carry_over, command, filter, read, request_form, target_name},
    history, rows,
};
use crate::{
    actions,
    figures::duration,
    link,
    model::{Bench, Outcome, PastCall, REMEMBERED},
    port::SendError,
    request::{BODY_AS, SendRequest, Wire, rows::Change},
    sample::Language,
};
use leptos::{ev, html, prelude::*, task::spawn_local};
use std::time::Duration;

/// A send that is answered sooner than this is not shown to be under way: the page would only flicker.
const NOTICEABLE: Duration = Duration::from_millis(100);

/// Wraps the builder's form and shows what came of it.
#[island]
pub fn Builder(
    /// What it starts with.
    bench: Bench,
    /// The form.
    children: Children,
) -> impl IntoView {
    let Bench {
        form,
        operations,
        api_url,
        portal_url,
        ..
    } = bench;
    let form = StoredValue::new(form);
    let fields = RwSignal::new(bench.fields);
    let outcome = RwSignal::new(bench.outcome);
    let calls = RwSignal::new(bench.history);
    let sending = StoredValue::new(false);
    let waiting = RwSignal::new(false);
    let pane = NodeRef::<html::Section>::new();

    let request = Memo::new(move |_| form.with_value(|form| SendRequest::from_fields(form, &fields.get())));
    let wire =
        Memo::new(move |_| form.with_value(|form| request.with(|request| request.wire(form, &api_url))));
    let on_input = move |event: ev::Event| {
        if filter(&event).is_some() {
            return;
        }
        if let Some(element) = request_form(&event) {
            let typed = read(&element, None);
            if target_name(&event).as_deref() == Some(BODY_AS) {
                carry_over(&element, form, &typed);
            }
            fields.set(typed);
        }
    };
    let on_submit = move |event: ev::SubmitEvent| {
        let Some(element) = request_form(&event) else {
            return;
        };
        event.prevent_default();
        if let Some(command) = command(&event) {
            if let Some(change) = Change::parse(&command) {
                rows::change(&element, change);
            }
            fields.set(read(&element, None));
            return;
        }
        if sending.get_value() {
            return;
        }
        let typed = read(&element, event.submitter());
        let request = form.with_value(|form| SendRequest::from_fields(form, &typed));
        let soon = set_timeout_with_handle(move || waiting.set(true), NOTICEABLE).ok();
        // Spawned before anything is drawn, so that the request is under way by then.
        spawn_local(async move {
            let came = actions::send(request)
                .await
                .unwrap_or(Outcome::Failed(SendError::PortalFailed));
            let call = match &came {
                Outcome::Answered(sent) => Some(PastCall::from(&**sent)),
                Outcome::Failed(_) => None,
            };
            if let Some(soon) = soon {
                soon.clear();
            }
            outcome.set(Some(came));
            sending.set_value(false);
            if waiting.get_untracked() {
                waiting.set(false);
            }
            show(pane);
            // The answer need not wait for its row.
            if let Some(call) = call {
                set_timeout(move || remember(calls, call), Duration::ZERO);
            }
        });
        // A button's value stands in the field afterwards, so that what was sent is what is seen.
        adopt(&element, &typed);
        fields.set(typed);
        sending.set_value(true);
    };
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Enter"
            && (event.ctrl_key() || event.meta_key())
            && let Some(element) = request_form(&event)
        {
            // A form that the browser finds incomplete says so by itself.
            let _ = element.request_submit();
        }
    };
    let said = move || outcome.with(|outcome| outcome.as_ref().map(spoken));
    let busy = move || if waiting.get() { "true" } else { "false" };
    view! {
        <div class="bench" on:input=on_input on:submit=on_submit on:keydown=on_key data-sending=busy>
            {children()}
            <p class="unseen" role="status">{said}</p>
            <section class="answer-pane" id="answer" tabindex="-1" node_ref=pane aria-busy=busy aria-label="Answer">
                {move || form.with_value(|form| answer::draw(outcome.get(), &operations, form))}
            </section>
            <section class="same-request" aria-label="The same request as code">
                {samples(wire)}
                {share(request, portal_url)}
            </section>
            {past(calls)}
        </div>
    }
}

/// The request in every language, one of which shows; which one is a matter of radio buttons and needs no script.
fn samples(wire: Memo<Result<Wire, SendError>>) -> AnyView {
    let panels = Language::ALL.map(|language| {
        let (label, slug) = (language.label(), language.slug());
        let (choice, code) = (format!("same-tab-{slug}"), format!("same-{slug}"));
        let text = move || {
            wire.with(|wire| match wire {
                Ok(wire) => language.print(wire),
                Err(error) => error.explain().what,
            })
        };
        let first = language == Language::Curl;
        view! {
            <input type="radio" class="unseen" name="same-tabs" id=choice.clone() checked=first/>
            <label for=choice>{label}</label>
            <div class="tab-panel">
                <figure class="code" data-lang=slug>
                    <figcaption>
                        <span class="code-title">"The same request"</span>
                        <button class="copy" type="button" data-copy=code.clone() aria-label=format!("Copy the {label} sample")>"Copy"</button>
                    </figcaption>
                    <pre tabindex="0" role="group" aria-label=format!("The same request: {label}")><code id=code>{text}</code></pre>
                </figure>
            </div>
        }
    });
    view! { <fieldset class="tabs"><legend class="unseen">"Language of the sample"</legend>{panels.into_iter().collect_view()}</fieldset> }
        .into_any()
}

/// The history, which grows with every send.
fn past(calls: RwSignal<Vec<PastCall>>) -> AnyView {
    view! {
        <section class="history" aria-labelledby="history-title">
            <h2 id="history-title">"History"</h2>
            {history::draw(calls)}
        </section>
    }
    .into_any()
}

/// Puts a call on top of the history.
fn remember(calls: RwSignal<Vec<PastCall>>, call: PastCall) {
    calls.update(|calls| {
        calls.insert(0, call);
        calls.truncate(REMEMBERED);
    });
}

/// The address under which anybody finds this request, with their own sandbox behind it.
fn share(request: Memo<SendRequest>, portal_url: String) -> AnyView {
    let path = Memo::new(move |_| request.with(link::shared));
    let whole = move || path.get().map(|path| format!("{portal_url}{path}"));
    let href = move || path.get();
    let short = move || path.with(Option::is_some);
    view! {
        <p class="share" hidden=move || !short()>
            <a href=href>"Link to this request"</a> " "
            <button class="copy" type="button" data-copy-text=whole data-key="l" aria-label="Copy the link to this request">"Copy"</button> " "
            <span class="caption">"Carries the values and no secret. Whoever opens it sends to their own sandbox."</span>
        </p>
        <p class="caption" hidden=short>"This body is too long for a link. Copy the sample instead."</p>
    }
    .into_any()
}

/// The outcome in a few words, for those who hear the page.
fn spoken(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Answered(sent) => {
            format!(
                "{} {} in {}",
                sent.status,
                sent.reason,
                duration(sent.duration_us)
            )
        }
        Outcome::Failed(error) => error.explain().what,
    }
}

/// Brings the answer into view where the form has pushed it below the fold.
fn show(pane: NodeRef<html::Section>) {
    if let Some(pane) = pane.get_untracked()
        && let Some(height) = window().inner_height().ok().and_then(|height| height.as_f64())
        && pane.get_bounding_client_rect().top() > height * 0.8
    {
        pane.scroll_into_view();
    }
}
