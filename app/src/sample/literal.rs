//! Texts as literals of a programming language: as they are where the language has a way, else with escapes.

use std::fmt::Write as _;

/// A text in double quotes. The escapes of JSON mean the same in Python, JavaScript, Go, C# and Java.
pub(super) fn escaped(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    crate::json::quote(&mut literal, text);
    literal
}

/// The same for Rust, which writes a code point in braces.
pub(super) fn escaped_for_rust(text: &str) -> String {
    let mut literal = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            c if c.is_control() => {
                // Writing to a String cannot fail.
                let _ = write!(literal, "\\u{{{:x}}}", u32::from(c));
            }
            c => literal.push(c),
        }
    }
    literal.push('"');
    literal
}

/// Whether a text can stand in a literal over several lines: those read a carriage return as a line feed.
pub(super) fn is_plain(text: &str) -> bool {
    !text.chars().any(|c| c.is_control() && c != '\n')
}
