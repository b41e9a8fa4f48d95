//! The request in Python. The standard library is enough, and its one surprise, an exception for 304 and 4xx, is met.

use super::{
    literal::{escaped, is_plain},
    title,
};
use crate::request::Wire;
use std::fmt::Write as _;

/// The program.
pub(super) fn print(wire: &Wire) -> String {
    let mut headers = String::from("        \"Authorization\": f\"Bearer {os.environ['ACCESS_TOKEN']}\",\n");
    for (name, value) in &wire.headers {
        // Writing to a String cannot fail.
        let _ = writeln!(headers, "        \"{}\": {},", title(name), escaped(value));
    }
    let data = wire
        .body
        .as_ref()
        .map(|body| format!("    data={}.encode(),\n", text(body)))
        .unwrap_or_default();
    format!(
        "import os\n\
         import urllib.error\n\
         import urllib.request\n\
         \n\
         request = urllib.request.Request(\n    \
             {url},\n    \
             method=\"{method}\",\n    \
             headers={{\n{headers}    }},\n{data})\n\
         try:\n    \
             answer = urllib.request.urlopen(request, timeout=30)\n\
         except urllib.error.HTTPError as error:\n    \
             answer = error\n\
         print(answer.status, answer.headers[\"Request-Id\"])\n\
         print(answer.read().decode())\n",
        url = escaped(&wire.url()),
        method = wire.method.as_str(),
    )
}

/// A raw text over several lines where the body allows it.
fn text(body: &str) -> String {
    let raw = is_plain(body) && !body.contains("\"\"\"") && !body.ends_with(['"', '\\']);
    if raw {
        format!("r\"\"\"{body}\"\"\"")
    } else {
        escaped(body)
    }
}
