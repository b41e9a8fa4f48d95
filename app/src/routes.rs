//! What the server calls: one function per page, data in, document out, without waiting for anything.

use crate::{
    model::{
        BuilderPage, ChecklistPage, DocPage, ErrorPage, Frame, HomePage, RehearsalPage, SandboxPage,
        SearchPage,
    },
    pages,
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

/// The request builder, at [`link::BUILDER`](crate::link::BUILDER).
pub fn render_builder(frame: &Frame, page: &BuilderPage) -> String {
    pages::builder::render(frame, page)
}

/// The launch checklist, at [`link::CHECKLIST`](crate::link::CHECKLIST).
pub fn render_checklist(frame: &Frame, page: &ChecklistPage) -> String {
    pages::checklist::render(frame, page)
}

/// Search results, at [`link::SEARCH`](crate::link::SEARCH).
pub fn render_search(frame: &Frame, page: &SearchPage) -> String {
    pages::search::render(frame, page)
}

/// What came of a rehearsal, posted to [`link::REHEARSE`](crate::link::REHEARSE).
pub fn render_rehearsal(frame: &Frame, page: &RehearsalPage) -> String {
    pages::rehearsal::render(frame, page)
}

/// A page that has nothing else to show: not found, refused, broken.
pub fn render_error(frame: &Frame, page: &ErrorPage) -> String {
    pages::error::render(frame, page)
}
