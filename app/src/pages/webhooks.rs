//! The webhook console.

mod delivery;
mod endpoint;
mod events;
mod inbox;
mod list;
mod rows;
mod signature;

pub(crate) use delivery::render as render_delivery;
pub(crate) use endpoint::render as render_endpoint;
pub(crate) use events::render as render_events;
pub(crate) use inbox::render as render_inbox;
pub(crate) use list::render as render_list;
pub(crate) use signature::render as render_signature;

use crate::{
    link,
    model::webhooks::Said,
    parts::{
        shell::{Head, Section},
        statement::copy,
    },
};
use leptos::prelude::*;

/// The head of a page of the console.
fn head(title: &str, script: Option<String>) -> Head {
    Head {
        title: title.to_owned(),
        description: "Endpoints, deliveries and inboxes of a sandbox, and why a signature does not verify."
            .to_owned(),
        section: Section::Webhooks,
        class: "plain",
        islands: false,
        script,
        listed: false,
        markdown_url: None,
    }
}

/// The pages of the console beside each other.
fn trail(here: &'static str) -> impl IntoView {
    let links = [
        (link::WEBHOOKS, "Endpoints"),
        (link::WEBHOOKS_EVENTS, "Events"),
        (link::WEBHOOKS_SIGNATURE, "Signature"),
    ];
    view! {
        <nav class="trail" aria-label="Webhooks">
            {links.map(|(href, label)| {
                let current = (href == here).then_some("page");
                view! { <a href=href aria-current=current>{label}</a> " " }
            }).into_iter().collect_view()}
        </nav>
    }
}

/// What is shown once.
fn said(said: Said) -> impl IntoView {
    view! {
        {said.notice.map(|text| view! { <p class="notice" role="status">{text}</p> })}
        {said.problem.map(|text| view! { <p class="alert" role="alert">{text}</p> })}
        {said.secret.map(|secret| view! {
            <div class="secret">
                <p><code id="webhook-secret">{secret}</code> {copy("webhook-secret", "the secret")}</p>
                <p class="secret-note"><strong>"Shown once."</strong> " It is what signatures are checked with. Keep it where your receiver reads it; lost, it can only be rotated."</p>
            </div>
        })}
    }
}

/// A form with one button.
fn press(action: String, label: &'static str, class: &'static str) -> impl IntoView {
    view! { <form method="post" action=action><button class=class type="submit">{label}</button></form> }
}
