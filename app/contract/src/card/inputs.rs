//! What an operation takes, read off its schemas: a form for the builder, lists of members for the docs.

use super::{Card, Contract};
use crate::{
    Auth,
    form::{Form, Input, Kind, Place},
};
use serde_json::Value;

impl Contract {
    /// The members of a shared schema, for the property lists of the docs.
    pub fn members<'a>(&'a self, schema: &'a Value, place: Place, example: Option<&Value>) -> Vec<Input> {
        self.inputs(schema, example, &mut Walk::through(place))
    }

    /// The form of an operation: every input, with the worked example filled in.
    pub fn form(&self, card: &Card) -> Form {
        let path_example = Value::Object(card.example.path.clone());
        let mut inputs = self.members(&card.path, Place::Path, Some(&path_example));
        inputs.extend(self.members(&card.query, Place::Query, None));
        if let Some(body) = &card.body {
            inputs.extend(self.members(body, Place::Body, card.example.body.as_ref()));
        }
        Form {
            operation: card.spec.id.to_owned(),
            method: card.spec.method,
            path: card.spec.path.to_owned(),
            summary: card.spec.summary(),
            group: card.spec.group.title().to_owned(),
            scope: match card.spec.auth {
                Auth::Scope(scope) => Some(scope.to_string()),
                Auth::SandboxToken => None,
            },
            status: card.spec.status,
            inputs,
            example_body: pretty(card.example.body.as_ref()),
            example_reply: pretty(card.example.reply.as_ref()),
        }
    }

    fn inputs<'a>(&'a self, schema: &'a Value, example: Option<&Value>, walk: &mut Walk<'a>) -> Vec<Input> {
        let schema = self.resolve(schema);
        let required: Vec<&str> = schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let Some(properties) = schema["properties"].as_object() else {
            return Vec::new();
        };
        let place = walk.place;
        walk.enter(schema, properties.len());
        let inputs = properties
            .iter()
            .map(|(name, property)| {
                let (inner, nullable) = self.without_null(property);
                // Only JSON has a null: an absent parameter is left out.
                let nullable = nullable && place == Place::Body;
                let example = example.and_then(|object| object.get(name)).cloned();
                let kind = self.kind(inner, example.as_ref(), walk);
                Input {
                    name: name.clone(),
                    place,
                    type_name: type_name(&kind, inner, nullable),
                    constraint: constraint(inner),
                    kind,
                    required: required.contains(&name.as_str()),
                    nullable,
                    help: property["description"]
                        .as_str()
                        .or(inner["description"].as_str())
                        .unwrap_or_default()
                        .to_owned(),
                    example,
                    id_kind: inner["x-id"]
                        .as_str()
                        .or_else(|| self.resolve(&inner["items"])["x-id"].as_str())
                        .map(str::to_owned),
                }
            })
            .collect();
        walk.leave();
        inputs
    }

    fn without_null<'a>(&'a self, schema: &'a Value) -> (&'a Value, bool) {
        for key in ["anyOf", "oneOf"] {
            if let Some(branches) = schema[key].as_array() {
                let nullable = branches.iter().any(|branch| branch["type"] == "null");
                if nullable && let Some(inner) = branches.iter().find(|branch| branch["type"] != "null") {
                    return (self.resolve(inner), true);
                }
            }
        }
        let nullable = schema["type"]
            .as_array()
            .is_some_and(|types| types.iter().any(|name| name == "null"));
        (self.resolve(schema), nullable)
    }

    fn kind<'a>(&'a self, schema: &'a Value, example: Option<&Value>, walk: &mut Walk<'a>) -> Kind {
        if let Some(options) = choices(schema) {
            return Kind::Choice(options);
        }
        let name = schema["type"].as_str().or_else(|| {
            schema["type"]
                .as_array()?
                .iter()
                .filter_map(Value::as_str)
                .find(|name| *name != "null")
        });
        match (name, schema["format"].as_str()) {
            (Some("integer" | "number"), _) => Kind::Integer,
            (Some("boolean"), _) => Kind::Boolean,
            (Some("string"), Some("date-time")) => Kind::Timestamp,
            (Some("string"), Some("date")) => Kind::Date,
            (Some("array"), _) if walk.goes_on() => {
                let item = self.resolve(&schema["items"]);
                walk.depth += 1;
                let item = self.kind(item, example.and_then(|list| list.get(0)), walk);
                walk.depth -= 1;
                Kind::List(Box::new(item))
            }
            (Some("object"), _)
                if schema["properties"].is_object() && walk.goes_on() && !walk.is_inside(schema) =>
            {
                walk.depth += 1;
                let members = self.inputs(schema, example, walk);
                walk.depth -= 1;
                Kind::Object(members)
            }
            (Some("array" | "object"), _) => Kind::Json,
            (None, _) if schema["oneOf"].is_array() || schema["anyOf"].is_array() => Kind::Json,
            _ => Kind::Text,
        }
    }
}

