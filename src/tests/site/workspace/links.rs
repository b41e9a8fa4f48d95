//! Links that set a password or let somebody in end with the rights that they were made with.

use super::{PASSWORD, colleague, link, members::person, owner, sign_in};
use crate::{
    harness::Portal,
    site::{
        board::{case, staff_at},
        browser::{Browser, text_of},
    },
};

const OTHER: &str = "another four words";

/// A link with which an admin lets a member of theirs set a password.
async fn password_link(admin: &Browser, email: &str) -> String {
    let id = person(&admin.get("/workspace").await.text, email);
    link(admin, "/workspace/password-link", &[("person", &id)]).await
}

/// Makes somebody a member or an admin.
async fn set_role(admin: &Browser, email: &str, role: &str) {
    let id = person(&admin.get("/workspace").await.text, email);
    let fields = [("person", id.as_str()), ("role", role)];
    admin.post("/workspace/role", &fields).await.expect(303);
}

/// Asserts that a password link neither shows whose it is nor sets a password, and that the old password still works.
async fn assert_ended(portal: &Portal, path: &str, email: &str) {
    let thief = Browser::new(portal);
    let page = thief.get(path).await.expect(410).text;
    assert!(!page.contains(email), "the link still says whose it was");
    let (_, code) = path.split_once('=').expect("a code");
    let fields = [("code", code), ("password", OTHER)];
    thief.post("/password", &fields).await.expect(410);
    sign_in(&thief, email, OTHER).await.expect(422);
    sign_in(&Browser::new(portal), email, PASSWORD).await.expect(303);
}

#[tokio::test]
async fn a_password_link_ends_when_the_person_joins_another_workspace() {
    let portal = Portal::new().await;
    let (mia, _) = owner(&portal, "mia@nordlys.example").await;
    let (eva, _) = owner(&portal, "eva@elsewhere.example").await;
    let jon = colleague(&portal, &mia, "jon@nordlys.example").await;
    let made = password_link(&mia, "jon@nordlys.example").await;
    let invitation = link(&eva, "/workspace/invite", &[("role", "member"), ("label", "Jon")]).await;
    let (_, code) = invitation.split_once('=').expect("a code");
    jon.post("/join", &[("code", code)]).await.expect(303);
    assert_ended(&portal, &made, "jon@nordlys.example").await;
}

#[tokio::test]
async fn a_password_link_ends_when_the_person_claims_a_workspace() {
    let portal = Portal::new().await;
    let (mia, _) = owner(&portal, "mia@nordlys.example").await;
    colleague(&portal, &mia, "jon@nordlys.example").await;
    let made = password_link(&mia, "jon@nordlys.example").await;
    owner(&portal, "jon@nordlys.example").await;
    assert_ended(&portal, &made, "jon@nordlys.example").await;
}

#[tokio::test]
async fn a_password_link_ends_when_the_person_is_removed_or_leaves() {
    let portal = Portal::new().await;
    let (mia, _) = owner(&portal, "mia@nordlys.example").await;
    for leaves in [true, false] {
        let email = if leaves {
            "jon@nordlys.example"
        } else {
            "ole@nordlys.example"
        };
        let member = colleague(&portal, &mia, email).await;
        let made = password_link(&mia, email).await;
        if leaves {
            member.post("/workspace/leave", &[]).await.expect(303);
        } else {
            let id = person(&mia.get("/workspace").await.text, email);
            mia.post("/workspace/remove", &[("person", &id)])
                .await
                .expect(303);
        }
        owner(&portal, email).await;
        assert_ended(&portal, &made, email).await;
    }
}

#[tokio::test]
async fn a_password_link_ends_when_the_person_gets_another_role() {
    let portal = Portal::new().await;
    let (mia, _) = owner(&portal, "mia@nordlys.example").await;
    colleague(&portal, &mia, "jon@nordlys.example").await;
    let made = password_link(&mia, "jon@nordlys.example").await;
    set_role(&mia, "jon@nordlys.example", "admin").await;
    assert_ended(&portal, &made, "jon@nordlys.example").await;
}

