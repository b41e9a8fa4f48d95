//! The builder's form: the command line, and one control per input of the operation.

mod control;
mod elsewhere;

use crate::{
    link,
    model::{BuilderPage, Foreign, OperationLink, Suggestion},
    parts::{faults, operation::request_line},
    request::{BODY, BODY_AS, HEADERS, RAW, last},
};
use contract::{
    Method,
    form::{Form, Input, Place},
};
use leptos::prelude::*;

/// What stands in the form.
struct Filled<'a> {
    /// The fields.
    fields: &'a [(String, String)],
    /// Ids among them that the reader's sandbox does not have.
    foreign: &'a [Foreign],
    /// Real ids of the reader's sandbox.
    offered: &'a [Suggestion],
}

impl Filled<'_> {
    /// Whether there is an id of another sandbox in this value.
    fn is_foreign(&self, value: &str) -> bool {
        value
            .lines()
            .any(|line| self.foreign.iter().any(|foreign| foreign.value == line.trim()))
    }
}

/// Draws command line and form.
pub(crate) fn draw(page: &BuilderPage, fields: &[(String, String)]) -> impl IntoView + use<> {
    view! { {command(page)} {side(page, fields)} }
}

/// Draws the form with a plain command line: the operation is given by where it stands.
pub(crate) fn draw_part(page: &BuilderPage, fields: &[(String, String)]) -> impl IntoView + use<> {
    let Form { method, path, .. } = page.form.clone();
    view! {
        <div class="command">
            <p class="request-line">{request_line(method.as_str(), &path)}</p>
            <button class="button send" type="submit" form="request">"Send request"</button>
        </div>
        {side(page, fields)}
    }
}

/// What stands beside the answer: the form, and the faults that may strike it.
fn side(page: &BuilderPage, fields: &[(String, String)]) -> impl IntoView + use<> {
    view! {
        <div class="request-side">
            {form(page, fields)}
            {page.faults.clone().map(faults::panel)}
        </div>
    }
}

fn form(page: &BuilderPage, fields: &[(String, String)]) -> AnyView {
    let form = &page.form;
    let filled = &Filled {
        fields,
        foreign: &page.foreign,
        offered: &page.suggestions,
    };
    let groups = [(Place::Path, "Path"), (Place::Query, "Query")]
        .map(|(place, title)| group(form, place, title, filled))
        .into_iter()
        .collect_view();
    view! {
        <form id="request" class="request" method="post" action=link::BUILDER_SEND aria-label="Request">
            <input type="hidden" name="operation" value=form.operation.clone()/>
            {about(page)}
            {elsewhere::draw(page)}
            {groups}
            {body(form, filled)}
            {headers(form.method, fields)}
        </form>
        {offers(&page.suggestions)}
    }
    .into_any()
}

fn command(page: &BuilderPage) -> AnyView {
    let Form { method, path, .. } = page.form.clone();
    let chosen = page.form.operation.clone();
    let mut groups: Vec<(String, Vec<OperationLink>)> = Vec::new();
    for operation in page.operations.clone() {
        match groups.last_mut() {
            Some((title, list)) if *title == operation.group => list.push(operation),
            _ => groups.push((operation.group.clone(), vec![operation])),
        }
    }
    let groups = groups
        .into_iter()
        .map(|(title, list)| {
            let rows = list
                .into_iter()
                .map(|operation| choice(operation, &chosen))
                .collect_view();
            view! { <div class="picker-group"><p>{title}</p><ul>{rows}</ul></div> }
        })
        .collect_view();
    view! {
        <div class="command">
            <h1 class="unseen">"Request builder"</h1>
            <details class="picker" data-sheet="">
                <summary data-key="o">
                    <span class="request-line">{request_line(method.as_str(), &path)}</span>
                    <span class="picker-hint">"Change"</span>
                </summary>
                <div class="picker-sheet">
                    <input class="picker-filter" type="search" data-filter="" aria-label="Filter operations"
                        placeholder="Filter by word, path or method" autocomplete="off" spellcheck="false"/>
                    {groups}
                </div>
            </details>
            <button class="button send" type="submit" form="request">"Send request"</button>
        </div>
    }
    .into_any()
}

fn choice(operation: OperationLink, chosen: &str) -> impl IntoView + use<> {
    let here = (operation.id == chosen).then_some("true");
    view! {
        <li>
            <a href=link::builder(&operation.id) aria-current=here>
                <span class="method" data-method=operation.method.as_str()>{operation.method.as_str()}</span>
                " "
                <span class="path">{operation.path}</span>
                " "
                <span class="picker-summary">{operation.summary}</span>
            </a>
        </li>
    }
}

fn about(page: &BuilderPage) -> impl IntoView + use<> {
    let sandbox = match page.client_id.clone() {
        Some(id) => view! { <p class="caption">"Goes to your sandbox as " <code>{id}</code> ". The token stays on the server."</p> }.into_any(),
        None => view! { <p class="caption">"You have no sandbox yet. " <a href=link::SANDBOX>"Create one"</a> " to send this."</p> }.into_any(),
    };
    let scope = page.form.scope.clone();
    view! {
        <header class="request-head">
            <h2>{page.form.summary.clone()}</h2>
            {sandbox}
            <p class="caption">
                {scope.map(|scope| view! { "Needs " <code>{scope}</code> ". " })}
                {page.docs_url.clone().map(|url| view! { <a href=url>"Read about it"</a> })}
            </p>
        </header>
    }
}

