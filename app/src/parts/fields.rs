//! A property list: one ruled row per field, each with an anchor of its own.

use crate::json::inline;
use contract::form::Input;
use leptos::prelude::*;

/// Whether the fields go in or come out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Into a request: some of them must be given.
    In,
    /// Out of an answer: all of them are always there.
    Out,
}

/// The rows of `fields`, anchors starting with `anchor`.
pub(crate) fn fields(anchor: &str, way: Way, fields: Vec<Input>) -> AnyView {
    let rows = fields
        .into_iter()
        .map(|field| row(format!("{anchor}.{}", field.name), way, field))
        .collect_view();
    view! { <dl class="fields">{rows}</dl> }.into_any()
}

fn row(id: String, way: Way, field: Input) -> AnyView {
    let Input {
        name,
        type_name,
        required,
        help,
        constraint,
        kind,
        ..
    } = field;
    let href = format!("#{id}");
    let members = kind.members().to_vec();
    let inner = (!members.is_empty()).then(|| fields(&id, way, members));
    view! {
        <div class="field" id=id>
            <dt>
                <a class="field-name" href=href>{name}</a>
                " "
                <span class="field-type">{type_name}</span>
                " "
                {(required && way == Way::In).then(|| view! { <span class="field-required">"required"</span> })}
            </dt>
            <dd>
                <p inner_html=inline(&help)></p>
                {(!constraint.is_empty()).then(|| view! { <p class="field-constraint" inner_html=inline(&constraint)></p> })}
                {inner}
            </dd>
        </div>
    }
    .into_any()
}
