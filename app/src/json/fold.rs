//! JSON that folds: every object and list is a `<details>`, so keyboard and screen reader know how to open it, and what
//! is closed costs no layout. The text content stays the JSON itself, so that it can be copied.

use std::fmt::Write as _;

/// Up to so many lines, everything is open from the start.
const OPEN_LINES: usize = 400;

/// Deeper than this, a long text starts closed.
const OPEN_DEPTH: usize = 2;

/// Up to so many bytes, the tokens are coloured; a longer text only has its ids as links.
pub const COLOURED: usize = 200_000;

/// Folds indented JSON. `html` is the same text as HTML, line by line.
pub fn fold(text: &str, html: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let counts = counts(&lines);
    let long = lines.len() > OPEN_LINES;
    let mut depth = 0;
    let mut folded = String::with_capacity(html.len() + lines.len() * 24);
    for ((line, html), count) in lines.iter().zip(html.lines()).zip(counts) {
        if opens(line) {
            let open = if long && depth >= OPEN_DEPTH { "" } else { " open" };
            let end = if line.ends_with('{') { "}" } else { "]" };
            // Writing to a String cannot fail.
            let _ = write!(
                folded,
                "<details{open}><summary data-rest=\" {count} {end}\">{html}\n</summary>"
            );
            depth += 1;
        } else {
            folded.push_str(html);
            folded.push('\n');
            if closes(line) {
                folded.push_str("</details>");
                depth = depth.saturating_sub(1);
            }
        }
    }
    folded
}

fn opens(line: &str) -> bool {
    line.ends_with(['{', '['])
}

/// A line of its own that ends what another began; `{}` and `[]` stand on one line.
fn closes(line: &str) -> bool {
    line.trim_start().starts_with(['}', ']'])
}

/// How many members each opening line has; nothing for other lines.
fn counts(lines: &[&str]) -> Vec<usize> {
    let mut counts = vec![0; lines.len()];
    let mut open: Vec<usize> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        if closes(line) {
            open.pop();
            continue;
        }
        if let Some(parent) = open.last() {
            counts[*parent] += 1;
        }
        if opens(line) {
            open.push(index);
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{highlight, pretty};

    fn folded(text: &str) -> String {
        let text = pretty(text);
        fold(&text, &highlight(&text, |_, _| None))
    }

    /// What a reader who copies the element gets.
    fn text_content(html: &str) -> String {
        let mut text = String::new();
        let mut inside = false;
        for c in html.chars() {
            match c {
                '<' => inside = true,
                '>' => inside = false,
                c if !inside => text.push(c),
                _ => {}
            }
        }
        text.replace("&quot;", "\"")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&")
    }

    #[test]
    fn what_is_copied_is_the_json() {
        for text in [
            r#"{"data":[{"id":"a","tags":[],"of":{}},{"id":"[{","more":[1,[2]]}],"next_cursor":null}"#,
            "[]",
            "\"text\"",
            "[{\"a\":\"</details>\\n{\"}]",
        ] {
            let html = folded(text);
            assert_eq!(text_content(&html).trim_end(), pretty(text));
            assert_eq!(
                html.matches("<details").count(),
                html.matches("</details>").count(),
                "{html}"
            );
        }
    }

    #[test]
    fn a_fold_says_how_much_is_in_it() {
        let html = folded(r#"{"a":[1,2,3],"b":{"c":{}}}"#);
        assert!(
            html.contains("data-rest=\" 2 }\"")
                && html.contains("data-rest=\" 3 ]\"")
                && html.contains("data-rest=\" 1 }\"")
        );
        assert_eq!(html.matches("<details open>").count(), 3);
    }

    #[test]
    fn a_long_text_starts_with_its_items_closed() {
        let items = vec![serde_json::json!({"id": "a", "b": 1}); 300];
        let html = folded(&serde_json::json!({ "data": items }).to_string());
        assert_eq!(html.matches("<details open>").count(), 2);
        assert_eq!(html.matches("<details>").count(), 300);
    }
}