fn chosen(form: &Form, place: Place) -> Vec<&Input> {
    form.inputs.iter().filter(|input| input.place == place).collect()
}

fn group(form: &Form, place: Place, title: &'static str, filled: &Filled<'_>) -> Option<AnyView> {
    let inputs = chosen(form, place);
    if inputs.is_empty() {
        return None;
    }
    let controls = inputs
        .into_iter()
        .map(|input| control::draw(input, &crate::request::field(input), filled))
        .collect_view();
    Some(view! { <fieldset class="inputs"><legend>{title}</legend>{controls}</fieldset> }.into_any())
}

fn body(form: &Form, filled: &Filled<'_>) -> Option<AnyView> {
    let inputs = chosen(form, Place::Body);
    if !form.method.has_body() || (inputs.is_empty() && form.example_body.is_empty()) {
        return None;
    }
    let text = last(filled.fields, BODY).unwrap_or(&form.example_body).to_owned();
    let raw = view! {
        <label class="unseen" for="body-raw">"Body as JSON"</label>
        <textarea id="body-raw" name=BODY rows="12" spellcheck="false" autocapitalize="none">{text}</textarea>
    };
    if inputs.is_empty() {
        return Some(view! { <fieldset class="inputs"><legend>"Body"</legend><div class="only-raw">{raw}</div></fieldset> }.into_any());
    }
    let as_raw = last(filled.fields, BODY_AS) == Some(RAW);
    let controls = inputs
        .into_iter()
        .map(|input| control::draw(input, &crate::request::field(input), filled))
        .collect_view();
    Some(
        view! {
            <fieldset class="inputs body-inputs">
                <legend>"Body"</legend>
                <div class="switch" role="group" aria-label="How to write the body">
                    <input class="unseen" type="radio" name=BODY_AS value="fields" id="body-as-fields" checked=!as_raw/>
                    <label for="body-as-fields">"Fields"</label>
                    <input class="unseen" type="radio" name=BODY_AS value=RAW id="body-as-raw" checked=as_raw/>
                    <label for="body-as-raw">"JSON"</label>
                </div>
                <div class="as-fields">{controls}</div>
                <div class="as-raw">{raw}</div>
            </fieldset>
        }
        .into_any(),
    )
}

/// The headers that a reader may set: the one that means most to this method first, the others folded away.
fn headers(method: Method, fields: &[(String, String)]) -> impl IntoView + use<> {
    let first = match method {
        Method::Get => "if-none-match",
        Method::Post => "idempotency-key",
        Method::Patch | Method::Delete => "if-match",
    };
    let value = |name: &str| {
        last(fields, &format!("header.{name}"))
            .unwrap_or_default()
            .to_owned()
    };
    let others = || HEADERS.iter().filter(|name| **name != first);
    let open = others().any(|name| !value(name).is_empty());
    let rest = others().map(|name| header(name, value(name))).collect_view();
    view! {
        <fieldset class="inputs">
            <legend>"Headers"</legend>
            {header(first, value(first))}
            <details class="fold more-headers" open=open>
                <summary>"More headers"</summary>
                {rest}
            </details>
        </fieldset>
    }
}

fn header(name: &'static str, value: String) -> impl IntoView + use<> {
    let (label, help) = match name {
        "accept" => ("Accept", "The media type you want; JSON where it is empty."),
        "accept-language" => ("Accept-Language", "The languages you read, the dearest first."),
        "idempotency-key" => (
            "Idempotency-Key",
            "Makes a repeat safe: the same key answers with the first result.",
        ),
        "if-match" => (
            "If-Match",
            "The ETag you read: the change is refused if someone was faster.",
        ),
        "if-none-match" => (
            "If-None-Match",
            "An ETag you hold: the answer is 304 while it is current.",
        ),
        _ => ("Prefer", "How you would like the request to be treated."),
    };
    let help_id = format!("{name}-help");
    view! {
        <div class="control">
            <label for=name>{label}</label>
            <input id=name name=format!("header.{name}") value=value autocomplete="off" autocapitalize="none" spellcheck="false" aria-describedby=help_id.clone()/>
            <p class="help" id=help_id>{help}</p>
        </div>
    }
}

/// The real ids of the sandbox, one list per kind, which the controls refer to.
fn offers(suggestions: &[Suggestion]) -> impl IntoView + use<> {
    let mut kinds: Vec<&str> = suggestions
        .iter()
        .map(|suggestion| suggestion.kind.as_str())
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
        .into_iter()
        .map(|kind| {
            let options = suggestions
                .iter()
                .filter(|suggestion| suggestion.kind == kind)
                .cloned()
                .map(|suggestion| view! { <option value=suggestion.value>{suggestion.label}</option> })
                .collect_view();
            view! { <datalist id=format!("ids-{kind}")>{options}</datalist> }
        })
        .collect_view()
}
