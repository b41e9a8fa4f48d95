//! The workspace: who stands behind it, who may do what, and how the reader signs in and out.

use crate::{
    link,
    model::{
        Frame,
        people::{ClaimView, InvitationView, MemberView, OneTimeLink, WorkspacePage, WorkspaceView},
    },
    parts::{
        entry::{Entry, alert, field, notice, press},
        shell::{Head, Section, document},
        statement::{copy, moment},
    },
};
use account::{account, others};
use leptos::prelude::*;

mod account;

/// Draws the workspace page.
pub(crate) fn render(frame: &Frame, page: &WorkspacePage) -> String {
    let head = Head {
        title: "Workspace".to_owned(),
        description:
            "People, their sandbox and its checklist: claim a workspace, sign in, invite colleagues."
                .to_owned(),
        section: Section::Workspace,
        class: "plain",
        islands: false,
        listed: true,
        script: None,
        markdown_url: None,
    };
    document(frame, head, || match page.clone() {
        WorkspacePage::Nobody { notice } => nobody(notice),
        WorkspacePage::Unclaimed(view) => unclaimed(view),
        WorkspacePage::Claimed(view) => claimed(&view),
    })
}

fn nobody(text: Option<String>) -> AnyView {
    view! {
        <main id="main" class="sheet">
            <header class="sheet-head">
                <h1>"No workspace in this browser"</h1>
                <p class="summary">
                    "A workspace holds a sandbox, its launch checklist and the people who work on both. It begins with a "
                    "sandbox, without signing up; claim it later to keep it and to bring colleagues in."
                </p>
            </header>
            {notice(text)}
            <p class="choices"><a class="button" href=link::SIGN_IN>"Sign in"</a> " " <a class="button quiet" href=link::SANDBOX>"Create a sandbox"</a></p>
        </main>
    }
    .into_any()
}

fn unclaimed(view: ClaimView) -> AnyView {
    let ClaimView {
        sandbox,
        ends,
        typed: (name, email),
        problem,
    } = view;
    view! {
        <main id="main" class="sheet">
            <header class="sheet-head">
                <p class="eyebrow">"Workspace"</p>
                <h1>"Claim this workspace"</h1>
                <p class="summary">
                    "Right now it hangs on a cookie of this browser"
                    {sandbox.map(|name| view! { ", with the sandbox " <strong>{name}</strong> " in it" })}
                    ". Claimed, it is yours from any browser, is shared with the colleagues you invite, and is kept for 180 days "
                    "after its last use instead of 14."
                    {ends.map(|ends| view! { " Unclaimed and unused, it is removed on " {moment(&ends)} " UTC." })}
                </p>
            </header>
            {alert(problem)}
            <section class="part" aria-labelledby="claim">
                <h2 id="claim">"Who you are"</h2>
                <form class="entry" method="post" action=link::WORKSPACE_CLAIM>
                    {field(("claim", "name"), "Name of the workspace, such as your company", Entry::Text, name)}
                    {field(("claim", "email"), "E-mail address", Entry::Email, email)}
                    {field(("claim", "password"), "Password", Entry::NewPassword, String::new())}
                    <button class="button" type="submit">"Claim workspace"</button>
                </form>
                <p class="caption">
                    "No mail is ever sent to the address: it is the name you sign in with. A forgotten password is replaced through a link "
                    "that an admin of the workspace, or Aleta’s staff, makes for you. Keep yours in a password manager."
                </p>
            </section>
            <section class="part" aria-labelledby="instead">
                <h2 id="instead">"You have one already?"</h2>
                <p><a href=link::SIGN_IN>"Sign in"</a> " to it. What is in this browser now is then left behind."</p>
            </section>
        </main>
    }
    .into_any()
}

fn claimed(view: &WorkspaceView) -> AnyView {
    let role = if view.admin { "an admin" } else { "a member" };
    let (email, admin) = (view.email.clone(), view.admin);
    view! {
        <main id="main" class="sheet">
            <header class="sheet-head">
                <p class="eyebrow">"Workspace"</p>
                <h1>{view.name.clone()}</h1>
                <p class="summary">"Claimed " {moment(&view.claimed)} " UTC. You are signed in as " <strong id="signed-in">{email}</strong> ", " {role} "."</p>
            </header>
            {notice(view.notice.clone())}
            {alert(view.problem.clone())}
            {view.link.clone().map(one_time)}
            {members(view)}
            {admin.then(|| invitations(view.invitations.clone()))}
            {account(view)}
            {(!view.others.is_empty()).then(|| others(view.others.clone()))}
        </main>
    }
    .into_any()
}

