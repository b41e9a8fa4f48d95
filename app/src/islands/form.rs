//! The builder's form as the browser holds it: read, filled in, narrowed down.

use crate::request::{AS_FIELDS, BODY, BODY_AS, Pairs, RAW, SendRequest, rows::ROW};
use contract::form::Form;
use leptos::{ev, prelude::*, wasm_bindgen::JsCast, web_sys};

/// Narrows the picker to the operations that have every word that was typed, if the event comes from its filter.
pub(super) fn filter(event: &web_sys::Event) -> Option<()> {
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
pub(super) fn request_form(event: &web_sys::Event) -> Option<web_sys::HtmlFormElement> {
    let target: web_sys::Element = event.target()?.dyn_into().ok()?;
    target.closest("#request").ok()??.dyn_into().ok()
}

/// What the pressed button does to the rows of the form, if that is its business.
pub(super) fn command(event: &ev::SubmitEvent) -> Option<String> {
    let button = event.submitter()?;
    let rows = button.get_attribute("name").as_deref() == Some(ROW);
    button.get_attribute("value").filter(|_| rows)
}

pub(super) fn target_name(event: &web_sys::Event) -> Option<String> {
    event
        .target()?
        .dyn_into::<web_sys::Element>()
        .ok()?
        .get_attribute("name")
}

/// The fields of the form as they would be posted, the button's own last.
pub(super) fn read(form: &web_sys::HtmlFormElement, button: Option<web_sys::HtmlElement>) -> Pairs {
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

pub(super) fn adopt(form: &web_sys::HtmlFormElement, fields: &Pairs) {
    if let Some((name, value)) = fields.last()
        && (name.starts_with("query.") || name.starts_with("header."))
    {
        put(form, name, value);
    }
}

/// On the way to raw JSON, the text starts as what the fields say.
pub(super) fn carry_over(element: &web_sys::HtmlFormElement, form: StoredValue<Form>, fields: &Pairs) {
    if crate::request::last(fields, BODY_AS) != Some(RAW) {
        return;
    }
    let mut typed = fields.clone();
    typed.push((BODY_AS.to_owned(), AS_FIELDS.to_owned()));
    let request = form.with_value(|form| SendRequest::from_fields(form, &typed));
    put(element, BODY, &request.body.unwrap_or_default());
}
