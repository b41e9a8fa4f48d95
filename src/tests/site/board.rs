//! What a workspace asks of Aleta, and what staff see and decide.

use super::{
    browser::{Browser, text_of},
    checklist::state,
    workspace::{PASSWORD, colleague, owner},
};
use crate::harness::{Answer, Portal};
use app::model::ItemState;
use contract::Timestamp;
use portal::{clock::Clock, people::staff_link, store::control::staff};

const OPS: &str = "ops@aleta.example";

/// Somebody of staff who has set a password through the link of the command line, and signed in.
pub(super) async fn staff_at(portal: &Portal) -> Browser {
    let control = &portal.server.control;
    let mut write = control.begin().await.expect("a transaction");
    staff::add(&mut write, OPS, portal.clock.now())
        .await
        .expect("a row");
    let code = staff_link(&mut write, OPS, portal.clock.now())
        .await
        .expect("a link");
    write.commit().await.expect("a commit");
    let desk = Browser::new(portal);
    let set = desk
        .post("/password", &[("code", &code), ("password", PASSWORD)])
        .await
        .expect(303);
    assert_eq!(set.header("location"), Some("/board/sign-in?after=password"));
    let fields = [("email", OPS), ("password", PASSWORD)];
    desk.post("/board/sign-in", &fields).await.expect(303);
    desk
}

/// Where the statement of the workspace of this name is.
pub(super) async fn case(desk: &Browser, name: &str) -> String {
    let board = desk.get("/board?show=all").await.expect(200).text;
    let (before, _) = board.split_once(&format!("\">{name}</a>")).expect("a row");
    let (_, href) = before.rsplit_once("href=\"").expect("a link");
    href.to_owned()
}

/// Decides on what waits for staff, as the form on the page has it.
async fn decide(desk: &Browser, case: &str, (item, decision, note): (&str, &str, &str)) -> Answer {
    let page = desk.get(case).await.expect(200).text;
    let (_, rest) = page
        .split_once(&format!("name=\"item\" value=\"{item}\""))
        .expect("a form");
    let (_, rest) = rest.split_once("name=\"seq\" value=\"").expect("a step");
    let seq = rest.split('"').next().expect("a number");
    let fields = [
        ("item", item),
        ("seq", seq),
        ("decision", decision),
        ("note", note),
    ];
    desk.post(case, &fields).await
}

#[tokio::test]
async fn what_a_workspace_asks_for_is_approved_by_somebody_and_both_see_who() {
    let portal = Portal::new().await;
    let (mia, _) = owner(&portal, "mia@nordlys.example").await;
    let jon = colleague(&portal, &mia, "jon@nordlys.example").await;
    let fields = [
        ("scope", "clients:read"),
        ("scope", "positions:read"),
        ("note", "As planned"),
    ];
    let asked = jon
        .post("/checklist/read-scopes-approved", &fields)
        .await
        .expect(303);
    assert_eq!(asked.header("location"), Some("/checklist#read-scopes-approved"));
    let ItemState::Asked(turn) = state(&mia, "read-scopes-approved").await else {
        panic!("not asked");
    };
    assert_eq!(
        (turn.by.as_str(), turn.what.as_str()),
        ("jon@nordlys.example", "clients:read positions:read")
    );

    let desk = staff_at(&portal).await;
    let board = desk.get("/board").await.expect(200).text;
    assert!(
        board.contains("Asked") && board.contains("<strong>Aleta</strong>"),
        "{board}"
    );
    let case = case(&desk, "Nordlys Capital").await;
    assert!(desk.get(&case).await.text.contains("As planned"));
    decide(&desk, &case, ("read-scopes-approved", "approve", ""))
        .await
        .expect(303);
    assert!(
        desk.get(&case)
            .await
            .text
            .contains("Approved. The workspace sees it")
    );
    let ItemState::Proven(evidence) = state(&mia, "read-scopes-approved").await else {
        panic!("not proven");
    };
    assert_eq!(evidence.by, "ops@aleta.example, asked for by jon@nordlys.example");
    assert!(mia.get("/checklist").await.text.contains("ops@aleta.example"));
}

