//! Sessions: what their cookie says, how long they live, and that they do not meet.

use super::browser::{Browser, text_of};
use crate::harness::Portal;
use contract::Timestamp;
use portal::clock::Clock;

const DAY: i64 = 24 * 60 * 60 * 1000;

fn clock() -> Clock {
    Clock::fixed(Timestamp::from_millis(1_780_000_000_000))
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    let portal = Portal::new().await;
    let created = Browser::new(&portal).post("/sandbox", &[]).await.expect(303);
    let cookie = created.header("set-cookie").expect("a session");
    let (pair, marks) = cookie.split_once("; ").expect("marks");
    let token = pair.strip_prefix("portal_session=").expect("its name");
    assert_eq!(token.len(), 43, "256 bits");
    assert_eq!(marks, "Path=/; Max-Age=2592000; SameSite=Lax; HttpOnly");
}

#[tokio::test]
async fn behind_tls_the_cookie_is_secure_and_bound_to_the_host() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = free.local_addr().expect("an address");
    drop(free);
    let portal = Portal::with(Clock::system(), |config| {
        config.portal_addr = address;
        config.portal_url = Some("https://developer.example".to_owned());
    })
    .await;
    let visitor = Browser::at(&portal, &format!("http://{address}"));
    let created = visitor.post("/sandbox", &[]).await.expect(303);
    let cookie = created.header("set-cookie").expect("a session");
    assert!(
        cookie.starts_with("__Host-portal_session=") && cookie.ends_with("; Secure"),
        "{cookie}"
    );
    assert_eq!(
        created.header("strict-transport-security"),
        Some("max-age=31536000")
    );
}

#[tokio::test]
async fn a_session_lives_thirty_days_beyond_its_last_use() {
    let clock = clock();
    let portal = Portal::with(clock.clone(), |_| {}).await;
    let visitor = Browser::new(&portal);
    let credentials = visitor.create_sandbox().await;
    for _ in 0..3 {
        clock.advance_millis(29 * DAY);
        let page = visitor.get("/sandbox").await;
        assert!(
            page.header("set-cookie")
                .is_some_and(|cookie| cookie.contains("Max-Age=2592000"))
        );
        assert_eq!(
            text_of(&page.text, "client-id").as_ref(),
            Some(&credentials.client_id)
        );
    }
    clock.advance_millis(1000);
    assert_eq!(
        visitor.get("/sandbox").await.header("set-cookie"),
        None,
        "renewed once a day at most"
    );
    clock.advance_millis(30 * DAY);
    let page = visitor.get("/sandbox").await;
    assert!(page.text.contains("You have none yet"));
    assert!(
        !visitor.has_cookies(),
        "a cookie that is good for nothing is kept"
    );
}

#[tokio::test]
async fn a_made_up_session_is_nobody() {
    let portal = Portal::new().await;
    Browser::new(&portal).create_sandbox().await;
    for token in ["", "x", &"A".repeat(43), "' OR 1=1 --"] {
        let visitor = Browser::new(&portal);
        let request = visitor
            .request(reqwest::Method::GET, "/sandbox")
            .header("cookie", format!("portal_session={token}"));
        assert!(
            visitor
                .send(request)
                .await
                .expect(200)
                .text
                .contains("You have none yet")
        );
    }
}

#[tokio::test]
async fn two_visitors_do_not_meet() {
    let portal = Portal::new().await;
    let (ada, ben) = (Browser::new(&portal), Browser::new(&portal));
    let (hers, his) = (ada.create_sandbox().await, ben.create_sandbox().await);
    assert_ne!(hers.client_id, his.client_id);
    let fields = [("body.name", "Only Ada"), ("body.reference_currency", "EUR")];
    assert!(ada.build("clients.create", &fields).await.text.contains("201"));
    assert!(ada.build("clients.list", &[]).await.text.contains("Only Ada"));
    for path in ["/", "/sandbox", "/builder", "/checklist", "/quickstart"] {
        let page = ben.get(path).await.expect(200).text;
        assert!(
            !page.contains(&hers.client_id) && !page.contains("Only Ada"),
            "{path}"
        );
    }
    let listed = ben.build("clients.list", &[]).await.text;
    assert!(!listed.contains("Only Ada"));
    ben.post("/sandbox/reset", &[]).await.expect(303);
    assert!(ada.build("clients.list", &[]).await.text.contains("Only Ada"));
}
