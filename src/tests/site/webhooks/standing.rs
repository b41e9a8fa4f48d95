//! Where an endpoint stands, in words: paused, retrying, disabled, and what can be done about it.

use super::{Browser, Portal, Receiver, between, led, until};
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use contract::Timestamp;
use portal::clock::Clock;

async fn portal() -> Portal {
    let start: Timestamp = "2026-07-01T14:01:41Z".parse().expect("an instant");
    Portal::with(Clock::fixed(start), |_| {}).await
}

/// A visitor with an endpoint at this receiver that was sent a test: the endpoint's page.
async fn tested(portal: &Portal, receiver: &Receiver) -> (Browser, String) {
    let visitor = Browser::new(portal);
    visitor.create_sandbox().await;
    let url = receiver.url();
    let endpoint = led(&visitor, "/webhooks", &[("url", &*url), ("event_types", "*")]).await;
    led(&visitor, &format!("{endpoint}/test"), &[]).await;
    (visitor, endpoint)
}

fn once(first: fn() -> Response) -> impl Fn(usize) -> Response + Clone + Send + Sync + 'static {
    move |number| match number {
        0 => first(),
        _ => StatusCode::NO_CONTENT.into_response(),
    }
}

#[tokio::test]
async fn a_pause_is_told_with_its_end_and_its_reason_and_what_waits_can_be_attempted() {
    let portal = portal().await;
    let receiver = Receiver::answering(once(|| {
        (StatusCode::SERVICE_UNAVAILABLE, [("retry-after", "30")]).into_response()
    }))
    .await;
    let (visitor, endpoint) = tested(&portal, &receiver).await;
    let word = "<span class=\"word paused\">paused</span>";
    until(&portal, &visitor, &endpoint, word).await;
    for path in ["/webhooks", &endpoint] {
        let page = visitor.get(path).await.expect(200).text;
        let told = between(&page, "Paused until ", "</form>").expect("a sentence");
        assert!(page.contains(word), "{page}");
        assert!(
            told.contains("14:02:11") && told.contains("the receiver answered 503 with Retry-After: 30."),
            "{told}"
        );
        assert!(told.contains("Attempt now"), "{told}");
    }
    let delivery = led(&visitor, &format!("{endpoint}/attempt"), &[]).await;
    until(&portal, &visitor, &delivery, "Attempt 2: 204").await;
    let page = visitor.get(&endpoint).await.expect(200).text;
    assert!(page.contains(word), "the receiver has not taken it back");
    assert_eq!(led(&visitor, &format!("{endpoint}/attempt"), &[]).await, endpoint);
    let page = visitor.get(&endpoint).await.expect(200).text;
    assert!(page.contains("Nothing waits for the endpoint."), "{page}");
    portal.clock.advance_millis(30_000);
    let page = visitor.get(&endpoint).await.expect(200).text;
    assert!(
        page.contains(">enabled</span>") && !page.contains("Paused"),
        "{page}"
    );
}

#[tokio::test]
async fn an_endpoint_that_fails_is_said_to_be_retried() {
    let portal = portal().await;
    let receiver = Receiver::answering(once(|| StatusCode::SERVICE_UNAVAILABLE.into_response())).await;
    let (visitor, endpoint) = tested(&portal, &receiver).await;
    let word = "<span class=\"word retrying\">retrying</span>";
    until(&portal, &visitor, &endpoint, word).await;
    for path in ["/webhooks", &endpoint] {
        let page = visitor.get(path).await.expect(200).text;
        let told = between(&page, "Retrying after failures", "</form>").expect("a sentence");
        assert!(page.contains(word) && told.contains("14:01:41"), "{page}");
    }
    led(&visitor, &format!("{endpoint}/attempt"), &[]).await;
    let page = until(&portal, &visitor, &endpoint, ">enabled</span>").await;
    assert!(!page.contains("Retrying"), "{page}");
}

#[tokio::test]
async fn a_disabled_endpoint_says_who_disabled_it() {
    let portal = portal().await;
    let receiver = Receiver::answering(once(|| StatusCode::GONE.into_response())).await;
    let (visitor, endpoint) = tested(&portal, &receiver).await;
    let page = until(&portal, &visitor, &endpoint, "Disabled because it answered 410.").await;
    assert!(
        page.contains("<span class=\"word disabled\">disabled</span>"),
        "{page}"
    );
    assert!(!page.contains("Attempt now"), "{page}");
    led(&visitor, &format!("{endpoint}/attempt"), &[]).await;
    let page = visitor.get(&endpoint).await.expect(200).text;
    assert!(page.contains("enable it first"), "{page}");
    led(&visitor, &format!("{endpoint}/enable"), &[]).await;
    led(&visitor, &format!("{endpoint}/disable"), &[]).await;
    let page = visitor.get(&endpoint).await.expect(200).text;
    assert!(page.contains("Disabled because somebody asked for it."), "{page}");
}
