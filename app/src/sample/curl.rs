//! The request as a curl command, to paste into a shell.

use super::{Bearer, title};
use crate::request::Wire;
use contract::Method;

/// The request as a curl command, one option a line.
pub fn curl(wire: &Wire, bearer: Bearer<'_>) -> String {
    let mut command = String::from("curl ");
    if wire.method != Method::Get {
        command.push_str("-X ");
        command.push_str(wire.method.as_str());
        command.push(' ');
    }
    command.push_str(&word(&wire.url()));
    match bearer {
        Bearer::Variable => option(&mut command, "-H \"Authorization: Bearer $ACCESS_TOKEN\""),
        Bearer::Text(token) => option(
            &mut command,
            &format!("-H {}", quote(&format!("Authorization: Bearer {token}"))),
        ),
    }
    for (name, value) in &wire.headers {
        option(
            &mut command,
            &format!("-H {}", quote(&format!("{}: {value}", title(name)))),
        );
    }
    if let Some(body) = &wire.body {
        // Not --data: that would read a file where a body begins with @.
        option(&mut command, &format!("--data-raw {}", quote(body)));
    }
    command
}

fn option(command: &mut String, text: &str) {
    command.push_str(" \\\n  ");
    command.push_str(text);
}

/// One word of a POSIX shell: as it is where that is safe, else in single quotes.
fn word(text: &str) -> String {
    let safe = |c: char| c.is_ascii_alphanumeric() || "-_./:=,%@+⟦⟧".contains(c);
    if !text.is_empty() && text.chars().all(safe) {
        text.to_owned()
    } else {
        quote(text)
    }
}

/// `text` in single quotes, in which a POSIX shell expands nothing.
fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wire(method: Method, target: &str, headers: &[(&str, &str)], body: Option<&str>) -> Wire {
        Wire {
            method,
            base: "https://api.aleta.io".into(),
            target: target.into(),
            headers: headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            body: body.map(str::to_owned),
        }
    }

    #[test]
    fn a_read_is_two_lines() {
        assert_eq!(
            curl(&wire(Method::Get, "/v1/clients", &[], None), Bearer::Variable),
            "curl https://api.aleta.io/v1/clients \\\n  -H \"Authorization: Bearer $ACCESS_TOKEN\""
        );
    }

    #[test]
    fn a_shell_hands_curl_exactly_what_was_meant() {
        let body = "{\"name\": \"O'Neill $HOME `id` \\\\ !\"}";
        let wire = wire(
            Method::Post,
            "/v1/clients?a=1&b=2",
            &[("if-match", "\"x\"")],
            Some(body),
        );
        let script = format!(
            "curl() {{ printf '%s\\0' \"$@\"; }}\n{}",
            curl(&wire, Bearer::Text("t'$1"))
        );
        let output = std::process::Command::new("sh")
            .args(["-c", &script])
            .output()
            .unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let words: Vec<&str> = said.split_terminator('\0').collect();
        assert_eq!(
            words,
            [
                "-X",
                "POST",
                "https://api.aleta.io/v1/clients?a=1&b=2",
                "-H",
                "Authorization: Bearer t'$1",
                "-H",
                "If-Match: \"x\"",
                "--data-raw",
                body
            ]
        );
    }
}
