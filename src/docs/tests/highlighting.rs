//! Highlighting colours code and loses nothing of it.

use super::super::highlight::{LANGUAGES, html};

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
fn every_language_that_a_page_prints_has_a_grammar() {
    for (lang, _) in LANGUAGES {
        let sample = match lang {
            "shell" => "echo \"$A\"",
            "http" => "GET /v1 HTTP/1.1\nAccept: */*\n",
            "python" => "def f(): return None",
            "sql" => "select 1 from t",
            "toml" => "a = 1",
            "json" => "{\"a\": 1}",
            "go" => "package main\nfunc f() int { return 1 }",
            "rust" => "fn f() -> u8 { 1 }",
            _ => "class A { static f() { return 1; } }",
        };
        assert!(html(lang, sample).contains("<span class=\"hl-"), "{lang}");
    }
}

#[test]
fn a_program_of_each_kind() {
    insta::assert_snapshot!(html(
        "typescript",
        "const url = new URL(\"/v1\", base);\nif (cursor) url.searchParams.set(`a${b}`, null); // go on"
    ));
    insta::assert_snapshot!(html(
        "rust",
        "let answer = client.get(url).send().await?;\nassert_eq!(answer.status(), 200);"
    ));
    insta::assert_snapshot!(html("go", "req, err := http.NewRequest(\"GET\", url, nil)"));
    insta::assert_snapshot!(html("toml", "name = \"a\"\nn = 1"));
}

#[test]
fn an_unknown_language_is_only_escaped() {
    assert_eq!(html("text", "a < b & c"), "a &lt; b &amp; c");
}

proptest::proptest! {
    #[test]
    fn nothing_is_lost(
        text in "[ -~\n⟦é]{0,80}",
        lang in proptest::sample::select(vec!["shell", "json", "http", "python", "typescript", "rust", "go", "toml", "sql", "text"]),
    ) {
        proptest::prop_assert_eq!(bare(&html(lang, &text)), text);
    }
}
