//! The people of a workspace: invited, made admins, removed, let in again.

use super::{DAY, PASSWORD, colleague, link, owner, sign_in};
use crate::{
    harness::Portal,
    site::browser::{Browser, text_of},
};
use contract::Timestamp;
use portal::clock::Clock;

/// The id behind the controls of the member with this address.
pub(super) fn person(page: &str, email: &str) -> String {
    let (_, rest) = page.split_once(&format!("<h3>{email}")).expect("the member");
    let (_, rest) = rest.split_once("name=\"person\" value=\"").expect("controls");
    rest.split('"').next().expect("an id").to_owned()
}

#[tokio::test]
async fn an_invitation_lets_one_person_in_once() {
    let portal = Portal::new().await;
    let (owner, client_id) = owner(&portal, "mia@nordlys.example").await;
    let path = link(
        &owner,
        "/workspace/invite",
        &[("role", "member"), ("label", "Jon, back office")],
    )
    .await;
    let page = owner.get("/workspace").await.text;
    assert!(
        page.contains("Jon, back office") && text_of(&page, "one-time-link").is_none(),
        "shown once"
    );
    let code = path.split_once('=').expect("a code").1;
    let (jon, eve) = (Browser::new(&portal), Browser::new(&portal));
    let fields = |email| [("code", code), ("email", email), ("password", PASSWORD)];
    jon.post("/join", &fields("jon@nordlys.example"))
        .await
        .expect(303);
    assert_eq!(
        text_of(&jon.get("/sandbox").await.text, "client-id"),
        Some(client_id)
    );
    assert!(eve.get(&path).await.expect(410).text.contains("is no good"));
    eve.post("/join", &fields("eve@nordlys.example"))
        .await
        .expect(410);
    assert!(!eve.has_cookies());
    sign_in(&eve, "eve@nordlys.example", PASSWORD).await.expect(422);
    assert!(
        owner
            .get("/workspace")
            .await
            .text
            .contains("invited by mia@nordlys.example")
    );
}

#[tokio::test]
async fn an_invitation_is_revoked_or_ends_after_a_week() {
    let clock = Clock::fixed(Timestamp::from_millis(1_780_000_000_000));
    let portal = Portal::with(clock.clone(), |_| {}).await;
    let (owner, _) = owner(&portal, "mia@nordlys.example").await;
    let first = link(
        &owner,
        "/workspace/invite",
        &[("role", "member"), ("label", "Jon")],
    )
    .await;
    let page = owner.get("/workspace").await.text;
    let (_, rest) = page
        .split_once("name=\"invitation\" value=\"")
        .expect("an invitation");
    let id = rest.split('"').next().expect("an id");
    owner
        .post("/workspace/revoke", &[("invitation", id)])
        .await
        .expect(303);
    Browser::new(&portal).get(&first).await.expect(410);
    let second = link(
        &owner,
        "/workspace/invite",
        &[("role", "member"), ("label", "Jon")],
    )
    .await;
    clock.advance_millis(7 * DAY - 1);
    Browser::new(&portal).get(&second).await.expect(200);
    clock.advance_millis(1);
    Browser::new(&portal).get(&second).await.expect(410);
}

#[tokio::test]
async fn a_member_works_with_the_sandbox_but_does_not_hold_its_keys() {
    let portal = Portal::new().await;
    let (owner, client_id) = owner(&portal, "mia@nordlys.example").await;
    let jon = colleague(&portal, &owner, "jon@nordlys.example").await;
    assert!(jon.build("clients.list", &[]).await.text.contains("200"));
    let page = jon.get("/sandbox").await.text;
    assert!(page.contains("are for the admins") && !page.contains("action=\"/sandbox/delete\""));
    let (_, rest) = page.split_once("<h1>").expect("a heading");
    let name = rest.split('<').next().expect("a name");
    for path in ["/sandbox/rotate", "/sandbox/reset", "/sandbox/delete"] {
        jon.post(path, &[("confirm", name)]).await.expect(303);
        assert!(
            jon.get("/sandbox")
                .await
                .text
                .contains("Only an admin of the workspace may do that."),
            "{path}"
        );
    }
    let mia = person(&jon_sees(&owner).await, "jon@nordlys.example");
    for (path, fields) in [
        ("/workspace/invite", &[("role", "admin"), ("label", "Eve")][..]),
        ("/workspace/role", &[("person", mia.as_str()), ("role", "admin")]),
        ("/workspace/remove", &[("person", mia.as_str())]),
        ("/workspace/password-link", &[("person", mia.as_str())]),
    ] {
        jon.post(path, fields).await.expect(303);
        let page = jon.get("/workspace").await.text;
        assert!(
            page.contains("Only an admin of the workspace may do that."),
            "{path}"
        );
    }
    assert_eq!(
        text_of(&owner.get("/sandbox").await.text, "client-id"),
        Some(client_id)
    );
}

