//! The scanner: cuts code into pieces, none lost.

use super::{Kind, Language, language::Style};

/// Code of a language, cut into pieces.
pub(super) fn code<'a>(language: &Language, text: &'a str) -> Vec<(Kind, &'a str)> {
    let mut tokens = Vec::new();
    let mut rest = text;
    // In the shell the first word of a line, or after a pipe, is what is called.
    let mut calls = true;
    while let Some(first) = rest.chars().next() {
        let (kind, length) = piece(language, rest, first, calls);
        let (token, after) = rest.split_at(length);
        calls = match first {
            '\n' => !ends_open(&tokens),
            '|' | '(' | ';' => true,
            ' ' | '\\' => calls,
            _ => kind == Kind::Keyword && token != "in",
        };
        tokens.push((kind, token));
        rest = after;
    }
    tokens
}

/// Whether the line before goes on: it ended with a backslash.
fn ends_open(tokens: &[(Kind, &str)]) -> bool {
    tokens.last().is_some_and(|(_, token)| token.ends_with('\\'))
}

/// The kind and length in bytes of the piece at the start of `rest`.
fn piece(language: &Language, rest: &str, first: char, calls: bool) -> (Kind, usize) {
    if language.comment.is_some_and(|mark| rest.starts_with(mark)) {
        return (Kind::Comment, rest.find('\n').unwrap_or(rest.len()));
    }
    if language.quotes.contains(&first) {
        let length = quoted(rest, first);
        let is_key = language.style == Style::Data
            && rest
                .get(length..)
                .is_some_and(|after| after.trim_start().starts_with(':'));
        return (if is_key { Kind::Key } else { Kind::Text }, length);
    }
    if language.style == Style::Shell && first == '$' {
        return (Kind::Variable, 1 + word(rest.get(1..).unwrap_or_default()));
    }
    if language.style == Style::Shell && first == '-' {
        let option = |c: char| c == '-' || c.is_ascii_alphanumeric();
        return (Kind::Option, run(rest, option));
    }
    if language.style == Style::Shell && !first.is_whitespace() {
        return shell_word(language, rest, calls);
    }
    if first.is_ascii_digit() {
        return (
            Kind::Number,
            run(rest, |c| c.is_ascii_alphanumeric() || c == '.' || c == '_'),
        );
    }
    let length = word(rest);
    if length == 0 {
        return (Kind::Plain, first.len_utf8());
    }
    let (name, after) = rest.split_at(length);
    let kind = if language.keywords.contains(&name) {
        Kind::Keyword
    } else if language.literals.contains(&name) {
        Kind::Literal
    } else if after.starts_with('(') {
        Kind::Function
    } else {
        Kind::Plain
    };
    (kind, length)
}

/// A bare word of the shell: everything up to a blank, a quote, or a sign that has a meaning.
fn shell_word(language: &Language, rest: &str, calls: bool) -> (Kind, usize) {
    let length = run(rest, |c| !c.is_whitespace() && !"\"'$|();\\".contains(c)).max(1);
    let name = rest.get(..length).unwrap_or_default();
    let kind = if language.keywords.contains(&name) {
        Kind::Keyword
    } else if calls && name.starts_with(|c: char| c.is_ascii_alphabetic()) && !name.contains('=') {
        Kind::Function
    } else {
        Kind::Plain
    };
    (kind, length)
}

/// The length of a text that `quote` opens, its end included.
fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, character) in rest.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if character == quote => return at + character.len_utf8(),
            _ => {}
        }
    }
    rest.len()
}

/// The length of the name at the start of `rest`.
fn word(rest: &str) -> usize {
    run(rest, |c| c == '_' || c.is_alphanumeric())
}

/// The length of the longest start of `rest` in which every character fits.
fn run(rest: &str, fits: impl Fn(char) -> bool) -> usize {
    rest.find(|c| !fits(c)).unwrap_or(rest.len())
}

/// A message of HTTP, cut into pieces: its first line, and header by header.
pub(super) fn message(text: &str) -> Vec<(Kind, &str)> {
    let mut tokens = Vec::new();
    for line in text.split_inclusive('\n') {
        let is_start = line.starts_with("HTTP/") || !line.contains(": ");
        match line.split_once(if is_start { " " } else { ": " }) {
            Some((start, _)) if is_start => {
                let (start, rest) = line.split_at(start.len());
                tokens.extend([(Kind::Keyword, start), (Kind::Plain, rest)]);
            }
            Some((name, _)) => {
                let (name, rest) = line.split_at(name.len());
                let (colon, value) = rest.split_at(1);
                tokens.extend([(Kind::Key, name), (Kind::Plain, colon), (Kind::Text, value)]);
            }
            None => tokens.push((Kind::Plain, line)),
        }
    }
    tokens
}
