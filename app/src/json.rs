//! JSON for reading: indented, coloured, ids turned into links. Runs on the server and in the browser.

mod fold;

pub use fold::{COLOURED, fold};

use std::fmt::Write as _;

/// The text indented, if it is JSON; else as it is.
pub fn pretty(text: &str) -> String {
    indented(text).unwrap_or_else(|| text.to_owned())
}

/// The text indented, if it is JSON.
pub fn indented(text: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    serde_json::to_string_pretty(&value).ok()
}

/// The text as HTML with classes for its tokens. `follow` may give an address for a string under a key.
pub fn highlight(text: &str, follow: impl Fn(&str, &str) -> Option<String>) -> String {
    tokens(text, follow, span)
}

/// The same without classes, for a text so long that they would cost more than they help.
pub fn linked(text: &str, follow: impl Fn(&str, &str) -> Option<String>) -> String {
    tokens(text, follow, |html, _, token| escape(html, token))
}

fn tokens(
    text: &str,
    follow: impl Fn(&str, &str) -> Option<String>,
    span: impl Fn(&mut String, &str, &str),
) -> String {
    let mut html = String::with_capacity(text.len() * 2);
    let mut key = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => string_length(rest),
            c if c.is_ascii_alphanumeric() || c == '-' => word_length(rest),
            c => c.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        match first {
            '"' if after.trim_start().starts_with(':') => {
                token.trim_matches('"').clone_into(&mut key);
                span(&mut html, "hl-key", token);
            }
            '"' => match follow(&key, token.trim_matches('"')) {
                Some(href) => anchor(&mut html, token, &href),
                None => span(&mut html, "hl-string", token),
            },
            '-' | '0'..='9' => span(&mut html, "hl-number", token),
            c if c.is_ascii_alphabetic() => span(&mut html, "hl-literal", token),
            _ => escape(&mut html, token),
        }
        rest = after;
    }
    html
}

fn anchor(html: &mut String, token: &str, href: &str) {
    html.push_str("<a class=\"hl-string\" href=\"");
    escape(html, href);
    html.push_str("\">");
    escape(html, token);
    html.push_str("</a>");
}

fn span(html: &mut String, class: &str, token: &str) {
    // Writing to a String cannot fail.
    let _ = write!(html, "<span class=\"{class}\">");
    escape(html, token);
    html.push_str("</span>");
}

fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (index, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return index + 1,
            _ => {}
        }
    }
    text.len()
}

fn word_length(text: &str) -> usize {
    text.find(|c: char| !(c.is_ascii_alphanumeric() || "+-._".contains(c)))
        .unwrap_or(text.len())
}

/// Appends `text` as a JSON string.
pub(crate) fn quote(json: &mut String, text: &str) {
    json.push('"');
    for c in text.chars() {
        match c {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            c if u32::from(c) < 0x20 || c == '\u{7f}' => {
                let _ = write!(json, "\\u{:04x}", u32::from(c));
            }
            c => json.push(c),
        }
    }
    json.push('"');
}

/// Appends `text` with the characters that mean something in HTML written as references.
pub fn escape(html: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '&' => html.push_str("&amp;"),
            '"' => html.push_str("&quot;"),
            _ => html.push(c),
        }
    }
}

/// Prose with `code` in backticks as HTML: the only markup that descriptions in the contract use.
pub fn inline(markdown: &str) -> String {
    let mut html = String::with_capacity(markdown.len() + 16);
    for (index, piece) in markdown.split('`').enumerate() {
        if index % 2 == 1 {
            html.push_str("<code>");
            escape(&mut html, piece);
            html.push_str("</code>");
        } else {
            escape(&mut html, piece);
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        highlight(text, |_, _| None)
    }

    #[test]
    fn tokens_get_their_classes() {
        assert_eq!(
            plain(r#"{"a": [-1.5e3, null, "x"]}"#),
            "{<span class=\"hl-key\">&quot;a&quot;</span>: [<span class=\"hl-number\">-1.5e3</span>, \
             <span class=\"hl-literal\">null</span>, <span class=\"hl-string\">&quot;x&quot;</span>]}"
        );
    }

    #[test]
    fn no_text_can_break_out() {
        let html = plain("{\"<b>\\\"\": \"</code><script>\", 'é");
        assert!(!html.contains("<b>") && !html.contains("<script>"), "{html}");
        assert_eq!(
            plain("\"never closed \\"),
            "<span class=\"hl-string\">&quot;never closed \\</span>"
        );
    }

    #[test]
    fn a_followed_string_becomes_a_link() {
        let html = highlight(r#"{"client_id": "66a1"}"#, |key, value| {
            Some(format!("/{key}?v={value}&x"))
        });
        assert!(
            html.contains("<a class=\"hl-string\" href=\"/client_id?v=66a1&amp;x\">&quot;66a1&quot;</a>"),
            "{html}"
        );
    }

    #[test]
    fn backticks_become_code() {
        assert_eq!(inline("`a<b` & c"), "<code>a&lt;b</code> &amp; c");
    }
}