async fn jon_sees(owner: &Browser) -> String {
    owner.get("/workspace").await.expect(200).text
}

#[tokio::test]
async fn the_last_admin_stays_one_until_there_is_another() {
    let portal = Portal::new().await;
    let (mia, _) = owner(&portal, "mia@nordlys.example").await;
    let jon = colleague(&portal, &mia, "jon@nordlys.example").await;
    mia.post("/workspace/leave", &[]).await.expect(303);
    assert!(
        mia.get("/workspace")
            .await
            .text
            .contains("You are the only admin.")
    );
    let id = person(&mia.get("/workspace").await.text, "jon@nordlys.example");
    mia.post("/workspace/role", &[("person", &id), ("role", "admin")])
        .await
        .expect(303);
    assert!(jon.get("/workspace").await.text.contains("Make an invitation"));
    let left = mia.post("/workspace/leave", &[]).await.expect(303);
    assert_eq!(left.header("location"), Some("/workspace?left"));
    sign_in(&mia, "mia@nordlys.example", PASSWORD).await.expect(422);
    assert!(
        !jon.get("/workspace")
            .await
            .text
            .contains("<h3>mia@nordlys.example")
    );
}

#[tokio::test]
async fn whoever_is_removed_is_out_at_once() {
    let portal = Portal::new().await;
    let (mia, _) = owner(&portal, "mia@nordlys.example").await;
    let jon = colleague(&portal, &mia, "jon@nordlys.example").await;
    let id = person(&mia.get("/workspace").await.text, "jon@nordlys.example");
    mia.post("/workspace/remove", &[("person", &id)])
        .await
        .expect(303);
    assert!(jon.get("/sandbox").await.text.contains("You have none yet"));
    sign_in(&jon, "jon@nordlys.example", PASSWORD).await.expect(422);
}

#[tokio::test]
async fn a_password_link_sets_a_password_once_and_the_workspace_says_who_made_it() {
    let portal = Portal::new().await;
    let (mia, _) = owner(&portal, "mia@nordlys.example").await;
    let jon = colleague(&portal, &mia, "jon@nordlys.example").await;
    let id = person(&mia.get("/workspace").await.text, "jon@nordlys.example");
    let path = link(&mia, "/workspace/password-link", &[("person", &id)]).await;
    let code = path.split_once('=').expect("a code").1;
    let stranger = Browser::new(&portal);
    assert!(
        stranger
            .get(&path)
            .await
            .expect(200)
            .text
            .contains("jon@nordlys.example")
    );
    let refused = stranger
        .post("/password", &[("code", code), ("password", "short")])
        .await
        .expect(422);
    assert!(refused.text.contains("The password is too short"));
    let fields = [("code", code), ("password", "a password for jon")];
    stranger.post("/password", &fields).await.expect(303);
    stranger.post("/password", &fields).await.expect(410);
    assert!(
        jon.get("/workspace")
            .await
            .text
            .contains("No workspace in this browser"),
        "signed out"
    );
    sign_in(&jon, "jon@nordlys.example", PASSWORD).await.expect(422);
    sign_in(&jon, "jon@nordlys.example", "a password for jon")
        .await
        .expect(303);
    assert!(
        mia.get("/workspace")
            .await
            .text
            .contains("through a link made by mia@nordlys.example")
    );
}

#[tokio::test]
async fn an_admin_of_one_workspace_cannot_open_another_through_a_member_of_both() {
    let portal = Portal::new().await;
    let (mia, _) = owner(&portal, "mia@nordlys.example").await;
    let (jon, _) = owner(&portal, "jon@elsewhere.example").await;
    let path = link(&mia, "/workspace/invite", &[("role", "member"), ("label", "Jon")]).await;
    let code = path.split_once('=').expect("a code").1;
    assert!(jon.get(&path).await.text.contains("You are signed in as"));
    jon.post("/join", &[("code", code)]).await.expect(303);
    let id = person(&mia.get("/workspace").await.text, "jon@elsewhere.example");
    mia.post("/workspace/password-link", &[("person", &id)])
        .await
        .expect(303);
    assert!(
        mia.get("/workspace")
            .await
            .text
            .contains("belongs to another workspace too")
    );
}
