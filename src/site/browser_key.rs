//! Keys that a reader's browser made: their public halves, and what is signed with the private ones.
//!
//! The private half never comes here. An assertion does, on its way to the token endpoint, and the token that it is
//! exchanged for goes back cut short: the page is there to show the exchange, not to hand out tokens.

use app::request::last;
use axum::{
    Json,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};

use super::{
    Site,
    fault::Fault,
    form::Fields,
    rehearse,
    respond::Final,
    send::Call,
    session::{Guest, Own},
};
use crate::{
    oauth::credentials::{self, KeyError},
    store::control::client_keys::{self, KeyId},
};

/// So many keys of one sandbox are active at once.
const MOST: usize = 10;

const NO_SANDBOX: &str = "There is no sandbox in this browser yet. Create one first, then come back.";

/// `POST /authentication/key` with the public half as `jwk`.
pub(super) async fn register(
    State(site): State<Site>,
    guest: Guest,
    Fields(fields): Fields,
) -> Result<Response, Fault> {
    let Some(own) = guest.sandbox() else {
        return Ok(refused(NO_SANDBOX));
    };
    let known = client_keys::of_sandbox(&site.control, &own.row.id).await?;
    if known.iter().filter(|key| key.revoked_at.is_none()).count() >= MOST {
        return Ok(refused(
            "The sandbox has ten active keys. Forget one of them first.",
        ));
    }
    let jwk = last(&fields, "jwk").unwrap_or_default();
    let mut write = site.control.begin().await?;
    let registered = credentials::register_key(&mut write, &own.row.id, jwk, site.clock.now()).await;
    match registered {
        Ok(key) => {
            write.commit().await?;
            Ok(answer(&json!({
                "kid": key.kid.to_string(), "iss": key.iss, "sub": key.sub, "aud": site.config.api_url,
            })))
        }
        Err(KeyError::Store(error)) => Err(error.into()),
        Err(error) => Ok(refused(&error.to_string())),
    }
}

/// `POST /authentication/exchange` with an `assertion`.
pub(super) async fn exchange(
    State(site): State<Site>,
    guest: Guest,
    Fields(fields): Fields,
) -> Result<Response, Fault> {
    if guest.sandbox().is_none() {
        return Ok(refused(NO_SANDBOX));
    }
    let assertion = last(&fields, "assertion").unwrap_or_default();
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer")
        .append_pair("assertion", assertion)
        .append_pair("scope", "clients:read")
        .finish();
    let call = Call {
        method: "POST",
        target: "/oauth/token".to_owned(),
        headers: vec![(
            "content-type".to_owned(),
            "application/x-www-form-urlencoded".to_owned(),
        )],
        body: Some(body),
    };
    match site.sender.make(&call).await {
        Ok(sent) => {
            let body: Value = serde_json::from_str(&rehearse::without_token(&sent)).unwrap_or_default();
            Ok(answer(
                &json!({ "status": sent.status, "reason": sent.reason, "body": body }),
            ))
        }
        Err(error) => Ok(refused(error.explain().what.as_ref())),
    }
}

/// `POST /authentication/forget` with the `kid` of a key of the sandbox.
pub(super) async fn forget(
    State(site): State<Site>,
    guest: Guest,
    Fields(fields): Fields,
) -> Result<Response, Fault> {
    if let (Some(own), Some(kid)) = (guest.sandbox(), key_id(&fields)) {
        revoke(&site, own, &kid).await?;
    }
    // Whether there was such a key or not, there is none now.
    Ok(answer(&json!({})))
}

fn key_id(fields: &app::request::Pairs) -> Option<KeyId> {
    last(fields, "kid")?.parse().ok()
}

async fn revoke(site: &Site, own: &Own, kid: &KeyId) -> Result<(), Fault> {
    let mut write = site.control.begin().await?;
    credentials::revoke_key(&mut write, &own.row.id, kid, site.clock.now()).await?;
    Ok(write.commit().await?)
}

fn answer(body: &Value) -> Response {
    let mut response = Json(body).into_response();
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.extensions_mut().insert(Final);
    response
}

/// A refusal that the page's script reads out.
fn refused(why: &str) -> Response {
    let mut response = answer(&json!({ "error": why }));
    *response.status_mut() = StatusCode::CONFLICT;
    response
}
