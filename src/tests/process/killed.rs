//! A server that is killed: nothing is made twice, and no event is lost.

use super::running::{Process, free_port, sandbox};
use crate::{harness::Developer, receiver::Receiver};
use serde_json::{Value, json};
use sqlx::Connection;
use std::{
    collections::{HashMap, HashSet},
    path::Path,
    time::{Duration, Instant},
};
use tokio::sync::watch;

/// How many requests are sent before each kill.
const REQUESTS: u32 = 24;

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
