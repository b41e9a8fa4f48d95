//! What the server calls: one function per page, data in, document out, without waiting for anything.

use crate::{
    model::{
        BuilderPage, ChecklistPage, DocPage, ErrorPage, FaultPanel, Frame, HomePage, JoinPage, LastCalls,
        LogsPage, PasswordPage, RehearsalPage, SandboxPage, SearchPage, SignInPage, TimelinePage,
        WorkspacePage,
        board::{AskPage, BoardPage, CasePage},
        webhooks::{DeliveryPage, EndpointPage, EventsPage, InboxPage, SignaturePage, WebhooksPage},
    },
    pages, parts,
};

/// The home page, at [`link::HOME`](crate::link::HOME).
pub fn render_home(frame: &Frame, page: &HomePage) -> String {
    pages::home::render(frame, page)
}

/// A page of the docs. Nothing in it depends on the reader but the frame's theme and the slots, so it can be kept.
pub fn render_docs(frame: &Frame, page: &DocPage) -> String {
    pages::docs::render(frame, page)
}

/// The visitor's sandbox, at [`link::SANDBOX`](crate::link::SANDBOX).
pub fn render_sandbox(frame: &Frame, page: &SandboxPage) -> String {
    pages::sandbox::render(frame, page)
}

/// The workspace, at [`link::WORKSPACE`](crate::link::WORKSPACE).
pub fn render_workspace(frame: &Frame, page: &WorkspacePage) -> String {
    pages::workspace::render(frame, page)
}

/// The page to sign in on, at [`link::SIGN_IN`](crate::link::SIGN_IN) and
/// [`link::BOARD_SIGN_IN`](crate::link::BOARD_SIGN_IN).
pub fn render_sign_in(frame: &Frame, page: &SignInPage) -> String {
    pages::entrance::render_sign_in(frame, page)
}

/// An invitation, at [`link::JOIN`](crate::link::JOIN).
pub fn render_join(frame: &Frame, page: &JoinPage) -> String {
    pages::entrance::render_join(frame, page)
}

/// A link that sets a password, at [`link::PASSWORD`](crate::link::PASSWORD).
pub fn render_password(frame: &Frame, page: &PasswordPage) -> String {
    pages::entrance::render_password(frame, page)
}

/// The request builder, at [`link::BUILDER`](crate::link::BUILDER).
pub fn render_builder(frame: &Frame, page: &BuilderPage) -> String {
    pages::builder::render(frame, page)
}

/// The request builder as a part of a page of the docs, at [`link::BUILDER_PART`](crate::link::BUILDER_PART).
pub fn render_builder_part(frame: &Frame, page: &BuilderPage) -> String {
    pages::builder::render_part(frame, page)
}

/// The launch checklist, at [`link::CHECKLIST`](crate::link::CHECKLIST).
pub fn render_checklist(frame: &Frame, page: &ChecklistPage) -> String {
    pages::checklist::render(frame, page)
}

/// The fault panel by itself, to take the place of an older one.
pub fn render_faults(panel: &FaultPanel) -> String {
    parts::shell::fragment(|| parts::faults::panel(panel.clone()))
}

/// The request log, at [`link::LOGS`](crate::link::LOGS).
pub fn render_logs(frame: &Frame, page: &LogsPage) -> String {
    pages::logs::render(frame, page)
}

/// The last calls of an operation as a part of a page of the docs, at [`link::LOGS_PART`](crate::link::LOGS_PART).
pub fn render_last_calls(last: &LastCalls) -> String {
    pages::logs::render_last(last)
}

/// What a request led to, at [`link::timeline`](crate::link::timeline).
pub fn render_timeline(frame: &Frame, page: &TimelinePage) -> String {
    pages::timeline::render(frame, page)
}

/// The page on which a workspace asks for something, at [`link::ask`](crate::link::ask).
pub fn render_ask(frame: &Frame, page: &AskPage) -> String {
    pages::ask::render(frame, page)
}

/// The launch board of staff, at [`link::BOARD`](crate::link::BOARD).
pub fn render_board(frame: &Frame, page: &BoardPage) -> String {
    pages::board::render(frame, page)
}

/// One workspace as staff see it, at [`link::board_case`](crate::link::board_case).
pub fn render_case(frame: &Frame, page: &CasePage) -> String {
    pages::case::render(frame, page)
}

/// Search results, at [`link::SEARCH`](crate::link::SEARCH).
pub fn render_search(frame: &Frame, page: &SearchPage) -> String {
    pages::search::render(frame, page)
}

/// What came of a rehearsal, posted to [`link::REHEARSE`](crate::link::REHEARSE).
pub fn render_rehearsal(frame: &Frame, page: &RehearsalPage) -> String {
    pages::rehearsal::render(frame, page)
}

/// The webhook console, at [`link::WEBHOOKS`](crate::link::WEBHOOKS).
pub fn render_webhooks(frame: &Frame, page: &WebhooksPage) -> String {
    pages::webhooks::render_list(frame, page)
}

/// One endpoint, at [`link::endpoint`](crate::link::endpoint).
pub fn render_endpoint(frame: &Frame, page: &EndpointPage) -> String {
    pages::webhooks::render_endpoint(frame, page)
}

/// One delivery, at [`link::delivery`](crate::link::delivery).
pub fn render_delivery(frame: &Frame, page: &DeliveryPage) -> String {
    pages::webhooks::render_delivery(frame, page)
}

/// One inbox, at [`link::inbox`](crate::link::inbox).
pub fn render_inbox(frame: &Frame, page: &InboxPage) -> String {
    pages::webhooks::render_inbox(frame, page)
}

/// Every type of event, at [`link::WEBHOOKS_EVENTS`](crate::link::WEBHOOKS_EVENTS).
pub fn render_events(frame: &Frame, page: &EventsPage) -> String {
    pages::webhooks::render_events(frame, page)
}

/// The signature debugger, at [`link::WEBHOOKS_SIGNATURE`](crate::link::WEBHOOKS_SIGNATURE).
pub fn render_signature(frame: &Frame, page: &SignaturePage) -> String {
    pages::webhooks::render_signature(frame, page)
}

/// A page that has nothing else to show: not found, refused, broken.
pub fn render_error(frame: &Frame, page: &ErrorPage) -> String {
    pages::error::render(frame, page)
}
