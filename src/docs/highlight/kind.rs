//! What a piece of code is, read from the scopes that a grammar gives it.

use std::sync::LazyLock;
use syntect::parsing::Scope;

/// What has a colour of its own.
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
    /// What is called or declared.
    Function,
}

/// Which scopes are what. The first that fits the innermost scope wins; a scope that none fits leaves it to the scope
/// around it.
const RULES: [(&str, Kind); 23] = [
    ("comment", Kind::Comment),
    ("meta.mapping.key", Kind::Key),
    ("entity.name.tag", Kind::Key),
    ("support.type.property-name", Kind::Key),
    ("variable.other.readwrite.shell", Kind::Variable),
    ("punctuation.definition.variable.shell", Kind::Variable),
    ("meta.group.expansion.parameter.shell", Kind::Variable),
    ("meta.interpolation", Kind::Plain),
    ("meta.template.expression", Kind::Plain),
    ("meta.group.expansion.command", Kind::Plain),
    ("keyword.other.http", Kind::Key),
    ("constant.numeric", Kind::Number),
    ("constant.language", Kind::Literal),
    ("string.unquoted", Kind::Plain),
    ("string", Kind::Text),
    ("keyword.operator.word", Kind::Keyword),
    ("keyword.operator.logical.python", Kind::Keyword),
    ("keyword.operator", Kind::Plain),
    ("keyword", Kind::Keyword),
    ("storage", Kind::Keyword),
    ("entity.name.function", Kind::Function),
    ("variable.function", Kind::Function),
    ("support.function", Kind::Function),
];

static SCOPES: LazyLock<Vec<(Scope, Kind)>> = LazyLock::new(|| {
    let rules = RULES.iter();
    rules
        .filter_map(|(name, kind)| Some((Scope::new(name).ok()?, *kind)))
        .collect()
});

impl Kind {
    /// What stands under these scopes, outermost first.
    pub(super) fn of(scopes: &[Scope]) -> Self {
        let inner = scopes.iter().rev();
        let kinds = inner.map(|scope| {
            let rule = SCOPES.iter().find(|(prefix, _)| prefix.is_prefix_of(*scope));
            rule.map(|(_, kind)| *kind)
        });
        let mut kinds = kinds.flatten();
        match kinds.next() {
            // A key is a text, too: what is around it tells.
            Some(Self::Text) if kinds.next() == Some(Self::Key) => Self::Key,
            Some(kind) => kind,
            None => Self::Plain,
        }
    }

    /// The class, without a class for plain code.
    pub(super) const fn class(self) -> Option<&'static str> {
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
        })
    }
}
