//! The builder, alive: the curl command follows every keystroke, and the answer comes without a reload.
//!
//! The form itself is drawn by the server and works alone. The island only listens to it, so no code that draws forms
//! is shipped, and what the form shows and what is sent cannot differ.
#![expect(missing_docs, reason = "the island macro derives structs without docs")]

use super::answer;
use crate::{
    actions,
    figures::duration,
    model::{OperationLink, Outcome},
    port::SendError,
    request::{BODY, BODY_AS, Pairs, RAW, SendRequest, Wire},
    sample::Language,
};
use contract::form::Form;
use leptos::{ev, html, prelude::*, task::spawn_local, wasm_bindgen::JsCast, web_sys};

/// Wraps the builder's form and shows what came of it.
#[island]
pub fn Builder(
    /// The chosen operation.
    form: Form,
    /// Every operation, for links from ids.
    operations: Vec<OperationLink>,
    /// The API's base URL.
    api_url: String,
    /// What stands in the form.
    fields: Pairs,
    /// What came of the last send.
    outcome: Option<Outcome>,
    /// The form.
    children: Children,
) -> impl IntoView {
    let form = StoredValue::new(form);
    let fields = RwSignal::new(fields);
    let outcome = RwSignal::new(outcome);
    let sending = RwSignal::new(false);
    let pane = NodeRef::<html::Section>::new();

    let wire = Memo::new(move |_| {
        let request = form.with_value(|form| SendRequest::from_fields(form, &fields.get()));
        form.with_value(|form| request.wire(form, &api_url))
    });
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
        if sending.get_untracked() {
            return;
        }
        let typed = read(&element, event.submitter());
        // A button's value stands in the field afterwards, so that what was sent is what is seen.
        adopt(&element, &typed);
        let request = form.with_value(|form| SendRequest::from_fields(form, &typed));
        fields.set(typed);
        sending.set(true);
        spawn_local(async move {
            let came = actions::send(request)
                .await
                .unwrap_or(Outcome::Failed(SendError::PortalFailed));
            outcome.set(Some(came));
            sending.set(false);
            show(pane);
        });
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
    let busy = move || if sending.get() { "true" } else { "false" };
    view! {
        <div class="bench" on:input=on_input on:submit=on_submit on:keydown=on_key data-sending=busy>
            {children()}
            <p class="unseen" role="status">{said}</p>
            <section class="answer-pane" id="answer" node_ref=pane aria-busy=busy aria-label="Answer">
                {move || form.with_value(|form| answer::draw(outcome.get(), &operations, form))}
            </section>
            <section class="same-request" aria-label="The same request as code">
                {samples(wire)}
            </section>
        </div>
    }
}

/// The request in every language, one of which shows; which one is a matter of radio buttons and needs no script.
fn samples(wire: Memo<Result<Wire, SendError>>) -> impl IntoView {
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

/// Narrows the picker to the operations that have every word that was typed, if the event comes from its filter.
fn filter(event: &web_sys::Event) -> Option<()> {
    let input: web_sys::HtmlInputElement = event.target()?.dyn_into().ok()?;
    if !input.has_attribute("data-filter") {
        return None;
    }
    let words = input.value().to_lowercase();
    let sheet = input.parent_element()?;
    let elements = |selector: &str| {
        let found = sheet.query_selector_all(selector).ok();
        let length = found.as_ref().map_or(0, web_sys::NodeList::length);
        (0..length).filter_map(move |index| {
            found
                .as_ref()?
                .get(index)?
                .dyn_into::<web_sys::HtmlElement>()
                .ok()
        })
    };
    for item in elements("li") {
        let text = item.text_content().unwrap_or_default().to_lowercase();
        item.set_hidden(!words.split_whitespace().all(|word| text.contains(word)));
    }
    for group in elements(".picker-group") {
        let left = group.query_selector("li:not([hidden])").ok().flatten();
        group.set_hidden(left.is_none());
    }
    Some(())
}

/// The builder's form, if the event comes from it or from one of its fields.
fn request_form(event: &web_sys::Event) -> Option<web_sys::HtmlFormElement> {
    let target: web_sys::Element = event.target()?.dyn_into().ok()?;
    target.closest("#request").ok()??.dyn_into().ok()
}

fn target_name(event: &web_sys::Event) -> Option<String> {
    event
        .target()?
        .dyn_into::<web_sys::Element>()
        .ok()?
        .get_attribute("name")
}

/// The fields of the form as they would be posted, the button's own last.
fn read(form: &web_sys::HtmlFormElement, button: Option<web_sys::HtmlElement>) -> Pairs {
    let mut pairs = Pairs::new();
    if let Ok(data) = web_sys::FormData::new_with_form(form) {
        for entry in data.entries().into_iter().flatten() {
            let entry: js_sys::Array = entry.unchecked_into();
            if let (Some(name), Some(value)) = (entry.get(0).as_string(), entry.get(1).as_string()) {
                pairs.push((name, value));
            }
        }
    }
    if let Some(button) = button
        && let (Some(name), Some(value)) = (button.get_attribute("name"), button.get_attribute("value"))
    {
        pairs.push((name, value));
    }
    pairs
}

fn control(form: &web_sys::HtmlFormElement, name: &str) -> Option<web_sys::Element> {
    form.query_selector(&format!("[name=\"{name}\"]")).ok()?
}

fn put(form: &web_sys::HtmlFormElement, name: &str, value: &str) {
    let Some(control) = control(form, name) else {
        return;
    };
    if let Some(input) = control.dyn_ref::<web_sys::HtmlInputElement>() {
        input.set_value(value);
    } else if let Some(area) = control.dyn_ref::<web_sys::HtmlTextAreaElement>() {
        area.set_value(value);
    }
}

fn adopt(form: &web_sys::HtmlFormElement, fields: &Pairs) {
    if let Some((name, value)) = fields.last()
        && (name.starts_with("query.") || name.starts_with("header."))
    {
        put(form, name, value);
    }
}

/// On the way to raw JSON, the text starts as what the fields say.
fn carry_over(element: &web_sys::HtmlFormElement, form: StoredValue<Form>, fields: &Pairs) {
    if crate::request::last(fields, BODY_AS) != Some(RAW) {
        return;
    }
    let mut typed = fields.clone();
    typed.push((BODY_AS.to_owned(), "fields".to_owned()));
    let request = form.with_value(|form| SendRequest::from_fields(form, &typed));
    put(element, BODY, &request.body.unwrap_or_default());
}
