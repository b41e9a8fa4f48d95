//! The webhook console: endpoints and inboxes by forms alone, what arrives, and why a signature does not verify.

mod standing;

use super::browser::Browser;
use crate::{harness::Portal, receiver::Receiver};
use app::model::ItemState;
use axum::{http::StatusCode, response::IntoResponse};
use futures::future::select_all;
use portal::store::control::sandboxes;
use std::time::Duration;
use tokio::sync::watch;

/// The address that a form led to.
pub(super) async fn led(visitor: &Browser, path: &str, fields: &[(&str, &str)]) -> String {
    let answer = visitor.post(path, fields).await.expect(303);
    answer.header("location").expect("a location").to_owned()
}

/// What stands between two marks of a page.
pub(super) fn between<'t>(page: &'t str, before: &str, after: &str) -> Option<&'t str> {
    page.split_once(before)?.1.split_once(after).map(|(text, _)| text)
}

/// The page once it says this: an attempt takes a moment, and each change of a sandbox is a reason to look again.
pub(super) async fn until(portal: &Portal, visitor: &Browser, path: &str, text: &str) -> String {
    let api = &portal.server.api;
    let mut tenants = Vec::new();
    for row in sandboxes::list(&portal.server.control, None, 100)
        .await
        .expect("sandboxes")
    {
        tenants.push(api.tenants.get_current(&row.id).await.expect("a tenant"));
    }
    let mut changes: Vec<_> = tenants.iter().map(|tenant| tenant.changes()).collect();
    loop {
        changes.iter_mut().for_each(watch::Receiver::mark_unchanged);
        let page = visitor.get(path).await.expect(200).text;
        if page.contains(text) {
            return page;
        }
        let any = select_all(changes.iter_mut().map(|change| Box::pin(change.changed())));
        let told = tokio::time::timeout(Duration::from_secs(20), any).await;
        assert!(
            told.is_ok_and(|(change, ..)| change.is_ok()),
            "{path} never says {text}"
        );
    }
}

/// A visitor with an inbox: the inbox's page, the endpoint's page, and the secret.
async fn with_inbox(portal: &Portal) -> (Browser, String, String, String) {
    let visitor = Browser::new(portal);
    visitor.create_sandbox().await;
    let (inbox, endpoint, secret) = add_inbox(&visitor).await;
    (visitor, inbox, endpoint, secret)
}

/// An inbox of this visitor: its page, the endpoint's page, and the secret.
pub(super) async fn add_inbox(visitor: &Browser) -> (String, String, String) {
    let inbox = led(visitor, "/webhooks/inbox", &[]).await;
    let page = visitor.get(&inbox).await.expect(200).text;
    let secret = between(&page, "<code id=\"webhook-secret\">", "</code>")
        .expect("a secret")
        .to_owned();
    let endpoint = between(&page, "<a href=\"/webhooks/endpoints/", "\"").expect("an endpoint");
    let endpoint = format!("/webhooks/endpoints/{endpoint}");
    (inbox, endpoint, secret)
}

#[tokio::test]
async fn one_press_makes_an_inbox_that_shows_what_arrives() {
    let portal = Portal::new().await;
    let (visitor, inbox, endpoint, _) = with_inbox(&portal).await;
    let again = visitor.get(&inbox).await.expect(200).text;
    assert!(!again.contains("webhook-secret"), "the secret is shown once");

    let delivery = led(&visitor, &format!("{endpoint}/test"), &[]).await;
    let page = until(&portal, &visitor, &delivery, "Attempt 1: 200").await;
    assert!(
        page.contains("webhook-signature: v1,"),
        "the sent headers are shown"
    );
    let page = until(&portal, &visitor, &inbox, "The signature is good.").await;
    assert!(page.contains("webhook.test"));
}

#[tokio::test]
async fn an_inbox_answers_as_it_is_told_and_a_failed_delivery_can_be_attempted_again() {
    let portal = Portal::new().await;
    let (visitor, inbox, endpoint, _) = with_inbox(&portal).await;
    led(
        &visitor,
        &format!("{inbox}/answer"),
        &[("script", "[{\"status\": 500}, {\"status\": 200}]")],
    )
    .await;
    let page = visitor.get(&inbox).await.expect(200).text;
    assert!(
        page.contains("<li>500.</li><li>200, from then on.</li>"),
        "{page}"
    );
    let delivery = led(&visitor, &format!("{endpoint}/test"), &[]).await;
    until(&portal, &visitor, &delivery, "Attempt 1: 500, status").await;
    led(&visitor, &delivery, &[]).await;
    let page = until(&portal, &visitor, &delivery, "Attempt 2: 200").await;
    assert!(page.contains("asked for by hand"));

    led(&visitor, &format!("{inbox}/answer"), &[("script", "no JSON")]).await;
    let page = visitor.get(&inbox).await.expect(200).text;
    assert!(page.contains("The script is not a list of answers"));
    led(&visitor, &format!("{inbox}/delete"), &[]).await;
    visitor.get(&inbox).await.expect(404);
}

