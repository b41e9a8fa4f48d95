//! What a reader can do on a page of the docs: plain forms, each with one button.

use crate::{
    link,
    model::{Action, Provocation},
};
use leptos::prelude::*;

/// Draws an action; `anchor` starts the ids of its fields.
pub(crate) fn action(anchor: &str, wanted: Action) -> AnyView {
    match wanted {
        Action::CreateSandbox => view! {
            <form class="action" method="post" action=link::SANDBOX>
                <button class="button" type="submit">"Create sandbox"</button>
            </form>
        }
        .into_any(),
        Action::ExchangeSecret => exchange(format!("{anchor}-secret")).into_any(),
        Action::Send(request) => {
            view! { <div class="action">{send(request, "Send it to your sandbox")}</div> }.into_any()
        }
    }
}

/// A form that sends this request from the builder.
pub(crate) fn send(request: Provocation, label: impl IntoView + 'static) -> impl IntoView {
    let hidden = request
        .fields
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view();
    view! {
        <form method="post" action=link::BUILDER_SEND>
            <input type="hidden" name="operation" value=request.operation/>
            {hidden}
            <button class="button quiet" type="submit">{label}</button>
        </form>
    }
}

fn exchange(id: String) -> impl IntoView {
    view! {
        <form class="action with-field" method="post" action=link::REHEARSE>
            <input type="hidden" name="step" value="token"/>
            <label for=id.clone()>"Client secret"</label>
            <input id=id name="client_secret" type="password" autocomplete="off" required spellcheck="false"/>
            <button class="button quiet" type="submit">"Request a token"</button>
            <p class="caption">"Goes to the token endpoint once, and is kept nowhere."</p>
        </form>
    }
}
