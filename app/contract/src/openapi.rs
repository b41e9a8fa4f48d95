//! The OpenAPI 3.1 document, folded from the cards.

use crate::{Auth, Card, Contract, Group, Method, ProblemCode, Scope, Track, card::EventCard};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

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

/// Every schema that the document refers to: what marks an operation without a body is not one of them.
fn schemas(contract: &Contract) -> Map<String, Value> {
    let named = contract.schemas.iter().filter(|(name, _)| *name != "Nothing");
    named
        .map(|(name, schema)| (name.clone(), published(schema)))
        .collect()
}

/// A schema without the extensions that only the portal reads. A default of `null` goes too: that a member may be left
/// out is said already, and generators take a default for the promise of a value.
fn published(schema: &Value) -> Value {
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

/// Responses that several operations share, by name.
#[derive(Default)]
struct Shared(Map<String, Value>);

impl Shared {
    /// A reference to this response, which is kept once however many operations give it.
    fn reference(&mut self, track: Track, status: u16, response: Value) -> Value {
        let prefix = if track == Track::V2 { "v2" } else { "v1" };
        let name = (0..1_000)
            .map(|number| {
                if number == 0 {
                    format!("{prefix}-{status}")
                } else {
                    format!("{prefix}-{status}-{number}")
                }
            })
            .find(|name| self.0.get(name).is_none_or(|known| *known == response))
            .unwrap_or_default();
        let reference = json!({ "$ref": format!("#/components/responses/{name}") });
        self.0.entry(name).or_insert(response);
        reference
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

/// A query parameter is there or not; it cannot be `null`.
fn without_null(mut schema: Value) -> Value {
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

fn responses(card: &Card, urls: Urls<'_>, shared: &mut Shared) -> Value {
    let mut all: Map<String, Value> = Map::new();
    all.insert(card.spec.status.to_string(), success(card));
    if card.spec.method == Method::Get && card.spec.track != Track::V2 {
        let headers = references(&["RequestId", "ETag", "RateLimitPolicy", "RateLimit"]);
        let unchanged = json!({ "description": "Unchanged since the given `ETag`.", "headers": headers });
        all.insert(
            "304".to_owned(),
            shared.reference(card.spec.track, 304, unchanged),
        );
    }
    let mut by_status: BTreeMap<u16, Vec<ProblemCode>> = BTreeMap::new();
    for code in card.spec.all_problems() {
        by_status.entry(code.status()).or_default().push(code);
    }
    for (status, codes) in by_status {
        let response = failure(card, status, &codes, urls);
        all.insert(
            status.to_string(),
            shared.reference(card.spec.track, status, response),
        );
    }
    Value::Object(all)
}

fn success(card: &Card) -> Value {
    let mut names = vec!["RequestId", "RateLimitPolicy", "RateLimit"];
    match (card.spec.method, card.spec.track) {
        (_, Track::V2) => {}
        (Method::Get, _) => names.push("ETag"),
        (Method::Post, _) => names.push("IdempotencyReplayed"),
        _ => {}
    }
    if matches!(card.spec.status, 201 | 202) && card.spec.track == Track::V1 {
        names.push("Location");
    }
    let mut response = json!({ "description": card.spec.summary() + ".", "headers": references(&names) });
    if let Some(schema) = &card.reply {
        response["content"] =
            json!({ "application/json": { "schema": published(schema), "example": card.example.reply } });
    }
    response
}

fn failure(card: &Card, status: u16, codes: &[ProblemCode], urls: Urls<'_>) -> Value {
    let mut names = vec!["RequestId", "RateLimitPolicy", "RateLimit"];
    if status == 401 {
        names.push("WWWAuthenticate");
    }
    if matches!(status, 429 | 503) {
        names.push("RetryAfter");
    }
    let (media_type, schema) = match card.spec.track {
        Track::V2 => ("application/vnd.api+json", "LegacyErrors"),
        Track::V1 | Track::Sandbox => ("application/problem+json", "Problem"),
    };
    let description = codes
        .iter()
        .map(|code| code.info().cause)
        .collect::<Vec<_>>()
        .join(" Or: ");
    let examples: Map<String, Value> = codes
        .iter()
        .map(|code| {
            (
                code.slug().to_owned(),
                json!({ "value": example(card.spec.track, *code, urls) }),
            )
        })
        .collect();
    json!({
        "description": description,
        "headers": references(&names),
        "content": { media_type: { "schema": { "$ref": format!("#/components/schemas/{schema}") }, "examples": examples } },
    })
}

fn example(track: Track, code: ProblemCode, urls: Urls<'_>) -> Value {
    let request_id = "req_01K2J8X4M6V0Q3R5T7W9Y1Z2A3";
    let info = code.info();
    match track {
        Track::V2 => json!({ "errors": [{
            "id": request_id, "status": info.status.to_string(), "code": info.slug, "title": info.title, "detail": info.cause,
        }] }),
        Track::V1 | Track::Sandbox => json!({
            "type": format!("{}/errors#{}", urls.portal, info.slug),
            "title": info.title, "status": info.status, "detail": info.cause,
            "instance": format!("urn:request:{request_id}"), "request_id": request_id,
        }),
    }
}

fn references(names: &[&str]) -> Map<String, Value> {
    names
        .iter()
        .map(|name| {
            (
                header_name(name).to_owned(),
                json!({ "$ref": format!("#/components/headers/{name}") }),
            )
        })
        .collect()
}

fn header_name(component: &str) -> &str {
    match component {
        "RequestId" => "Request-Id",
        "RateLimitPolicy" => "RateLimit-Policy",
        "WWWAuthenticate" => "WWW-Authenticate",
        "RetryAfter" => "Retry-After",
        "IdempotencyReplayed" => "Idempotency-Replayed",
        other => other,
    }
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
