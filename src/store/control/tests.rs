//! The control database on real files.

mod people;

use super::{
    Control,
    api_clients::{self, ApiClientRow},
    sandboxes::{self, NewSandbox},
    workspaces,
};
use crate::ids;
use contract::{Timestamp, ids::SandboxId, sandbox::Plan};
use tempfile::TempDir;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(1_700_000_000_000 + millis)
}

async fn open() -> (TempDir, Control) {
    let folder = tempfile::tempdir().unwrap();
    let control = Control::open(&folder.path().join("control.db")).await.unwrap();
    (folder, control)
}

fn new_sandbox(millis: i64) -> NewSandbox {
    NewSandbox {
        id: ids::prefixed("sbx_", at(millis)).parse().unwrap(),
        name: "Demo".parse().unwrap(),
        plan: Plan::Sandbox,
        workspace_id: None,
    }
}

async fn create(control: &Control, new: &NewSandbox, millis: i64) -> SandboxId {
    let mut write = control.begin().await.unwrap();
    let row = sandboxes::create(&mut write, new, at(millis)).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(sandboxes::get(control, &row.id).await.unwrap(), Some(row.clone()));
    row.id
}

#[tokio::test]
async fn a_sandbox_is_created_changed_and_deleted() {
    let (_folder, control) = open().await;
    let id = create(&control, &new_sandbox(0), 0).await;

    let mut write = control.begin().await.unwrap();
    assert!(
        sandboxes::rename(&mut write, &id, &"Other".parse().unwrap(), at(1))
            .await
            .unwrap()
    );
    assert!(
        sandboxes::set_plan(&mut write, &id, Plan::Unlimited, at(2))
            .await
            .unwrap()
    );
    assert_eq!(
        sandboxes::bump_epoch(&mut write, &id, at(3)).await.unwrap(),
        Some(2)
    );
    write.commit().await.unwrap();
    let row = sandboxes::get(&control, &id).await.unwrap().unwrap();
    assert_eq!(
        (row.name.as_str(), row.plan, row.epoch, row.updated_at),
        ("Other", Plan::Unlimited, 2, at(3))
    );

    let mut write = control.begin().await.unwrap();
    assert!(sandboxes::delete(&mut write, &id).await.unwrap());
    assert!(!sandboxes::delete(&mut write, &id).await.unwrap());
    assert_eq!(sandboxes::bump_epoch(&mut write, &id, at(4)).await.unwrap(), None);
    write.commit().await.unwrap();
    assert_eq!(sandboxes::get(&control, &id).await.unwrap(), None);
}

#[tokio::test]
async fn a_transaction_that_is_dropped_changes_nothing() {
    let (_folder, control) = open().await;
    let new = new_sandbox(0);
    let mut write = control.begin().await.unwrap();
    sandboxes::create(&mut write, &new, at(0)).await.unwrap();
    drop(write);
    assert_eq!(sandboxes::get(&control, &new.id).await.unwrap(), None);
    create(&control, &new, 0).await;
}

#[tokio::test]
async fn the_list_of_sandboxes_walks_in_order_of_creation() {
    let (_folder, control) = open().await;
    let mut ids = Vec::new();
    for millis in 0..5 {
        ids.push(create(&control, &new_sandbox(millis), millis).await);
    }
    let first = sandboxes::list(&control, None, 3).await.unwrap();
    let second = sandboxes::list(&control, Some(&first[2].id), 3).await.unwrap();
    let walked: Vec<SandboxId> = first.into_iter().chain(second).map(|row| row.id).collect();
    assert_eq!(walked, ids);
}

#[tokio::test]
async fn sandboxes_are_due_in_the_order_of_their_dates() {
    let (_folder, control) = open().await;
    let early = create(&control, &new_sandbox(0), 0).await;
    let late = create(&control, &new_sandbox(1), 1).await;
    let never = create(&control, &new_sandbox(2), 2).await;
    let mut write = control.begin().await.unwrap();
    for (id, due) in [(&late, Some(at(900))), (&early, Some(at(100))), (&never, None)] {
        assert!(sandboxes::set_due(&mut write, id, due).await.unwrap());
    }
    write.commit().await.unwrap();
    assert_eq!(sandboxes::next_due(&control).await.unwrap(), Some(at(100)));
    assert_eq!(
        sandboxes::due_before(&control, at(899), 10).await.unwrap(),
        std::slice::from_ref(&early)
    );
    assert_eq!(
        sandboxes::due_before(&control, at(900), 10).await.unwrap(),
        [early, late]
    );
}

#[tokio::test]
async fn use_is_noted_once_per_interval() {
    let (_folder, control) = open().await;
    let id = create(&control, &new_sandbox(0), 0).await;
    for (now, noted) in [(59_999, 0), (60_000, 60_000), (60_001, 60_000)] {
        let mut write = control.begin().await.unwrap();
        sandboxes::touch(&mut write, &id, at(now), 60_000).await.unwrap();
        write.commit().await.unwrap();
        let row = sandboxes::get(&control, &id).await.unwrap().unwrap();
        assert_eq!(row.last_used_at, at(noted), "at {now}");
    }
}

#[tokio::test]
async fn a_workspace_stays_while_it_has_sandboxes() {
    let (_folder, control) = open().await;
    let mut write = control.begin().await.unwrap();
    let workspace = workspaces::create(&mut write, at(0)).await.unwrap();
    let new = NewSandbox {
        workspace_id: Some(workspace.id.clone()),
        ..new_sandbox(0)
    };
    let sandbox = sandboxes::create(&mut write, &new, at(0)).await.unwrap();
    let client = ApiClientRow {
        client_id: "ci_00000000000000000000000000".parse().unwrap(),
        sandbox_id: sandbox.id.clone(),
        scopes: "clients:read".parse().unwrap(),
        created_at: at(0),
    };
    api_clients::create(&mut write, &client).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(
        sandboxes::of_workspace(&control, &workspace.id).await.unwrap(),
        Some((sandbox.clone(), client.client_id, client.scopes))
    );

    let mut write = control.begin().await.unwrap();
    workspaces::delete(&mut write, &workspace.id).await.unwrap_err();
    sandboxes::delete(&mut write, &sandbox.id).await.unwrap();
    assert!(workspaces::delete(&mut write, &workspace.id).await.unwrap());
    write.commit().await.unwrap();
    assert_eq!(workspaces::get(&control, &workspace.id).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn handles_that_open_and_write_at_once_wait_for_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("control.db");
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..8 {
        let path = path.clone();
        tasks.spawn(async move {
            let control = Control::open(&path).await.unwrap();
            for round in 0..10 {
                create(&control, &new_sandbox(task * 10 + round), 0).await;
            }
        });
    }
    tasks.join_all().await;
    let control = Control::open(&path).await.unwrap();
    assert_eq!(sandboxes::list(&control, None, 100).await.unwrap().len(), 80);
}

#[tokio::test]
async fn a_copy_holds_everything_and_is_never_written_over() {
    let (folder, control) = open().await;
    let id = create(&control, &new_sandbox(0), 0).await;
    let path = folder.path().join("copy.db");
    control.copy_to(&path).await.unwrap();
    control.copy_to(&path).await.unwrap_err();
    let copy = Control::open(&path).await.unwrap();
    assert!(sandboxes::get(&copy, &id).await.unwrap().is_some());
}
