//! A workspace that people claim, sign in to, and share.

mod links;
mod members;
mod signed_in;

use super::browser::{Browser, text_of};
use crate::harness::{Answer, Portal};
use contract::Timestamp;
use portal::{clock::Clock, store::control::sandboxes};

pub(super) const PASSWORD: &str = "four words make one";
const DAY: i64 = 24 * 60 * 60 * 1000;

/// Claims the workspace of a browser that has created a sandbox.
pub(super) async fn claim(visitor: &Browser, email: &str) -> Answer {
    let fields = [
        ("name", "Nordlys Capital"),
        ("email", email),
        ("password", PASSWORD),
    ];
    visitor.post("/workspace/claim", &fields).await
}

/// Somebody with a sandbox in a workspace of their own, and the client id of it.
pub(super) async fn owner(portal: &Portal, email: &str) -> (Browser, String) {
    let owner = Browser::new(portal);
    let credentials = owner.create_sandbox().await;
    claim(&owner, email).await.expect(303);
    owner.get("/workspace").await.expect(200);
    (owner, credentials.client_id)
}

async fn sign_in(visitor: &Browser, email: &str, password: &str) -> Answer {
    visitor
        .post("/sign-in", &[("email", email), ("password", password)])
        .await
}

/// Presses a button of the workspace page that makes a link, and reads the path that it shows once.
async fn link(admin: &Browser, path: &str, fields: &[(&str, &str)]) -> String {
    admin.post(path, fields).await.expect(303);
    let page = admin.get("/workspace").await.expect(200).text;
    let url = text_of(&page, "one-time-link").expect("a link");
    let (_, path) = url.split_once("//").expect("a URL");
    path[path.find('/').expect("a path")..].to_owned()
}

/// A colleague who has taken an invitation of this admin's.
pub(super) async fn colleague(portal: &Portal, admin: &Browser, email: &str) -> Browser {
    let path = link(
        admin,
        "/workspace/invite",
        &[("role", "member"), ("label", "Jon")],
    )
    .await;
    let code = path.split_once('=').expect("a code").1.to_owned();
    let colleague = Browser::new(portal);
    assert!(
        colleague
            .get(&path)
            .await
            .expect(200)
            .text
            .contains("Join Nordlys Capital")
    );
    let fields = [("code", code.as_str()), ("email", email), ("password", PASSWORD)];
    colleague.post("/join", &fields).await.expect(303);
    colleague
}

fn session(answer: &Answer) -> String {
    let cookie = answer.header("set-cookie").expect("a session");
    cookie.split(';').next().expect("a pair").to_owned()
}

#[tokio::test]
async fn a_claimed_workspace_opens_in_another_browser_and_shows_its_sandbox() {
    let portal = Portal::new().await;
    let (_, client_id) = owner(&portal, "Mia@Nordlys.example").await;
    let elsewhere = Browser::new(&portal);
    let answer = sign_in(&elsewhere, "mia@nordlys.example", PASSWORD)
        .await
        .expect(303);
    assert_eq!(answer.header("location"), Some("/workspace"));
    let page = elsewhere.get("/workspace").await.expect(200).text;
    assert_eq!(
        text_of(&page, "signed-in").as_deref(),
        Some("mia@nordlys.example")
    );
    assert!(page.contains("2 browsers"), "{page}");
    let page = elsewhere.get("/sandbox").await.text;
    assert_eq!(text_of(&page, "client-id"), Some(client_id));
    assert_eq!(text_of(&page, "client-secret"), None);
}

#[tokio::test]
async fn a_session_from_before_the_claim_opens_nothing_after_it() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    let before = session(&visitor.post("/sandbox", &[]).await.expect(303));
    let after = session(&claim(&visitor, "mia@nordlys.example").await.expect(303));
    assert_ne!(before, after);
    let thief = Browser::new(&portal);
    let request = thief
        .request(reqwest::Method::GET, "/sandbox")
        .header("cookie", &before);
    assert!(thief.send(request).await.text.contains("You have none yet"));
    let again = session(
        &sign_in(&visitor, "mia@nordlys.example", PASSWORD)
            .await
            .expect(303),
    );
    assert_ne!(after, again, "signing in rotates too");
    let request = thief
        .request(reqwest::Method::GET, "/sandbox")
        .header("cookie", &after);
    assert!(thief.send(request).await.text.contains("You have none yet"));
}

