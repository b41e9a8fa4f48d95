//! An operation with its types erased to JSON Schema: what the docs, the builder, OpenAPI and the tests read.

mod twins;

use crate::{
    Auth, Example, Operation, Spec,
    events::EventType,
    form::{Form, Input, Kind, Place},
};
use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value};
use std::sync::LazyLock;

/// One operation, types erased.
#[derive(Clone, Debug)]
pub struct Card {
    /// Everything that is not a type.
    pub spec: Spec,
    /// Schema of the path parameters (an object).
    pub path: Value,
    /// Schema of the query parameters (an object).
    pub query: Value,
    /// Schema of the request body; `None` where there is none.
    pub body: Option<Value>,
    /// Schema of the answer; `None` for an empty one.
    pub reply: Option<Value>,
    /// The worked example.
    pub example: ErasedExample,
}

/// A worked example as JSON.
#[derive(Clone, Debug)]
pub struct ErasedExample {
    /// Values of the path template, by name.
    pub path: Map<String, Value>,
    /// The request body.
    pub body: Option<Value>,
    /// The answer.
    pub reply: Option<Value>,
}

/// One type of event, its data erased to JSON Schema.
#[derive(Clone, Debug)]
pub struct EventCard {
    /// What it tells.
    pub kind: EventType,
    /// Schema of its `data`.
    pub data: Value,
}

/// The whole contract: operations, events and the schemas they share.
#[derive(Debug)]
pub struct Contract {
    /// Every operation, in the order of the docs.
    pub cards: Vec<Card>,
    /// Every type of event, in the order of the docs.
    pub events: Vec<EventCard>,
    /// Shared schemas by name (`#/components/schemas/…`).
    pub schemas: Map<String, Value>,
}

/// The contract, built once.
pub fn contract() -> &'static Contract {
    static CONTRACT: LazyLock<Contract> = LazyLock::new(Contract::build);
    &CONTRACT
}

/// Collects schemas for what comes in and what goes out, which differ in what is required.
pub struct Generators {
    input: SchemaGenerator,
    output: SchemaGenerator,
}

fn settings() -> SchemaSettings {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = "/components/schemas".into();
    settings.meta_schema = None;
    settings
}

impl Generators {
    fn new() -> Self {
        Self {
            input: settings().for_deserialize().into_generator(),
            output: settings().for_serialize().into_generator(),
        }
    }

    /// The card of `O`.
    pub fn card<O: Operation>(&mut self) -> Card {
        let Example { path, body, reply } = O::example();
        Card {
            spec: O::SPEC,
            path: O::Path::json_schema(&mut self.input).to_value(),
            query: O::Query::json_schema(&mut self.input).to_value(),
            body: O::SPEC
                .method
                .has_body()
                .then(|| self.input.subschema_for::<O::Body>().to_value()),
            reply: (O::SPEC.status != 204).then(|| self.output.subschema_for::<O::Reply>().to_value()),
            example: ErasedExample {
                path: match json(&path) {
                    Value::Object(members) => members,
                    _ => Map::new(),
                },
                body: O::SPEC.method.has_body().then(|| json(&body)),
                reply: (O::SPEC.status != 204).then(|| json(&reply)),
            },
        }
    }
}

fn json<T: serde::Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}

impl Contract {
    fn build() -> Self {
        let mut generators = Generators::new();
        let mut cards: Vec<Card> = [
            crate::clients::cards,
            crate::legal_entities::cards,
            crate::accounts::cards,
            crate::depositories::cards,
            crate::reporting_entities::cards,
            crate::portfolios::cards,
            crate::instruments::cards,
            crate::time_series::cards,
            crate::custodians::cards,
            crate::authorities::cards,
            crate::transactions::cards,
            crate::positions::cards,
            crate::cashflows::cards,
            crate::holdings::cards,
            crate::performance::cards,
            crate::extracts::cards,
            crate::events::cards,
            crate::users::cards,
            crate::webhooks::cards,
            crate::deliveries::cards,
            crate::legacy::cards,
            crate::webhooks::legacy_cards,
            crate::sandbox::cards,
            crate::faults::cards,
            crate::inboxes::cards,
        ]
        .into_iter()
        .flat_map(|cards| cards(&mut generators))
        .collect();
        let events = EventType::ALL
            .iter()
            .map(|&kind| EventCard {
                kind,
                data: kind.schema(&mut generators.output),
            })
            .collect();
        generators.output.subschema_for::<crate::Problem>();
        generators.output.subschema_for::<crate::problem::LegacyErrors>();
        let mut schemas = generators.input.take_definitions(true);
        let answers = generators.output.take_definitions(true);
        twins::part(&mut cards, &mut schemas, &answers);
        schemas.extend(answers);
        Self {
            cards,
            events,
            schemas,
        }
    }

    /// The operation of this id.
    pub fn card(&self, id: &str) -> Option<&Card> {
        self.cards.iter().find(|card| card.spec.id == id)
    }

    /// `schema` with a leading `$ref` followed.
    pub fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        schema["$ref"]
            .as_str()
            .and_then(|reference| self.schemas.get(reference.rsplit('/').next().unwrap_or_default()))
            .unwrap_or(schema)
    }

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

/// The schema of `T` as an answer, for property lists in tests.
pub fn reply_schema<T: JsonSchema>() -> Value {
    settings()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value()
}
