//! Markdown to blocks: one page at a time, with its headings, anchors and links.

use super::{
    Fault, Setting,
    anchor::{Anchors, slug},
    directive::Directive,
    inline,
    layout::{self, Piece},
    places::Places,
    source::Draft,
};
use app::model::{Admonition, AdmonitionKind, Block, Chart, Code, Heading, Tab};
use pulldown_cmark::{BlockQuoteKind, CodeBlockKind, Event, Parser, Tag};
use std::ops::Range;

mod chart;
mod expand;
mod fence;
mod table;

/// A page whose links are not checked yet.
#[derive(Clone, Debug)]
pub(super) struct Composed {
    /// The file under `content/`.
    pub(super) file: String,
    /// Its path on the portal.
    pub(super) url: String,
    /// Its title.
    pub(super) title: String,
    /// The one-sentence answer under the title.
    pub(super) summary: String,
    /// The content.
    pub(super) blocks: Vec<Block>,
    /// Headings of level 2 and 3, operations included.
    pub(super) toc: Vec<Heading>,
    /// Where a link can point to.
    pub(super) anchors: Anchors,
    /// Where it links to.
    pub(super) links: Vec<Link>,
}

/// A link and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Link {
    /// The line in the file.
    pub(super) line: usize,
    /// What it points to.
    pub(super) target: String,
}

/// A page from its draft.
pub(super) fn compose(
    draft: &Draft,
    places: &Places,
    setting: &Setting,
    faults: &mut Vec<Fault>,
) -> Composed {
    let events = Parser::new_ext(&draft.body, inline::OPTIONS).into_offset_iter();
    let mut composer = Composer {
        draft,
        places,
        setting,
        events: events.collect::<Vec<_>>().into_iter(),
        faults,
        page: Composed {
            file: draft.file.clone(),
            url: draft.url.clone(),
            title: draft.front.title.clone(),
            summary: draft.front.summary.clone(),
            blocks: Vec::new(),
            toc: Vec::new(),
            anchors: Anchors::default(),
            links: Vec::new(),
        },
    };
    let pieces = composer.pieces();
    let mut page = composer.page;
    page.blocks = layout::arrange(pieces);
    page
}

struct Composer<'a> {
    draft: &'a Draft,
    places: &'a Places,
    setting: &'a Setting,
    events: std::vec::IntoIter<(Event<'a>, Range<usize>)>,
    faults: &'a mut Vec<Fault>,
    page: Composed,
}

impl<'a> Composer<'a> {
    /// Everything up to the end of the text, or of the tag that is open.
    fn pieces(&mut self) -> Vec<Piece> {
        let mut pieces = Vec::new();
        while let Some((event, range)) = self.events.next() {
            match event {
                Event::End(_) => break,
                Event::Start(Tag::Heading { level, .. }) => {
                    let piece = self.heading(level as u8, range.start);
                    pieces.push(piece);
                }
                Event::Start(Tag::Paragraph) => {
                    let inner = self.inside();
                    match self.directive_at(range.start) {
                        Some(directive) => pieces.extend(self.expand(directive)),
                        None if inline::text(&inner).starts_with("{{") => {}
                        None => {
                            let html = format!("<p>{}</p>", inline::html(inner));
                            pieces.push(Piece::Block(Block::Html(html)));
                        }
                    }
                }
                Event::Start(Tag::CodeBlock(kind)) => {
                    let piece = self.code(&kind, range.start);
                    pieces.push(piece);
                }
                Event::Start(Tag::Table(alignments)) => {
                    let table = table::table(self.inside(), &alignments);
                    pieces.push(Piece::Block(Block::Table(table)));
                }
                Event::Start(Tag::BlockQuote(Some(kind))) => {
                    let blocks = layout::arrange(self.pieces());
                    pieces.push(Piece::Block(Block::Admonition(admonition(kind, blocks))));
                }
                Event::Start(tag) => {
                    let end = tag.to_end();
                    let mut events = vec![Event::Start(tag)];
                    events.extend(self.inside());
                    events.push(Event::End(end));
                    pieces.push(Piece::Block(Block::Html(inline::html(events))));
                }
                Event::Rule => pieces.push(Piece::Block(Block::Html("<hr>".to_owned()))),
                other => self.note(&other, range.start),
            }
        }
        pieces
    }

