//! The answers of each operation, those that several give written once.

use super::{Urls, schemas::published};
use crate::{Card, Method, ProblemCode, Track};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Responses that several operations share, by name.
#[derive(Default)]
pub(super) struct Shared(pub(super) Map<String, Value>);

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

/// The answers of an operation, by status.
pub(super) fn responses(card: &Card, urls: Urls<'_>, shared: &mut Shared) -> Value {
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