#[tokio::test]
async fn an_approval_lasts_while_the_calls_of_programs_stay_within_it() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    let credentials = visitor.create_sandbox().await;
    super::workspace::claim(&visitor, "mia@nordlys.example")
        .await
        .expect(303);
    let desk = staff_at(&portal).await;
    visitor
        .post("/checklist/read-scopes-approved", &[("scope", "clients:read")])
        .await
        .expect(303);
    let case = case(&desk, "Nordlys Capital").await;
    decide(&desk, &case, ("read-scopes-approved", "approve", ""))
        .await
        .expect(303);
    visitor.build("custodians.list", &[]).await.expect(200);
    assert!(
        matches!(
            state(&visitor, "read-scopes-approved").await,
            ItemState::Proven(_)
        ),
        "the builder counted"
    );

    let api = portal.anonymous();
    let token = api.token(&credentials.client_id, &credentials.secret, None).await;
    let call = async |path: &str| {
        let request = api
            .request("GET", path)
            .header("authorization", format!("Bearer {token}"));
        request.send().await.expect(200)
    };
    call("/v1/clients").await;
    assert!(matches!(
        state(&visitor, "read-scopes-approved").await,
        ItemState::Proven(_)
    ));
    call("/v1/custodians").await;
    assert_eq!(state(&visitor, "read-scopes-approved").await, ItemState::Open);
    let page = visitor.get("/checklist").await.text;
    assert!(page.contains("Calls have used custodians:read too"), "{page}");
    let page = visitor
        .get("/checklist/read-scopes-approved")
        .await
        .expect(200)
        .text;
    assert_eq!(page.matches("used by your calls").count(), 2);
}

#[tokio::test]
async fn a_cutover_is_returned_with_a_reason_and_asked_for_again() {
    let clock = Clock::fixed(Timestamp::from_millis(1_780_000_000_000));
    let portal = Portal::with(clock, |_| {}).await;
    let (mia, _) = owner(&portal, "mia@nordlys.example").await;
    for (day, why) in [
        ("", "Name a day"),
        ("soon", "Name a day"),
        ("2026-05-27", "today or later, and within a year"),
        ("2027-06-30", "today or later, and within a year"),
    ] {
        let refused = mia
            .post("/checklist/cutover-scheduled", &[("day", day)])
            .await
            .expect(422);
        assert!(refused.text.contains(why), "{day}");
    }
    mia.post("/checklist/cutover-scheduled", &[("day", "2026-06-30")])
        .await
        .expect(303);
    let desk = staff_at(&portal).await;
    let case = case(&desk, "Nordlys Capital").await;
    decide(&desk, &case, ("cutover-scheduled", "return", " "))
        .await
        .expect(303);
    assert!(
        desk.get(&case)
            .await
            .text
            .contains("Say in the note what has to change")
    );
    decide(&desk, &case, ("cutover-scheduled", "return", "That is a holiday"))
        .await
        .expect(303);
    let ItemState::Returned(turn) = state(&mia, "cutover-scheduled").await else {
        panic!("not returned");
    };
    assert_eq!((turn.by.as_str(), turn.note.as_str()), (OPS, "That is a holiday"));
    mia.post("/checklist/cutover-scheduled", &[("day", "2026-07-01")])
        .await
        .expect(303);
    decide(&desk, &case, ("cutover-scheduled", "approve", "See you then"))
        .await
        .expect(303);
    let ItemState::Proven(evidence) = state(&mia, "cutover-scheduled").await else {
        panic!("not proven");
    };
    assert_eq!(
        (evidence.what.as_str(), evidence.note.as_str()),
        ("2026-07-01", "See you then")
    );
    mia.post("/checklist/cutover-scheduled", &[("day", "2026-07-02")])
        .await
        .expect(303);
    assert!(
        matches!(state(&mia, "cutover-scheduled").await, ItemState::Asked(_)),
        "another date opens it"
    );
}

#[tokio::test]
async fn a_decision_is_on_what_staff_saw_and_on_nothing_else() {
    let portal = Portal::new().await;
    let (mia, _) = owner(&portal, "mia@nordlys.example").await;
    mia.post("/checklist/read-scopes-approved", &[("scope", "clients:read")])
        .await
        .expect(303);
    let desk = staff_at(&portal).await;
    let case = case(&desk, "Nordlys Capital").await;
    let page = desk.get(&case).await.text;
    let (_, rest) = page.split_once("name=\"seq\" value=\"").expect("a step");
    let seq = rest.split('"').next().expect("a number");
    mia.post(
        "/checklist/read-scopes-approved",
        &[("scope", "transactions:read")],
    )
    .await
    .expect(303);
    let fields = [
        ("item", "read-scopes-approved"),
        ("seq", seq),
        ("decision", "approve"),
    ];
    desk.post(&case, &fields).await.expect(303);
    assert!(
        desk.get(&case)
            .await
            .text
            .contains("not what the workspace asks for any more")
    );
    assert!(matches!(
        state(&mia, "read-scopes-approved").await,
        ItemState::Asked(_)
    ));
}

