//! The doors: signing in, taking an invitation, setting a password through a link.

use crate::{
    link,
    model::{
        Frame,
        people::{JoinPage, JoinView, PasswordPage, SignInPage},
    },
    parts::{
        entry::{Entry, alert, field, notice},
        shell::{Head, Section, document},
        statement::moment,
    },
};
use leptos::prelude::*;

fn head(title: &str, listed: bool) -> Head {
    Head {
        title: title.to_owned(),
        description: "Sign in to a workspace of the Aleta developer portal.".to_owned(),
        section: Section::Workspace,
        class: "plain",
        islands: false,
        listed,
        script: None,
        markdown_url: None,
    }
}

/// Draws the page to sign in on.
pub(crate) fn render_sign_in(frame: &Frame, page: &SignInPage) -> String {
    let title = if page.staff { "Staff sign-in" } else { "Sign in" };
    document(frame, head(title, !page.staff), || sign_in(page.clone()))
}

/// Draws the page behind an invitation's link.
pub(crate) fn render_join(frame: &Frame, page: &JoinPage) -> String {
    document(frame, head("Invitation", false), || match page.clone() {
        JoinPage::Gone => gone("This invitation is no good"),
        JoinPage::Open(view) => join(*view),
    })
}

/// Draws the page behind a link that sets a password.
pub(crate) fn render_password(frame: &Frame, page: &PasswordPage) -> String {
    document(frame, head("Set a password", false), || match page.clone() {
        PasswordPage::Gone => gone("This link is no good"),
        PasswordPage::Open { code, email, problem } => password(code, email, problem),
    })
}

fn sign_in(page: SignInPage) -> AnyView {
    let SignInPage {
        staff,
        email,
        back,
        left_behind,
        notice: happened,
        problem,
    } = page;
    let (title, action, summary, forgotten) = if staff {
        (
            "Staff sign-in",
            link::BOARD_SIGN_IN,
            "For the people of Aleta who look after launches. Partners sign in to their workspace instead.",
            "Whoever runs this installation makes a link for a new password on its command line.",
        )
    } else {
        (
            "Sign in",
            link::SIGN_IN,
            "To a workspace that you claimed, or were invited to.",
            "No mail is sent. An admin of your workspace, or Aleta’s staff, can make a link with which you set a new one.",
        )
    };
    view! {
        <main id="main" class="sheet">
            <header class="sheet-head">
                <h1>{title}</h1>
                <p class="summary">{summary}</p>
            </header>
            {notice(happened)}
            {alert(problem)}
            {left_behind.map(warning)}
            <section class="part" aria-labelledby="account">
                <h2 id="account">"Your account"</h2>
                <form class="entry" method="post" action=action>
                    <input type="hidden" name="return" value=back/>
                    {field(("sign-in", "email"), "E-mail address", Entry::Email, email)}
                    {field(("sign-in", "password"), "Password", Entry::Password, String::new())}
                    <button class="button" type="submit">"Sign in"</button>
                </form>
            </section>
            <section class="part" aria-labelledby="forgotten">
                <h2 id="forgotten">"Forgot the password?"</h2>
                <p>{forgotten}</p>
            </section>
            {(!staff).then(|| view! {
                <section class="part" aria-labelledby="new">
                    <h2 id="new">"New here?"</h2>
                    <p>"There is nothing to sign up for: " <a href=link::SANDBOX>"create a sandbox"</a> ", and " <a href=link::WORKSPACE>"claim its workspace"</a> " when you want to keep it."</p>
                </section>
            })}
        </main>
    }
    .into_any()
}

fn warning(sandbox: String) -> AnyView {
    view! {
        <p class="notice warned">
            "This browser holds the sandbox " <strong>{sandbox}</strong> ", which nobody has claimed. Signing in leaves it behind; to keep it, "
            <a href=link::WORKSPACE>"claim it first"</a> "."
        </p>
    }
    .into_any()
}

fn join(view: JoinView) -> AnyView {
    let role = if view.admin { "an admin" } else { "a member" };
    let back = link::join(&view.code);
    let code = view.code.clone();
    let form = match view.signed_in.clone() {
        Some(email) => view! {
            <form class="entry" method="post" action=link::JOIN>
                <input type="hidden" name="code" value=code/>
                <p>"You are signed in as " <strong>{email}</strong> "."</p>
                <button class="button" type="submit">"Join the workspace"</button>
            </form>
        }
        .into_any(),
        None => view! {
            <form class="entry" method="post" action=link::JOIN>
                <input type="hidden" name="code" value=code/>
                {field(("join", "email"), "E-mail address", Entry::Email, view.email.clone())}
                {field(("join", "password"), "Password", Entry::NewPassword, String::new())}
                <button class="button" type="submit">"Join the workspace"</button>
            </form>
            <p class="caption">
                "An account is made with it. If you have one, " <a href=link::sign_in(&back)>"sign in"</a> " first. No mail is sent to the address: it is the name you sign in with."
            </p>
        }
        .into_any(),
    };
    view! {
        <main id="main" class="sheet">
            <header class="sheet-head">
                <p class="eyebrow">"Invitation"</p>
                <h1>"Join " {view.workspace}</h1>
                <p class="summary"><strong>{view.by}</strong> " invites you as " {role} ". The link works once, until " {moment(&view.ends)} " UTC."</p>
            </header>
            {alert(view.problem)}
            {view.left_behind.map(warning)}
            <section class="part" aria-labelledby="account">
                <h2 id="account">"Your account"</h2>
                {form}
            </section>
        </main>
    }
    .into_any()
}

fn password(code: String, email: String, problem: Option<String>) -> AnyView {
    view! {
        <main id="main" class="sheet">
            <header class="sheet-head">
                <h1>"Set a password"</h1>
                <p class="summary">"For " <strong>{email.clone()}</strong> ". Whoever is signed in with the one before is signed out. The link works once."</p>
            </header>
            {alert(problem)}
            <section class="part" aria-labelledby="account">
                <h2 id="account">"Your account"</h2>
                <form class="entry" method="post" action=link::PASSWORD>
                    <input type="hidden" name="code" value=code/>
                    <input type="hidden" name="email" value=email autocomplete="username"/>
                    {field(("set", "password"), "New password", Entry::NewPassword, String::new())}
                    <button class="button" type="submit">"Set password"</button>
                </form>
            </section>
        </main>
    }
    .into_any()
}

fn gone(title: &'static str) -> AnyView {
    view! {
        <main id="main" class="sheet">
            <header class="sheet-head">
                <h1>{title}</h1>
                <p class="summary">"It was used, was revoked, or its time is over. Ask whoever gave it to you for another."</p>
            </header>
            <p class="choices"><a class="button quiet" href=link::SIGN_IN>"Sign in"</a></p>
        </main>
    }
    .into_any()
}
