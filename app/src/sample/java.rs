//! The request in Java, with the HTTP client of its standard library.

use super::{literal::escaped, title};
use crate::request::Wire;
use std::fmt::Write as _;

/// The program: one file, which `java Request.java` runs.
pub(super) fn print(wire: &Wire) -> String {
    let mut headers = String::new();
    for (name, value) in &wire.headers {
        // Writing to a String cannot fail.
        let _ = writeln!(
            headers,
            "            .header(\"{}\", {})",
            title(name),
            escaped(value)
        );
    }
    let body = match &wire.body {
        Some(body) => format!("HttpRequest.BodyPublishers.ofString({})", text(body)),
        None => "HttpRequest.BodyPublishers.noBody()".to_owned(),
    };
    format!(
        "import java.net.URI;\nimport java.net.http.*;\n\n\
         class Request {{\n    \
             public static void main(String[] args) throws Exception {{\n        \
                 var request = HttpRequest.newBuilder(URI.create({url}))\n            \
                     .header(\"Authorization\", \"Bearer \" + System.getenv(\"ACCESS_TOKEN\"))\n\
         {headers}            \
                     .method(\"{method}\", {body})\n            \
                     .build();\n        \
                 var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());\n        \
                 System.out.println(answer.statusCode() + \" \" + answer.headers().firstValue(\"Request-Id\").orElse(\"\"));\n        \
                 System.out.println(answer.body());\n    \
             }}\n\
         }}\n",
        method = wire.method.as_str(),
        url = escaped(&wire.url()),
    )
}

/// One literal to a line, for a text block would drop spaces at the ends of lines.
fn text(body: &str) -> String {
    let lines: Vec<String> = body.split_inclusive('\n').map(escaped).collect();
    if lines.is_empty() {
        "\"\"".to_owned()
    } else {
        lines.join("\n                + ")
    }
}
