//! Extracts of a server that is killed while it writes one, and of a sandbox that is deleted meanwhile.

use super::running::{Process, administer, free_port, sandbox};
use crate::harness::Developer;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

/// Long enough to be caught at it: ten years of every reporting entity.
async fn order(developer: &Developer) -> String {
    let body = json!({
        "dataset": "performance", "format": "ndjson", "purpose": "Reconciliation",
        "as_of": "2026-06-30", "filters": { "from": "2016-07-01" },
    });
    developer.post("/v1/extracts", body).await.expect(202).id()
}

/// The folder of a sandbox.
fn folder(data: &Path, developer: &Developer) -> PathBuf {
    let id = &developer.sandbox;
    data.join("sandboxes").join(&id[id.len() - 2..]).join(id)
}

/// Every extract's file, and what is on its way to be one.
fn files(data: &Path, developer: &Developer) -> Vec<String> {
    let entries = fs::read_dir(folder(data, developer).join("extracts-1"))
        .into_iter()
        .flatten();
    let mut names: Vec<String> = entries
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .into_string()
                .expect("a name")
        })
        .collect();
    names.sort_unstable();
    names
}

/// Waits until so many bytes of an extract that is not whole lie there.
fn catch(data: &Path, developer: &Developer, id: &str, bytes: u64) {
    let draft = folder(data, developer)
        .join("extracts-1")
        .join(format!("{id}.part"));
    let started = Instant::now();
    while !fs::metadata(&draft).is_ok_and(|found| found.len() >= bytes) {
        assert!(
            started.elapsed() < Duration::from_mins(1),
            "{id} is not being written"
        );
        std::thread::yield_now();
    }
}

/// The extract once it has ended; until then nothing of it can be fetched.
async fn ended(developer: &Developer, id: &str) -> Value {
    let started = Instant::now();
    loop {
        let extract = developer
            .get(&format!("/v1/extracts/{id}"))
            .await
            .expect(200)
            .json();
        if extract["status"] != "queued" && extract["status"] != "running" {
            return extract;
        }
        for member in ["download_url", "sha256", "size_bytes", "row_count"] {
            assert_eq!(extract[member], Value::Null, "{member}");
        }
        assert!(started.elapsed() < Duration::from_mins(2), "{extract}");
        tokio::task::yield_now().await;
    }
}

async fn fetched(developer: &Developer, extract: &Value) -> Vec<u8> {
    assert_eq!(extract["status"], "succeeded", "{extract}");
    let link = extract["download_url"].as_str().expect("a link");
    let answer = developer.client.http.get(link).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    answer.bytes().await.expect("the file").to_vec()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_extract_that_a_kill_cuts_short_is_whole_in_the_end() {
    let data = tempfile::tempdir().expect("a folder");
    let ports = (free_port(), free_port());
    let mut process = Process::start(data.path(), ports).await;
    let developer = sandbox(data.path(), &process).await;
    let undisturbed = order(&developer).await;
    let undisturbed = fetched(&developer, &ended(&developer, &undisturbed).await).await;
    let total = u64::try_from(undisturbed.len()).expect("a size");
    for knives in [&[0][..], &[1, total / 2]] {
        let id = order(&developer).await;
        for bytes in knives {
            catch(data.path(), &developer, &id, *bytes);
            process.child.kill().expect("it is killed");
            process.child.wait().expect("it died");
            let left = files(data.path(), &developer);
            assert!(left.contains(&format!("{id}.part")), "{left:?}");
            assert!(!left.contains(&format!("{id}.ndjson")), "{left:?}");
            process = Process::start(data.path(), ports).await;
        }
        let extract = ended(&developer, &id).await;
        let bytes = fetched(&developer, &extract).await;
        assert!(bytes == undisturbed, "the file is as if nothing had happened");
        assert_eq!(extract["sha256"], hex::encode(Sha256::digest(&bytes)));
        assert_eq!(extract["size_bytes"], bytes.len());
        let rows = bytes.split(|byte| *byte == b'\n').count() - 1;
        assert_eq!(extract["row_count"], rows);
    }
    let left = files(data.path(), &developer);
    assert!(
        left.len() == 3 && left.iter().all(|name| name.ends_with(".ndjson")),
        "{left:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_is_killed_too_often_is_given_up_and_leaves_no_file() {
    let data = tempfile::tempdir().expect("a folder");
    let ports = (free_port(), free_port());
    let mut process = Process::start(data.path(), ports).await;
    let developer = sandbox(data.path(), &process).await;
    let id = order(&developer).await;
    let draft = folder(data.path(), &developer).join(format!("extracts-1/{id}.part"));
    for round in 0..3 {
        catch(data.path(), &developer, &id, 1);
        process.child.kill().expect("it is killed");
        process.child.wait().expect("it died");
        if round < 2 {
            // So that the next one is told from it.
            fs::remove_file(&draft).expect("a draft");
        }
        process = Process::start(data.path(), ports).await;
    }
    assert_eq!(ended(&developer, &id).await["status"], "failed");
    let started = Instant::now();
    while !files(data.path(), &developer).is_empty() {
        assert!(
            started.elapsed() < Duration::from_secs(30),
            "{:?}",
            files(data.path(), &developer)
        );
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deleted_sandbox_takes_its_extracts_with_it_finished_or_not() {
    let data = tempfile::tempdir().expect("a folder");
    let mut process = Process::start(data.path(), (free_port(), free_port())).await;
    let developer = sandbox(data.path(), &process).await;
    let finished = order(&developer).await;
    let finished = ended(&developer, &finished).await;
    fetched(&developer, &finished).await;
    let running = order(&developer).await;
    let waiting = json!({ "dataset": "positions", "format": "csv", "purpose": "Reconciliation" });
    developer.post("/v1/extracts", waiting).await.expect(202);
    catch(data.path(), &developer, &running, 1);
    administer(data.path(), &["sandbox", "delete", &developer.sandbox]);
    let started = Instant::now();
    while developer.get("/v1/extracts").await.status != 401 {
        assert!(
            started.elapsed() < Duration::from_secs(10),
            "the deletion goes unnoticed"
        );
    }
    let link = finished["download_url"].as_str().expect("a link");
    let answer = developer.client.http.get(link).send().await.expect("an answer");
    assert_eq!(answer.status(), 404);
    // A server that ends waits for what it is writing, so nothing can come back after it.
    let id = process.child.id().to_string();
    let told = Command::new("kill")
        .args(["-TERM", &id])
        .status()
        .expect("kill runs");
    assert!(told.success() && process.child.wait().expect("it ends").success());
    assert!(
        !folder(data.path(), &developer).exists(),
        "{:?}",
        files(data.path(), &developer)
    );
}
