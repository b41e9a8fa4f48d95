//! The receivers that the docs print: each is started as it stands there, takes a genuine delivery and refuses a forged
//! one.

use std::{
    fs,
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use super::Court;
use crate::bench::{
    http::{Ask, ask_once},
    running::{Running, free_address},
};

/// The page that prints them, below the checkout.
const PAGE: &str = "content/guides/webhooks.md";
/// How long a receiver may take to listen, and a delivery to be attempted.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often it is looked at meanwhile.
const GLANCE: Duration = Duration::from_millis(20);

/// The text of the sample on this tab, written to a file of the judges'.
pub(super) fn write(root: &Path, tab: &str, to: PathBuf) -> Result<PathBuf> {
    fs::write(&to, printed(&fs::read_to_string(root.join(PAGE))?, tab)?)?;
    Ok(to)
}

fn printed(page: &str, tab: &str) -> Result<String> {
    let opening = format!(" tab=\"{tab}\"\n");
    let (_, after) = page
        .split_once(&opening)
        .with_context(|| format!("{PAGE} has no tab {tab}"))?;
    let (sample, _) = after.split_once("\n```").context("a block has no end")?;
    Ok(format!("{sample}\n"))
}

/// An endpoint at the receiver.
struct Endpoint {
    id: String,
    secret: String,
}

/// A judgement of one receiver.
struct Trial<'a> {
    court: &'a Court<'a>,
    receiver: SocketAddr,
}

/// Starts the receiver with a secret, and has it called with what is genuine and what is not.
pub(super) fn judge(court: &Court<'_>, command: &mut Command) -> Result<()> {
    let trial = Trial {
        court,
        receiver: free_address()?,
    };
    let (own, stranger) = (trial.endpoint()?, trial.endpoint()?);
    command
        .env("WEBHOOK_SECRET", &own.secret)
        .env("PORT", trial.receiver.port().to_string());
    let receiver = Running::start(command)?;
    trial.wait_until_listening()?;
    let genuine = trial.attempt(&own)?;
    let status = genuine["attempts"][0]["response_status"].as_u64();
    ensure!(status.is_some_and(is_accepted), "a genuine delivery: {genuine}");
    let foreign = trial.attempt(&stranger)?;
    let status = foreign["attempts"][0]["response_status"].as_u64();
    ensure!(
        status.is_some_and(is_refused),
        "one with another secret: {foreign}"
    );
    trial.tamper(&genuine)?;
    drop(receiver);
    for endpoint in [own, stranger] {
        trial.ask(
            &Ask {
                method: "DELETE",
                ..Ask::get(format!("/v1/webhooks/{}", endpoint.id))
            },
            204,
        )?;
    }
    Ok(())
}

fn is_accepted(status: u64) -> bool {
    (200..300).contains(&status)
}

fn is_refused(status: u64) -> bool {
    (400..500).contains(&status)
}

impl Trial<'_> {
    /// One answer of the API that must be of this status.
    fn ask(&self, ask: &Ask, status: u16) -> Result<Value> {
        let ask = ask.clone().bearer(&self.court.token);
        let body = ask_once(self.court.address, &ask)?.expect(status)?.body;
        if body.is_empty() {
            return Ok(Value::Null);
        }
        Ok(serde_json::from_slice(&body)?)
    }

    fn post(&self, path: &str, body: &Value, status: u16) -> Result<Value> {
        let ask = Ask::with_body("POST", path, "application/json", body.to_string());
        self.ask(&ask, status)
    }

    fn endpoint(&self) -> Result<Endpoint> {
        let url = format!("http://{}/aleta", self.receiver);
        // Nothing but what is sent to it on purpose.
        let new = json!({ "url": url, "event_types": ["extract.failed"] });
        let made = self.post("/v1/webhooks", &new, 201)?;
        let text = |name: &str| made[name].as_str().map(str::to_owned).context("no text");
        Ok(Endpoint {
            id: text("id")?,
            secret: text("secret")?,
        })
    }

    fn wait_until_listening(&self) -> Result<()> {
        let start = Instant::now();
        while TcpStream::connect(self.receiver).is_err() {
            ensure!(start.elapsed() < PATIENCE, "the receiver does not listen");
            thread::sleep(GLANCE);
        }
        Ok(())
    }

    /// Sends a test event; the delivery once it was attempted.
    fn attempt(&self, endpoint: &Endpoint) -> Result<Value> {
        let sent = self.post(&format!("/v1/webhooks/{}/test", endpoint.id), &json!({}), 200)?;
        let path = format!("/v1/deliveries/{}", sent["id"].as_str().context("no id")?);
        let start = Instant::now();
        loop {
            let report = self.ask(&Ask::get(&path), 200)?;
            if report["attempts_made"] != 0 {
                return Ok(report);
            }
            ensure!(start.elapsed() < PATIENCE, "not attempted: {report}");
            thread::sleep(GLANCE);
        }
    }

    /// Sends a genuine delivery once more as it was, and then with one byte changed.
    fn tamper(&self, genuine: &Value) -> Result<()> {
        let body = genuine["request_body"].as_str().context("no body")?;
        let call = |body: String| -> Result<u64> {
            let ask = Ask::with_body("POST", "/aleta", "application/json", body);
            let lines = ["webhook-id", "webhook-timestamp", "webhook-signature"];
            let ask = lines.iter().try_fold(ask, |ask, name| {
                let lines = genuine["attempts"][0]["request_headers"].as_array();
                let line = lines.and_then(|lines| lines.iter().find(|line| line["name"] == *name));
                let value = line.and_then(|line| line["value"].as_str());
                Ok::<_, anyhow::Error>(ask.header(name, value.context("a header is missing")?))
            })?;
            Ok(ask_once(self.receiver, &ask.header("Connection", "close"))?
                .status
                .into())
        };
        let status = call(body.to_owned())?;
        ensure!(is_accepted(status), "a genuine body was answered {status}");
        let status = call(body.replacen("webhook.test", "webhook.tess", 1))?;
        ensure!(is_refused(status), "a changed body was answered {status}");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_what_stands_between_its_fences() {
        let page = "```go tab=\"Go\"\nno\n```\n\n```python tab=\"Python\"\na = 1\n\nb = 2\n```\n";
        assert_eq!(printed(page, "Python").unwrap(), "a = 1\n\nb = 2\n");
        assert!(printed(page, "Rust").is_err());
    }
}