#[tokio::test]
async fn a_claim_says_what_is_wrong_and_keeps_what_was_typed() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    visitor.create_sandbox().await;
    for (name, email, password, why) in [
        ("Nordlys", "mia", PASSWORD, "That is no e-mail address"),
        (
            "Nordlys",
            "mia@nordlys.example",
            "2 brief",
            "The password is too short",
        ),
        (
            "Nordlys",
            "mia@nordlys.example",
            "abababababab",
            "repeats the same few",
        ),
        (
            "Nordlys",
            "mia@nordlys.example",
            "mia@nordlys.example",
            "is the e-mail address",
        ),
        (" ", "mia@nordlys.example", PASSWORD, "needs a name"),
    ] {
        let fields = [("name", name), ("email", email), ("password", password)];
        let refused = visitor.post("/workspace/claim", &fields).await.expect(422).text;
        assert!(refused.contains(why), "{why}");
        assert!(refused.contains(&format!("value=\"{email}\"")));
        assert!(
            !refused.contains(password) || password == email,
            "a password came back"
        );
    }
    assert!(
        visitor
            .get("/workspace")
            .await
            .text
            .contains("Claim this workspace")
    );
}

#[tokio::test]
async fn an_address_is_claimed_with_by_whoever_knows_its_password() {
    let portal = Portal::new().await;
    owner(&portal, "mia@nordlys.example").await;
    let visitor = Browser::new(&portal);
    visitor.create_sandbox().await;
    let fields = [
        ("name", "Second"),
        ("email", "mia@nordlys.example"),
        ("password", "another long one"),
    ];
    let refused = visitor.post("/workspace/claim", &fields).await.expect(422).text;
    assert!(refused.contains("has an account already"));
    let fields = [
        ("name", "Second"),
        ("email", "mia@nordlys.example"),
        ("password", PASSWORD),
    ];
    visitor.post("/workspace/claim", &fields).await.expect(303);
    let page = visitor.get("/workspace").await.text;
    assert!(page.contains("<h1>Second</h1>") && page.contains("Your other workspaces"));
    let (_, rest) = page.split_once("name=\"workspace\" value=\"").expect("a switch");
    let id = rest.split('"').next().expect("an id");
    visitor
        .post("/workspace/switch", &[("workspace", id)])
        .await
        .expect(303);
    assert!(
        visitor
            .get("/workspace")
            .await
            .text
            .contains("<h1>Nordlys Capital</h1>")
    );
}

#[tokio::test]
async fn a_workspace_is_closed_by_an_admin_who_types_its_name_and_nothing_of_it_is_left() {
    let portal = Portal::new().await;
    let (mia, _) = owner(&portal, "mia@nordlys.example").await;
    let jon = colleague(&portal, &mia, "jon@nordlys.example").await;
    let page = mia.get("/sandbox").await.text;
    let (_, rest) = page.split_once("<h1>").expect("a heading");
    let name = rest.split('<').next().expect("a name").to_owned();
    let path = "/workspace/close";
    jon.post(path, &[("confirm", "Nordlys Capital")])
        .await
        .expect(303);
    let page = jon.get("/workspace").await.text;
    assert!(page.contains("Only an admin of the workspace may do that."));
    assert!(!page.contains("Close workspace"));
    mia.post(path, &[("confirm", "Nordlys")]).await.expect(303);
    let page = mia.get("/workspace").await.text;
    assert!(page.contains("Nothing was closed: the name typed in is not Nordlys Capital."));

    let closed = mia
        .post(path, &[("confirm", " Nordlys Capital ")])
        .await
        .expect(303);
    assert_eq!(closed.header("location"), Some("/workspace?closed"));
    let page = mia.get("/workspace?closed").await.text;
    assert!(page.contains("The workspace is closed"), "{page}");
    for (who, email) in [(&mia, "mia@nordlys.example"), (&jon, "jon@nordlys.example")] {
        assert!(who.get("/sandbox").await.text.contains("You have none yet"));
        sign_in(who, email, PASSWORD).await.expect(422);
    }
    assert!(!is_swept_past(&portal, &name).await);
}

#[tokio::test]
async fn a_claimed_sandbox_is_kept_for_180_days_and_its_people_longer() {
    let clock = Clock::fixed(Timestamp::from_millis(1_780_000_000_000));
    let portal = Portal::with(clock.clone(), |_| {}).await;
    let (owner, _) = owner(&portal, "mia@nordlys.example").await;
    let ends = clock.now().plus_millis(180 * DAY).to_string();
    assert!(owner.get("/sandbox").await.text.contains(&ends));
    let page = owner.get("/sandbox").await.text;
    let (_, rest) = page.split_once("<h1>").expect("a heading");
    let name = rest.split('<').next().expect("a name");
    clock.advance_millis(180 * DAY - 1);
    assert!(is_swept_past(&portal, name).await, "removed too early");
    clock.advance_millis(1);
    assert!(!is_swept_past(&portal, name).await, "kept for too long");
    sign_in(&owner, "mia@nordlys.example", PASSWORD).await.expect(303);
    assert!(owner.get("/sandbox").await.text.contains("You have none yet"));
    owner.create_sandbox().await;
}

/// Whether the sandbox of this name outlives a sweep.
async fn is_swept_past(portal: &Portal, name: &str) -> bool {
    portal.server.api.tenants.sweep().await.expect("a sweep");
    let rows = sandboxes::list(&portal.server.control, None, 100)
        .await
        .expect("rows");
    rows.iter().any(|row| row.name.as_str() == name)
}
