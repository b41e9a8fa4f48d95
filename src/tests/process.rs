//! The real binary: crashes, administration beside a running server, backups, a drained shutdown.

mod extracts;
mod killed;
mod running;

use crate::harness::Developer;
use running::{Process, administer, free_port, sandbox};
use serde_json::{Value, json};
use std::{
    process::Command,
    time::{Duration, Instant},
};

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
