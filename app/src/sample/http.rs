//! The request as the message that travels.

use super::title;
use crate::request::Wire;
use std::fmt::Write as _;

/// The message, with the name of the token's variable where the token stands.
pub(super) fn print(wire: &Wire) -> String {
    let host = wire
        .base
        .split_once("://")
        .map_or(wire.base.as_str(), |(_, host)| host);
    let mut message = format!(
        "{} HTTP/1.1\nHost: {host}\nAuthorization: Bearer $ACCESS_TOKEN\n",
        wire.request_line()
    );
    for (name, value) in &wire.headers {
        // Writing to a String cannot fail.
        let _ = writeln!(message, "{}: {value}", title(name));
    }
    if let Some(body) = &wire.body {
        let _ = write!(message, "Content-Length: {}\n\n{body}", body.len());
    }
    message
}
