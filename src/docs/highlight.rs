//! Code with its words told apart: escaped text with `<span class="hl-…">` around what has a colour.
//!
//! Grammars come from syntect. Reading them and compiling their expressions costs more than the whole start may, so code
//! is highlighted when its page is drawn, never when the docs are read. A grammar names hundreds of scopes; they are
//! brought down to the few that have a colour here, which keeps a page small.

use super::slots::escape;
use app::model::{Block, Code, DocPage};
use std::sync::LazyLock;
use syntect::parsing::{ParseState, ScopeStack, SyntaxReference, SyntaxSet};

mod kind;

use kind::Kind;

/// Read by the first page that is drawn.
static GRAMMARS: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

/// The languages that a page prints, and what their grammars are called.
pub(super) const LANGUAGES: [(&str, &str); 11] = [
    ("shell", "Bourne Again Shell (bash)"),
    ("json", "JSON"),
    ("http", "HTTP Request and Response"),
    ("python", "Python"),
    ("typescript", "TypeScript"),
    ("rust", "Rust"),
    ("go", "Go"),
    ("java", "Java"),
    ("csharp", "C#"),
    ("toml", "TOML"),
    ("sql", "SQL"),
];

/// The grammar of a language; `None` where text is only escaped.
fn grammar(lang: &str) -> Option<&'static SyntaxReference> {
    let (_, name) = LANGUAGES.iter().find(|(known, _)| *known == lang)?;
    GRAMMARS.find_syntax_by_name(name)
}

/// `text` in the language `lang` as HTML. A language that is not known is only escaped.
pub(super) fn html(lang: &str, text: &str) -> String {
    let Some(grammar) = grammar(lang) else {
        return escape(text);
    };
    let mut state = ParseState::new(grammar);
    let mut stack = ScopeStack::new();
    let mut spans = Spans::default();
    for line in text.split_inclusive('\n') {
        // A line that a grammar stumbles over is printed plain, and the next one read anew.
        let Ok(changes) = state.parse_line(line, &GRAMMARS) else {
            spans.push(Kind::Plain, line);
            (state, stack) = (ParseState::new(grammar), ScopeStack::new());
            continue;
        };
        let mut done = 0;
        for (at, change) in changes {
            spans.push(Kind::of(stack.as_slice()), line.get(done..at).unwrap_or_default());
            done = at;
            if stack.apply(&change).is_err() {
                stack = ScopeStack::new();
            }
        }
        spans.push(Kind::of(stack.as_slice()), line.get(done..).unwrap_or_default());
    }
    spans.finish()
}

/// Pieces of code as HTML, neighbours of one kind under one span.
#[derive(Default)]
struct Spans {
    html: String,
    open: Option<&'static str>,
}

impl Spans {
    fn push(&mut self, kind: Kind, text: &str) {
        if text.is_empty() {
            return;
        }
        // Blanks have no colour, so they never end a span.
        let class = if text.trim().is_empty() {
            self.open
        } else {
            kind.class()
        };
        if class != self.open {
            self.html
                .push_str(if self.open.is_some() { "</span>" } else { "" });
            if let Some(class) = class {
                self.html.extend(["<span class=\"", class, "\">"]);
            }
            self.open = class;
        }
        self.html.push_str(&escape(text));
    }

    fn finish(mut self) -> String {
        self.html
            .push_str(if self.open.is_some() { "</span>" } else { "" });
        self.html
    }
}

/// The page with its code highlighted.
pub(super) fn painted(page: &DocPage) -> DocPage {
    let mut page = page.clone();
    paint_all(&mut page.blocks);
    page
}

fn paint_all(blocks: &mut [Block]) {
    for block in blocks {
        match block {
            Block::Code(code) => paint(code),
            Block::Tabs(tabs) => tabs.iter_mut().for_each(|tab| paint(&mut tab.code)),
            Block::Admonition(remark) => paint_all(&mut remark.blocks),
            Block::Operation(operation) => {
                operation.samples.iter_mut().for_each(|tab| paint(&mut tab.code));
                operation.response.iter_mut().for_each(paint);
            }
            Block::Steps(steps) => {
                for step in steps {
                    paint_all(&mut step.blocks);
                    paint_all(&mut step.rail);
                }
            }
            Block::Row { blocks, rail } => {
                paint_all(blocks);
                paint_all(rail);
            }
            Block::Heading { .. }
            | Block::Html(_)
            | Block::Fields(_)
            | Block::Problems(_)
            | Block::Action(_)
            | Block::BrowserKey
            | Block::Lifecycle
            | Block::Table(_)
            | Block::Chart(_) => {}
        }
    }
}

fn paint(code: &mut Code) {
    code.html = html(&code.lang, &code.text);
}
