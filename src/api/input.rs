//! Reads the inputs of an operation and names every fault in them.

use axum::{
    RequestExt,
    body::{Body, Bytes},
    extract::RawPathParams,
    http::{HeaderMap, Request, header},
};
use contract::{Card, Contract, FieldError, Method, Operation, ProblemCode, check};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::problem::ApiError;

/// The largest request body, in bytes.
pub const MAX_BODY: usize = 1 << 20;

/// The path parameters. An id that is not well formed names nothing, so it is absent rather than invalid.
///
/// # Errors
/// `not-found`.
pub async fn path<O: Operation>(request: &mut Request<Body>) -> Result<O::Path, ApiError> {
    let params = request
        .extract_parts::<RawPathParams>()
        .await
        .map_err(|_| ApiError::not_found())?;
    let members = params
        .iter()
        .map(|(name, value)| (name.to_owned(), Value::String(value.to_owned())))
        .collect();
    serde_json::from_value(Value::Object(members)).map_err(|_| ApiError::not_found())
}

/// The query parameters.
///
/// # Errors
/// `unknown-parameter` or `invalid-parameter`, naming each.
pub fn query<O: Operation>(contract: &Contract, card: &Card, text: &str) -> Result<O::Query, ApiError> {
    let mut members = Map::new();
    let mut faults = Vec::new();
    for (name, value) in form_urlencoded::parse(text.as_bytes()) {
        let Some(schema) = card.query["properties"].get(&*name) else {
            let error = FieldError::parameter(&*name, "is not a parameter of this operation");
            return Err(ApiError::new(
                ProblemCode::UnknownParameter,
                format!("There is no parameter `{}` here.", printable(&name)),
            )
            .with_errors(vec![error]));
        };
        if members.contains_key(&*name) {
            faults.push(FieldError::parameter(&*name, "is given twice"));
        }
        members.insert(name.into_owned(), typed(schema, &value));
    }
    let members = Value::Object(members);
    faults.extend(
        check::faults(contract, &card.query, &members)
            .into_iter()
            .map(|fault| {
                let name = fault
                    .pointer
                    .as_deref()
                    .and_then(|pointer| pointer.split('/').nth(1))
                    .unwrap_or_default()
                    .to_owned();
                FieldError::parameter(name, fault.detail)
            }),
    );
    if !faults.is_empty() {
        return Err(invalid_parameters(faults));
    }
    serde_json::from_value(members)
        .map_err(|error| ApiError::new(ProblemCode::InvalidParameter, error.to_string()))
}

/// `invalid-parameter` with these faults.
pub fn invalid_parameters(faults: Vec<FieldError>) -> ApiError {
    let first = faults.first();
    let name = first
        .and_then(|fault| fault.parameter.as_deref())
        .unwrap_or_default();
    let detail = format!("`{name}` {}.", first.map_or("", |fault| &fault.detail));
    ApiError::new(ProblemCode::InvalidParameter, detail).with_errors(faults)
}

/// A name as a caller wrote it, safe to repeat: no control characters, cut short.
fn printable(name: &str) -> String {
    name.chars()
        .filter(|character| !character.is_control())
        .take(64)
        .collect()
}

/// A query value as the JSON type its schema asks for; text where it does not parse, so that the check can say so.
fn typed(schema: &Value, value: &str) -> Value {
    let takes = |name: &str| match &schema["type"] {
        Value::String(one) => one == name,
        Value::Array(several) => several.iter().any(|one| one == name),
        _ => false,
    };
    let parsed = if takes("integer") {
        value.parse::<i64>().ok().map(Value::from)
    } else if takes("boolean") {
        value.parse::<bool>().ok().map(Value::from)
    } else {
        None
    };
    parsed.unwrap_or_else(|| Value::String(value.to_owned()))
}

/// The bytes of the body.
///
/// # Errors
/// `body-too-large` above [`MAX_BODY`]; `malformed-json` when the connection breaks off.
pub async fn bytes(body: Body) -> Result<Bytes, ApiError> {
    match Limited::new(body, MAX_BODY).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(ApiError::new(
            ProblemCode::BodyTooLarge,
            "The body is larger than 1 MiB.",
        )),
        Err(error) => Err(ApiError::new(ProblemCode::MalformedJson, "The body broke off.").because(error)),
    }
}

/// The body of an operation that takes one.
///
/// # Errors
/// `unsupported-media-type`, `malformed-json`, or `validation-failed` with a pointer to every fault.
pub fn body<O: Operation>(
    contract: &Contract,
    card: &Card,
    headers: &HeaderMap,
    bytes: &[u8],
) -> Result<O::Body, ApiError> {
    let Some(schema) = &card.body else {
        return nothing();
    };
    let takes_nothing = contract.resolve(schema)["properties"]
        .as_object()
        .is_none_or(Map::is_empty);
    if takes_nothing && bytes.is_empty() {
        return nothing();
    }
    media_type(card.spec.method, headers)?;
    let value: Value = serde_json::from_slice(bytes).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        ApiError::new(
            ProblemCode::MalformedJson,
            format!("The body is not one JSON document: it breaks at {place}."),
        )
    })?;
    let faults = check::faults(contract, schema, &value);
    if !faults.is_empty() {
        return Err(invalid(faults));
    }
    serde_json::from_value(value).map_err(|error| invalid(vec![FieldError::at("", error.to_string())]))
}

/// `validation-failed` with these faults.
pub fn invalid(faults: Vec<FieldError>) -> ApiError {
    let detail = match faults.as_slice() {
        [one] => {
            let place = one
                .pointer
                .as_deref()
                .unwrap_or_default()
                .trim_start_matches("#/");
            let place = if place.is_empty() {
                "The body".to_owned()
            } else {
                format!("`{place}`")
            };
            format!("{place} {}.", one.detail)
        }
        several => format!("{} members are at fault.", several.len()),
    };
    ApiError::new(ProblemCode::ValidationFailed, detail).with_errors(faults)
}

fn nothing<T: DeserializeOwned>() -> Result<T, ApiError> {
    serde_json::from_value(Value::Object(Map::new())).map_err(ApiError::internal)
}

fn media_type(method: Method, headers: &HeaderMap) -> Result<(), ApiError> {
    let given = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = given
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let known = essence == "application/json"
        || (method == Method::Patch && essence == "application/merge-patch+json");
    if known {
        return Ok(());
    }
    let detail = if essence.is_empty() {
        "The request has a body but no `Content-Type`; send `application/json`.".to_owned()
    } else {
        format!(
            "This operation does not read `{}`; send `application/json`.",
            printable(&essence)
        )
    };
    Err(ApiError::new(ProblemCode::UnsupportedMediaType, detail))
}