/// A walk through nested schemas, which ends even where they do not.
struct Walk<'a> {
    place: Place,
    depth: usize,
    /// The schemas that it is inside of: one that leads back to itself is not entered again.
    inside: Vec<&'a Value>,
    /// How many nested members may still be listed.
    left: usize,
}

impl<'a> Walk<'a> {
    /// Schemas nest at most this deep in a form; a deeper one is written as JSON.
    const DEEPEST: usize = 4;

    /// So many members are listed below the first level; past these, objects stay closed.
    const MOST: usize = 60;

    fn through(place: Place) -> Self {
        Self {
            place,
            depth: 0,
            inside: Vec::new(),
            left: Self::MOST,
        }
    }

    fn goes_on(&self) -> bool {
        self.depth < Self::DEEPEST && self.left > 0
    }

    fn is_inside(&self, schema: &Value) -> bool {
        self.inside.iter().any(|open| std::ptr::eq(*open, schema))
    }

    fn enter(&mut self, schema: &'a Value, members: usize) {
        if !self.inside.is_empty() {
            self.left = self.left.saturating_sub(members);
        }
        self.inside.push(schema);
    }

    fn leave(&mut self) {
        self.inside.pop();
    }
}

/// The values of an enum, whether written as `enum` or as `oneOf` of documented `const`s.
fn choices(schema: &Value) -> Option<Vec<String>> {
    let texts = |values: Vec<&Value>| {
        values
            .into_iter()
            .map(|value| value.as_str().map(str::to_owned))
            .collect()
    };
    if let Some(values) = schema["enum"].as_array() {
        return texts(values.iter().filter(|value| !value.is_null()).collect());
    }
    let branches = schema["oneOf"].as_array()?;
    let mut values = Vec::new();
    for branch in branches {
        match (branch["enum"].as_array(), branch.get("const")) {
            (Some(several), _) => values.extend(several),
            (None, Some(one)) => values.push(one),
            (None, None) => return None,
        }
    }
    texts(values)
}

fn type_name(kind: &Kind, schema: &Value, nullable: bool) -> String {
    let base = match kind {
        Kind::Text if schema["format"] == "decimal" => "decimal".to_owned(),
        Kind::Text => "string".to_owned(),
        Kind::Integer => "integer".to_owned(),
        Kind::Boolean => "boolean".to_owned(),
        Kind::Choice(_) if schema["format"] == "iso-4217" => "currency".to_owned(),
        Kind::Choice(_) if schema["format"] == "iso-3166-1-alpha-2" => "country".to_owned(),
        Kind::Choice(_) => "enum".to_owned(),
        Kind::Timestamp => "timestamp".to_owned(),
        Kind::Date => "date".to_owned(),
        Kind::List(item) => format!("array of {}", type_name(item, &schema["items"], false)),
        Kind::Json if schema["type"] == "array" => "array".to_owned(),
        Kind::Object(_) | Kind::Json => "object".to_owned(),
    };
    if nullable { format!("{base} | null") } else { base }
}

fn constraint(schema: &Value) -> String {
    let number = |key: &str| schema[key].as_i64();
    match (
        number("minimum"),
        number("maximum"),
        number("minLength"),
        number("maxLength"),
    ) {
        (Some(least), Some(most), ..) => format!("{least} to {most}"),
        (Some(least), None, ..) => format!("at least {least}"),
        (.., Some(1), Some(most)) => format!("up to {most} characters"),
        _ => match schema["format"].as_str() {
            Some("iso-4217") => "ISO 4217".to_owned(),
            Some("iso-3166-1-alpha-2") => "ISO 3166-1 alpha-2".to_owned(),
            _ => choices(schema)
                .map(|values| values.join(", "))
                .unwrap_or_default(),
        },
    }
}

fn pretty(value: Option<&Value>) -> String {
    match value {
        None => String::new(),
        Some(Value::Object(members)) if members.is_empty() => String::new(),
        Some(value) => serde_json::to_string_pretty(value).unwrap_or_default(),
    }
}
