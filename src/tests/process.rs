//! The real binary: crashes, administration beside a running server, backups, a drained shutdown.

mod extracts;

use crate::{
    harness::{Anonymous, Developer},
    receiver::Receiver,
};
use serde_json::{Value, json};
use sqlx::Connection;
use std::{
    collections::{HashMap, HashSet},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tokio::sync::watch;

/// How many requests are sent before each kill.
const REQUESTS: u32 = 24;
const PORTAL: &str = env!("CARGO_BIN_EXE_portal");

/// A server process, killed when the test ends.
struct Process {
    child: Child,
    api: String,
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a port")
        .port()
}

impl Process {
    async fn start(folder: &Path, ports: (u16, u16)) -> Self {
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

    fn anonymous(&self) -> Anonymous {
        Anonymous {
            http: reqwest::Client::new(),
            base: self.api.clone(),
        }
    }
}

fn administer(folder: &Path, arguments: &[&str]) -> String {
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

async fn sandbox(folder: &Path, process: &Process) -> Developer {
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

/// Sends creates with keys `{round}-{n}` and kills the server as soon as `knife` ends, which is told how many answers have
/// come; returns the ids that were acknowledged.
async fn create_until_killed(
    developer: &Developer,
    round: u32,
    process: &mut Process,
    knife: impl AsyncFnOnce(watch::Receiver<u32>),
) -> HashMap<String, String> {
    let (answered, answers) = watch::channel(0);
    let requests = (0..REQUESTS).map(|number| {
        let key = format!("{round}-{number}");
        let request = developer
            .client
            .http
            .post(format!("{}/v1/clients", developer.client.base));
        let request = request
            .bearer_auth(&developer.token)
            .header("idempotency-key", &key);
        let request = request.json(&json!({ "name": key, "reference_currency": "EUR" }));
        let answered = &answered;
        async move {
            let answer = request.send().await;
            answered.send_modify(|number| *number += 1);
            let answer = answer.ok().filter(|answer| answer.status() == 201)?;
            let body: Value = answer.json().await.ok()?;
            Some((key, body["id"].as_str()?.to_owned()))
        }
    });
    let all = futures::future::join_all(requests);
    let kill = async {
        knife(answers).await;
        process.child.kill().ok();
    };
    let (acknowledged, ()) = futures::future::join(all, kill).await;
    acknowledged.into_iter().flatten().collect()
}

/// Waits for so many answers as differ from round to round: the rest is in flight or ahead.
async fn some_answers(round: u32, mut answers: watch::Receiver<u32>) {
    let number = round * 7 % REQUESTS;
    answers.wait_for(|come| *come >= number).await.ok();
}

#[tokio::test]
async fn a_key_makes_one_object_even_when_the_server_is_killed() {
    let folder = tempfile::tempdir().expect("a folder");
    let ports = (free_port(), free_port());
    let mut process = Process::start(folder.path(), ports).await;
    let developer = sandbox(folder.path(), &process).await;
    let mut kept = 0;
    for round in 0..6 {
        let knife = async |answers| some_answers(round, answers).await;
        let acknowledged = create_until_killed(&developer, round, &mut process, knife).await;
        process.child.wait().expect("it died");
        process = Process::start(folder.path(), ports).await;
        let mut ids = HashMap::new();
        for number in 0..REQUESTS {
            let key = format!("{round}-{number}");
            let request = developer
                .request("POST", "/v1/clients")
                .header("idempotency-key", &key);
            let answer = request
                .json(json!({ "name": key, "reference_currency": "EUR" }))
                .send()
                .await
                .expect(201);
            ids.insert(key, answer.id());
        }
        kept += acknowledged.len();
        for (key, id) in acknowledged {
            assert_eq!(
                ids.get(&key),
                Some(&id),
                "what was acknowledged under {key} is what its key answers"
            );
        }
        assert_eq!(
            count(&developer, round).await,
            usize::try_from(REQUESTS).expect("a number"),
            "round {round}: one object per key"
        );
    }
    assert_ne!(kept, 0, "the knife fell on nothing");
}

async fn count(developer: &Developer, round: u32) -> usize {
    let (mut path, mut found) = ("/v1/clients?limit=100".to_owned(), 0);
    loop {
        let page = developer.get(&path).await.expect(200).json();
        let rows = page["data"].as_array().expect("rows").iter();
        found += rows
            .filter(|row| {
                row["name"]
                    .as_str()
                    .is_some_and(|name| name.starts_with(&format!("{round}-")))
            })
            .count();
        match page["next_cursor"].as_str() {
            Some(cursor) => path = format!("/v1/clients?limit=100&cursor={cursor}"),
            None => return found,
        }
    }
}

#[tokio::test]
async fn administration_works_beside_a_running_server() {
    let folder = tempfile::tempdir().expect("a folder");
    let process = Process::start(folder.path(), (free_port(), free_port())).await;
    let developer = sandbox(folder.path(), &process).await;
    developer.get("/v1/clients").await.expect(200);
    assert!(administer(folder.path(), &["sandbox", "list"]).contains(&developer.sandbox));
    administer(folder.path(), &["sandbox", "delete", &developer.sandbox]);
    let started = Instant::now();
    while developer.get("/v1/clients").await.status != 401 {
        assert!(
            started.elapsed() < Duration::from_secs(10),
            "the server has not noticed the deletion"
        );
    }
    let staff = administer(folder.path(), &["staff", "add", "--email", "Ops@example.com"]);
    assert!(
        staff.starts_with("ops@example.com is staff\n") && staff.contains("/password?code="),
        "{staff}"
    );
    assert_eq!(administer(folder.path(), &["staff", "list"]), "ops@example.com\n");
    assert!(
        administer(folder.path(), &["staff", "link", "--email", "ops@example.com"])
            .contains("/password?code=")
    );
    administer(folder.path(), &["staff", "remove", "--email", "ops@example.com"]);
    administer(folder.path(), &["keys", "rotate"]);
    administer(folder.path(), &["keys", "rotate", "--webhooks"]);
    let keys = process
        .anonymous()
        .request("GET", "/.well-known/jwks.json")
        .send()
        .await
        .expect(200)
        .json();
    assert!(keys["keys"].as_array().is_some_and(|keys| !keys.is_empty()));
    let document: Value = serde_json::from_str(&administer(folder.path(), &["openapi"])).expect("JSON");
    assert_eq!(document["openapi"], "3.1.0");
}

#[tokio::test]
async fn a_backup_of_a_running_server_starts_a_server_with_the_same_data() {
    let folder = tempfile::tempdir().expect("a folder");
    let process = Process::start(folder.path(), (free_port(), free_port())).await;
    let developer = sandbox(folder.path(), &process).await;
    let id = developer
        .post(
            "/v1/clients",
            json!({ "name": "Kept", "reference_currency": "EUR" }),
        )
        .await
        .expect(201)
        .id();
    let copies = tempfile::tempdir().expect("a folder");
    let copy = copies.path().join("backup");
    administer(folder.path(), &["backup", "--to", copy.to_str().expect("a path")]);
    let later = developer
        .post(
            "/v1/clients",
            json!({ "name": "Later", "reference_currency": "EUR" }),
        )
        .await
        .expect(201)
        .id();
    let restored = Process::start(&copy, (free_port(), free_port())).await;
    let client = restored.anonymous();
    let token = client
        .token(&developer.client_id, &developer.client_secret, None)
        .await;
    let developer = Developer {
        client,
        token,
        ..developer
    };
    developer.get(&format!("/v1/clients/{id}")).await.expect(200);
    developer.get(&format!("/v1/clients/{later}")).await.expect(404);
}

#[tokio::test]
async fn a_server_that_is_told_to_stop_ends_with_success() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut process = Process::start(folder.path(), (free_port(), free_port())).await;
    let id = process.child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .expect("kill runs")
            .success()
    );
    let status = process.child.wait().expect("it ends");
    assert!(status.success(), "{status}");
}

#[tokio::test]
async fn no_event_is_lost_on_its_way_when_the_server_is_killed() {
    let rounds = std::env::var("PORTAL_KILL_ROUNDS").ok();
    let rounds: u32 = rounds.and_then(|text| text.parse().ok()).unwrap_or(5);
    let folder = tempfile::tempdir().expect("a folder");
    let ports = (free_port(), free_port());
    let mut process = Process::start(folder.path(), ports).await;
    let developer = sandbox(folder.path(), &process).await;
    let receiver = Receiver::new().await;
    let listens = json!({ "url": receiver.url(), "event_types": ["client.created"] });
    let endpoint = developer.post("/v1/webhooks", listens).await.expect(201).id();
    let mut acknowledged = HashSet::new();
    for round in 0..rounds {
        // Half of the rounds end while events are on their way, the others while clients are made.
        let arrived = receiver.seen().len() + 1 + usize::try_from(round % 8).expect("a number");
        let knife = async |answers| match round % 2 {
            0 => drop(receiver.until(arrived).await),
            _ => some_answers(round, answers).await,
        };
        let made = create_until_killed(&developer, round, &mut process, knife).await;
        acknowledged.extend(made.into_values());
        process.child.wait().expect("it died");
        process = Process::start(folder.path(), ports).await;
    }
    assert!(!acknowledged.is_empty(), "the knife fell on nothing");
    acknowledged.insert(created(&developer).await);
    let started = Instant::now();
    let waiting = format!("/v1/webhooks/{endpoint}/deliveries?status=waiting");
    while developer.get(&waiting).await.expect(200).json()["data"] != json!([]) {
        assert!(
            started.elapsed() < Duration::from_mins(1),
            "some deliveries wait for ever"
        );
        tokio::task::yield_now().await;
    }
    let delivered = listed(
        &developer,
        &format!("/v1/webhooks/{endpoint}/deliveries?status=delivered"),
    )
    .await;
    let told: HashSet<String> = listed(&developer, "/v1/events?type=client.created")
        .await
        .into_iter()
        .filter(|event| {
            !event["data"]["client_id"]
                .as_str()
                .is_some_and(|id| id.starts_with("66a1f0c2"))
        })
        .map(|event| {
            acknowledged.remove(event["data"]["client_id"].as_str().expect("an id"));
            event["event_id"].as_str().expect("an id").to_owned()
        })
        .collect();
    assert!(
        acknowledged.is_empty(),
        "clients without an event: {acknowledged:?}"
    );
    let queued: HashSet<String> = delivered
        .iter()
        .map(|delivery| delivery["event_id"].as_str().expect("an id").to_owned())
        .collect();
    assert_eq!(
        told, queued,
        "each event has its delivery, and each delivery its event"
    );
    let arrived: HashSet<String> = receiver
        .seen()
        .iter()
        .map(|one| one.header("webhook-id").to_owned())
        .collect();
    assert_eq!(told, arrived, "each event arrived, and nothing else did");
    drop(process);
    let (first, last, number) = numbers(folder.path(), &developer.sandbox).await;
    assert_eq!(last - first + 1, number, "no number is left out");
}

/// The first and the last number of the events in a sandbox's file, and how many they are.
async fn numbers(folder: &Path, sandbox: &str) -> (i64, i64, i64) {
    let shelf = &sandbox[sandbox.len() - 2..];
    let file = folder
        .join("sandboxes")
        .join(shelf)
        .join(sandbox)
        .join("tenant-1.db");
    let url = format!("sqlite://{}", file.display());
    let mut file = sqlx::SqliteConnection::connect(&url).await.expect("a database");
    sqlx::query_as("SELECT min(seq), max(seq), count(*) FROM events")
        .fetch_one(&mut file)
        .await
        .expect("numbers")
}

async fn created(developer: &Developer) -> String {
    let body = json!({ "name": "After all", "reference_currency": "EUR" });
    developer.post("/v1/clients", body).await.expect(201).id()
}

/// Every row of a list.
async fn listed(developer: &Developer, path: &str) -> Vec<Value> {
    let separator = if path.contains('?') { '&' } else { '?' };
    let (mut next, mut rows) = (format!("{path}{separator}limit=100"), Vec::new());
    loop {
        let page = developer.get(&next).await.expect(200).json();
        rows.extend(page["data"].as_array().expect("rows").iter().cloned());
        if page["has_more"] != true {
            return rows;
        }
        let cursor = page["next_cursor"].as_str().expect("a cursor");
        next = format!("{path}{separator}limit=100&cursor={cursor}");
    }
}
