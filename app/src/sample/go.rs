//! The request in Go. The standard library is enough.

use super::{
    literal::{escaped, is_plain},
    title,
};
use crate::request::Wire;
use std::fmt::Write as _;

/// The program.
pub(super) fn print(wire: &Wire) -> String {
    let mut headers = String::new();
    for (name, value) in &wire.headers {
        // Writing to a String cannot fail.
        let _ = writeln!(
            headers,
            "\trequest.Header.Set(\"{}\", {})",
            title(name),
            escaped(value)
        );
    }
    let (import, body) = match &wire.body {
        Some(body) => ("\t\"strings\"\n", format!("strings.NewReader({})", text(body))),
        None => ("", "nil".to_owned()),
    };
    format!(
        "package main\n\nimport (\n\t\"fmt\"\n\t\"io\"\n\t\"net/http\"\n\t\"os\"\n{import})\n\n\
         func main() {{\n\
         \trequest, err := http.NewRequest(\"{method}\", {url}, {body})\n\
         \tif err != nil {{\n\t\tpanic(err)\n\t}}\n\
         \trequest.Header.Set(\"Authorization\", \"Bearer \"+os.Getenv(\"ACCESS_TOKEN\"))\n\
         {headers}\
         \tanswer, err := http.DefaultClient.Do(request)\n\
         \tif err != nil {{\n\t\tpanic(err)\n\t}}\n\
         \tdefer answer.Body.Close()\n\
         \tbody, err := io.ReadAll(answer.Body)\n\
         \tif err != nil {{\n\t\tpanic(err)\n\t}}\n\
         \tfmt.Println(answer.Status, answer.Header.Get(\"Request-Id\"))\n\
         \tfmt.Println(string(body))\n\
         }}\n",
        method = wire.method.as_str(),
        url = escaped(&wire.url()),
    )
}

/// A raw text over several lines where the body allows it.
fn text(body: &str) -> String {
    if is_plain(body) && !body.contains('`') {
        format!("`{body}`")
    } else {
        escaped(body)
    }
}