#[tokio::test]
async fn an_endpoint_is_added_refused_switched_rotated_and_deleted_by_forms() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    visitor.create_sandbox().await;
    for (url, types, problem) in [
        ("ftp://example.com", "*", "url"),
        (
            "http://127.0.0.1:9/hook",
            "position.exploded",
            "There is no event",
        ),
        ("http://127.0.0.1:9/hook", " ", "Say which events"),
    ] {
        let page = visitor
            .post("/webhooks", &[("url", url), ("event_types", types)])
            .await
            .expect(200)
            .text;
        assert!(
            page.contains("role=\"alert\"") && page.to_lowercase().contains(&problem.to_lowercase()),
            "{problem}: {page}"
        );
        assert!(page.contains(&format!("value=\"{url}\"")), "what was typed stays");
    }
    let fields = [
        ("url", "http://127.0.0.1:9/hook"),
        ("event_types", "position.*, client.created"),
        ("description", "Ledger"),
    ];
    let endpoint = led(&visitor, "/webhooks", &fields).await;
    let page = visitor.get(&endpoint).await.expect(200).text;
    assert!(page.contains("position.*, client.created") && page.contains("whsec_"));

    led(&visitor, &format!("{endpoint}/disable"), &[]).await;
    assert!(
        visitor
            .get(&endpoint)
            .await
            .text
            .contains("The endpoint is disabled.")
    );
    assert_eq!(led(&visitor, &format!("{endpoint}/test"), &[]).await, endpoint);
    assert!(
        visitor.get(&endpoint).await.text.contains("role=\"alert\""),
        "nothing is sent to it"
    );
    led(&visitor, &format!("{endpoint}/enable"), &[]).await;
    led(&visitor, &format!("{endpoint}/rotate"), &[]).await;
    let page = visitor.get(&endpoint).await.text;
    assert!(page.contains("whsec_") && page.contains("signs too until"));
    led(
        &visitor,
        &format!("{endpoint}/replay"),
        &[("only", "missing"), ("hours", "1")],
    )
    .await;
    visitor
        .post(&format!("{endpoint}/explode"), &[])
        .await
        .expect(404);
    assert_eq!(
        led(&visitor, &format!("{endpoint}/delete"), &[]).await,
        "/webhooks"
    );
    visitor.get(&endpoint).await.expect(404);
}

#[tokio::test]
async fn nobody_sees_or_moves_what_another_sandbox_sends() {
    let portal = Portal::new().await;
    let (owner, inbox, endpoint, _) = with_inbox(&portal).await;
    let delivery = led(&owner, &format!("{endpoint}/test"), &[]).await;
    let other = Browser::new(&portal);
    for path in [&inbox, &endpoint, &delivery] {
        assert_eq!(
            other.get(path).await.expect(303).header("location"),
            Some("/webhooks")
        );
    }
    other.create_sandbox().await;
    for path in [&inbox, &endpoint, &delivery, &format!("{inbox}/live")] {
        other.get(path).await.expect(404);
    }
    for path in [&format!("{endpoint}/delete"), &format!("{inbox}/delete")] {
        other.post(path, &[]).await.expect(404);
    }
    owner.get(&endpoint).await.expect(200);
}

#[tokio::test]
async fn an_event_is_fired_with_data_of_ones_own_and_refused_where_it_does_not_fit() {
    let portal = Portal::new().await;
    let (visitor, inbox, ..) = with_inbox(&portal).await;
    let page = visitor.get("/webhooks/events").await.expect(200).text;
    for kind in contract::events::EventType::ALL {
        assert!(
            page.contains(&format!("id=\"{}\"", kind.as_str())),
            "{}",
            kind.as_str()
        );
    }
    let wrong = [("event_type", "client.created"), ("data", "{\"client_id\": 7}")];
    let page = visitor.post("/webhooks/events", &wrong).await.expect(200).text;
    assert!(
        page.contains("role=\"alert\"") && page.contains("client_id"),
        "{page}"
    );
    led(
        &visitor,
        "/webhooks/events",
        &[("event_type", "client.created"), ("data", "")],
    )
    .await;
    let page = until(&portal, &visitor, &inbox, "The signature is good.").await;
    assert!(page.contains("<code>client.created</code>"));
}

