//! Markdown inside a block: to HTML, and to the bare text.

use pulldown_cmark::{Event, Options, Parser, html};

/// The Markdown that pages are written in.
pub(super) const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_GFM)
    .union(Options::ENABLE_STRIKETHROUGH);

/// Events as HTML.
pub(super) fn html<'a>(events: impl IntoIterator<Item = Event<'a>>) -> String {
    let mut text = String::new();
    html::push_html(&mut text, events.into_iter());
    text.trim_end().to_owned()
}

/// Events as bare text.
pub(super) fn text(events: &[Event<'_>]) -> String {
    events
        .iter()
        .filter_map(|event| match event {
            Event::Text(text) | Event::Code(text) => Some(text.as_ref()),
            Event::SoftBreak | Event::HardBreak => Some(" "),
            _ => None,
        })
        .collect()
}

/// A Markdown text of the contract as blocks of HTML.
pub(super) fn blocks(markdown: &str) -> String {
    html(Parser::new_ext(markdown, OPTIONS))
}

/// A Markdown sentence of the contract as inline HTML.
pub(super) fn sentence(markdown: &str) -> String {
    let html = blocks(markdown);
    match html
        .strip_prefix("<p>")
        .and_then(|html| html.strip_suffix("</p>"))
    {
        Some(inner) if !inner.contains("<p>") => inner.to_owned(),
        _ => html,
    }
}
