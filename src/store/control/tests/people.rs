//! Sessions, staff and the secrets that processes share.

use super::{at, open};
use crate::store::control::{
    server_secrets,
    sessions::{self, SessionHash, SessionRow},
    staff, workspaces,
};

#[tokio::test]
async fn a_session_lives_until_it_ends_or_its_workspace_goes() {
    let (_folder, control) = open().await;
    let mut write = control.begin().await.unwrap();
    let workspace = workspaces::create(&mut write, at(0)).await.unwrap();
    let session = SessionRow {
        workspace_id: workspace.id.clone(),
        person_id: None,
        csrf: "csrf".to_owned(),
        created_at: at(0),
        last_used_at: at(0),
        expires_at: at(100),
    };
    let (hash, other) = (SessionHash::of("one"), SessionHash::of("two"));
    sessions::create(&mut write, &hash, &session).await.unwrap();
    sessions::create(&mut write, &other, &session).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(
        sessions::get(&control, &hash, at(99)).await.unwrap(),
        Some(session.clone())
    );
    assert_eq!(sessions::get(&control, &hash, at(100)).await.unwrap(), None);
    assert_eq!(
        sessions::get(&control, &SessionHash::of("three"), at(0))
            .await
            .unwrap(),
        None
    );

    let mut write = control.begin().await.unwrap();
    assert!(sessions::touch(&mut write, &hash, at(50), at(200)).await.unwrap());
    assert_eq!(sessions::forget_expired(&mut write, at(100)).await.unwrap(), 1);
    assert!(!sessions::delete(&mut write, &other).await.unwrap());
    write.commit().await.unwrap();
    let touched = SessionRow {
        last_used_at: at(50),
        expires_at: at(200),
        ..session
    };
    assert_eq!(
        sessions::get(&control, &hash, at(150)).await.unwrap(),
        Some(touched)
    );

    let mut write = control.begin().await.unwrap();
    workspaces::touch(&mut write, &workspace.id, at(60), 60)
        .await
        .unwrap();
    write.commit().await.unwrap();
    let row = workspaces::get(&control, &workspace.id).await.unwrap().unwrap();
    assert_eq!(row.last_used_at, at(60));
    let mut write = control.begin().await.unwrap();
    assert!(workspaces::delete(&mut write, &workspace.id).await.unwrap());
    write.commit().await.unwrap();
    assert_eq!(sessions::get(&control, &hash, at(150)).await.unwrap(), None);
}

#[tokio::test]
async fn an_address_is_staff_once() {
    let (_folder, control) = open().await;
    let mut write = control.begin().await.unwrap();
    assert!(staff::add(&mut write, "b@example.test", at(0)).await.unwrap());
    assert!(staff::add(&mut write, "a@example.test", at(0)).await.unwrap());
    assert!(!staff::add(&mut write, "a@example.test", at(1)).await.unwrap());
    write.commit().await.unwrap();
    assert_eq!(
        staff::list(&control).await.unwrap(),
        ["a@example.test", "b@example.test"]
    );
    assert!(staff::get(&control, "a@example.test").await.unwrap().is_some());
    assert_eq!(staff::get(&control, "c@example.test").await.unwrap(), None);
}

#[tokio::test]
async fn a_shared_secret_is_made_once_under_each_name() {
    let (folder, control) = open().await;
    let first = server_secrets::get_or_create(&control, "cursors").await.unwrap();
    assert_ne!(
        first,
        server_secrets::get_or_create(&control, "links").await.unwrap()
    );
    let again = crate::store::control::Control::open(&folder.path().join("control.db"))
        .await
        .unwrap();
    assert_eq!(
        first,
        server_secrets::get_or_create(&again, "cursors").await.unwrap()
    );
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_can_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, control) = open().await;
    control.begin().await.unwrap().commit().await.unwrap();
    for name in ["control.db", "control.db-wal", "control.db-shm"] {
        let mode = std::fs::metadata(folder.path().join(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o077, 0, "{name}");
    }
}
