//! What holds for every operation.

use crate::{card::contract, check::faults};
use std::collections::HashSet;

#[test]
fn ids_and_routes_are_unique() {
    let cards = &contract().cards;
    let ids: HashSet<_> = cards.iter().map(|card| card.spec.id).collect();
    let routes: HashSet<_> = cards
        .iter()
        .map(|card| (card.spec.method, card.spec.path))
        .collect();
    assert_eq!(ids.len(), cards.len());
    assert_eq!(routes.len(), cards.len());
}

#[test]
fn every_example_fits_its_schema() {
    let contract = contract();
    for card in &contract.cards {
        if let (Some(schema), Some(body)) = (&card.body, &card.example.body) {
            assert_eq!(faults(contract, schema, body), vec![], "body of {}", card.spec.id);
        }
        if let (Some(schema), Some(reply)) = (&card.reply, &card.example.reply) {
            assert_eq!(
                faults(contract, schema, reply),
                vec![],
                "reply of {}",
                card.spec.id
            );
        }
    }
}

#[test]
fn path_templates_name_their_parameters() {
    for card in &contract().cards {
        let named: HashSet<String> = card
            .spec
            .path
            .split('/')
            .filter_map(|step| Some(step.strip_prefix('{')?.strip_suffix('}')?.to_owned()))
            .collect();
        let declared: HashSet<String> = card.path["properties"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone())
            .collect();
        assert_eq!(named, declared, "{}", card.spec.id);
    }
}

#[test]
fn every_member_is_described() {
    let contract = contract();
    for card in &contract.cards {
        for input in contract.form(card).inputs {
            assert!(
                !input.help.is_empty(),
                "{}: {} has no description",
                card.spec.id,
                input.name
            );
        }
    }
}

#[test]
fn the_openapi_document_refers_only_to_what_it_holds() {
    let urls = crate::openapi::Urls {
        portal: "http://portal.test",
        api: "http://api.test",
    };
    let document = crate::openapi::document(contract(), urls);
    let mut references = Vec::new();
    collect(&document, &mut references);
    assert!(references.len() > 100);
    for reference in references {
        let pointer = reference.trim_start_matches('#');
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

fn collect(value: &serde_json::Value, references: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(members) => {
            references.extend(
                members
                    .get("$ref")
                    .and_then(|text| text.as_str())
                    .map(str::to_owned),
            );
            members.values().for_each(|member| collect(member, references));
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| collect(item, references)),
        _ => {}
    }
}

#[test]
fn a_type_that_comes_in_and_goes_out_has_a_schema_for_each() {
    let schemas = &contract().schemas;
    let required = |name: &str| schemas[name]["required"].as_array().map_or(0, Vec::len);
    assert_eq!((required("FaultMatchInput"), required("FaultMatch")), (0, 2));
    let body = contract()
        .card("sandbox.faults.create")
        .and_then(|card| card.body.as_ref());
    assert!(body.is_some_and(|body| {
        let body = contract().resolve(body).to_string();
        body.contains("/FaultMatchInput\"") && !body.contains("/FaultMatch\"")
    }));
}
