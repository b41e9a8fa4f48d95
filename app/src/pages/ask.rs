//! Asking Aleta to agree to something that no call can prove.

use crate::{
    link,
    model::{
        Frame,
        board::{AskPage, Asker, ScopeChoice, Wanted},
        checklist::Turn,
    },
    parts::{
        entry::alert,
        shell::{Head, Section, document},
        statement::moment,
    },
};
use leptos::{attr::custom::custom_attribute, prelude::*};

/// Draws the page.
pub(crate) fn render(frame: &Frame, page: &AskPage) -> String {
    let head = Head {
        title: page.title.clone(),
        description: page.why.clone(),
        section: Section::Checklist,
        class: "plain",
        islands: false,
        listed: false,
        script: None,
        markdown_url: None,
    };
    document(frame, head, || body(page.clone()))
}

fn body(page: AskPage) -> AnyView {
    let AskPage {
        id,
        title,
        why,
        rule,
        asker,
        wanted,
        note,
        history,
        problem,
    } = page;
    let form = match asker {
        Asker::Member => form(&id, wanted, note),
        Asker::Unclaimed => step(
            "It is people who ask, so the workspace has to be somebody’s first.",
            link::WORKSPACE,
            "Claim workspace",
        ),
        Asker::Nobody => step(
            "It is asked for on behalf of a workspace, and this browser has none.",
            link::WORKSPACE,
            "Open workspace",
        ),
    };
    view! {
        <main id="main" class="sheet">
            <header class="sheet-head">
                <p class="eyebrow"><a href=link::CHECKLIST>"Launch checklist"</a></p>
                <h1>{title}</h1>
                <p class="summary">{why}</p>
            </header>
            {alert(problem)}
            <section class="part" aria-labelledby="rule">
                <h2 id="rule">"What proves it"</h2>
                <p>{rule}</p>
            </section>
            <section class="part" aria-labelledby="ask">
                <h2 id="ask">"Ask for it"</h2>
                {form}
            </section>
            {(!history.is_empty()).then(|| turns(history))}
        </main>
    }
    .into_any()
}

fn step(why: &'static str, href: &'static str, label: &'static str) -> AnyView {
    view! {
        <p>{why}</p>
        <p class="choices"><a class="button" href=href>{label}</a></p>
    }
    .into_any()
}

fn form(id: &str, wanted: Wanted, note: String) -> AnyView {
    let fields = match wanted {
        Wanted::Scopes(choices) => scopes(choices),
        Wanted::Day { value, first, last } => day(value, first, last),
    };
    view! {
        <form class="entry wide-entry" method="post" action=link::ask(id)>
            {fields}
            <div class="entry-field">
                <label for="ask-note">"A note to Aleta, if there is something to say"</label>
                <textarea id="ask-note" name="note" rows="3" maxlength="1000">{note}</textarea>
            </div>
            <button class="button" type="submit">"Ask for approval"</button>
            <p class="caption">"Aleta’s staff see your address, this and the note. Asking again replaces what was asked or agreed to before."</p>
        </form>
    }
    .into_any()
}

fn scopes(choices: Vec<ScopeChoice>) -> AnyView {
    let rows = choices.into_iter().map(scope).collect_view();
    view! {
        <fieldset class="scope-choices">
            <legend>"Read scopes of the production client"</legend>
            {rows}
        </fieldset>
    }
    .into_any()
}

fn scope(choice: ScopeChoice) -> AnyView {
    let ScopeChoice {
        scope,
        meaning,
        used,
        chosen,
    } = choice;
    let id = format!("scope-{}", scope.replace(':', "-"));
    view! {
        <div class="scope-choice">
            <input id=id.clone() type="checkbox" name="scope" value=scope.clone() checked=chosen/>
            <label for=id><code>{scope}</code> " " {used.then(|| view! { <strong>"used by your calls"</strong> })} <span>{meaning}</span></label>
        </div>
    }
    .into_any()
}

fn day(value: String, first: String, last: String) -> AnyView {
    let (first, last) = (custom_attribute("min", first), custom_attribute("max", last));
    view! {
        <div class="entry-field">
            <label for="ask-day">"Day of the first production call"</label>
            <input id="ask-day" type="date" name="day" value=value required {..first} {..last}/>
        </div>
    }
    .into_any()
}

/// What was asked and answered so far.
pub(crate) fn turns(history: Vec<Turn>) -> AnyView {
    let rows = history.into_iter().map(|turn| said(None, turn)).collect_view();
    view! {
        <section class="part" aria-labelledby="history">
            <h2 id="history">"So far"</h2>
            <ol class="people" role="list">{rows}</ol>
        </section>
    }
    .into_any()
}

/// One step: who did what, when, and what they wrote.
pub(crate) fn said(title: Option<String>, turn: Turn) -> AnyView {
    let Turn {
        word,
        what,
        by,
        at,
        note,
    } = turn;
    view! {
        <li>
            <div>
                {title.map(|title| view! { <h3>{title}</h3> })}
                <p><span class="role">{word}</span> " " <code>{what}</code></p>
                <p>{moment(&at)} " UTC, " {by}</p>
                {(!note.is_empty()).then(|| view! { <blockquote class="said">{note}</blockquote> })}
            </div>
        </li>
    }
    .into_any()
}
