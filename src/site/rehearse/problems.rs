//! The calls that end in each problem which the builder cannot produce.

use app::{model::RehearsedCall, port::Sent};
use contract::{ProblemCode, Scope};
use futures::future::join_all;

use super::{
    Trouble,
    calls::{call, made, post},
    extracts,
};
use crate::{
    api::cursor::Binding,
    ids,
    site::{Site, session::Own, tokens::Holder},
};

const CLIENTS: &str = "/v1/clients";

/// A budget that is not spent after so many calls belongs to another plan.
const MOST_CALLS: usize = 400;

/// More calls than this are not held in flight.
const MOST_HELD: usize = 64;

/// So many requests with one key are sent at once, and so often: the second overtakes the first in the first round.
const AT_ONCE: usize = 4;
const ROUNDS: usize = 8;

/// Faults that strike the next call to the list.
const SERVER_ERROR: &str = r#"{"kind": "server_error", "match": {"method": "GET", "path": "/v1/clients"}}"#;
const TIMEOUT: &str = r#"{"kind": "timeout", "match": {"method": "GET", "path": "/v1/clients"}, "delay_ms": 1, "retry_after": 2}"#;

/// Ages a cursor beyond its 24 hours, in milliseconds.
const THREE_DAYS: i64 = 3 * 24 * 60 * 60 * 1000;

/// Whether there are calls for it here.
pub(super) fn is_rehearsed(code: ProblemCode) -> bool {
    !summary(code).is_empty()
}

/// What the portal does, in the reader's words.
pub(super) const fn summary(code: ProblemCode) -> &'static str {
    match code {
        ProblemCode::CursorExpired => {
            "The portal sealed a cursor of your sandbox as it would have been three days ago, and sent it."
        }
        ProblemCode::Unauthenticated => "A list was asked for without a token.",
        ProblemCode::InvalidToken => "A good token of your sandbox was sent with its signature reversed.",
        ProblemCode::InsufficientScope => "A token that may only read custodians was used to read clients.",
        ProblemCode::NoSuchRoute => "A path with a typing error was asked for.",
        ProblemCode::MethodNotAllowed => "A list was called with a method that it does not have.",
        ProblemCode::IdempotencyInProgress => {
            "Several requests with one key were sent at the same moment: the first ran, and one that came meanwhile was \
             refused. The client that the first one made was deleted again."
        }
        ProblemCode::ExtractAlreadyRunning => {
            "The same data set was asked for twice at the same moment: one extract was queued, the other was refused."
        }
        ProblemCode::RangeNotSatisfiable => {
            "Positions were exported, and bytes behind the end of the file were asked for. The link was made by the \
             portal and is good for an hour."
        }
        ProblemCode::BodyTooLarge => "A body of one byte more than 1 MiB was sent.",
        ProblemCode::UnsupportedMediaType => "A body was sent as plain text.",
        ProblemCode::IdempotencyKeyReused => {
            "A client was created with a key, another was asked for with the same key, and the first was deleted again."
        }
        ProblemCode::RateLimited => {
            "Writes were sent until the budget was spent. None of them changed anything: each was a client without a \
             name. The budget fills up again by itself."
        }
        ProblemCode::ConcurrencyLimited => {
            "Calls were held in flight by keeping their bodies back until no place was left. Then a list was asked for, \
             and the held calls were let go."
        }
        ProblemCode::InternalError => {
            "A fault was planted in your sandbox, which fails the next call to one list. That call was made."
        }
        ProblemCode::Unavailable => {
            "A fault was planted in your sandbox, which lets the next call to one list run out of time. That call was made."
        }
        _ => "",
    }
}

/// Makes the calls that end in `code`.
pub(super) async fn rehearse(
    site: &Site,
    own: &Own,
    code: ProblemCode,
) -> Result<Vec<RehearsedCall>, Trouble> {
    let token = site.tokens.get(own.into(), site.clock.now()).await?;
    let one = match code {
        ProblemCode::CursorExpired => call("GET", &expired(site, own), &token),
        ProblemCode::Unauthenticated => {
            let mut bare = call("GET", CLIENTS, "");
            bare.headers.clear();
            bare
        }
        ProblemCode::InvalidToken => call("GET", CLIENTS, &tampered(&token)),
        ProblemCode::InsufficientScope => call("GET", CLIENTS, &narrow(site, own).await?),
        ProblemCode::NoSuchRoute => call("GET", "/v1/cleints", &token),
        ProblemCode::MethodNotAllowed => call("PUT", CLIENTS, &token),
        ProblemCode::BodyTooLarge => post(CLIENTS, &token, &" ".repeat(1024 * 1024 + 1)),
        ProblemCode::UnsupportedMediaType => {
            let mut plain = post(CLIENTS, &token, "Halvorsen Family");
            for (name, value) in &mut plain.headers {
                if name == "content-type" {
                    "text/plain".clone_into(value);
                }
            }
            plain
        }
        ProblemCode::IdempotencyKeyReused => return reused(site, &token).await,
        ProblemCode::IdempotencyInProgress => return in_progress(site, &token).await,
        ProblemCode::ExtractAlreadyRunning => return extracts::twice(site, &token).await,
        ProblemCode::RangeNotSatisfiable => return extracts::behind_the_end(site, &token).await,
        ProblemCode::RateLimited => return spent(site, &token).await,
        ProblemCode::InternalError => return struck(site, &token, SERVER_ERROR).await,
        ProblemCode::Unavailable => return struck(site, &token, TIMEOUT).await,
        ProblemCode::ConcurrencyLimited => return crowded(site, &token).await,
        _ => return Err(Trouble::Missed("There is nothing to rehearse for this problem.")),
    };
    Ok(vec![made(site, "The call", &one).await?])
}