#[tokio::test]
async fn the_debugger_tells_the_genuine_from_the_changed_and_keeps_no_secret() {
    let portal = Portal::new().await;
    let (visitor, _, endpoint, secret) = with_inbox(&portal).await;
    let delivery = led(&visitor, &format!("{endpoint}/test"), &[]).await;
    let page = until(&portal, &visitor, &delivery, "Attempt 1: 200").await;
    let sent = between(&page, "aria-label=\"Sent headers\"><code>", "</code>").expect("headers");
    let body = between(&page, "aria-label=\"Body, byte for byte\"><code>", "</code>").expect("a body");
    let body = body.replace("&quot;", "\"");
    let ask = async |headers: &str, body: &str, secret: &str| {
        let fields = [("headers", headers), ("body", body), ("secret", secret)];
        visitor
            .post("/webhooks/signature", &fields)
            .await
            .expect(200)
            .text
    };
    let good = ask(sent, &body, &secret).await;
    assert!(good.contains("The signature is good."), "{good}");
    assert!(!good.contains(&secret), "the secret is not shown again");
    let spaced = ask(sent, &body.replace("\":", "\": "), &secret).await;
    assert!(
        spaced.contains("The body was parsed and written anew."),
        "{spaced}"
    );
    let other = ask(sent, &body, "whsec_plJ3nmyCDGBKInavdOK15jsl1zRj3wT2bS9kqIbN0oQ=").await;
    assert!(
        other.contains("It is signed with another secret.")
            && other.contains(endpoint.rsplit('/').next().expect("an id")),
        "{other}"
    );
    let changed = ask(sent, &body.replace("webhook.test", "webhook.best"), &secret).await;
    assert!(
        changed.contains("The body is not the one that was sent"),
        "{changed}"
    );
    let bare = ask("webhook-id: evt_1", "{}", "").await;
    assert!(
        bare.contains("The header webhook-timestamp is missing.") && bare.contains("No secret was given.")
    );

    let stranger = Browser::new(&portal);
    let fields = [("headers", sent), ("body", &*body), ("secret", &*secret)];
    let page = stranger
        .post("/webhooks/signature", &fields)
        .await
        .expect(200)
        .text;
    assert!(
        page.contains("The signature is good."),
        "it works without a sandbox"
    );
}

#[tokio::test]
async fn the_stream_of_an_inbox_tells_of_each_arrival() {
    let portal = Portal::new().await;
    let (visitor, inbox, endpoint, _) = with_inbox(&portal).await;
    let request = visitor.request(reqwest::Method::GET, &format!("{inbox}/live"));
    let mut stream = request.send().await.expect("a stream");
    assert_eq!(
        stream
            .headers()
            .get("content-type")
            .and_then(|value| value.to_str().ok()),
        Some("text/event-stream")
    );
    let mut told = String::new();
    let mut read_until = async |wanted: &str| {
        while !told.contains(wanted) {
            let chunk = tokio::time::timeout(Duration::from_secs(20), stream.chunk()).await;
            let chunk = chunk.expect("in time").expect("a stream").expect("more");
            told.push_str(std::str::from_utf8(&chunk).expect("text"));
        }
    };
    read_until("event: arrived\ndata: 0\n").await;
    led(&visitor, &format!("{endpoint}/test"), &[]).await;
    read_until("event: arrived\ndata: 1\n").await;
}

#[tokio::test]
async fn an_endpoint_that_refuses_the_forged_and_accepts_the_genuine_proves_two_items() {
    let portal = Portal::new().await;
    // The first delivery is the genuine one, the second is forged, and so is the third, which it takes.
    let receiver = Receiver::answering(|number| match number {
        1 => StatusCode::UNAUTHORIZED.into_response(),
        _ => StatusCode::NO_CONTENT.into_response(),
    })
    .await;
    let visitor = Browser::new(&portal);
    visitor.create_sandbox().await;
    let url = receiver.url();
    let endpoint = led(&visitor, "/webhooks", &[("url", &*url), ("event_types", "*")]).await;
    let states = async || {
        let accepted = super::checklist::state(&visitor, "webhook-secret-generated").await;
        (
            accepted,
            super::checklist::state(&visitor, "signature-verified").await,
        )
    };
    assert_eq!(states().await, (ItemState::Open, ItemState::Open));

    let genuine = led(&visitor, &format!("{endpoint}/test"), &[]).await;
    until(&portal, &visitor, &genuine, "Attempt 1: 204").await;
    let (ItemState::Proven(evidence), ItemState::Open) = states().await else {
        panic!("{:?}", states().await);
    };
    assert_eq!(
        (evidence.what, evidence.href),
        (format!("{url} accepted a delivery"), Some(genuine))
    );

    let forged = led(&visitor, &format!("{endpoint}/missign"), &[]).await;
    let page = until(&portal, &visitor, &forged, "Attempt 1: 401, status").await;
    assert!(!page.contains("v1es256,"), "neither kind of signature is genuine");
    let (_, ItemState::Proven(evidence)) = states().await else {
        panic!("{:?}", states().await);
    };
    assert_eq!(evidence.what, format!("{url} refused a forged delivery with 401"));
    let seen = receiver.until(2).await;
    assert_ne!(seen[0].header("webhook-id"), seen[1].header("webhook-id"));

    let forged = led(&visitor, &format!("{endpoint}/missign"), &[]).await;
    until(&portal, &visitor, &forged, "Attempt 1: 204").await;
    assert_eq!(states().await.1, ItemState::Open, "it has taken a forgery");

    led(&visitor, &format!("{endpoint}/delete"), &[]).await;
    assert_eq!(
        states().await.0,
        ItemState::Open,
        "the proof goes with the endpoint"
    );
}
