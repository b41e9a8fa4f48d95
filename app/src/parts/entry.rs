//! Forms in which people say who they are.

use leptos::prelude::*;

/// What somebody types into a field, which decides what a browser offers to fill in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// The address of an account.
    Email,
    /// The password of an account.
    Password,
    /// A password that is about to be set.
    NewPassword,
    /// Plain text.
    Text,
}

impl Entry {
    const fn marks(self) -> (&'static str, &'static str) {
        match self {
            Self::Email => ("email", "username"),
            Self::Password => ("password", "current-password"),
            Self::NewPassword => ("password", "new-password"),
            Self::Text => ("text", "off"),
        }
    }
}

/// A field with its label; its id is its name after `prefix`.
pub(crate) fn field(
    (prefix, name): (&str, &'static str),
    label: &'static str,
    entry: Entry,
    value: String,
) -> AnyView {
    let id = format!("{prefix}-{name}");
    let (kind, fill) = entry.marks();
    let hint = (entry == Entry::NewPassword).then(|| format!("{id}-hint"));
    // The server checks it too; this says it before anything is sent.
    let shortest = hint.as_ref().map(|_| "12");
    view! {
        <div class="entry-field">
            <label for=id.clone()>{label}</label>
            <input id=id name=name type=kind value=value autocomplete=fill autocapitalize="none" spellcheck="false" required
                minlength=shortest aria-describedby=hint.clone()/>
            {hint.map(|id| view! { <p class="hint" id=id>"12 characters or more; four words make a good one."</p> })}
        </div>
    }
    .into_any()
}

/// What just happened.
pub(crate) fn notice(text: Option<String>) -> impl IntoView {
    text.map(|text| view! { <p class="notice" role="status">{text}</p> })
}

/// Why something was refused.
pub(crate) fn alert(text: Option<String>) -> impl IntoView {
    text.map(|text| view! { <p class="alert" role="alert">{text}</p> })
}

/// A form with hidden values and one button.
pub(crate) fn press(
    action: &'static str,
    hidden: Vec<(&'static str, String)>,
    (class, label, aloud): (&'static str, &'static str, String),
) -> AnyView {
    let hidden = hidden
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view();
    let aloud = (!aloud.is_empty()).then_some(aloud);
    view! {
        <form method="post" action=action>
            {hidden}
            <button class=class type="submit" aria-label=aloud>{label}</button>
        </form>
    }
    .into_any()
}

/// A form that acts only when `name` is typed in; `id` is that of its field.
pub(crate) fn confirm(
    action: &'static str,
    (id, name): (&'static str, &str),
    (class, label): (&'static str, &'static str),
) -> AnyView {
    view! {
        <form class="confirm" method="post" action=action>
            <label for=id>"Type " <strong>{name.to_owned()}</strong> " to confirm"</label>
            <input id=id name="confirm" required autocomplete="off" autocapitalize="none" spellcheck="false"/>
            <button class=class type="submit">{label}</button>
        </form>
    }
    .into_any()
}
