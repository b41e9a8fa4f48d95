//! A workspace that people claim, sign in to, and share.

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

/// The id behind the controls of the member with this address.
fn person(page: &str, email: &str) -> String {
    let (_, rest) = page.split_once(&format!("<h3>{email}")).expect("the member");
    let (_, rest) = rest.split_once("name=\"person\" value=\"").expect("controls");
    rest.split('"').next().expect("an id").to_owned()
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
async fn signing_in_tells_nothing_of_which_was_wrong() {
    let portal = Portal::new().await;
    owner(&portal, "mia@nordlys.example").await;
    let visitor = Browser::new(&portal);
    let said = async |email: &str| {
        let refused = sign_in(&visitor, email, "not the password").await.expect(422);
        assert_eq!(refused.header("set-cookie"), None);
        refused.text.replace(email, "EMAIL")
    };
    assert_eq!(
        said("mia@nordlys.example").await,
        said("jon@nordlys.example").await
    );
}

#[tokio::test]
async fn guessing_is_stopped_at_the_account_and_says_for_how_long() {
    let clock = Clock::fixed(Timestamp::from_millis(1_780_000_000_000));
    let portal = Portal::with(clock.clone(), |_| {}).await;
    owner(&portal, "mia@nordlys.example").await;
    let visitor = Browser::new(&portal);
    for _ in 0..10 {
        sign_in(&visitor, "mia@nordlys.example", "a guess at it")
            .await
            .expect(422);
    }
    let refused = sign_in(&visitor, "mia@nordlys.example", PASSWORD)
        .await
        .expect(429);
    assert_eq!(refused.header("retry-after"), Some("900"));
    assert!(
        refused.text.contains(
            "Too many attempts at this account. Nothing was checked; it works again in 15 minutes."
        )
    );
    sign_in(&visitor, "jon@nordlys.example", "a guess at it")
        .await
        .expect(422);
    clock.advance_millis(15 * 60 * 1000);
    sign_in(&visitor, "mia@nordlys.example", PASSWORD)
        .await
        .expect(303);
}

#[tokio::test]
async fn guessing_is_stopped_at_the_address_too() {
    let clock = Clock::fixed(Timestamp::from_millis(1_780_000_000_000));
    let portal = Portal::with(clock.clone(), |_| {}).await;
    let visitor = Browser::new(&portal);
    for round in 0..30 {
        let email = format!("somebody-{round}@nordlys.example");
        sign_in(&visitor, &email, "a guess at it").await.expect(422);
    }
    let refused = sign_in(&visitor, "mia@nordlys.example", PASSWORD)
        .await
        .expect(429);
    assert!(refused.text.contains("Too many attempts from your network."));
}

#[tokio::test]
async fn signing_out_ends_this_browser_and_everywhere_ends_all() {
    let portal = Portal::new().await;
    let (first, _) = owner(&portal, "mia@nordlys.example").await;
    let (second, third) = (Browser::new(&portal), Browser::new(&portal));
    sign_in(&second, "mia@nordlys.example", PASSWORD)
        .await
        .expect(303);
    sign_in(&third, "mia@nordlys.example", PASSWORD).await.expect(303);
    second.post("/sign-out", &[]).await.expect(303);
    assert!(!second.has_cookies());
    assert!(first.get("/workspace").await.text.contains("Nordlys Capital"));
    first.post("/sign-out/everywhere", &[]).await.expect(303);
    assert!(
        third
            .get("/workspace")
            .await
            .text
            .contains("No workspace in this browser")
    );
    assert!(!third.has_cookies());
}

#[tokio::test]
async fn an_unclaimed_workspace_cannot_be_signed_out_of_and_lost() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    let credentials = visitor.create_sandbox().await;
    visitor.post("/sign-out", &[]).await.expect(303);
    let page = visitor.get("/sandbox").await.text;
    assert_eq!(text_of(&page, "client-id"), Some(credentials.client_id));
    assert!(
        visitor
            .get("/sign-in")
            .await
            .text
            .contains("Signing in leaves it behind")
    );
}

#[tokio::test]
async fn a_changed_password_signs_every_other_browser_out() {
    let portal = Portal::new().await;
    let (owner, _) = owner(&portal, "mia@nordlys.example").await;
    let other = Browser::new(&portal);
    sign_in(&other, "mia@nordlys.example", PASSWORD).await.expect(303);
    let wrong = [("current", "not that one"), ("password", "five other words here")];
    owner.post("/workspace/password", &wrong).await.expect(303);
    assert!(
        owner
            .get("/workspace")
            .await
            .text
            .contains("The current password is not that one.")
    );
    let right = [("current", PASSWORD), ("password", "five other words here")];
    owner.post("/workspace/password", &right).await.expect(303);
    assert!(
        owner
            .get("/workspace")
            .await
            .text
            .contains("The password is changed")
    );
    assert!(
        other
            .get("/workspace")
            .await
            .text
            .contains("No workspace in this browser")
    );
    sign_in(&other, "mia@nordlys.example", PASSWORD).await.expect(422);
    sign_in(&other, "mia@nordlys.example", "five other words here")
        .await
        .expect(303);
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
