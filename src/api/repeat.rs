//! Recognises a repeated request by its `Idempotency-Key` and gives the answer of before.

use axum::{
    body::Body,
    http::{HeaderValue, Response, header, request::Parts},
};
use contract::{Card, Method, ProblemCode, Track};

use super::{
    admission::Admitted,
    answer::{location, with_status},
    call::Idempotent,
    idempotency::{self, IdempotencyKey, REPLAYED, RunningGuard},
    state::Api,
};
use crate::{
    problem::ApiError,
    store::tenant::idempotency::{self as rows, Slot, Stored},
};

/// What makes a request that carries a key recognisable.
pub(super) fn recognise(
    card: &Card,
    admitted: &Admitted,
    parts: &Parts,
    body: &[u8],
) -> Result<Option<Idempotent>, ApiError> {
    if card.spec.method != Method::Post || card.spec.track == Track::V2 {
        return Ok(None);
    }
    let content_type = parts
        .headers
        .get(header::CONTENT_TYPE)
        .map_or(&[][..], HeaderValue::as_bytes);
    let method = card.spec.method.as_str();
    Ok(IdempotencyKey::read(&parts.headers)?.map(|key| Idempotent {
        slot: Slot {
            client_id: admitted.caller.client_id.as_str().to_owned(),
            method: method.to_owned(),
            path: parts.uri.path().to_owned(),
            key: key.as_str().to_owned(),
        },
        fingerprint: idempotency::fingerprint(method, &parts.uri.to_string(), content_type, body),
    }))
}

/// Whether a request was answered before.
pub(super) enum Repeat {
    /// Yes, with this.
    Of(Stored),
    /// No; its key, if it has one, is held until the guard is dropped.
    Fresh(Option<RunningGuard>),
}

/// Looks a request up among those answered in the last 24 hours, and holds its key.
pub(super) async fn replay(
    api: &Api,
    admitted: &Admitted,
    idempotent: Option<&Idempotent>,
) -> Result<Repeat, ApiError> {
    let Some(Idempotent { slot, fingerprint }) = idempotent else {
        return Ok(Repeat::Fresh(None));
    };
    let guard = api.running.claim(admitted.tenant.sandbox_id(), slot)?;
    let found = rows::find(&mut admitted.tenant.read().await?, slot, api.clock.now()).await?;
    match found {
        None => Ok(Repeat::Fresh(Some(guard))),
        Some(answer) if answer.fingerprint == fingerprint => Ok(Repeat::Of(answer)),
        Some(_) => Err(ApiError::new(
            ProblemCode::IdempotencyKeyReused,
            "This Idempotency-Key was used for another request in the last 24 hours.",
        )),
    }
}

/// The answer of before, marked as such.
pub(super) fn stored(api: &Api, card: &Card, answer: Stored) -> Response<Body> {
    let mut response = with_status(answer.status, Body::from(unsealed(api, answer.body)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    if matches!(card.spec.status, 201 | 202) {
        let kept: serde_json::Value = serde_json::from_str(&answer.headers).unwrap_or_default();
        headers.extend(location(
            &api.api_url,
            kept["location"].as_str().map(str::to_owned),
        ));
    }
    response
}

/// A kept body with the secret in it, if there is one, as it was first shown.
fn unsealed(api: &Api, body: Vec<u8>) -> Vec<u8> {
    let Ok(mut kept) = serde_json::from_slice::<serde_json::Value>(&body) else {
        return body;
    };
    let secret = kept.get("secret").and_then(serde_json::Value::as_str);
    match secret.and_then(|sealed| api.installation.key.unseal(sealed)) {
        Some(secret) => {
            kept["secret"] = secret.into();
            serde_json::to_vec(&kept).unwrap_or(body)
        }
        None => body,
    }
}
