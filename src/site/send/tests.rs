//! Every sample is run, and what arrives is compared with what the builder sends.

use super::{Purpose, exchange::Exchange};
use crate::site::catalog;
use app::{
    request::{SendRequest, Wire, example_fields},
    sample::Language,
};
use axum::{Router, body::Bytes, extract::Request, http::HeaderMap};
use std::{
    io::Write as _,
    net::SocketAddr,
    process::{Command, Stdio},
    sync::{Arc, Mutex},
};

/// What arrives of a request: all that its sender meant, and nothing of which program sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Arrived {
    line: String,
    headers: Vec<(String, String)>,
    body: Bytes,
}

/// A listener that keeps what arrives.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Vec<Arrived>>>);

impl Recorder {
    async fn listen(&self) -> SocketAddr {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let recorder = self.clone();
        let router = Router::new().fallback(move |request: Request| recorder.keep(request));
        tokio::spawn(async move { axum::serve(listener, router).await });
        address
    }

    async fn keep(self, request: Request) -> &'static str {
        let line = format!("{} {}", request.method(), request.uri());
        let headers = meant(request.headers());
        let body = axum::body::to_bytes(request.into_body(), usize::MAX).await;
        let body = body.unwrap();
        self.0.lock().unwrap().push(Arrived { line, headers, body });
        "{}"
    }

    fn take(&self) -> Vec<Arrived> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

fn meant(headers: &HeaderMap) -> Vec<(String, String)> {
    ["authorization", "content-type"]
        .into_iter()
        .chain(app::request::HEADERS)
        .filter_map(|name| {
            let value = headers.get(name)?.to_str().unwrap().to_owned();
            // What a program adds where nobody said what to accept.
            let said = !(value == "*/*" || (name == "accept-language" && value == "*"));
            said.then(|| (name.to_owned(), value))
        })
        .collect()
}

/// The worked example of every operation, and what is hard to quote.
fn wires(base: &str) -> Vec<Wire> {
    let mut wires: Vec<Wire> = catalog::forms()
        .iter()
        .map(|form| {
            let request = SendRequest::from_fields(form, &example_fields(form));
            request.wire(form, base).unwrap()
        })
        .collect();
    let bodies = [
        "{\"name\": \"O'Neill \\\\ `id` $HOME ${x} \\\"\\\"\\\" Søn \u{1f4c8}\"}",
        "@file",
        "\"\"\"",
        "ends in a backslash \\",
        "a\r\nb\tc",
        "\u{1}\u{7f}\u{2028}#\"##",
        "{}",
    ];
    let create = catalog::form("clients.create").unwrap();
    for body in bodies {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let request = SendRequest {
            operation: create.operation.clone(),
            query: vec![pair("q", "a'b\"c&d\\ $x")],
            headers: vec![
                pair("if-match", "\"a'b\\\""),
                pair("idempotency-key", "$(id) `id` ${1}"),
                pair("accept-language", "nb, en;q=0.5"),
                pair("prefer", "return=minimal"),
            ],
            body: Some(body.to_owned()),
            ..SendRequest::default()
        };
        wires.push(request.wire(create, base).unwrap());
    }
    wires
}

/// All samples as one program.
fn program(language: Language, wires: &[Wire]) -> String {
    let samples = wires.iter().map(|wire| language.print(wire));
    match language {
        Language::Curl => {
            let quiet = "curl() { command curl -sS -o /dev/null \"$@\"; }".to_owned();
            std::iter::once(quiet)
                .chain(samples)
                .collect::<Vec<_>>()
                .join("\n")
        }
        Language::TypeScript => samples
            .map(|sample| format!("{{\n{sample}}}\n"))
            .collect::<Vec<_>>()
            .join("\n"),
        _ => samples.collect(),
    }
}

fn run(command: &[&str], program: &str) {
    let [name, arguments @ ..] = command else {
        panic!("no command")
    };
    let mut child = Command::new(name)
        .args(arguments)
        .env("ACCESS_TOKEN", "token-of-the-test")
        .env("no_proxy", "127.0.0.1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut input = child.stdin.take().unwrap();
    input.write_all(program.as_bytes()).unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_sample_that_can_run_here_sends_what_the_builder_sends() {
    let recorder = Recorder::default();
    let address = recorder.listen().await;
    let wires = wires(&format!("http://{address}"));
    let exchange = Exchange::new(address, "secret").unwrap();
    for wire in &wires {
        exchange
            .run(wire, "token-of-the-test", Purpose::Reader)
            .await
            .ok()
            .unwrap();
    }
    let sent = recorder.take();
    assert_eq!(sent.len(), wires.len());
    for (language, command) in [
        (Language::Curl, &["sh", "-s"][..]),
        (Language::Python, &["python3", "-"]),
        (Language::TypeScript, &["node", "--input-type=module", "-"]),
    ] {
        let program = program(language, &wires);
        tokio::task::spawn_blocking(move || run(command, &program))
            .await
            .unwrap();
        let arrived = recorder.take();
        assert_eq!(arrived.len(), sent.len(), "{language:?}");
        for (arrived, sent) in arrived.iter().zip(&sent) {
            assert_eq!(arrived, sent, "{language:?}");
        }
    }
}
