//! A server as a process of its own, and the commands beside it.

use crate::harness::{Anonymous, Developer};
use serde_json::Value;
use std::{
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

const PORTAL: &str = env!("CARGO_BIN_EXE_portal");

/// A server process, killed when the test ends.
pub(super) struct Process {
    pub(super) child: Child,
    api: String,
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

pub(super) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a port")
        .port()
}

impl Process {
    pub(super) async fn start(folder: &Path, ports: (u16, u16)) -> Self {
        let child = Command::new(PORTAL)
            .args(["serve", "--data-dir"])
            .arg(folder)
            .args([
                "--portal-addr",
                &format!("127.0.0.1:{}", ports.0),
                "--api-addr",
                &format!("127.0.0.1:{}", ports.1),
            ])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server starts");
        let process = Self {
            child,
            api: format!("http://127.0.0.1:{}", ports.1),
        };
        process.ready().await;
        process
    }

    async fn ready(&self) {
        let (http, started) = (reqwest::Client::new(), Instant::now());
        loop {
            let answer = http.get(format!("{}/readyz", self.api)).send().await;
            if answer.is_ok_and(|answer| answer.status().is_success()) {
                return;
            }
            assert!(
                started.elapsed() < Duration::from_mins(1),
                "the server is not ready after a minute"
            );
            tokio::task::yield_now().await;
        }
    }

    pub(super) fn anonymous(&self) -> Anonymous {
        Anonymous {
            http: reqwest::Client::new(),
            base: self.api.clone(),
        }
    }
}

pub(super) fn administer(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(PORTAL)
        .args(arguments)
        .arg("--data-dir")
        .arg(folder)
        .output()
        .expect("the command runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("text")
}

pub(super) async fn sandbox(folder: &Path, process: &Process) -> Developer {
    let text = administer(
        folder,
        &[
            "sandbox",
            "create",
            "--name",
            "Test",
            "--plan",
            "unlimited",
            "--json",
        ],
    );
    let made: Value = serde_json::from_str(&text).expect("JSON");
    let field = |name: &str| {
        made[name]
            .as_str()
            .unwrap_or_else(|| panic!("{name} in {made}"))
            .to_owned()
    };
    let client = process.anonymous();
    let token = client
        .token(&field("client_id"), &field("client_secret"), None)
        .await;
    Developer {
        client,
        client_id: field("client_id"),
        client_secret: field("client_secret"),
        token,
        sandbox: field("sandbox_id"),
    }
}
