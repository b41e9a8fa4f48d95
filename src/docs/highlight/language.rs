//! What the scanner must know of a language.

/// A language.
#[derive(Clone, Copy, Debug)]
pub(super) struct Language {
    /// What begins a comment that ends with the line.
    pub(super) comment: Option<&'static str>,
    /// What begins and ends a text.
    pub(super) quotes: &'static [char],
    /// Its words.
    pub(super) keywords: &'static [&'static str],
    /// Its constants.
    pub(super) literals: &'static [&'static str],
    /// How its words are read.
    pub(super) style: Style,
}

/// How a language's words are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// A text before a colon is a member's name.
    Data,
    /// Variables begin with `$`, options with `-`; the first word is what is called.
    Shell,
    /// A word before `(` is what is called.
    Program,
}

impl Language {
    /// The language of this name.
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        Some(match name {
            "json" => &JSON,
            "shell" => &SHELL,
            "python" => &PYTHON,
            "typescript" => &TYPESCRIPT,
            "rust" => &RUST,
            _ => return None,
        })
    }
}

static JSON: Language = Language {
    comment: None,
    quotes: &['"'],
    keywords: &[],
    literals: &["true", "false", "null"],
    style: Style::Data,
};

static SHELL: Language = Language {
    comment: Some("#"),
    quotes: &['"', '\''],
    keywords: &["export", "if", "then", "fi", "for", "do", "done", "while", "in"],
    literals: &[],
    style: Style::Shell,
};

static PYTHON: Language = Language {
    comment: Some("#"),
    quotes: &['"', '\''],
    keywords: &[
        "and", "as", "async", "await", "class", "def", "elif", "else", "except", "finally", "for", "from",
        "if", "import", "in", "is", "lambda", "not", "or", "raise", "return", "try", "while", "with",
        "yield",
    ],
    literals: &["None", "True", "False"],
    style: Style::Program,
};

static TYPESCRIPT: Language = Language {
    comment: Some("//"),
    quotes: &['"', '\'', '`'],
    keywords: &[
        "as",
        "async",
        "await",
        "class",
        "const",
        "do",
        "else",
        "export",
        "for",
        "from",
        "function",
        "if",
        "import",
        "interface",
        "let",
        "new",
        "of",
        "return",
        "throw",
        "try",
        "catch",
        "type",
        "while",
        "yield",
    ],
    literals: &["null", "undefined", "true", "false"],
    style: Style::Program,
};

static RUST: Language = Language {
    comment: Some("//"),
    quotes: &['"'],
    keywords: &[
        "as", "async", "await", "const", "else", "enum", "fn", "for", "if", "impl", "in", "let", "loop",
        "match", "mod", "move", "mut", "pub", "ref", "return", "self", "struct", "trait", "use", "where",
        "while",
    ],
    literals: &["true", "false", "None", "Some", "Ok", "Err"],
    style: Style::Program,
};
