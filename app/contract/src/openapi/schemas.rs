//! Schemas as they are published: what only the portal reads is left out, and generators understand what is left.

use crate::Contract;
use serde_json::{Map, Value};

/// Every schema that the document refers to: what marks an operation without a body is not one of them.
pub(super) fn schemas(contract: &Contract) -> Map<String, Value> {
    let named = contract.schemas.iter().filter(|(name, _)| *name != "Nothing");
    named
        .map(|(name, schema)| (name.clone(), published(schema)))
        .collect()
}

/// A schema without the extensions that only the portal reads. A default of `null` goes too: that a member may be left
/// out is said already, and generators take a default for the promise of a value.
pub(super) fn published(schema: &Value) -> Value {
    if let Some(choice) = choice(schema) {
        return choice;
    }
    match schema {
        Value::Object(members) => members
            .iter()
            .filter(|(name, member)| *name != "x-id" && !(*name == "default" && member.is_null()))
            .map(|(name, member)| (name.clone(), published(member)))
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(items) => items.iter().map(published).collect::<Vec<_>>().into(),
        other => other.clone(),
    }
}

/// An enum whose values have descriptions of their own, as one list of values: generators read a choice of constants as
/// a type for each.
fn choice(schema: &Value) -> Option<Value> {
    let members = schema.as_object()?;
    let (mut values, mut meanings) = (Vec::new(), Vec::new());
    for branch in members.get("oneOf")?.as_array()? {
        let branch_values = match (branch.get("const"), branch["enum"].as_array()) {
            (Some(value), _) => vec![value.clone()],
            (None, Some(several)) => several.clone(),
            (None, None) => return None,
        };
        let names: Option<Vec<&str>> = branch_values.iter().map(Value::as_str).collect();
        let meaning = branch["description"].as_str().unwrap_or_default();
        meanings.push(format!("- `{}`: {meaning}", names?.join("`, `")));
        values.extend(branch_values);
    }
    let mut whole: Map<String, Value> = members
        .iter()
        .filter(|(name, _)| *name != "oneOf")
        .map(|(name, member)| (name.clone(), published(member)))
        .collect();
    let about = members
        .get("description")
        .and_then(Value::as_str)
        .unwrap_or_default();
    whole.insert("type".to_owned(), "string".into());
    whole.insert(
        "description".to_owned(),
        format!("{about}\n\n{}", meanings.join("\n")).trim().into(),
    );
    whole.insert("enum".to_owned(), values.into());
    Some(whole.into())
}

/// A query parameter is there or not; it cannot be `null`.
pub(super) fn without_null(mut schema: Value) -> Value {
    if let Some(members) = schema.as_object_mut() {
        members.remove("description");
        members.remove("default");
        if let Some(Value::Array(types)) = members.get("type")
            && let [one] = types.iter().filter(|name| *name != "null").collect::<Vec<_>>()[..]
        {
            let one = one.clone();
            members.insert("type".to_owned(), one);
        }
    }
    schema
}
