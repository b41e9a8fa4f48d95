//! What a member does with their own account, and how a workspace ends.

use crate::{
    link,
    model::people::WorkspaceView,
    parts::entry::{Entry, confirm, field, press},
};
use leptos::prelude::*;

/// The reader's session, password and membership; for an admin, the end of the workspace too.
pub(super) fn account(view: &WorkspaceView) -> AnyView {
    let browsers = match view.sessions {
        1 => "this browser alone".to_owned(),
        count => format!("{count} browsers"),
    };
    let email = view.email.clone();
    view! {
        <section class="part" aria-labelledby="account">
            <h2 id="account">"Your account"</h2>
            <ul class="controls" role="list">
                <li>
                    <div><h3>"Sign out"</h3><p>"You are signed in with " {browsers} ". Signing out ends nothing but the session: the sandbox and its credentials stay."</p></div>
                    <div class="people-controls">
                        {press(link::SIGN_OUT, Vec::new(), ("button quiet", "Sign out", String::new()))}
                        {press(link::SIGN_OUT_EVERYWHERE, Vec::new(), ("button quiet", "Sign out everywhere", String::new()))}
                    </div>
                </li>
                <li>
                    <div><h3>"Change the password"</h3><p>"Ends every session but this one. Nobody can mail you a new one, so keep it in a password manager."</p></div>
                    <form class="entry" method="post" action=link::WORKSPACE_PASSWORD>
                        <input type="hidden" name="email" value=email autocomplete="username"/>
                        {field(("change", "current"), "Current password", Entry::Password, String::new())}
                        {field(("change", "password"), "New password", Entry::NewPassword, String::new())}
                        <button class="button quiet" type="submit">"Change password"</button>
                    </form>
                </li>
                <li>
                    <div><h3>"Leave the workspace"</h3><p>"You lose what is in it, and your account if you are in no other. The only admin cannot leave: make somebody else one first."</p></div>
                    {press(link::WORKSPACE_LEAVE, Vec::new(), ("button danger", "Leave", String::new()))}
                </li>
                {view.admin.then(|| closing(&view.name))}
            </ul>
        </section>
    }
    .into_any()
}

fn closing(name: &str) -> AnyView {
    view! {
        <li>
            <div><h3>"Close the workspace"</h3><p>"Deletes its sandbox, its checklist and every membership, for everybody. This cannot be undone."</p></div>
            {confirm(link::WORKSPACE_CLOSE, ("confirm-close", name), ("button danger", "Close workspace"))}
        </li>
    }
    .into_any()
}

/// The other workspaces of the reader, each by its id and name.
pub(super) fn others(others: Vec<(String, String)>) -> AnyView {
    let rows = others
        .into_iter()
        .map(|(id, name)| {
            let aloud = format!("Switch to {name}");
            view! {
                <li>
                    <div><h3>{name}</h3></div>
                    <div class="people-controls">{press(link::WORKSPACE_SWITCH, vec![("workspace", id)], ("button quiet", "Switch", aloud))}</div>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="part" aria-labelledby="others">
            <h2 id="others">"Your other workspaces"</h2>
            <ul class="people" role="list">{rows}</ul>
        </section>
    }
    .into_any()
}
