//! What of a request may travel: known headers, visible values, and nothing that moves within the path.

use app::{
    port::SendError,
    request::{HEADERS, Pairs, SendRequest},
};
use contract::form::{Form, Place};

/// The request, as it may travel.
///
/// # Errors
/// The value or header that may not.
pub(super) fn checked(request: SendRequest, form: &Form) -> Result<SendRequest, SendError> {
    let path = form.inputs.iter().filter(|input| input.place == Place::Path);
    for input in path {
        let value = app::request::last(&request.path, &input.name).unwrap_or_default();
        if !is_segment(value) {
            return Err(SendError::MissingPath(input.name.clone()));
        }
    }
    Ok(SendRequest {
        headers: headers(request.headers)?,
        body: request.body.filter(|_| form.method.has_body()),
        ..request
    })
}

/// Whether a value can be one segment of a path. A URL parser would resolve dots away even where they are encoded.
fn is_segment(value: &str) -> bool {
    !value.is_empty() && !matches!(value, "." | "..") && !value.chars().any(char::is_control)
}

fn headers(pairs: Pairs) -> Result<Pairs, SendError> {
    pairs
        .into_iter()
        .map(|(name, value)| {
            let name = name.to_ascii_lowercase();
            let visible = value.bytes().all(|byte| matches!(byte, b' '..=b'~'));
            if HEADERS.contains(&name.as_str()) && visible {
                Ok((name, value))
            } else {
                Err(SendError::BadHeader(name))
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::catalog;

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    fn check(path: &str, header: Option<(&str, &str)>) -> Result<SendRequest, SendError> {
        let request = SendRequest {
            operation: "clients.get".into(),
            path: vec![pair("id", path)],
            headers: header
                .map(|(name, value)| pair(name, value))
                .into_iter()
                .collect(),
            body: Some("{}".into()),
            ..SendRequest::default()
        };
        checked(request, catalog::form("clients.get").unwrap())
    }

    #[test]
    fn a_path_value_stays_one_segment() {
        for value in ["", ".", "..", "a\r\nHost: evil", "\0", "a\tb"] {
            assert_eq!(
                check(value, None),
                Err(SendError::MissingPath("id".into())),
                "{value:?}"
            );
        }
        for value in ["x", "...", "..%2f", "../..", "http://evil.example/", "a b", "é"] {
            assert!(check(value, None).is_ok(), "{value:?}");
        }
    }

    #[test]
    fn only_harmless_headers_travel() {
        for name in ["If-None-Match", "if-match", "Idempotency-Key", "accept"] {
            assert!(check("x", Some((name, "v"))).is_ok(), "{name}");
        }
        for name in [
            "authorization",
            "Authorization",
            "host",
            "content-type",
            "content-length",
            "transfer-encoding",
            "cookie",
            "portal-builder",
            "x-forwarded-for",
            "connection",
            "",
        ] {
            let refused = Err(SendError::BadHeader(name.to_ascii_lowercase()));
            assert_eq!(check("x", Some((name, "v"))), refused, "{name}");
        }
    }

    #[test]
    fn a_header_value_stays_on_its_line() {
        for value in ["a\r\nx: y", "a\nb", "a\0", "é", "a\tb"] {
            assert!(check("x", Some(("accept", value))).is_err(), "{value:?}");
        }
    }

    #[test]
    fn a_read_carries_no_body() {
        assert_eq!(check("x", None).unwrap().body, None);
    }
}