/// A link that is shown once, ready to be copied.
pub(crate) fn one_time(link: OneTimeLink) -> AnyView {
    view! {
        <section class="part" aria-labelledby="link">
            <h2 id="link">"A link, shown once"</h2>
            <div class="secret">
                <p><code id="one-time-link">{link.url}</code> {copy("one-time-link", "the link")}</p>
                <p class="secret-note">{link.purpose} " It works once, until " {moment(&link.ends)} " UTC. Nothing is sent: hand it on yourself, only to the one it is for."</p>
            </div>
        </section>
    }
    .into_any()
}

fn members(view: &WorkspaceView) -> AnyView {
    let admin = view.admin;
    let rows = view
        .members
        .clone()
        .into_iter()
        .map(|member| row(member, admin))
        .collect_view();
    view! {
        <section class="part" aria-labelledby="members">
            <h2 id="members">"Members"</h2>
            <ul class="people" role="list">{rows}</ul>
            <p class="caption">
                "Members work with the sandbox and the checklist. Admins also hold the keys: they rotate secrets, reset and delete the sandbox, "
                "invite and remove people and change roles."
            </p>
        </section>
    }
    .into_any()
}

fn row(member: MemberView, admin: bool) -> AnyView {
    let role = if member.admin { "Admin" } else { "Member" };
    let came = match member.invited_by.clone() {
        Some(by) => format!("invited by {by}"),
        None => "claimed the workspace".to_owned(),
    };
    let set = member.password_by.clone().map(|(by, at)| {
        view! { <p>"Password set " {moment(&at)} " UTC through a link made by " {by} "."</p> }
    });
    let controls = (admin && !member.reader).then(|| controls(&member));
    view! {
        <li>
            <div>
                <h3>{member.email} {member.reader.then_some(" (you)")}</h3>
                <p><span class="role">{role}</span> ", here since " {moment(&member.joined)} " UTC, " {came} "."</p>
                {set}
            </div>
            {controls}
        </li>
    }
    .into_any()
}

fn controls(member: &MemberView) -> AnyView {
    let person = || vec![("person", member.id.clone())];
    let (role, label) = if member.admin {
        ("member", "Make a member")
    } else {
        ("admin", "Make an admin")
    };
    let aloud = |what: &str| format!("{what}: {}", member.email);
    let roled = [person(), vec![("role", role.to_owned())]].concat();
    view! {
        <div class="people-controls">
            {press(link::WORKSPACE_ROLE, roled, ("button quiet", label, aloud(label)))}
            {press(link::WORKSPACE_PASSWORD_LINK, person(), ("button quiet", "Password link", aloud("Password link")))}
            {press(link::WORKSPACE_REMOVE, person(), ("button danger", "Remove", aloud("Remove")))}
        </div>
    }
    .into_any()
}

fn invitations(open: Vec<InvitationView>) -> AnyView {
    let none = open.is_empty();
    let rows = open.into_iter().map(invitation).collect_view();
    view! {
        <section class="part" aria-labelledby="invitations">
            <h2 id="invitations">"Invitations"</h2>
            {none.then(|| view! { <p>"None is open. An invitation is a link that lets one person in, once, within seven days."</p> })}
            {(!none).then(|| view! { <ul class="people" role="list">{rows}</ul> })}
            <form class="entry" method="post" action=link::WORKSPACE_INVITE>
                {field(("invite", "label"), "For whom, in your words", Entry::Text, String::new())}
                <div class="entry-field">
                    <label for="invite-role">"Role"</label>
                    <select id="invite-role" name="role">
                        <option value="member">"Member"</option>
                        <option value="admin">"Admin"</option>
                    </select>
                </div>
                <button class="button quiet" type="submit">"Make an invitation"</button>
            </form>
        </section>
    }
    .into_any()
}

fn invitation(invitation: InvitationView) -> AnyView {
    let role = if invitation.admin { "Admin" } else { "Member" };
    let aloud = format!("Revoke: {}", invitation.label);
    view! {
        <li>
            <div>
                <h3>{invitation.label}</h3>
                <p><span class="role">{role}</span> ", invited by " {invitation.by} ", until " {moment(&invitation.ends)} " UTC."</p>
            </div>
            <div class="people-controls">
                {press(link::WORKSPACE_REVOKE, vec![("invitation", invitation.id)], ("button quiet", "Revoke", aloud))}
            </div>
        </li>
    }
    .into_any()
}
