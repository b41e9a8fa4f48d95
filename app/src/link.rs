//! Every address of the portal, so that none is spelled twice.

use crate::request::{SendRequest, encode};
use std::fmt::Write as _;

/// The home page.
pub const HOME: &str = "/";
/// The first page of the docs.
pub const DOCS: &str = "/quickstart";
/// The reference of the current track.
pub const REFERENCE: &str = "/reference/v1";
/// The page of all problems.
pub const ERRORS: &str = "/errors";
/// The request builder; its form posts here too.
pub const BUILDER: &str = "/builder";
/// Where the builder's form posts: the browser then shows the answer first.
pub const BUILDER_SEND: &str = "/builder#answer";
/// The builder as a part of a page of the docs.
pub const BUILDER_PART: &str = "/builder/part";
/// `POST` changes the rows of a list in the builder's form, and sends nothing.
pub const BUILDER_ROWS: &str = "/builder/rows";
/// The fault panel of the builder: `POST` plants a fault or takes it away.
pub const BUILDER_FAULTS: &str = "/builder/faults";
/// Where its forms post: the browser then shows the panel first.
pub const BUILDER_FAULTS_CHANGE: &str = "/builder/faults#faults";
/// The request log.
pub const LOGS: &str = "/logs";
/// The last calls of one operation, as a part of a page of the docs.
pub const LOGS_PART: &str = "/logs/part";
/// What a request led to, by its id.
pub const TIMELINE: &str = "/timeline";
/// The launch checklist.
pub const CHECKLIST: &str = "/checklist";
/// The launch checklist as data.
pub const CHECKLIST_JSON: &str = "/checklist.json";
/// The visitor's sandbox; `POST` creates one.
pub const SANDBOX: &str = "/sandbox";
/// `POST` replaces the client secret.
pub const SANDBOX_ROTATE: &str = "/sandbox/rotate";
/// `POST` puts the demo data back.
pub const SANDBOX_RESET: &str = "/sandbox/reset";
/// `POST` deletes the sandbox.
pub const SANDBOX_DELETE: &str = "/sandbox/delete";
/// The workspace: its people, and how to sign in and out.
pub const WORKSPACE: &str = "/workspace";
/// `POST` makes the workspace of this browser somebody's.
pub const WORKSPACE_CLAIM: &str = "/workspace/claim";
/// `POST` makes an invitation.
pub const WORKSPACE_INVITE: &str = "/workspace/invite";
/// `POST` revokes an invitation.
pub const WORKSPACE_REVOKE: &str = "/workspace/revoke";
/// `POST` gives a member another role.
pub const WORKSPACE_ROLE: &str = "/workspace/role";
/// `POST` removes a member.
pub const WORKSPACE_REMOVE: &str = "/workspace/remove";
/// `POST` makes a link with which a member sets a new password.
pub const WORKSPACE_PASSWORD_LINK: &str = "/workspace/password-link";
/// `POST` replaces the reader's own password.
pub const WORKSPACE_PASSWORD: &str = "/workspace/password";
/// `POST` leaves the workspace.
pub const WORKSPACE_LEAVE: &str = "/workspace/leave";
/// `POST` closes the workspace, and deletes what is in it.
pub const WORKSPACE_CLOSE: &str = "/workspace/close";
/// `POST` goes to another workspace of the same person.
pub const WORKSPACE_SWITCH: &str = "/workspace/switch";
/// Where people sign in; the form posts here too.
pub const SIGN_IN: &str = "/sign-in";
/// `POST` ends the session.
pub const SIGN_OUT: &str = "/sign-out";
/// `POST` ends every session of the person.
pub const SIGN_OUT_EVERYWHERE: &str = "/sign-out/everywhere";
/// The page behind an invitation's link; its form posts here too.
pub const JOIN: &str = "/join";
/// The page behind a link that sets a password; its form posts here too.
pub const PASSWORD: &str = "/password";
/// The launch board of staff.
pub const BOARD: &str = "/board";
/// Where staff sign in; the form posts here too.
pub const BOARD_SIGN_IN: &str = "/board/sign-in";
/// `POST` ends the session of a member of staff.
pub const BOARD_SIGN_OUT: &str = "/board/sign-out";
/// `POST` makes a link with which a member of some workspace sets a new password.
pub const BOARD_PASSWORD_LINK: &str = "/board/password-link";
/// `POST` makes calls in the reader's sandbox and shows what came of them.
pub const REHEARSE: &str = "/rehearse";
/// `POST` registers the public half of a key that the browser made.
pub const BROWSER_KEY: &str = "/authentication/key";
/// `POST` exchanges an assertion that the browser signed.
pub const BROWSER_KEY_EXCHANGE: &str = "/authentication/exchange";
/// `POST` revokes a key that the browser forgets.
pub const BROWSER_KEY_FORGET: &str = "/authentication/forget";
/// The webhook console; `POST` adds an endpoint.
pub const WEBHOOKS: &str = "/webhooks";
/// `POST` makes an inbox and an endpoint that points to it.
pub const WEBHOOKS_INBOX: &str = "/webhooks/inbox";
/// Every type of event; `POST` fires one.
pub const WEBHOOKS_EVENTS: &str = "/webhooks/events";
/// The signature debugger; its form posts here too.
pub const WEBHOOKS_SIGNATURE: &str = "/webhooks/signature";
/// Search results.
pub const SEARCH: &str = "/search";
/// The docs for machines: every page, as Markdown.
pub const LLMS: &str = "/llms.txt";
/// `POST` keeps the theme in a cookie.
pub const THEME: &str = "/theme";
/// Where server functions answer.
pub const ACTIONS: &str = "/actions";

