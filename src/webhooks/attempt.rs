//! One attempt at a delivery: signed anew, sent, and written down.

use super::{
    dispatcher::Shared,
    exchange::{Exchange, Exchanged},
};
use crate::{
    ids,
    sandbox::deliveries::Outcome,
    store::{
        StoreError,
        tenant::{Tenant, deliveries::claims::Claim},
    },
};
use axum::body::Bytes;
use contract::{
    Timestamp,
    deliveries::{Attempt, HeaderLine},
};
use std::time::{Duration, Instant};

/// An attempt that was made, and is to be written down.
pub(super) struct Ended {
    pub(super) claim: Claim,
    pub(super) attempt: Attempt,
    pub(super) outcome: Outcome,
}

/// Attempts what was claimed; `None` where it could not even be sent, which leaves it to the next claim.
pub(super) async fn attempt(shared: &Shared, tenant: &Tenant, claim: Claim) -> Option<Ended> {
    let body = match serde_json::to_vec(&claim.event) {
        Ok(body) => Bytes::from(body),
        Err(error) => {
            tracing::error!(%error, "an event cannot be written as JSON");
            return None;
        }
    };
    let now = shared.clock.now();
    let headers = match signed(shared, tenant, (&claim, now), &body).await {
        Ok(headers) => headers,
        Err(error) => {
            tracing::error!(%error, "a delivery cannot be signed; it waits");
            return None;
        }
    };
    let (attempt, outcome) = send(&shared.exchange, &claim, (headers, body), now).await;
    Some(Ended {
        claim,
        attempt,
        outcome,
    })
}

/// The headers of a request, its signatures among them: of each secret that signs now, and of the platform.
async fn signed(
    shared: &Shared,
    tenant: &Tenant,
    (claim, now): (&Claim, Timestamp),
    body: &[u8],
) -> Result<Vec<HeaderLine>, StoreError> {
    let (id, timestamp) = (claim.event.event_id.as_str(), now.as_seconds().to_string());
    let key = &shared.installation.key;
    let secrets = if claim.forged {
        vec![key.derive(tenant.sandbox_id(), &claim.webhook_id, &ids::random())]
    } else {
        key.signing(tenant.sandbox_id(), &claim.webhook_id, (&claim.salts, now))
    };
    let mut signatures: Vec<String> = secrets
        .iter()
        .map(|secret| secret.sign(id, &timestamp, body))
        .collect();
    // A receiver may check either kind, so a forgery has neither.
    if !claim.forged {
        signatures.push(shared.platform_key().await?.sign(id, &timestamp, body));
    }
    let line = |name: &str, value: &str| HeaderLine {
        name: name.to_owned(),
        value: value.to_owned(),
    };
    Ok(vec![
        line("content-type", "application/json"),
        line("user-agent", "Aleta-Webhooks/1"),
        line("webhook-id", id),
        line("webhook-timestamp", &timestamp),
        line("webhook-signature", &signatures.join(" ")),
    ])
}

async fn send(
    exchange: &Exchange,
    claim: &Claim,
    (headers, body): (Vec<HeaderLine>, Bytes),
    now: Timestamp,
) -> (Attempt, Outcome) {
    let started = Instant::now();
    let Exchanged {
        error,
        status,
        headers: response_headers,
        body: response_body,
        retry_after,
    } = exchange.post(claim.url.as_str(), &headers, body).await;
    let outcome = match (error, status) {
        (None, _) => Outcome::Accepted,
        (Some(_), Some(410)) => Outcome::Gone,
        (Some(_), _) => Outcome::Failed(retry_after.and_then(|text| pause(&text, now))),
    };
    let attempt = Attempt {
        // The database counts them.
        number: 0,
        trigger: claim.trigger,
        started_at: now,
        duration_ms: u32::try_from(started.elapsed().as_millis()).unwrap_or(u32::MAX),
        error,
        response_status: status,
        response_headers,
        response_body,
        request_headers: headers,
    };
    (attempt, outcome)
}

/// What `Retry-After` asks for: seconds, or an instant (RFC 9110 §10.2.3).
fn pause(text: &str, now: Timestamp) -> Option<Duration> {
    if let Ok(seconds) = text.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = jiff::fmt::rfc2822::parse(text.trim()).ok()?.timestamp();
    let millis = at.as_millisecond().saturating_sub(now.as_millis());
    u64::try_from(millis).ok().map(Duration::from_millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_given_in_seconds_or_as_an_instant() {
        let now = Timestamp::from_millis(1_445_412_470_000);
        for (text, seconds) in [
            ("120", Some(120)),
            ("0", Some(0)),
            ("Wed, 21 Oct 2015 07:28:00 GMT", Some(10)),
            ("Wed, 21 Oct 2015 07:27:00 GMT", None),
            ("soon", None),
            ("-1", None),
        ] {
            assert_eq!(pause(text, now), seconds.map(Duration::from_secs), "{text}");
        }
    }
}
