//! The real content with one thing broken: what the writer is told.

use super::*;
use std::collections::BTreeMap;

/// The real content.
fn files() -> BTreeMap<String, String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
    Source::folder(&folder).unwrap().files
}

/// What loading says when this page is added and listed.
fn with_page(body: &str) -> String {
    with_file(&format!(
        "---\ntitle: Extra\nsummary: An extra page.\n---\n\n{body}\n"
    ))
}

fn with_file(text: &str) -> String {
    let mut files = files();
    files.insert("extra.md".to_owned(), text.to_owned());
    let summary = files.get_mut("SUMMARY.md").unwrap();
    summary.push_str("- [Extra](extra.md)\n");
    faults_of(files)
}

fn with_summary(change: impl Fn(&str) -> String) -> String {
    let mut files = files();
    let summary = files.get_mut("SUMMARY.md").unwrap();
    *summary = change(summary);
    faults_of(files)
}

fn faults_of(files: BTreeMap<String, String>) -> String {
    match Docs::load(&files.into_iter().collect(), setting()) {
        Ok(_) => "no fault\n".to_owned(),
        Err(faults) => listed(&faults),
    }
}

#[test]
fn front_matter() {
    insta::assert_snapshot!(with_file("No front matter.\n"));
    insta::assert_snapshot!(with_file("---\ntitle: Extra\n"));
    insta::assert_snapshot!(with_file("---\ntitle: Extra\ntitle: Again\nlayout: wide\n---\n"));
}

#[test]
fn directives() {
    insta::assert_snapshot!(with_page(
        "{{operation nobody.list}}\n\n{{endpoints Nothing}}\n\n{{fields clients.get head}}\n\n{{unheard of}}\n\n\
         Text\n{{scopes}}\nText"
    ));
}

#[test]
fn an_operation_on_two_pages() {
    insta::assert_snapshot!(with_page("{{operation sandbox.reset}}"));
}

#[test]
fn an_operation_on_no_page() {
    let mut files = files();
    let page = files.get_mut("reference/v1/sandbox.md").unwrap();
    *page = page.replace("{{operation sandbox.reset}}", "");
    insta::assert_snapshot!(faults_of(files));
}

#[test]
fn links() {
    insta::assert_snapshot!(with_page(
        "[a](/nowhere) [b](/errors#nowhere) [c](#nowhere) [d](errors.md) [e](/builder?operation=nobody.list)\n\n\
         - [f](/nowhere/else)\n\n| a |\n| --- |\n| [g](/errors#nothing) |\n\n\
         Good: [h](/) [i](/checklist) [j](/sandbox) [k](/builder?operation=clients.list) [l](https://example.com)"
    ));
}

#[test]
fn slots() {
    insta::assert_snapshot!(with_page(
        "Good: `⟦client_id⟧` and ⟦api_url⟧.\n\nBad: ⟦client_name⟧.\n\n```bash\ncurl ⟦nothing⟧\n```"
    ));
}

#[test]
fn what_a_page_must_not_hold() {
    insta::assert_snapshot!(with_page(
        "# A title\n\n<b>bold</b>\n\n- item\n\n  ```json\n  {}\n  ```\n\n```cobol\nMOVE\n```\n\n```\nplain\n```\n\n\
         ```json wide=\"1\"\n{}\n```"
    ));
}

#[test]
fn the_summary() {
    insta::assert_snapshot!(with_summary(|text| text.replace("- [Budgets](budgets.md)\n", "")));
    // Told by their distance from the end, so that the navigation may grow.
    let lines = files()["SUMMARY.md"].lines().count();
    let told = with_summary(|text| format!("{text}\n- [Again](errors.md)\n- [Gone](gone.md)\n"));
    let told = [2, 3].iter().fold(told, |told, after| {
        told.replace(&format!(":{}:", lines + after), &format!(":end+{after}:"))
    });
    insta::assert_snapshot!(told);
    insta::assert_snapshot!(with_summary(|text| format!(
        "* stray\n- [Early](errors.md)\n{text}"
    )));
}

#[test]
fn every_fault_is_told_at_once_in_order() {
    let told = with_page("{{unheard of}}\n\n[a](/nowhere)\n\n⟦nothing⟧");
    let lines: Vec<&str> = told.lines().filter_map(|line| line.split(':').nth(1)).collect();
    assert_eq!(lines, ["6", "8", "10"], "{told}");
}
