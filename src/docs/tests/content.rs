//! What holds for the text that is really published.

use super::*;
use app::model::{Block, Code, OperationBlock};
use std::collections::BTreeSet;

fn blocks(docs: &Docs) -> Vec<&Block> {
    fn walk<'a>(blocks: &'a [Block], all: &mut Vec<&'a Block>) {
        for block in blocks {
            all.push(block);
            match block {
                Block::Admonition(remark) => walk(&remark.blocks, all),
                Block::Row { blocks, rail } => {
                    walk(blocks, all);
                    walk(rail, all);
                }
                Block::Steps(steps) => {
                    for step in steps {
                        walk(&step.blocks, all);
                        walk(&step.rail, all);
                    }
                }
                _ => {}
            }
        }
    }
    let mut all = Vec::new();
    for page in docs.pages.values() {
        walk(&page.data().blocks, &mut all);
    }
    all
}

fn samples(docs: &Docs) -> Vec<&Code> {
    let all = blocks(docs);
    let single = all.iter().filter_map(|block| match block {
        Block::Code(code) => Some(code),
        _ => None,
    });
    let tabs = all.iter().filter_map(|block| match block {
        Block::Tabs(tabs) => Some(tabs.iter().map(|tab| &tab.code)),
        _ => None,
    });
    single.chain(tabs.flatten()).collect()
}

fn operations(docs: &Docs) -> Vec<&OperationBlock> {
    let all = blocks(docs).into_iter();
    all.filter_map(|block| match block {
        Block::Operation(operation) => Some(operation.as_ref()),
        _ => None,
    })
    .collect()
}

#[test]
fn the_content_has_no_fault() {
    docs();
}

#[test]
fn the_binary_and_the_folder_hold_the_same() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
    assert_eq!(Source::embedded().files, Source::folder(&folder).unwrap().files);
}

#[test]
fn every_operation_stands_on_one_page_and_can_be_found() {
    let docs = docs();
    let drawn: Vec<String> = operations(&docs)
        .iter()
        .map(|block| block.form.operation.clone())
        .collect();
    let unique: BTreeSet<&String> = drawn.iter().collect();
    assert_eq!(drawn.len(), unique.len());
    assert_eq!(drawn.len(), contract().cards.len());
    for card in &contract().cards {
        let url = docs.operation_url(card.spec.id).unwrap();
        let (path, anchor) = url.split_once('#').unwrap();
        assert!(
            docs.page(path)
                .unwrap()
                .data()
                .toc
                .iter()
                .any(|heading| heading.id == anchor),
            "{url}"
        );
    }
}

#[test]
fn every_answer_says_what_is_in_it() {
    for block in operations(&docs()) {
        for answer in &block.answers {
            let told = answer.status == 204 || answer.see.is_some() || !answer.fields.is_empty();
            assert!(told, "{}", block.form.operation);
        }
    }
}

#[test]
fn every_problem_has_its_anchor_on_the_errors_page() {
    let docs = docs();
    let page = docs.page(app::link::ERRORS).unwrap().data();
    let explained: Vec<&str> = page
        .blocks
        .iter()
        .filter_map(|block| match block {
            Block::Problems(problems) => Some(problems.iter().map(|problem| problem.slug.as_str())),
            _ => None,
        })
        .flatten()
        .collect();
    let all: Vec<&str> = ProblemCode::ALL.iter().map(|code| code.slug()).collect();
    assert_eq!(explained, all);
}

#[test]
fn every_provocation_names_an_operation_and_its_own_fields() {
    for problem in super::super::reference::problems() {
        let app::model::Provoked::Builder(provocation) = problem.provoke else {
            continue;
        };
        let card = contract().card(&provocation.operation).unwrap();
        let form = contract().form(card);
        for input in form
            .inputs
            .iter()
            .filter(|input| input.place == contract::form::Place::Path)
        {
            let field = format!("path.{}", input.name);
            assert!(
                provocation.fields.iter().any(|(name, _)| *name == field),
                "{}",
                problem.slug
            );
        }
    }
}

#[test]
fn the_first_page_and_the_errors_page_are_where_the_application_thinks() {
    let docs = docs();
    assert!(docs.page(app::link::DOCS).is_some());
    assert!(docs.page(app::link::ERRORS).is_some());
}

#[test]
fn every_json_sample_is_json() {
    for code in samples(&docs()).into_iter().filter(|code| code.lang == "json") {
        let parsed: Result<serde_json::Value, _> = serde_json::from_str(&code.text);
        assert!(parsed.is_ok(), "{}", code.text);
    }
}

#[test]
fn every_call_in_a_sample_is_one_that_is_served() {
    let docs = docs();
    let mut calls = 0;
    for code in samples(&docs).into_iter().filter(|code| code.lang == "shell") {
        for command in code.text.replace("\\\n", " ").lines() {
            let Some((_, rest)) = command.split_once("https://api.test") else {
                continue;
            };
            let path = rest.split(['"', ' ', '\'']).next().unwrap();
            let path = path.split('?').next().unwrap();
            let named = command
                .split_once("-X ")
                .and_then(|(_, rest)| rest.split(' ').next());
            let has_body = command.contains(" -d ") || command.contains("--data");
            let method = named.unwrap_or(if has_body { "POST" } else { "GET" });
            assert!(is_served(method, path), "{method} {path}\n{command}");
            calls += 1;
        }
    }
    assert!(calls > 30, "{calls} calls were found");
}

fn is_served(method: &str, path: &str) -> bool {
    if ["/oauth/token", "/oauth/revoke", "/oauth/introspect"].contains(&path) {
        return method == "POST";
    }
    contract().cards.iter().any(|card| {
        let template: Vec<&str> = card.spec.path.split('/').collect();
        let steps: Vec<&str> = path.split('/').collect();
        let fits = |(template, step): (&&str, &&str)| template.starts_with('{') || template == step;
        card.spec.method.as_str() == method
            && template.len() == steps.len()
            && template.iter().zip(&steps).all(fits)
    })
}

#[test]
fn nothing_shouts() {
    for (file, text) in &Source::embedded().files {
        let mut in_code = false;
        for (index, line) in text.lines().enumerate() {
            in_code ^= line.starts_with("```");
            let is_remark = line.starts_with("> [!");
            assert!(
                in_code || is_remark || !line.contains('!'),
                "{file}:{}: {line}",
                index + 1
            );
        }
    }
}

#[test]
fn the_receiver_in_rust_is_the_example_that_is_compiled_and_run() {
    let page = include_str!("../../../content/guides/webhooks.md");
    let example = include_str!("../../../end2end/judges/receiver.rs");
    assert!(page.contains(&format!("```rust tab=\"Rust\"\n{example}```\n")));
}
