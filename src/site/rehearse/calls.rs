//! Making a call and writing down what was sent.

use app::model::RehearsedCall;
use std::fmt::Write as _;

use super::Trouble;
use crate::site::{Site, send::Call};

/// A longer body is cut where it is shown, in characters.
const SHOWN: usize = 400;

/// Makes `call` and keeps it with its answer.
pub(super) async fn made(site: &Site, caption: &str, call: &Call) -> Result<RehearsedCall, Trouble> {
    Ok(RehearsedCall {
        caption: caption.to_owned(),
        request: written(call, &site.config.api_url),
        sent: site.sender.make(call).await?,
    })
}

/// A call with a bearer token.
pub(super) fn call(method: &'static str, target: &str, bearer: &str) -> Call {
    Call {
        method,
        target: target.to_owned(),
        headers: vec![("authorization".to_owned(), format!("Bearer {bearer}"))],
        body: None,
    }
}

/// A `POST` of JSON with a bearer token.
pub(super) fn post(target: &str, bearer: &str, body: &str) -> Call {
    let mut call = call("POST", target, bearer);
    call.headers
        .push(("content-type".to_owned(), "application/json".to_owned()));
    call.body = Some(body.to_owned());
    call
}

/// The request as it went over the wire, secrets shortened and a long body cut.
fn written(call: &Call, api_url: &str) -> String {
    let host = api_url.split_once("://").map_or(api_url, |(_, host)| host);
    let mut text = format!("{} {} HTTP/1.1\nHost: {host}\n", call.method, call.target);
    for (name, value) in &call.headers {
        let value = if name == "authorization" {
            shortened(value)
        } else {
            value.clone()
        };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}: {value}", title(name));
    }
    if let Some(body) = &call.body {
        let _ = writeln!(text, "Content-Length: {}\n", body.len());
        text.extend(body.chars().take(SHOWN));
        text.push_str(if body.chars().nth(SHOWN).is_some() {
            "…"
        } else {
            ""
        });
    }
    text.trim_end().to_owned()
}

/// `Bearer eyJhbGciOiJS…`: enough to tell which, too little to use.
fn shortened(credentials: &str) -> String {
    let (scheme, secret) = credentials.split_once(' ').unwrap_or(("", credentials));
    format!("{scheme} {}", cut(secret))
}

/// The beginning of a secret.
pub(super) fn cut(secret: &str) -> String {
    let start: String = secret.chars().take(12).collect();
    format!("{start}…")
}

/// `content-type` as `Content-Type`.
fn title(name: &str) -> String {
    let parts = name.split('-').map(|part| {
        let mut letters = part.chars();
        letters.next().map_or_else(String::new, |first| {
            first.to_ascii_uppercase().to_string() + letters.as_str()
        })
    });
    parts.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_written_without_its_secret_and_cut_where_it_is_long() {
        let secret = "s".repeat(60);
        let text = written(
            &post("/v1/clients", &secret, &"x".repeat(500)),
            "https://api.test",
        );
        assert!(
            text.starts_with(
                "POST /v1/clients HTTP/1.1\nHost: api.test\nAuthorization: Bearer ssssssssssss…\n"
            )
        );
        assert!(text.contains("Content-Type: application/json\nContent-Length: 500\n\nxxx"));
        assert!(text.ends_with("x…") && !text.contains(&secret));
    }
}
