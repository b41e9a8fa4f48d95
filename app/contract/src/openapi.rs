//! The OpenAPI 3.1 document, folded from the cards.

mod responses;
mod schemas;

use crate::{Auth, Card, Contract, Group, Method, Scope, Track, card::EventCard};
use responses::{Shared, responses};
use schemas::{published, schemas, without_null};
use serde_json::{Map, Value, json};

/// Where this installation is reached.
#[derive(Clone, Copy, Debug)]
pub struct Urls<'a> {
    /// The portal, under which every problem has its page.
    pub portal: &'a str,
    /// The API.
    pub api: &'a str,
}

/// The whole document.
pub fn document(contract: &Contract, urls: Urls<'_>) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    let mut shared = Shared::default();
    for card in &contract.cards {
        let responses = responses(card, urls, &mut shared);
        let item = paths.entry(card.spec.path).or_insert_with(|| json!({}));
        item[card.spec.method.as_str().to_lowercase()] = operation(contract, card, &responses);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Aleta API",
            "version": "1.0.0",
            "summary": "Wealth data: who owns what, where it is kept, and how it is viewed.",
            "description": format!("The guides and the reference with live requests are at <{}>.", urls.portal),
            "contact": { "name": "Aleta developer portal", "url": urls.portal },
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": urls.api, "description": "This installation" }],
        "tags": tags(contract),
        "paths": paths,
        "webhooks": webhooks(contract),
        "components": {
            "schemas": schemas(contract),
            "responses": shared.0,
            "headers": headers(),
            "parameters": parameters(),
            "securitySchemes": { "oauth2": {
                "type": "oauth2",
                "description": "Client credentials, or a signed assertion (RFC 7523). Tokens live for an hour.",
                "flows": { "clientCredentials": {
                    "tokenUrl": format!("{}/oauth/token", urls.api),
                    "scopes": Scope::ALL.iter().map(|scope| (scope.to_string(), json!(scope.meaning()))).collect::<Map<_, _>>(),
                } },
            } },
        },
    })
}

/// What is told of each type of event, as a receiver gets it.
fn webhooks(contract: &Contract) -> Map<String, Value> {
    let told = |event: &EventCard| {
        let kind = event.kind.as_str();
        json!({ "post": {
            "operationId": format!("webhook.{kind}"),
            "summary": event.kind.doc().trim_end_matches('.'),
            "tags": [Group::Events.title()],
            "security": [],
            "requestBody": { "required": true, "content": { "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["event_id", "event_type", "created_at", "data"],
                    "properties": {
                        "event_id": { "type": "string", "pattern": "^evt_[0-9A-Za-z_]{1,64}$" },
                        "event_type": { "type": "string", "const": kind },
                        "created_at": { "type": "string", "format": "date-time" },
                        "data": published(&event.data),
                    },
                },
                "example": {
                    "event_id": "evt_01kdvqe000m3v9c2t8w1y5h4zr",
                    "event_type": kind,
                    "created_at": "2026-01-01T00:00:00Z",
                    "data": event.kind.example(),
                },
            } } },
            "responses": {
                "200": { "description": "Any 2xx: the event has arrived." },
                "410": { "description": "The receiver is gone for good." },
            },
        } })
    };
    contract
        .events
        .iter()
        .map(|event| (event.kind.as_str().to_owned(), told(event)))
        .collect()
}

fn tags(contract: &Contract) -> Vec<Value> {
    let mut tags: Vec<Value> = Vec::new();
    for card in &contract.cards {
        let name = tag(card);
        if !tags.iter().any(|tag| tag["name"] == name) {
            tags.push(
                json!({ "name": name, "description": format!("Operations on {}.", name.to_lowercase()) }),
            );
        }
    }
    tags
}

fn tag(card: &Card) -> String {
    match card.spec.track {
        Track::V2 => format!("{} (v2)", card.spec.group.title()),
        Track::V1 | Track::Sandbox => card.spec.group.title().to_owned(),
    }
}