#[tokio::test]
async fn a_password_link_ends_when_its_maker_is_no_admin_any_more() {
    let portal = Portal::new().await;
    let (mia, _) = owner(&portal, "mia@nordlys.example").await;
    let eva = colleague(&portal, &mia, "eva@nordlys.example").await;
    colleague(&portal, &mia, "jon@nordlys.example").await;
    for end in ["/workspace/role", "/workspace/remove"] {
        set_role(&mia, "eva@nordlys.example", "admin").await;
        let made = password_link(&eva, "jon@nordlys.example").await;
        let id = person(&mia.get("/workspace").await.text, "eva@nordlys.example");
        let fields = [("person", id.as_str()), ("role", "member")];
        mia.post(end, &fields).await.expect(303);
        assert_ended(&portal, &made, "jon@nordlys.example").await;
    }
}

#[tokio::test]
async fn a_password_link_ends_when_the_person_changes_the_password() {
    let portal = Portal::new().await;
    let (mia, _) = owner(&portal, "mia@nordlys.example").await;
    let jon = colleague(&portal, &mia, "jon@nordlys.example").await;
    let made = password_link(&mia, "jon@nordlys.example").await;
    for (current, new) in [(PASSWORD, "words of his own"), ("words of his own", PASSWORD)] {
        let fields = [("current", current), ("password", new)];
        jon.post("/workspace/password", &fields).await.expect(303);
    }
    assert_ended(&portal, &made, "jon@nordlys.example").await;
}

#[tokio::test]
async fn a_password_link_by_staff_ends_with_the_persons_membership_and_with_the_maker() {
    let portal = Portal::new().await;
    let (mia, _) = owner(&portal, "mia@nordlys.example").await;
    let desk = staff_at(&portal).await;
    let case = case(&desk, "Nordlys Capital").await;
    let workspace = case.rsplit('/').next().expect("an id");
    let ask = async |email: &str| {
        let id = person(&mia.get("/workspace").await.text, email);
        let fields = [("workspace", workspace), ("person", id.as_str())];
        desk.post("/board/password-link", &fields).await.expect(303);
        let url = text_of(&desk.get(&case).await.text, "one-time-link").expect("a link");
        let (_, path) = url.split_once("//").expect("a URL");
        path[path.find('/').expect("a path")..].to_owned()
    };
    let jon = colleague(&portal, &mia, "jon@nordlys.example").await;
    let made = ask("jon@nordlys.example").await;
    jon.post("/workspace/leave", &[]).await.expect(303);
    owner(&portal, "jon@nordlys.example").await;
    assert_ended(&portal, &made, "jon@nordlys.example").await;

    colleague(&portal, &mia, "ole@nordlys.example").await;
    let made = ask("ole@nordlys.example").await;
    let mut write = portal.server.control.begin().await.expect("a transaction");
    portal::store::control::staff::remove(&mut write, "ops@aleta.example")
        .await
        .expect("removed");
    write.commit().await.expect("a commit");
    assert_ended(&portal, &made, "ole@nordlys.example").await;
}

#[tokio::test]
async fn an_invitation_ends_when_its_maker_is_no_admin_any_more() {
    let portal = Portal::new().await;
    let (mia, _) = owner(&portal, "mia@nordlys.example").await;
    let eva = colleague(&portal, &mia, "eva@nordlys.example").await;
    for end in ["/workspace/role", "/workspace/remove"] {
        set_role(&mia, "eva@nordlys.example", "admin").await;
        let made = link(
            &eva,
            "/workspace/invite",
            &[("role", "admin"), ("label", "Way back")],
        )
        .await;
        let id = person(&mia.get("/workspace").await.text, "eva@nordlys.example");
        let fields = [("person", id.as_str()), ("role", "member")];
        mia.post(end, &fields).await.expect(303);
        assert!(!mia.get("/workspace").await.text.contains("Way back"));
        let stranger = Browser::new(&portal);
        stranger.get(&made).await.expect(410);
        let (_, code) = made.split_once('=').expect("a code");
        let fields = [
            ("code", code),
            ("email", "way@back.example"),
            ("password", PASSWORD),
        ];
        stranger.post("/join", &fields).await.expect(410);
    }
}
