//! A contract far larger than ours, its schemas deep and circular: no page of it is heavy, and none is more work than a
//! page of a small one.

use super::*;
use crate::assets::encoding::Encoding;
use app::model::Theme;
use contract::{Auth, Card, Contract, ErasedExample, Group, Method, Spec, Track};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// Operations on one page.
const ON_A_PAGE: usize = 10;

/// The most that a page may weigh as it travels, in bytes.
const HEAVIEST: usize = 150 * 1024;

/// Members of a shared schema, and how many of them lead on to others.
const MEMBERS: usize = 14;
const LINKS: usize = 5;

/// Shared schemas. Each leads to itself, to its neighbours and to lists of these: no walk through them ends by itself.
fn schemas() -> Map<String, Value> {
    const COUNT: usize = 60;
    let name = |index: usize| format!("Node{}", index % COUNT);
    let schema = |index: usize| {
        let member = |number: usize| {
            let target = json!({ "$ref": format!("#/components/schemas/{}", name(index + number * number)) });
            let schema = match number {
                0..LINKS if number.is_multiple_of(2) => target,
                0..LINKS => json!({ "type": "array", "items": target, "description": "More of them." }),
                _ => {
                    json!({ "type": "string", "description": "A text that says what it is about in a few words." })
                }
            };
            (format!("member_{number}"), schema)
        };
        json!({ "type": "object", "properties": (0..MEMBERS).map(member).collect::<Map<_, _>>() })
    };
    (0..COUNT).map(|index| (name(index), schema(index))).collect()
}

fn card(index: usize) -> Card {
    let leak = |text: String| -> &'static str { text.leak() };
    let node = |index: usize| json!({ "$ref": format!("#/components/schemas/Node{}", index % 60) });
    let body = json!({ "member_5": "a", "member_6": "b" });
    Card {
        spec: Spec {
            id: leak(format!("things{index}.create")),
            method: Method::Post,
            path: leak(format!("/v1/things{index}")),
            track: Track::V1,
            group: Group::Clients,
            doc: leak(format!("Creates thing {index}.\n\nA thing like any other.")),
            auth: Auth::SandboxToken,
            status: 201,
            problems: &[],
            successor: None,
        },
        path: json!({ "type": "object", "properties": {} }),
        query: json!({ "type": "object", "properties": {} }),
        body: Some(node(index)),
        reply: Some(node(index + 1)),
        example: ErasedExample {
            path: Map::new(),
            body: Some(body.clone()),
            reply: Some(body),
        },
    }
}

/// The docs of so many operations.
fn docs_of(operations: usize) -> Docs {
    let contract: &'static Contract = Box::leak(Box::new(Contract {
        events: Vec::new(),
        cards: (0..operations).map(card).collect(),
        schemas: schemas(),
    }));
    let pages: Vec<&[Card]> = contract.cards.chunks(ON_A_PAGE).collect();
    let mut files = vec![(
        "overview.md".to_owned(),
        "---\ntitle: Overview\nsummary: Everything.\n---\n\n{{endpoints Clients}}\n".to_owned(),
    )];
    let mut summary = String::from("# All\n\n- [Overview](overview.md)\n");
    for (number, cards) in pages.into_iter().enumerate() {
        let mut text = format!("---\ntitle: Things {number}\nsummary: Some things.\n---\n");
        for card in cards {
            let _ = writeln!(text, "\n{{{{operation {}}}}}", card.spec.id);
        }
        let _ = writeln!(summary, "- [Things {number}](things{number}.md)");
        files.push((format!("things{number}.md"), text));
    }
    files.push(("SUMMARY.md".to_owned(), summary));
    let setting = Setting {
        contract,
        ..setting()
    };
    Docs::load(&files.into_iter().collect(), setting).unwrap_or_else(|faults| panic!("{}", listed(&faults)))
}

/// The nodes that drawing a page makes: elements, counted by their opening tags.
fn nodes(docs: &Docs, path: &str) -> usize {
    let body = docs.page(path).unwrap().body(Theme::System, Encoding::Identity);
    let html = std::str::from_utf8(&body.bytes).unwrap();
    html.match_indices('<')
        .filter(|(at, _)| html[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic()))
        .count()
}

#[test]
fn five_hundred_operations_make_no_page_heavy_and_none_more_work() {
    let (small, large) = (docs_of(ON_A_PAGE), docs_of(500));
    let bound = nodes(&small, "/things0");
    let mut drawn = 0;
    // Every page is composed; each third is drawn, which already meets every schema.
    for path in large.paths().filter(|path| *path != "/overview").step_by(3) {
        let packed = large.page(path).unwrap().body(Theme::System, Encoding::Brotli);
        assert!(
            packed.bytes.len() <= HEAVIEST,
            "{path}: {} bytes",
            packed.bytes.len()
        );
        let navigation = 4 * large.paths().count();
        let nodes = nodes(&large, path);
        assert!(
            nodes <= bound + navigation,
            "{path}: {nodes} nodes, {bound} on a small contract"
        );
        drawn += 1;
    }
    assert!(drawn > 15, "{drawn}");
    let overview = large
        .page("/overview")
        .unwrap()
        .body(Theme::System, Encoding::Brotli);
    assert!(overview.bytes.len() <= HEAVIEST, "{} bytes", overview.bytes.len());
}

#[test]
fn a_schema_that_leads_to_itself_is_listed_once() {
    let docs = docs_of(1);
    let anchors = docs.search("member_0", 50);
    let repeated = anchors
        .iter()
        .filter(|hit| hit.href.ends_with("member_0.member_0"));
    assert_eq!(repeated.count(), 0, "{anchors:?}");
}
