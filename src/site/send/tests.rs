//! Every sample is run, and what arrives is compared with what the builder sends.

use super::{Purpose, exchange::Exchange};
use crate::site::catalog;
use app::{
    request::{SendRequest, Wire, example_fields},
    sample::Language,
};
use axum::{Router, body::Bytes, extract::Request, http::HeaderMap};
use std::{
    net::SocketAddr,
    process::Command,
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
            // Mono reads some headers and writes them in its own way, with a space before a parameter.
            let value = headers.get(name)?.to_str().unwrap().replace("; ", ";");
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

/// How the samples of a language are run, all as one program.
struct Toolchain {
    language: Language,
    /// The file that the program is written to.
    file: &'static str,
    /// The shell's line that runs it.
    line: &'static str,
    /// Without it on the path the language is left out; the suite brings only the others.
    optional: Option<&'static str>,
}

const TOOLCHAINS: [Toolchain; 6] = [
    Toolchain {
        language: Language::Curl,
        file: "request.sh",
        line: "sh request.sh",
        optional: None,
    },
    Toolchain {
        language: Language::Python,
        file: "request.py",
        line: "python3 request.py",
        optional: None,
    },
    Toolchain {
        language: Language::TypeScript,
        file: "request.mjs",
        line: "node request.mjs",
        optional: None,
    },
    Toolchain {
        language: Language::Go,
        file: "request.go",
        line: "GOFLAGS=-mod=mod GOCACHE=$PWD/cache go run request.go",
        optional: Some("go"),
    },
    Toolchain {
        language: Language::Java,
        file: "All.java",
        line: "java All.java",
        optional: Some("java"),
    },
    Toolchain {
        language: Language::CSharp,
        file: "request.cs",
        line: "mcs -nologo -r:System.Net.Http -main:All request.cs && mono request.exe",
        optional: Some("mcs"),
    },
];

impl Toolchain {
    fn is_here(&self) -> bool {
        self.optional.is_none_or(|program| {
            let path = std::env::var_os("PATH").unwrap_or_default();
            std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
        })
    }

    /// All samples as one program.
    fn program(&self, wires: &[Wire]) -> String {
        let samples: Vec<String> = wires.iter().map(|wire| self.language.print(wire)).collect();
        match self.language {
            Language::Curl => format!(
                "curl() {{ command curl -sS -o /dev/null \"$@\"; }}\n{}",
                samples.join("\n")
            ),
            Language::TypeScript => format!("{{\n{}}}\n", samples.join("}\n{\n")),
            Language::Go => joined(
                &samples,
                ("func main()", "func request{n}()"),
                "package main\nimport (\n\"fmt\"\n\"io\"\n\"net/http\"\n\"os\"\n\"strings\"\n)\nvar _ = strings.NewReader\n",
                ("func main() {\n{all}}\n", "request{n}()\n"),
            ),
            Language::Java => joined(
                &samples,
                ("class Request {", "class Request{n} {"),
                "import java.net.URI;\nimport java.net.http.*;\n",
                (
                    // The launcher runs the first class of the file.
                    "class All { public static void main(String[] args) throws Exception {\n{all}} }\n",
                    "Request{n}.main(args);\n",
                ),
            ),
            Language::CSharp => joined(
                &samples,
                ("class Program", "class Program{n}"),
                "using System;\nusing System.Net.Http;\nusing System.Threading.Tasks;\n",
                (
                    // The compiler of Mono takes no main that is asynchronous.
                    "class All { static void Main() {\n{all}} }\n",
                    "Program{n}.Main().GetAwaiter().GetResult();\n",
                ),
            ),
            _ => samples.concat(),
        }
    }

    fn run(&self, program: &str) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(self.file), program).unwrap();
        let output = Command::new("sh")
            .args(["-c", self.line])
            .current_dir(folder.path())
            .env("ACCESS_TOKEN", "token-of-the-test")
            .env("no_proxy", "127.0.0.1")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {said}", self.line);
    }
}

/// Samples that are each a whole program, as parts of one: `entry` gets a number, and `main` calls each.
fn joined(samples: &[String], entry: (&str, &str), head: &str, main: (&str, &str)) -> String {
    let numbered = |text: &str, number: usize| text.replace("{n}", &number.to_string());
    let mut parts = String::new();
    let mut calls = String::new();
    for (number, sample) in samples.iter().enumerate() {
        let (_, rest) = sample.split_once(entry.0).unwrap();
        parts.push_str(&numbered(entry.1, number));
        parts.push_str(&rest.replace("static async Task Main", "public static async Task Main"));
        calls.push_str(&numbered(main.1, number));
    }
    format!("{head}{}{parts}", main.0.replace("{all}", &calls))
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
    for toolchain in TOOLCHAINS.iter().filter(|toolchain| toolchain.is_here()) {
        let program = toolchain.program(&wires);
        tokio::task::spawn_blocking(move || toolchain.run(&program))
            .await
            .unwrap();
        let arrived = recorder.take();
        let language = toolchain.language;
        assert_eq!(arrived.len(), sent.len(), "{language:?}");
        for (arrived, sent) in arrived.iter().zip(&sent) {
            assert_eq!(arrived, sent, "{language:?}");
        }
    }
}
