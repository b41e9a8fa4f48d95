//! One control of the builder's form.

use crate::{
    json::inline,
    link,
    request::{
        STATE, last, row_members,
        rows::{self, NEW, ROW, ROWS},
    },
};
use contract::form::{Input, Kind, Place};
use leptos::prelude::*;

use super::Filled;

/// The control of `input`, posted as `name`.
pub(super) fn draw(input: &Input, name: &str, filled: &Filled<'_>) -> AnyView {
    if let Kind::Object(members) = &input.kind {
        return object(input, members, name, filled);
    }
    if let Some(members) = row_members(&input.kind) {
        return list(input, members, name, filled);
    }
    let id = id(name);
    let help_id = format!("{id}-help");
    let value = last(filled.fields, name).unwrap_or_default().to_owned();
    let foreign = input.id_kind.is_some() && filled.is_foreign(&value);
    let label = input.name.clone();
    let type_name = type_name(input);
    let help = help(input);
    view! {
        <div class="control">
            <div class="control-head">
                <label for=id.clone()>{label}</label>
                <span class="field-type">{type_name}</span>
                {input.required.then(|| view! { <span class="field-required">"required"</span> })}
                {foreign.then(|| view! { <span class="field-foreign">"not in your sandbox"</span> })}
            </div>
            <div class="control-line">
                {entry(input, id.clone(), name.to_owned(), value, help_id.clone())}
                {state(input, name, filled)}
            </div>
            <p class="help" id=help_id inner_html=help></p>
            {offers(input, name, filled)}
        </div>
    }
    .into_any()
}

/// Beside a list of ids: those of the sandbox, each put into the list by a press. A single id has them in its field.
fn offers(input: &Input, name: &str, filled: &Filled<'_>) -> Option<AnyView> {
    let kind = input
        .id_kind
        .as_ref()
        .filter(|_| matches!(input.kind, Kind::List(_)))?;
    let own: Vec<_> = filled
        .offered
        .iter()
        .filter(|own| own.kind == *kind)
        .cloned()
        .collect();
    if own.is_empty() {
        return None;
    }
    let target = id(name);
    let rows = own
        .into_iter()
        .map(|own| {
            let (target, value) = (target.clone(), own.value.clone());
            view! { <li><button class="copy" type="button" data-put=target value=value>{own.label}</button> " " <code>{own.value}</code></li> }
        })
        .collect_view();
    Some(
        view! { <details class="offers"><summary>"Ids of your sandbox"</summary><ul>{rows}</ul></details> }
            .into_any(),
    )
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
        || matches!(&input.kind, Kind::List(item) if matches!(**item, Kind::List(_) | Kind::Json))
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
fn state(input: &Input, name: &str, filled: &Filled<'_>) -> Option<AnyView> {
    let chosen_by_value = matches!(input.kind, Kind::Choice(_) | Kind::Boolean);
    if input.place != Place::Body || chosen_by_value || (input.required && !input.nullable) {
        return None;
    }
    let field = format!("{STATE}{name}");
    let chosen = last(filled.fields, &field).unwrap_or("filled").to_owned();
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

fn object(input: &Input, members: &[Input], name: &str, filled: &Filled<'_>) -> AnyView {
    let inner = members
        .iter()
        .map(|member| draw(member, &format!("{name}.{}", member.name), filled))
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

/// A list of objects: a row for each, and a template by which a script adds one. Without a script the server does.
fn list(input: &Input, members: &[Input], name: &str, filled: &Filled<'_>) -> AnyView {
    let keys = rows::keys(filled.fields, name);
    let most = keys.len();
    let items = keys
        .into_iter()
        .enumerate()
        .map(|(index, key)| row(members, (name, key), index + 1, filled))
        .collect_view();
    let empty = Filled {
        fields: &[],
        foreign: &[],
        offered: filled.offered,
    };
    let template = row(members, (name, NEW), most + 1, &empty);
    let add = format!("add {name}");
    view! {
        <fieldset class="nested rows" id=id(name) data-rows=name.to_owned()>
            <legend>{input.name.clone()}</legend>
            <p class="help" inner_html=help(input)></p>
            {state(input, name, filled).map(|state| view! { <div class="control-line">{state}</div> })}
            <ol>{items}</ol>
            <template>{template}</template>
            <button class="button quiet row-add" type="submit" formnovalidate=true formaction=link::BUILDER_ROWS name=ROW value=add>
                "Add an item" <span class="unseen">" to " {input.name.clone()}</span>
            </button>
        </fieldset>
    }
    .into_any()
}

fn row(members: &[Input], (list, key): (&str, &str), number: usize, filled: &Filled<'_>) -> AnyView {
    let inner = members
        .iter()
        .map(|member| draw(member, &format!("{list}.{key}.{}", member.name), filled))
        .collect_view();
    let controls = [("up", "Up"), ("down", "Down"), ("remove", "Remove")]
        .map(|(way, label)| {
            let change = format!("{way} {list} {key}");
            view! {
                <button type="submit" formnovalidate=true formaction=link::BUILDER_ROWS name=ROW value=change data-way=way>{label}</button>
                " "
            }
        })
        .into_iter()
        .collect_view();
    view! {
        <li>
            <fieldset>
                <legend>"Item " <span data-number="">{number}</span></legend>
                <input type="hidden" name=format!("{ROWS}{list}") value=key.to_owned()/>
                <p class="row-controls">{controls}</p>
                {inner}
            </fieldset>
        </li>
    }
    .into_any()
}
