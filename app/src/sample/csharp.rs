//! The request in C#, with the HTTP client of .NET.

use super::{literal::escaped, title};
use crate::request::Wire;
use std::fmt::Write as _;

/// The program.
pub(super) fn print(wire: &Wire) -> String {
    let mut headers = String::new();
    for (name, value) in &wire.headers {
        // .NET keeps the headers of a body apart. Writing to a String cannot fail.
        let place = if name.starts_with("content-") {
            "request.Content.Headers"
        } else {
            "request.Headers"
        };
        let _ = writeln!(
            headers,
            "        {place}.TryAddWithoutValidation(\"{}\", {});",
            title(name),
            escaped(value)
        );
    }
    let body = wire
        .body
        .as_ref()
        .map(|body| {
            format!(
                "        request.Content = new StringContent({});\n        request.Content.Headers.ContentType = null;\n",
                text(body)
            )
        })
        .unwrap_or_default();
    format!(
        "using System;\nusing System.Net.Http;\nusing System.Threading.Tasks;\n\n\
         class Program\n{{\n    \
             static async Task Main()\n    {{\n        \
                 var request = new HttpRequestMessage(new HttpMethod(\"{method}\"), {url});\n        \
                 request.Headers.Add(\"Authorization\", \"Bearer \" + Environment.GetEnvironmentVariable(\"ACCESS_TOKEN\"));\n\
         {body}{headers}        \
                 var answer = await new HttpClient().SendAsync(request);\n        \
                 Console.WriteLine((int)answer.StatusCode);\n        \
                 Console.WriteLine(await answer.Content.ReadAsStringAsync());\n    \
             }}\n\
         }}\n",
        method = wire.method.as_str(),
        url = escaped(&wire.url()),
    )
}

/// A verbatim text, in which a quote is written twice; carriage returns stay as they are.
fn text(body: &str) -> String {
    format!("@\"{}\"", body.replace('"', "\"\""))
}