fn operation(contract: &Contract, card: &Card, responses: &Value) -> Value {
    let spec = &card.spec;
    let description = [spec.summary() + ".", spec.description()].join("\n\n");
    let mut operation = json!({
        "operationId": spec.id,
        "summary": spec.summary(),
        "description": description.trim(),
        "tags": [tag(card)],
        "security": [{ "oauth2": match spec.auth {
            Auth::Scope(scope) => vec![scope.to_string()],
            Auth::SandboxToken => vec![],
        } }],
        "parameters": operation_parameters(contract, card),
        "responses": responses,
    });
    if spec.track == Track::V2 {
        operation["deprecated"] = false.into();
    }
    if let Some(schema) = &card.body {
        let takes_nothing = contract.resolve(schema)["properties"]
            .as_object()
            .is_none_or(Map::is_empty);
        if !takes_nothing {
            operation["requestBody"] = request_body(card, schema);
        }
    }
    operation
}

fn request_body(card: &Card, schema: &Value) -> Value {
    let content = json!({ "schema": published(schema), "example": card.example.body });
    let mut types = json!({ "application/json": content });
    if card.spec.method == Method::Patch {
        types["application/merge-patch+json"] = content;
    }
    json!({ "required": true, "content": types })
}

fn operation_parameters(contract: &Contract, card: &Card) -> Vec<Value> {
    let mut all = Vec::new();
    for (place, schema, example) in [
        ("path", &card.path, Some(&card.example.path)),
        ("query", &card.query, None),
    ] {
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let mut parameter = json!({
                "name": name,
                "in": place,
                "required": place == "path",
                "description": property["description"],
                "schema": without_null(published(contract.resolve(property))),
            });
            if let Some(value) = example.and_then(|example| example.get(name)) {
                parameter["example"] = value.clone();
            }
            all.push(parameter);
        }
    }
    if card.spec.track != Track::V2 {
        all.extend(match card.spec.method {
            Method::Get => vec![json!({ "$ref": "#/components/parameters/IfNoneMatch" })],
            Method::Post => vec![json!({ "$ref": "#/components/parameters/IdempotencyKey" })],
            Method::Patch | Method::Delete => vec![json!({ "$ref": "#/components/parameters/IfMatch" })],
        });
    }
    all
}

fn headers() -> Value {
    let text = |description: &str| json!({ "description": description, "schema": { "type": "string" } });
    json!({
        "RequestId": text("Names the request, in every log and in every problem."),
        "ETag": text("The version of what was answered; send it back in `If-None-Match` or `If-Match`."),
        "RateLimitPolicy": text("The budgets (draft-ietf-httpapi-ratelimit-headers-11)."),
        "RateLimit": text("What is left of them."),
        "Location": text("The path of the new object."),
        "WWWAuthenticate": text("What is wrong with the token (RFC 6750)."),
        "RetryAfter": { "description": "Seconds to wait.", "schema": { "type": "integer", "minimum": 0 } },
        "IdempotencyReplayed": text("`true` when this answer was given before."),
    })
}

fn parameters() -> Value {
    let header = |name: &str, description: &str, schema: Value| json!({ "name": name, "in": "header", "required": false, "description": description, "schema": schema });
    json!({
        "IfNoneMatch": header("If-None-Match", "Entity tags that you hold; answered with 304 when one is current.",
            json!({ "type": "string", "examples": ["\"6Qb0m1kq5dKq2X3v9dJ7Gg\""], "pattern": "^(\\*|(W/)?\"[!#-~]*\"(, ?(W/)?\"[!#-~]*\")*)$" })),
        "IfMatch": header("If-Match", "Entity tags of the version that you saw; refused with 412 when none is current.",
            json!({ "type": "string", "examples": ["\"6Qb0m1kq5dKq2X3v9dJ7Gg\""], "pattern": "^(\\*|(W/)?\"[!#-~]*\"(, ?(W/)?\"[!#-~]*\")*)$" })),
        "IdempotencyKey": header("Idempotency-Key", "A key of your own that makes repeating this request safe for 24 hours.",
            json!({ "type": "string", "minLength": 1, "maxLength": 257, "pattern": "^([!#-~]{1,255}|\"[!#-~]{1,255}\")$" })),
    })
}
