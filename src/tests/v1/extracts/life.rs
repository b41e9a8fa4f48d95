//! What becomes of an extract: through a restart, a crash, its 72 hours, a reset.

use super::{ended, fetch, idle, made, order, text};
use crate::harness::{Developer, Portal};
use contract::{extracts::Extract, ids::SandboxId};
use portal::{extracts::link::Target, sandbox::extracts, store::StoreError};
use serde_json::json;
use std::path::{Path, PathBuf};

fn sandbox(developer: &Developer) -> SandboxId {
    developer.sandbox.parse().expect("an id")
}

/// Leaves the next extract as a server does that is killed while it makes it.
async fn crash(portal: &Portal, developer: &Developer) {
    let api = &portal.server.api;
    let tenant = api
        .tenants
        .get_current(&sandbox(developer))
        .await
        .expect("a tenant");
    let now = tenant.now(&portal.clock);
    let begun = tenant.write(move |tx| {
        Box::pin(async move { Ok::<_, StoreError>(extracts::begin_next(tx, now).await?.is_some()) })
    });
    assert!(begun.await.expect("a write"));
}

async fn file(portal: &Portal, developer: &Developer, extract: &serde_json::Value) -> PathBuf {
    let api = &portal.server.api;
    let tenant = api
        .tenants
        .get_current(&sandbox(developer))
        .await
        .expect("a tenant");
    let extract: Extract = serde_json::from_value(extract.clone()).expect("an extract");
    api.extracts.path(&tenant, &extract)
}

/// Waits until nothing lies there, in the meantime calling as a client would.
async fn gone(developer: &Developer, path: &Path) {
    for _ in 0..5_000 {
        if !path.exists() {
            return;
        }
        developer.get("/v1/extracts").await.expect(200);
    }
    panic!("{} is still there", path.display());
}

#[tokio::test]
async fn what_is_queued_is_made_after_a_restart() {
    let portal = idle().await;
    let developer = portal.sandbox().await;
    let body = order("transactions", "csv", json!({}));
    let id = developer.post("/v1/extracts", body).await.expect(202).id();
    let portal = portal.restart().await;
    let extract = ended(&developer, &id).await;
    let rows = text(&developer, &extract).await.lines().count() - 1;
    assert_eq!(extract["row_count"], rows);
    assert!(file(&portal, &developer, &extract).await.exists());
}

#[tokio::test]
async fn what_was_begun_when_the_server_died_is_begun_again_and_given_up_in_the_end() {
    let portal = idle().await;
    let developer = portal.sandbox().await;
    let (csv, parquet) = (
        order("holdings", "csv", json!({})),
        order("positions", "parquet", json!({})),
    );
    let unlucky = developer.post("/v1/extracts", csv).await.expect(202).id();
    for _ in 0..3 {
        crash(&portal, &developer).await;
    }
    let id = developer.post("/v1/extracts", parquet).await.expect(202).id();
    let running = developer
        .get(&format!("/v1/extracts/{unlucky}"))
        .await
        .expect(200)
        .json();
    assert_eq!(running["status"], "running");
    let _portal = portal.restart().await;
    let given_up = ended(&developer, &unlucky).await;
    assert_eq!(given_up["status"], "failed");
    assert_eq!(
        given_up["failure"],
        "It was begun 3 times and cut short each time."
    );
    assert_eq!(ended(&developer, &id).await["status"], "succeeded");
}

#[tokio::test]
async fn one_that_was_begun_once_is_made_after_the_crash() {
    let portal = idle().await;
    let developer = portal.sandbox().await;
    let body = order("performance", "ndjson", json!({}));
    let id = developer.post("/v1/extracts", body).await.expect(202).id();
    crash(&portal, &developer).await;
    let _portal = portal.restart().await;
    assert_eq!(ended(&developer, &id).await["status"], "succeeded");
}

#[tokio::test]
async fn a_file_goes_after_72_hours_and_its_record_stays() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let extract = made(&developer, order("positions", "csv", json!({}))).await;
    let path = file(&portal, &developer, &extract).await;
    assert!(path.exists());
    let advance = json!({ "by_seconds": 72 * 60 * 60 - 60 });
    developer
        .post("/sandbox/clock/advance", advance)
        .await
        .expect(200);
    assert_eq!(fetch(&developer, &extract, &[]).await.status(), 200);
    let advance = json!({ "by_seconds": 61 });
    developer
        .post("/sandbox/clock/advance", advance)
        .await
        .expect(200);
    assert_eq!(fetch(&developer, &extract, &[]).await.status(), 404);
    let listed = developer.get("/v1/extracts").await.expect(200).json();
    let record = &listed["data"][0];
    assert_eq!(
        (&record["status"], &record["download_url"]),
        (&json!("expired"), &json!(null))
    );
    for member in ["id", "purpose", "requested_by", "filters", "row_count", "sha256"] {
        assert_eq!(record[member], extract[member], "{member}");
    }
    gone(&developer, &path).await;
}

#[tokio::test]
async fn a_reset_takes_files_and_records_away() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let extract = made(&developer, order("positions", "csv", json!({}))).await;
    let path = file(&portal, &developer, &extract).await;
    developer.post("/sandbox/reset", json!({})).await.expect(200);
    assert_eq!(fetch(&developer, &extract, &[]).await.status(), 404);
    let listed = developer.get("/v1/extracts").await.expect(200).json();
    assert_eq!(listed["data"], json!([]));
    gone(&developer, &path).await;
    let again = made(&developer, order("positions", "csv", json!({}))).await;
    assert_eq!(again["status"], "succeeded");
}

#[tokio::test]
async fn a_link_to_what_is_not_whole_opens_nothing() {
    let portal = idle().await;
    let developer = portal.sandbox().await;
    let body = order("positions", "csv", json!({}));
    let id = developer.post("/v1/extracts", body).await.expect(202).id();
    let target = Target {
        sandbox: sandbox(&developer),
        epoch: 1,
        extract: id.parse().expect("an id"),
    };
    let link = portal.server.api.links.seal(&target, portal.clock.now());
    let anonymous = || async { developer.client.request("GET", &link).send().await };
    anonymous().await.expect(404);
    crash(&portal, &developer).await;
    let extract = developer
        .get(&format!("/v1/extracts/{id}"))
        .await
        .expect(200)
        .json();
    let path = file(&portal, &developer, &extract).await;
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(&path, "position_id\n").expect("a file");
    assert_eq!(extract["status"], "running");
    anonymous().await.expect(404);
}

#[tokio::test]
async fn a_deleted_sandbox_takes_files_and_records_away() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let extract = made(&developer, order("positions", "csv", json!({}))).await;
    let path = file(&portal, &developer, &extract).await;
    let tenants = &portal.server.api.tenants;
    tenants.delete(&sandbox(&developer)).await.expect("it is there");
    assert_eq!(fetch(&developer, &extract, &[]).await.status(), 404);
    assert!([401, 404].contains(&developer.get("/v1/extracts").await.status));
    let folder = path.ancestors().nth(2).expect("the sandbox's own");
    assert!(!folder.exists(), "{}", folder.display());
}
