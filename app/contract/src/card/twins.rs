//! Types that both come in and go out: what may be left out on the way in is always there on the way out, so such a type
//! has two schemas, and the one for requests takes another name.

use super::Card;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

const PREFIX: &str = "#/components/schemas/";
const SUFFIX: &str = "Input";

/// Renames those of `inputs` that mean something else in `outputs`, there and in what refers to them.
pub(super) fn part(cards: &mut [Card], inputs: &mut Map<String, Value>, outputs: &Map<String, Value>) {
    let apart = differing(inputs, outputs);
    for card in cards {
        let body = card.body.iter_mut();
        for schema in [&mut card.path, &mut card.query].into_iter().chain(body) {
            rename(schema, &apart);
        }
    }
    let renamed = std::mem::take(inputs).into_iter().map(|(name, mut schema)| {
        rename(&mut schema, &apart);
        let name = if apart.contains(&name) {
            name + SUFFIX
        } else {
            name
        };
        (name, schema)
    });
    inputs.extend(renamed);
}

/// The names whose schemas differ, in themselves or in what they refer to.
fn differing(inputs: &Map<String, Value>, outputs: &Map<String, Value>) -> BTreeSet<String> {
    let shared: Vec<(&String, &Value)> = inputs
        .iter()
        .filter(|(name, _)| outputs.contains_key(*name))
        .collect();
    let mut apart: BTreeSet<String> = shared
        .iter()
        .filter(|(name, schema)| outputs.get(*name) != Some(schema))
        .map(|(name, _)| (*name).clone())
        .collect();
    loop {
        let more: Vec<String> = shared
            .iter()
            .filter(|(name, schema)| !apart.contains(*name) && refers(schema, &apart))
            .map(|(name, _)| (*name).clone())
            .collect();
        if more.is_empty() {
            return apart;
        }
        apart.extend(more);
    }
}

fn refers(schema: &Value, names: &BTreeSet<String>) -> bool {
    match schema {
        Value::Object(members) => members.iter().any(|(key, value)| {
            (key == "$ref" && target(value).is_some_and(|name| names.contains(name))) || refers(value, names)
        }),
        Value::Array(items) => items.iter().any(|item| refers(item, names)),
        _ => false,
    }
}

fn rename(schema: &mut Value, names: &BTreeSet<String>) {
    match schema {
        Value::Object(members) => {
            for (key, value) in members {
                let clash = target(value).filter(|name| key == "$ref" && names.contains(*name));
                match clash.map(|name| format!("{PREFIX}{name}{SUFFIX}")) {
                    Some(renamed) => *value = Value::String(renamed),
                    None => rename(value, names),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, names)),
        _ => {}
    }
}

fn target(reference: &Value) -> Option<&str> {
    reference.as_str()?.strip_prefix(PREFIX)
}
