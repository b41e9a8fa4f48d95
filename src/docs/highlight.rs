//! Code with its words told apart: escaped text with `<span class="hl-…">` around what has a colour.
//!
//! A general highlighter loads grammars and compiles their expressions first: with syntect that took 170 ms for the
//! languages used here, more than the whole start may. The samples are short and well formed, so a scanner that knows
//! strings, comments, numbers and keywords draws them as well.

use super::slots::escape;

mod language;
mod scan;

use language::Language;

/// What a piece of code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing in particular.
    Plain,
    /// A comment.
    Comment,
    /// A text.
    Text,
    /// The name of an object's member, or of a header.
    Key,
    /// A number.
    Number,
    /// A word of the language, a method, a status.
    Keyword,
    /// `true`, `null` and the like.
    Literal,
    /// A variable of the shell.
    Variable,
    /// What is called.
    Function,
    /// An option of a command.
    Option,
}

impl Kind {
    /// The class, without a class for plain code.
    const fn class(self) -> Option<&'static str> {
        Some(match self {
            Self::Plain => return None,
            Self::Comment => "hl-comment",
            Self::Text => "hl-string",
            Self::Key => "hl-key",
            Self::Number => "hl-number",
            Self::Keyword => "hl-keyword",
            Self::Literal => "hl-literal",
            Self::Variable => "hl-variable",
            Self::Function => "hl-function",
            Self::Option => "hl-option",
        })
    }
}

/// `text` in the language `lang` as HTML. A language that is not known is only escaped.
pub(super) fn html(lang: &str, text: &str) -> String {
    let tokens = match Language::named(lang) {
        Some(language) => scan::code(language, text),
        None if lang == "http" => scan::message(text),
        None => vec![(Kind::Plain, text)],
    };
    let mut html = String::with_capacity(text.len() * 2);
    let mut open: Option<&str> = None;
    for (kind, text) in tokens {
        let class = kind.class();
        if class != open {
            html.push_str(if open.is_some() { "</span>" } else { "" });
            if let Some(class) = class {
                html.extend(["<span class=\"", class, "\">"]);
            }
            open = class;
        }
        html.push_str(&escape(text));
    }
    html.push_str(if open.is_some() { "</span>" } else { "" });
    html
}