/// An invitation, by its code.
pub fn join(code: &str) -> String {
    format!("{JOIN}?code={}", encode(code))
}

/// A link that sets a password, by its code.
pub fn password(code: &str) -> String {
    format!("{PASSWORD}?code={}", encode(code))
}

/// Where a workspace asks for what this item of the checklist needs; its form posts here too.
pub fn ask(item: &str) -> String {
    format!("{CHECKLIST}/{item}")
}

/// One workspace on the board; its forms post here too.
pub fn board_case(workspace: &str) -> String {
    format!("{BOARD}/workspaces/{workspace}")
}

/// Signing in as staff, and where to go then.
pub fn board_sign_in(back: &str) -> String {
    format!("{BOARD_SIGN_IN}?return={}", encode(back))
}

/// Signing in, and where to go then.
pub fn sign_in(back: &str) -> String {
    format!("{SIGN_IN}?return={}", encode(back))
}

/// One endpoint; `POST` to what follows it acts on it.
pub fn endpoint(id: &str) -> String {
    format!("{WEBHOOKS}/endpoints/{id}")
}

/// One delivery; `POST` attempts it now.
pub fn delivery(id: &str) -> String {
    format!("{WEBHOOKS}/deliveries/{id}")
}

/// One inbox; `POST` to what follows it acts on it.
pub fn inbox(id: &str) -> String {
    format!("{WEBHOOKS}/inboxes/{id}")
}

/// The builder on this operation.
pub fn builder(operation: &str) -> String {
    format!("{BUILDER}?operation={}", encode(operation))
}

/// The builder on this operation, to stand under its block in the docs.
pub fn builder_part(operation: &str) -> String {
    format!("{BUILDER_PART}?operation={}", encode(operation))
}

/// The request log of one operation.
pub fn logs_of(operation: &str) -> String {
    format!("{LOGS}?operation={}", encode(operation))
}

/// What the request with this id led to.
pub fn timeline(request_id: &str) -> String {
    format!("{TIMELINE}/{request_id}")
}

/// Tells when what a request led to has changed.
pub fn timeline_live(request_id: &str) -> String {
    format!("{TIMELINE}/{request_id}/live")
}

/// A call of the request log, on the page that begins with it.
pub fn logged(place: i64, request_id: &str) -> String {
    format!("{LOGS}?before={}#{request_id}", place.saturating_add(1))
}

/// The last calls of one operation, to stand in its block in the docs.
pub fn last_calls(operation: &str) -> String {
    format!("{LOGS_PART}?operation={}", encode(operation))
}

/// The builder on this operation with one field filled in (`path.id`, `query.cursor`, …).
pub fn builder_with(operation: &str, field: &str, value: &str) -> String {
    format!("{}&{}={}", builder(operation), encode(field), encode(value))
}

/// The field that says that an address carries a whole request, which the worked example does not complete.
pub const WHOLE: &str = "whole";
/// The field that names a call of the history.
pub const SENT: &str = "sent";

/// A longer address is not read everywhere.
const LONGEST: usize = 8_000;

/// The builder on a request with all its values, for somebody else. `None` where it is too long for an address.
pub fn shared(request: &SendRequest) -> Option<String> {
    let request = request.clone().without_secrets();
    let mut address = format!("{}&{WHOLE}=1", builder(&request.operation));
    for (name, value) in request.to_fields() {
        // Writing to a String cannot fail.
        let _ = write!(address, "&{}={}", encode(&name), encode(&value));
    }
    (address.len() <= LONGEST).then_some(address)
}

/// The builder on a call of the history.
pub fn sent(request_id: &str) -> String {
    format!("{BUILDER}?{SENT}={}", encode(request_id))
}

/// Where a problem is explained; also the tail of its `type` URL.
pub fn problem(slug: &str) -> String {
    format!("{ERRORS}#{slug}")
}
