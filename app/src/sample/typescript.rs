//! The request in TypeScript, with the `fetch` that browsers and servers have.

use super::{
    literal::{escaped, is_plain},
    title,
};
use crate::request::Wire;
use std::fmt::Write as _;

/// The program, a module.
pub(super) fn print(wire: &Wire) -> String {
    let mut headers = String::from("    \"Authorization\": `Bearer ${process.env.ACCESS_TOKEN}`,\n");
    for (name, value) in &wire.headers {
        // Writing to a String cannot fail.
        let _ = writeln!(headers, "    \"{}\": {},", title(name), escaped(value));
    }
    let body = wire
        .body
        .as_ref()
        .map(|body| format!("  body: {},\n", text(body)))
        .unwrap_or_default();
    format!(
        "const answer = await fetch({url}, {{\n  \
             method: \"{method}\",\n  \
             headers: {{\n{headers}  }},\n{body}}});\n\
         console.log(answer.status, answer.headers.get(\"Request-Id\"));\n\
         console.log(await answer.text());\n",
        url = escaped(&wire.url()),
        method = wire.method.as_str(),
    )
}

/// A template over several lines where the body allows it, with what would be read as code escaped.
fn text(body: &str) -> String {
    if !is_plain(body) {
        return escaped(body);
    }
    let body = body
        .replace('\\', "\\\\")
        .replace('`', "\\`")
        .replace("${", "\\${");
    format!("`{body}`")
}