#[tokio::test]
async fn nobody_asks_for_an_unclaimed_workspace() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    assert!(
        visitor
            .get("/checklist/cutover-scheduled")
            .await
            .expect(200)
            .text
            .contains("this browser has none")
    );
    visitor.create_sandbox().await;
    visitor
        .post("/checklist/cutover-scheduled", &[("day", "2099-01-01")])
        .await
        .expect(303);
    assert_eq!(state(&visitor, "cutover-scheduled").await, ItemState::Open);
    assert!(
        visitor
            .get("/checklist/cutover-scheduled")
            .await
            .text
            .contains("Claim workspace")
    );
    visitor.get("/checklist/credentials-issued").await.expect(404);
}

#[tokio::test]
async fn the_board_is_for_staff_alone() {
    let portal = Portal::new().await;
    let (mia, client_id) = owner(&portal, "mia@nordlys.example").await;
    let desk = staff_at(&portal).await;
    let case = case(&desk, "Nordlys Capital").await;
    for path in ["/board", case.as_str()] {
        let sent = mia.get(path).await.expect(303);
        assert!(
            sent.header("location")
                .is_some_and(|to| to.starts_with("/board/sign-in?return=")),
            "{path}"
        );
    }
    mia.post(&case, &[("item", "cutover-scheduled"), ("decision", "approve")])
        .await
        .expect(303);
    let fields = [("email", "mia@nordlys.example"), ("password", PASSWORD)];
    mia.post("/board/sign-in", &fields).await.expect(422);
    let fields = [("email", OPS), ("password", PASSWORD)];
    Browser::new(&portal).post("/sign-in", &fields).await.expect(422);
    desk.get("/board/workspaces/wsp_00000000000000000000000000")
        .await
        .expect(404);
    for path in ["/board?show=all", case.as_str()] {
        let page = desk.get(path).await.text;
        assert!(!page.contains(&client_id), "{path}: staff see no credentials");
    }
    assert!(
        desk.get("/sandbox").await.text.contains("You have none yet"),
        "staff are no visitors"
    );
    desk.post("/board/sign-out", &[]).await.expect(303);
    desk.get("/board").await.expect(303);
}

#[tokio::test]
async fn the_board_filters_searches_and_sorts() {
    let portal = Portal::new().await;
    let (mia, _) = owner(&portal, "mia@nordlys.example").await;
    let stray = Browser::new(&portal);
    stray.create_sandbox().await;
    let desk = staff_at(&portal).await;
    let rows = async |path: &str| {
        desk.get(path)
            .await
            .expect(200)
            .text
            .matches("scope=\"row\"")
            .count()
    };
    assert_eq!(rows("/board").await, 1);
    assert!(rows("/board?show=all").await >= 2);
    assert_eq!(rows("/board?show=waiting").await, 0);
    mia.post("/checklist/read-scopes-approved", &[("scope", "clients:read")])
        .await
        .expect(303);
    assert_eq!(rows("/board?show=waiting").await, 1);
    assert_eq!(rows("/board?q=NORDLYS").await, 1);
    assert_eq!(rows("/board?q=mia@").await, 1);
    assert_eq!(rows("/board?q=nobody").await, 0);
    for sort in ["waiting", "name", "proven", "age", "idle", "'"] {
        assert!(rows(&format!("/board?show=all&sort={sort}")).await >= 2, "{sort}");
    }
}

#[tokio::test]
async fn staff_make_a_password_link_and_the_workspace_sees_who() {
    let portal = Portal::new().await;
    let (mia, _) = owner(&portal, "mia@nordlys.example").await;
    let desk = staff_at(&portal).await;
    let case = case(&desk, "Nordlys Capital").await;
    let page = desk.get(&case).await.text;
    let (_, rest) = page.split_once("name=\"person\" value=\"").expect("a person");
    let person = rest.split('"').next().expect("an id");
    let workspace = case.rsplit('/').next().expect("an id");
    let fields = [("workspace", workspace), ("person", person)];
    desk.post("/board/password-link", &fields).await.expect(303);
    let url = text_of(&desk.get(&case).await.text, "one-time-link").expect("a link");
    let (_, code) = url.split_once("code=").expect("a code");
    let fields = [("code", code), ("password", "another four words")];
    Browser::new(&portal).post("/password", &fields).await.expect(303);
    assert!(
        mia.get("/workspace")
            .await
            .text
            .contains("No workspace in this browser")
    );
    let fields = [
        ("email", "mia@nordlys.example"),
        ("password", "another four words"),
    ];
    mia.post("/sign-in", &fields).await.expect(303);
    assert!(
        mia.get("/workspace")
            .await
            .text
            .contains("through a link made by ops@aleta.example")
    );
}
