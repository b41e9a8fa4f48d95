//! One workspace as staff see it: its statement, its people, and what waits for a decision.

use super::{ask::said, board};
use crate::{
    link,
    model::{
        Frame,
        board::{CasePage, Matter},
        people::MemberView,
    },
    pages::workspace::one_time,
    parts::{
        entry::{alert, notice, press},
        items::rows,
        shell::document,
        statement::moment,
    },
};
use leptos::prelude::*;

/// Draws the page.
pub(crate) fn render(frame: &Frame, page: &CasePage) -> String {
    document(frame, board::head(page.name.clone()), || body(page))
}

fn body(page: &CasePage) -> AnyView {
    view! {
        <main id="main" class="sheet wide">
            <header class="sheet-head">
                <p class="eyebrow"><a href=link::BOARD>"Launch board"</a></p>
                <h1>{page.name.clone()}</h1>
                {facts(page)}
            </header>
            {notice(page.notice.clone())}
            {alert(page.problem.clone())}
            {page.link.clone().map(one_time)}
            {matters(page)}
            <section class="statement-rows" aria-label="Statement of readiness">{rows(page.items.clone())}</section>
            {members(page)}
            {history(page)}
            <section class="part" aria-labelledby="staff-part">
                <h2 id="staff-part">"You"</h2>
                {board::signed_in(page.staff.clone())}
            </section>
        </main>
    }
    .into_any()
}

fn facts(page: &CasePage) -> AnyView {
    let claimed = match &page.claimed {
        Some(at) => view! { {moment(at)} " UTC" }.into_any(),
        None => "by nobody".into_any(),
    };
    let sandbox = page.sandbox.clone().map(|(name, id, used)| {
        view! {
            <div><dt>"Sandbox"</dt><dd>{name} " " <code>{id}</code></dd></div>
            <div><dt>"Last called"</dt><dd>{moment(&used)} " UTC"</dd></div>
        }
    });
    view! {
        <dl class="facts across">
            <div><dt>"Made"</dt><dd>{moment(&page.created)} " UTC"</dd></div>
            <div><dt>"Claimed"</dt><dd>{claimed}</dd></div>
            {sandbox}
            <div><dt>"As of"</dt><dd>{moment(&page.as_of)} " UTC"</dd></div>
        </dl>
    }
    .into_any()
}

fn matters(page: &CasePage) -> AnyView {
    let none = page.matters.is_empty();
    let rows = page
        .matters
        .iter()
        .cloned()
        .map(|matter| decide(&page.id, matter))
        .collect_view();
    view! {
        <section class="part" aria-labelledby="decide">
            <h2 id="decide">"Waits for you"</h2>
            {none.then(|| view! { <p>"Nothing. What the workspace asks for stands here until somebody of staff answers."</p> })}
            {rows}
        </section>
    }
    .into_any()
}

fn decide(workspace: &str, matter: Matter) -> AnyView {
    let Matter {
        id,
        title,
        seq,
        asked,
    } = matter;
    let note = format!("note-{id}");
    let heading = title.clone();
    view! {
        <form class="entry wide-entry" method="post" action=link::board_case(workspace) aria-label=title>
            <input type="hidden" name="item" value=id/>
            <input type="hidden" name="seq" value=seq.to_string()/>
            <ul class="people" role="list">{said(Some(heading), asked)}</ul>
            <div class="entry-field">
                <label for=note.clone()>"A note, which the workspace sees; needed to return it"</label>
                <textarea id=note name="note" rows="2" maxlength="1000"></textarea>
            </div>
            <p class="choices">
                <button class="button" type="submit" name="decision" value="approve">"Approve"</button>
                <button class="button quiet" type="submit" name="decision" value="return">"Return"</button>
            </p>
        </form>
    }
    .into_any()
}

fn members(page: &CasePage) -> AnyView {
    let none = page.members.is_empty();
    let rows = page
        .members
        .iter()
        .cloned()
        .map(|member| person(&page.id, member))
        .collect_view();
    view! {
        <section class="part" aria-labelledby="members">
            <h2 id="members">"People"</h2>
            {none.then(|| view! { <p>"Nobody has claimed it."</p> })}
            {(!none).then(|| view! { <ul class="people" role="list">{rows}</ul> })}
        </section>
    }
    .into_any()
}

fn person(workspace: &str, member: MemberView) -> AnyView {
    let role = if member.admin { "Admin" } else { "Member" };
    let aloud = format!("Password link: {}", member.email);
    let hidden = vec![("workspace", workspace.to_owned()), ("person", member.id)];
    view! {
        <li>
            <div><h3>{member.email}</h3><p><span class="role">{role}</span> ", here since " {moment(&member.joined)} " UTC."</p></div>
            <div class="people-controls">
                {press(link::BOARD_PASSWORD_LINK, hidden, ("button quiet", "Password link", aloud))}
            </div>
        </li>
    }
    .into_any()
}

fn history(page: &CasePage) -> AnyView {
    let rows = page
        .history
        .iter()
        .cloned()
        .map(|(title, turn)| said(Some(title), turn))
        .collect_view();
    let none = page.history.is_empty();
    view! {
        <section class="part" aria-labelledby="history">
            <h2 id="history">"So far"</h2>
            {none.then(|| view! { <p>"Nothing was asked yet."</p> })}
            {(!none).then(|| view! { <ol class="people" role="list">{rows}</ol> })}
        </section>
    }
    .into_any()
}
