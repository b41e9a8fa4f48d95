//! Signing in and out: passwords, guesses, every browser.

use super::{PASSWORD, owner, sign_in};
use crate::{
    harness::Portal,
    site::browser::{Browser, text_of},
};
use contract::Timestamp;
use portal::clock::Clock;

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
