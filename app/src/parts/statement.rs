//! The pieces of a statement: the stamp, a moment in time, a button that copies.

use crate::model::Moment;
use leptos::prelude::*;

/// The one stamp of colour: what the server itself vouches for.
pub(crate) fn stamp(word: impl Into<String>, note: impl Into<String>) -> impl IntoView {
    let note: String = note.into();
    view! {
        <p class="stamp">
            <strong>{word.into()}</strong>
            {(!note.is_empty()).then(|| view! { <span>{note}</span> })}
        </p>
    }
}

/// A point in time, for people and machines.
pub(crate) fn moment(moment: &Moment) -> impl IntoView + use<> {
    let Moment { iso, date, time } = moment.clone();
    view! { <time datetime=iso>{date} " " <span class="clock">{time}</span></time> }
}

/// A button that copies the text of the element with this id.
pub(crate) fn copy(id: &str, what: &str) -> impl IntoView + use<> {
    let label = format!("Copy {what}");
    view! { <button class="copy" type="button" data-copy=id.to_owned() aria-label=label>"Copy"</button> }
}
