//! Highlighting colours code and loses nothing of it.

use super::super::highlight::html;

fn bare(html: &str) -> String {
    let mut text = String::new();
    let mut in_tag = false;
    for character in html.chars() {
        match character {
            '<' => in_tag = true,
            '>' => in_tag = false,
            other if !in_tag => text.push(other),
            _ => {}
        }
    }
    [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(text, |text, (entity, plain)| text.replace(entity, plain))
}

#[test]
fn a_command() {
    insta::assert_snapshot!(html(
        "shell",
        "# read\nexport T=$(curl -s https://api.test/v1 \\\n  -H \"A: $B\" | sed 's/\"//')\ncurl -X POST /x"
    ));
}

#[test]
fn json() {
    insta::assert_snapshot!(html(
        "json",
        "{\n  \"a\\\"b\": \"<c>\",\n  \"n\": -12.5,\n  \"t\": [true, null]\n}"
    ));
}

#[test]
fn a_message() {
    insta::assert_snapshot!(html(
        "http",
        "HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Bearer error=\"x\"\n"
    ));
}

#[test]
fn a_program() {
    insta::assert_snapshot!(html(
        "python",
        "import httpx  # pip\nreturn call(1, \"a'b\", None)"
    ));
}

#[test]
fn an_unknown_language_is_only_escaped() {
    assert_eq!(html("text", "a < b & c"), "a &lt; b &amp; c");
}

proptest::proptest! {
    #[test]
    fn nothing_is_lost(
        text in "[ -~\n⟦é]{0,80}",
        lang in proptest::sample::select(vec!["shell", "json", "http", "python", "typescript", "rust", "text"]),
    ) {
        proptest::prop_assert_eq!(bare(&html(lang, &text)), text);
    }
}
