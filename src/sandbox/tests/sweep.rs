//! Unused sandboxes go when their time is over, and so does what a crash left on the disk.

use super::harness::World;
use crate::{
    sandbox::tenants::sweep::{Swept, kept},
    store::control::{sandboxes::SandboxRow, workspaces},
};
use contract::sandbox::Plan;
use std::path::PathBuf;

const HOUR: i64 = 60 * 60 * 1000;

fn folder(world: &World, row: &SandboxRow) -> PathBuf {
    let id = row.id.as_str();
    let shard = world.folder.path().join("sandboxes").join(&id[id.len() - 2..]);
    shard.join(id)
}

async fn visited(world: &World) -> SandboxRow {
    let mut write = world.control.begin().await.unwrap();
    let workspace = workspaces::create(&mut write, world.now()).await.unwrap();
    write.commit().await.unwrap();
    let name = "Visitor's".parse().unwrap();
    let created = world.tenants.create(name, Plan::Sandbox, Some(workspace.id));
    created.await.unwrap()
}

#[tokio::test]
async fn a_visitors_sandbox_goes_fourteen_days_after_its_last_use_and_no_other_does() {
    let world = World::new().await;
    let theirs = visited(&world).await;
    let (ours, _) = world.sandbox().await;
    world.clock.advance_millis(kept(false) - 1);
    assert_eq!(world.tenants.sweep().await.unwrap(), Swept::default());
    let late = visited(&world).await;
    world.clock.advance_millis(1);
    assert_eq!(world.tenants.sweep().await.unwrap().sandboxes, 1);
    assert!(!folder(&world, &theirs).exists());
    assert!(folder(&world, &late).exists() && folder(&world, &ours).exists());
    let gone = workspaces::get(&world.control, theirs.workspace_id.as_ref().unwrap()).await;
    assert_eq!(gone.unwrap(), None);
    world.tenants.get_current(&ours.id).await.unwrap();
    world.tenants.get_current(&theirs.id).await.unwrap_err();
}

#[tokio::test]
async fn a_visit_moves_the_date() {
    let world = World::new().await;
    let row = visited(&world).await;
    world.clock.advance_millis(kept(false) - 1);
    let mut write = world.control.begin().await.unwrap();
    let workspace = row.workspace_id.as_ref().unwrap();
    workspaces::touch(&mut write, workspace, world.now(), 0)
        .await
        .unwrap();
    write.commit().await.unwrap();
    world.clock.advance_millis(kept(false) - 1);
    assert_eq!(world.tenants.sweep().await.unwrap().sandboxes, 0);
    world.clock.advance_millis(1);
    assert_eq!(world.tenants.sweep().await.unwrap().sandboxes, 1);
}

#[tokio::test]
async fn what_a_crash_left_goes_once_nobody_can_be_working_on_it() {
    let world = World::new().await;
    let (row, _) = world.sandbox().await;
    let here = folder(&world, &row);
    let tail = &row.id.as_str()[4..];
    let (past, draft) = (here.join("tenant-0.db"), here.join(format!("draft-{tail}")));
    let orphan = here.with_file_name(format!("sbx_{}", tail.replace(char::is_alphabetic, "0")));
    std::fs::create_dir(&orphan).unwrap();
    for path in [&past, &draft, &orphan.join("tenant-1.db")] {
        std::fs::write(path, "left").unwrap();
    }
    world.clock.advance_millis(HOUR);
    assert_eq!(world.tenants.sweep().await.unwrap().leftovers, 3);
    assert!(!past.exists() && !draft.exists() && !orphan.exists());
    world.tenants.get_current(&row.id).await.unwrap();
}

#[tokio::test]
async fn a_removal_that_a_crash_cut_short_is_finished() {
    let world = World::new().await;
    let (row, _) = world.sandbox().await;
    let here = folder(&world, &row);
    world.tenants.delete(&row.id).await.unwrap();
    let gone = here.with_extension("gone");
    assert!(!here.exists() && !gone.exists());
    std::fs::create_dir(&gone).unwrap();
    std::fs::write(gone.join("tenant-1.db"), "left").unwrap();
    world.clock.advance_millis(HOUR);
    assert_eq!(world.tenants.sweep().await.unwrap().leftovers, 1);
    assert!(!gone.exists());
}

#[tokio::test]
async fn a_sandbox_that_is_being_made_is_left_alone() {
    let world = World::new().await;
    let (row, _) = world.sandbox().await;
    let draft = folder(&world, &row).join(format!("draft-{}", &row.id.as_str()[4..]));
    std::fs::write(&draft, "under way").unwrap();
    world.clock.advance_millis(HOUR - 1);
    assert_eq!(world.tenants.sweep().await.unwrap(), Swept::default());
    assert!(draft.exists());
}
