//! What the form says of a request that was put together somewhere else.

use crate::model::{BuilderPage, Foreign, Suggestion};
use leptos::prelude::*;

/// So many objects are offered in the place of one id.
const OFFERED: usize = 6;

/// What of the request belongs to another sandbox, and what to take instead.
pub(super) fn draw(page: &BuilderPage) -> AnyView {
    let notice = page
        .notice
        .clone()
        .map(|notice| view! { <p class="notice-line" role="status">{notice}</p> });
    let rows = page.foreign.iter().cloned().map(rebinding).collect_view();
    let foreign = (!page.foreign.is_empty()).then(|| {
        view! {
            <section class="foreign" aria-label="Ids of another sandbox">
                <p>"This request was put together in another sandbox. Take your own objects in the place of these:"</p>
                <dl>{rows}</dl>
            </section>
        }
    });
    view! { {notice}{foreign} }.into_any()
}

fn rebinding(foreign: Foreign) -> impl IntoView {
    let Foreign { name, value, choices } = foreign;
    let none = choices.is_empty();
    let choices = choices
        .into_iter()
        .take(OFFERED)
        .map(|(own, href)| {
            let Suggestion { value, label, .. } = own;
            let label = if label.is_empty() { value.clone() } else { label };
            view! { <li><a href=href title=value>{label}</a></li> }
        })
        .collect_view();
    view! {
        <div>
            <dt>{name} " " <code>{value}</code></dt>
            <dd>
                {if none {
                    view! { "Your sandbox has none yet: create one first." }.into_any()
                } else {
                    view! { <ul>{choices}</ul> }.into_any()
                }}
            </dd>
        </div>
    }
}
