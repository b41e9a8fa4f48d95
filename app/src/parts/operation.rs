//! An operation in the reference: what goes in, what comes out, and beside it the request as it is sent.

use crate::{
    link,
    model::{Answer, Code, OperationBlock, PageLink, Tab},
    parts::{
        code,
        fields::{self, Way},
        problems,
    },
};
use contract::form::{Form, Input, Place};
use leptos::prelude::*;

/// The block of an operation: a row of prose and rail.
pub(crate) fn operation(block: OperationBlock) -> impl IntoView {
    let OperationBlock {
        form,
        description_html,
        scopes,
        answers,
        problems,
        samples,
        response,
        successor,
    } = block;
    let id = form.operation.clone();
    let rail = rail(&form, samples, response);
    let inputs = [
        (Place::Path, "Path"),
        (Place::Query, "Query"),
        (Place::Body, "Body"),
    ]
    .map(|(place, title)| inputs(&id, title, place, &form.inputs));
    view! {
        <section class="row operation" id=id.clone() aria-labelledby=format!("{id}-title")>
            <div class="row-prose">
                {head(&form, scopes)}
                {successor.map(replaced)}
                <div class="prose" inner_html=description_html></div>
                {inputs.into_iter().collect_view()}
                {returns(&id, answers)}
                {(!problems.is_empty()).then(|| problems::by_status(problems))}
            </div>
            <div class="rail">{rail}</div>
        </section>
    }
}

fn head(form: &Form, scopes: Vec<String>) -> impl IntoView + use<> {
    let Form {
        operation,
        method,
        path,
        summary,
        ..
    } = form.clone();
    view! {
        <h2 id=format!("{operation}-title")><a href=format!("#{operation}")>{summary}</a></h2>
        <p class="request-line">{request_line(method.as_str(), &path)}</p>
        {(!scopes.is_empty()).then(|| view! {
            <p class="needs">"Needs the scope " {scopes.into_iter().map(|scope| view! { <code>{scope}</code> }).collect_view()}</p>
        })}
    }
}

/// A method and a path, the parameters of the path set apart.
pub(crate) fn request_line(method: &str, path: &str) -> impl IntoView + use<> {
    let mut html = String::new();
    for (index, segment) in path.split('/').enumerate() {
        if index > 0 {
            // A long path may break before a slash.
            html.push_str("<wbr>/");
        }
        let parameter = segment.starts_with('{');
        html.push_str(if parameter { "<var>" } else { "" });
        crate::json::escape(&mut html, segment);
        html.push_str(if parameter { "</var>" } else { "" });
    }
    view! { <span class="method" data-method=method.to_owned()>{method.to_owned()}</span> " " <span class="path" inner_html=html></span> }
}

fn replaced(link: PageLink) -> impl IntoView {
    view! { <p class="replaced">"Legacy. In v1: " <a href=link.href><code>{link.title}</code></a></p> }
}

fn inputs(operation: &str, title: &'static str, place: Place, inputs: &[Input]) -> Option<AnyView> {
    let chosen: Vec<Input> = inputs
        .iter()
        .filter(|input| input.place == place)
        .cloned()
        .collect();
    if chosen.is_empty() {
        return None;
    }
    let anchor = format!("{operation}.{}", title.to_ascii_lowercase());
    Some(view! { <h3>{title}</h3> {fields::fields(&anchor, Way::In, chosen)} }.into_any())
}

fn returns(operation: &str, answers: Vec<Answer>) -> Option<AnyView> {
    if answers.is_empty() {
        return None;
    }
    let rows = answers
        .into_iter()
        .map(|answer| {
            let anchor = format!("{operation}.{}", answer.status);
            let see = answer
                .see
                .map(|link| view! { <p><a href=link.href>{link.title}</a></p> });
            let list = (!answer.fields.is_empty()).then(|| fields::fields(&anchor, Way::Out, answer.fields));
            view! {
                <div class="answer">
                    <dt class="figure">{answer.status}</dt>
                    <dd><p>{answer.title}</p>{see}{list}</dd>
                </div>
            }
        })
        .collect_view();
    Some(view! { <h3>"Answer"</h3> <dl class="answers">{rows}</dl> }.into_any())
}

fn rail(form: &Form, samples: Vec<Tab>, response: Option<Code>) -> impl IntoView + use<> {
    let id = form.operation.clone();
    let title = form.summary.clone();
    view! {
        {code::tabs(&format!("{id}-request"), samples)}
        {response.map(|response| code::code(format!("{id}-response"), response))}
        <p class="rail-action">
            <a class="button" href=link::builder(&id) data-build=link::builder_part(&id)>"Open in the builder" <span class="unseen">": " {title}</span></a>
        </p>
        <details class="fold last-calls" data-fresh=link::last_calls(&id)>
            <summary>"Your last calls"</summary>
            <div><p class="caption"><a href=link::logs_of(&id)>"See them in the request log"</a></p></div>
        </details>
    }
}
