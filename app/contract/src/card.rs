//! An operation with its types erased to JSON Schema: what the docs, the builder, OpenAPI and the tests read.

mod inputs;
mod twins;

use crate::{Example, Operation, Spec, events::EventType};
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
}
