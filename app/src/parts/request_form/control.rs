//! One control of the builder's form.

use crate::{
    json::inline,
    request::{STATE, last},
};
use contract::form::{Input, Kind, Place};
use leptos::prelude::*;

/// The control of `input`, posted as `name`.
pub(super) fn draw(input: &Input, name: &str, fields: &[(String, String)]) -> AnyView {
    if let Kind::Object(members) = &input.kind {
        return object(input, members, name, fields);
    }
    let id = id(name);
    let help_id = format!("{id}-help");
    let value = last(fields, name).unwrap_or_default().to_owned();
    let label = input.name.clone();
    let type_name = type_name(input);
    let help = help(input);
    view! {
        <div class="control">
            <div class="control-head">
                <label for=id.clone()>{label}</label>
                <span class="field-type">{type_name}</span>
                {input.required.then(|| view! { <span class="field-required">"required"</span> })}
            </div>
            <div class="control-line">
                {entry(input, id.clone(), name.to_owned(), value, help_id.clone())}
                {state(input, name, fields)}
            </div>
            <p class="help" id=help_id inner_html=help></p>
        </div>
    }
    .into_any()
}

fn id(name: &str) -> String {
    name.replace('.', "-")
}

/// The type, and its limits where a list of choices does not show them.
fn type_name(input: &Input) -> String {
    if input.constraint.is_empty() || matches!(input.kind, Kind::Choice(_)) {
        return input.type_name.clone();
    }
    format!("{}, {}", input.type_name, input.constraint)
}

fn help(input: &Input) -> String {
    let mut text = inline(&input.help);
    if matches!(&input.kind, Kind::List(item) if !matches!(**item, Kind::Object(_) | Kind::List(_) | Kind::Json))
    {
        text.push_str(" One a line.");
    }
    if matches!(&input.kind, Kind::Json)
        || matches!(&input.kind, Kind::List(item) if matches!(**item, Kind::Object(_) | Kind::List(_) | Kind::Json))
    {
        text.push_str(" Written as JSON.");
    }
    text
}

fn entry(input: &Input, id: String, name: String, value: String, help: String) -> AnyView {
    match &input.kind {
        Kind::Choice(options) => select(options, input, id, name, &value, help),
        Kind::Boolean => {
            let options = ["true".to_owned(), "false".to_owned()];
            select(&options, input, id, name, &value, help)
        }
        Kind::List(_) | Kind::Object(_) | Kind::Json => view! {
            <textarea id=id name=name rows="3" spellcheck="false" autocapitalize="none" aria-describedby=help>{value}</textarea>
        }
        .into_any(),
        Kind::Text | Kind::Integer | Kind::Timestamp | Kind::Date => line(input, id, name, value, help),
    }
}

fn line(input: &Input, id: String, name: String, value: String, help: String) -> AnyView {
    let mode = matches!(input.kind, Kind::Integer).then_some("numeric");
    let hint = match input.kind {
        Kind::Timestamp => "2026-05-23T16:42:11Z",
        Kind::Date => "2026-05-23",
        _ => "",
    };
    let list = input.id_kind.as_ref().map(|kind| format!("ids-{kind}"));
    // Only the path is required by the browser: an empty segment would address another operation, while a missing
    // member of the body is a refusal worth seeing.
    let required = input.place == Place::Path;
    view! {
        <input id=id name=name value=value list=list inputmode=mode placeholder=hint required=required autocomplete="off"
            autocapitalize="none" spellcheck="false" aria-describedby=help/>
    }
    .into_any()
}

fn select(options: &[String], input: &Input, id: String, name: String, value: &str, help: String) -> AnyView {
    let mut choices = vec![(String::new(), "left out".to_owned())];
    choices.extend(options.iter().map(|option| (option.clone(), option.clone())));
    if input.nullable {
        choices.push(("null".to_owned(), "null".to_owned()));
    }
    let options = choices
        .into_iter()
        .map(|(option, label)| {
            let selected = option == value;
            view! { <option value=option selected=selected>{label}</option> }
        })
        .collect_view();
    view! { <select id=id name=name aria-describedby=help>{options}</select> }.into_any()
}

/// Beside an optional member of the body: whether an empty value is left out, sent as it is, or `null`.
fn state(input: &Input, name: &str, fields: &[(String, String)]) -> Option<AnyView> {
    let chosen_by_value = matches!(input.kind, Kind::Choice(_) | Kind::Boolean);
    if input.place != Place::Body || chosen_by_value || (input.required && !input.nullable) {
        return None;
    }
    let field = format!("{STATE}{name}");
    let chosen = last(fields, &field).unwrap_or("filled").to_owned();
    let label = format!("When {} is empty", input.name);
    let mut options = vec![("filled", "send if filled"), ("always", "send as it is")];
    if input.nullable {
        options.push(("null", "send null"));
    }
    let options = options
        .into_iter()
        .map(|(value, label)| {
            let selected = chosen == value;
            view! { <option value=value selected=selected>{label}</option> }
        })
        .collect_view();
    Some(view! { <select class="state-of" name=field aria-label=label>{options}</select> }.into_any())
}

fn object(input: &Input, members: &[Input], name: &str, fields: &[(String, String)]) -> AnyView {
    let inner = members
        .iter()
        .map(|member| draw(member, &format!("{name}.{}", member.name), fields))
        .collect_view();
    let help = help(input);
    view! {
        <fieldset class="nested">
            <legend>{input.name.clone()}</legend>
            <p class="help" inner_html=help></p>
            {inner}
        </fieldset>
    }
    .into_any()
}
