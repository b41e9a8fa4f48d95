//! The request in Rust, with the HTTP client most know.

use super::{
    literal::{escaped_for_rust, is_plain},
    title,
};
use crate::request::Wire;
use std::fmt::Write as _;

/// The program. It needs the crate `reqwest` with its feature `blocking`.
pub(super) fn print(wire: &Wire) -> String {
    let mut calls = String::new();
    for (name, value) in &wire.headers {
        // Writing to a String cannot fail.
        let _ = writeln!(
            calls,
            "        .header(\"{}\", {})",
            title(name),
            escaped_for_rust(value)
        );
    }
    if let Some(body) = &wire.body {
        let _ = writeln!(calls, "        .body({})", text(body));
    }
    format!(
        "// reqwest = {{ version = \"0.12\", features = [\"blocking\"] }}\n\
         fn main() -> Result<(), Box<dyn std::error::Error>> {{\n    \
             let token = std::env::var(\"ACCESS_TOKEN\")?;\n    \
             let answer = reqwest::blocking::Client::new()\n        \
                 .request(reqwest::Method::{method}, {url})\n        \
                 .bearer_auth(token)\n{calls}        \
                 .send()?;\n    \
             println!(\"{{}} {{:?}}\", answer.status(), answer.headers().get(\"request-id\"));\n    \
             println!(\"{{}}\", answer.text()?);\n    \
             Ok(())\n\
         }}\n",
        method = wire.method.as_str(),
        url = escaped_for_rust(&wire.url()),
    )
}

/// A raw text over several lines where the body allows it.
fn text(body: &str) -> String {
    let mut hashes = String::from("#");
    while body.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    if is_plain(body) {
        format!("r{hashes}\"{body}\"{hashes}")
    } else {
        escaped_for_rust(body)
    }
}