    /// Every event up to the end of the tag that is open; that end is taken, too.
    fn inside(&mut self) -> Vec<Event<'a>> {
        let mut events = Vec::new();
        let mut depth = 1;
        while let Some((event, range)) = self.events.next() {
            match event {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
            self.note(&event, range.start);
            events.push(event);
        }
        events
    }

    /// Keeps links for the check, and refuses what a page must not hold.
    fn note(&mut self, event: &Event<'_>, at: usize) {
        let line = self.draft.line_at(at);
        match event {
            Event::Start(Tag::Link { dest_url, .. }) => self.page.links.push(Link {
                line,
                target: dest_url.to_string(),
            }),
            Event::Html(_) | Event::InlineHtml(_) => self.fault(line, "a page holds no HTML"),
            Event::Start(Tag::CodeBlock(_)) => {
                self.fault(line, "a code block stands by itself, not inside a list");
            }
            _ => {}
        }
    }

    fn fault(&mut self, line: usize, detail: impl Into<String>) {
        self.faults.push(Fault::new(&self.draft.file, line, detail));
    }

    fn directive_at(&self, at: usize) -> Option<Directive> {
        let line = self.draft.line_at(at);
        let mut directives = self.draft.directives.iter();
        directives
            .find(|found| found.line == line)
            .map(|found| found.directive.clone())
    }

    fn heading(&mut self, level: u8, at: usize) -> Piece {
        let inner = self.inside();
        let text = inline::text(&inner);
        let id = self.page.anchors.claim(&slug(&text));
        if !(2..=4).contains(&level) {
            let line = self.draft.line_at(at);
            self.fault(
                line,
                "headings have level 2 to 4; the title stands in the front matter",
            );
        }
        if level <= 3 {
            self.page.toc.push(Heading {
                level,
                id: id.clone(),
                text: text.clone(),
                method: None,
            });
        }
        Piece::Heading {
            level,
            id,
            html: inline::html(inner),
            text,
        }
    }

    fn code(&mut self, kind: &CodeBlockKind<'_>, at: usize) -> Piece {
        let text = inline::text(&self.inside()).trim_end().to_owned();
        let line = self.draft.line_at(at);
        let info = match kind {
            CodeBlockKind::Fenced(info) => info.as_ref(),
            CodeBlockKind::Indented => "",
        };
        if let Some(picture) = info.strip_prefix("chart ") {
            let chart = chart::read(picture, &text).unwrap_or_else(|detail| {
                self.fault(line, detail);
                Chart::default()
            });
            return Piece::Block(Block::Chart(chart));
        }
        let fence = fence::parse(info).unwrap_or_else(|detail| {
            self.fault(line, detail);
            fence::Fence::default()
        });
        let code = Code {
            html: String::new(),
            lang: fence.lang,
            title: fence.title,
            text,
        };
        match (fence.tab, fence.rail) {
            (Some(label), _) => Piece::Tab(Tab { label, code }),
            (None, true) => Piece::Rail(code),
            (None, false) => Piece::Block(Block::Code(code)),
        }
    }
}

fn admonition(kind: BlockQuoteKind, blocks: Vec<Block>) -> Admonition {
    Admonition {
        kind: match kind {
            BlockQuoteKind::Note | BlockQuoteKind::Important => AdmonitionKind::Note,
            BlockQuoteKind::Tip => AdmonitionKind::Tip,
            BlockQuoteKind::Warning => AdmonitionKind::Warning,
            BlockQuoteKind::Caution => AdmonitionKind::Danger,
        },
        title: String::new(),
        blocks,
    }
}