/// The list from a cursor that has expired.
fn expired(site: &Site, own: &Own) -> String {
    let binding = Binding {
        sandbox: &own.row.id,
        epoch: own.row.epoch,
        path: CLIENTS,
        filters: "",
    };
    let then = site.clock.now().plus_millis(-THREE_DAYS);
    format!("{CLIENTS}?cursor={}", site.cursors.seal(&binding, 1, then))
}

/// The token with its signature back to front.
fn tampered(token: &str) -> String {
    let (signed, signature) = token.rsplit_once('.').unwrap_or((token, ""));
    let reversed: String = signature.chars().rev().collect();
    format!("{signed}.{reversed}")
}

async fn narrow(site: &Site, own: &Own) -> Result<String, Trouble> {
    let scopes = [Scope::CustodiansRead].into_iter().collect();
    let holder = Holder {
        scopes: &scopes,
        ..own.into()
    };
    Ok(site
        .oauth
        .mint(holder.sandbox, holder.client, holder.scopes)
        .await?
        .token)
}

/// A client to create with this key.
fn creation(token: &str, key: &str, name: &str) -> crate::site::send::Call {
    let body = format!("{{\"name\": \"{name}\", \"reference_currency\": \"EUR\"}}");
    let mut call = post(CLIENTS, token, &body);
    call.headers.push(("idempotency-key".to_owned(), key.to_owned()));
    call
}

/// Deletes what a creation made.
async fn undo(site: &Site, token: &str, created: &Sent) -> Result<(), Trouble> {
    let body: serde_json::Value = serde_json::from_str(&created.body).unwrap_or_default();
    if let Some(id) = body["id"].as_str() {
        let target = format!("{CLIENTS}/{id}");
        site.sender.make(&call("DELETE", &target, token)).await?;
    }
    Ok(())
}

async fn reused(site: &Site, token: &str) -> Result<Vec<RehearsedCall>, Trouble> {
    let key = ids::secret("rehearsal_");
    let first = made(site, "The first request", &creation(token, &key, "First of two")).await?;
    let second = made(
        site,
        "Another request, same key",
        &creation(token, &key, "Second of two"),
    )
    .await;
    undo(site, token, &first.sent).await?;
    Ok(vec![first, second?])
}

async fn in_progress(site: &Site, token: &str) -> Result<Vec<RehearsedCall>, Trouble> {
    for _ in 0..ROUNDS {
        let key = ids::secret("rehearsal_");
        let request = creation(token, &key, "Sent several times");
        let rivals = (0..AT_ONCE).map(|_| made(site, "The same request, meanwhile", &request));
        let made: Vec<RehearsedCall> = join_all(rivals).await.into_iter().collect::<Result<_, _>>()?;
        let created = made.iter().find(|call| call.sent.status == 201).cloned();
        if let Some(first) = &created {
            undo(site, token, &first.sent).await?;
        }
        let refused = made.into_iter().find(|call| call.sent.status == 409);
        if let (Some(mut first), Some(refused)) = (created, refused) {
            "The request that ran".clone_into(&mut first.caption);
            return Ok(vec![first, refused]);
        }
    }
    Err(Trouble::Missed(
        "Each request was done before the next one came, or the budget of writes is spent. Try again in a minute.",
    ))
}

async fn spent(site: &Site, token: &str) -> Result<Vec<RehearsedCall>, Trouble> {
    let write = post(CLIENTS, token, "{}");
    for count in 0..MOST_CALLS {
        let answered = made(site, "The call too many", &write).await?;
        if answered.sent.status == ProblemCode::RateLimited.status() {
            let caption = format!("Call {}, after {count} that were admitted", count + 1);
            return Ok(vec![RehearsedCall { caption, ..answered }]);
        }
    }
    Err(Trouble::Missed(
        "This sandbox is on a plan with a larger budget than the portal cares to spend.",
    ))
}

async fn struck(site: &Site, token: &str, fault: &str) -> Result<Vec<RehearsedCall>, Trouble> {
    let planted = made(site, "A fault is planted", &post("/sandbox/faults", token, fault)).await?;
    let struck = made(site, "The call that it strikes", &call("GET", CLIENTS, token)).await?;
    Ok(vec![planted, struck])
}

async fn crowded(site: &Site, token: &str) -> Result<Vec<RehearsedCall>, Trouble> {
    let mut held = Vec::new();
    while let Some(one) = site.sender.hold(token).await? {
        held.push(one);
        if held.len() == MOST_HELD {
            break;
        }
    }
    let caption = format!("One more, with {} in flight", held.len());
    let answered = made(site, &caption, &call("GET", CLIENTS, token)).await;
    for one in held {
        // A place that is not given back by an answer is given back when the connection closes.
        drop(one.release().await);
    }
    Ok(vec![answered?])
}
