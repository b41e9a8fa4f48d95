//! The timeline: from a call to what it changed, to each delivery, to what each receiver answered; and back.

mod extracts;

use super::{
    browser::Browser,
    webhooks::{add_inbox, between, led, until},
};
use crate::harness::{Anonymous, Answer, Portal};
use contract::Timestamp;
use portal::clock::Clock;
use serde_json::{Value, json};

/// Someone with a sandbox, and a token for their own programs.
async fn owner(portal: &Portal) -> (Browser, String) {
    let visitor = Browser::new(portal);
    let credentials = visitor.create_sandbox().await;
    let api = portal.anonymous();
    let token = api.token(&credentials.client_id, &credentials.secret, None).await;
    (visitor, token)
}

async fn call(api: &Anonymous, token: &str, (method, path): (&str, &str), body: Value) -> Answer {
    let request = api
        .request(method, path)
        .header("authorization", format!("Bearer {token}"));
    let request = if body.is_null() {
        request
    } else {
        request.json(body)
    };
    request.send().await
}

async fn create(api: &Anonymous, token: &str, name: &str) -> String {
    let client = json!({ "name": name, "reference_currency": "EUR" });
    let answer = call(api, token, ("POST", "/v1/clients"), client)
        .await
        .expect(201);
    timeline(&answer)
}

/// The timeline of an answered call.
fn timeline(answer: &Answer) -> String {
    format!("/timeline/{}", answer.header("request-id").expect("an id"))
}

#[tokio::test]
async fn a_change_is_traced_to_the_answer_of_its_receiver_and_back() {
    let portal = Portal::new().await;
    let (visitor, token) = owner(&portal).await;
    let (inbox, ..) = add_inbox(&visitor).await;
    let trace = create(&portal.anonymous(), &token, "Traced").await;
    let id = trace.trim_start_matches("/timeline/");
    let page = until(&portal, &visitor, &trace, "From the call to the last answer").await;
    for step in [
        "<code>POST /v1/clients</code>",
        ">201<",
        "client.created",
        "client_id",
        "200 in ",
    ] {
        assert!(page.contains(step), "{step}: {page}");
    }
    assert!(
        page.contains("A program") && !page.contains("data-live"),
        "nothing is to come"
    );

    let delivery = between(&page, "href=\"/webhooks/deliveries/", "\"").expect("a delivery");
    let delivery = visitor
        .get(&format!("/webhooks/deliveries/{delivery}"))
        .await
        .expect(200);
    let arrived = visitor.get(&inbox).await.expect(200);
    let logs = visitor.get("/logs").await.expect(200);
    for back in [&delivery, &arrived, &logs] {
        assert!(back.text.contains(&format!("href=\"{trace}\"")), "{}", back.text);
    }
    let log = between(&page, "href=\"/logs?", "\"").expect("its place in the log");
    let (place, anchor) = log.split_once('#').expect("an anchor");
    let log = visitor.get(&format!("/logs?{place}")).await.expect(200).text;
    assert!(anchor == id && log.contains(&format!("<li id=\"{id}\"")), "{log}");
    assert!(page.contains("href=\"/builder?operation=clients.create"));
}

#[tokio::test]
async fn the_builder_s_answer_and_the_checklist_s_proof_lead_to_the_timeline_of_their_call() {
    let portal = Portal::new().await;
    let (visitor, _) = owner(&portal).await;
    let answer = visitor.build("clients.list", &[]).await.expect(200).text;
    let trace = between(&answer, "href=\"/timeline/", "\"").expect("a link");
    let page = visitor.get(&format!("/timeline/{trace}")).await.expect(200).text;
    assert!(page.contains("It read, and changed nothing.") && page.contains("The builder"));
    let checklist = visitor.get("/checklist").await.expect(200).text;
    assert!(
        checklist.contains(&format!("href=\"/timeline/{trace}\"")),
        "{checklist}"
    );
}

#[tokio::test]
async fn what_is_still_to_come_is_said_and_watched() {
    let portal = Portal::new().await;
    let (visitor, token) = owner(&portal).await;
    let (inbox, ..) = add_inbox(&visitor).await;
    led(
        &visitor,
        &format!("{inbox}/answer"),
        &[("script", "[{\"status\": 500}]")],
    )
    .await;
    let trace = create(&portal.anonymous(), &token, "Refused").await;
    let page = until(&portal, &visitor, &trace, "500, status, after ").await;
    assert!(page.contains("Attempt 2") && page.contains("due in "), "{page}");
    assert!(page.contains(&format!("data-live=\"{trace}/live\"")) && page.contains("Look again"));
    let request = visitor.request(reqwest::Method::GET, &format!("{trace}/live"));
    let mut stream = request.send().await.expect("a stream");
    let first = stream.chunk().await.expect("a message").expect("a message");
    let mark = between(&page, "data-count=\"", "\"").expect("a mark");
    assert_eq!(
        String::from_utf8_lossy(&first),
        format!("event: arrived\ndata: {mark}\n\n")
    );
}

#[tokio::test]
async fn a_call_that_changed_nothing_says_why() {
    let portal = Portal::new().await;
    let (visitor, token) = owner(&portal).await;
    let api = portal.anonymous();
    let said = async |answer: &Answer| visitor.get(&timeline(answer)).await.expect(200).text;
    let refused = call(&api, &token, ("POST", "/v1/clients"), json!({ "name": "" }))
        .await
        .expect(422);
    let page = said(&refused).await;
    assert!(
        page.contains("It was refused, so it changed nothing.") && page.contains("/errors#validation-failed")
    );
    let page = said(&call(&api, &token, ("GET", "/v1/clients"), Value::Null).await).await;
    assert!(page.contains("It read, and changed nothing."));

    let repeat = async || {
        let request = api
            .request("POST", "/v1/clients")
            .header("authorization", format!("Bearer {token}"))
            .header("idempotency-key", "once");
        let client = json!({ "name": "Once", "reference_currency": "EUR" });
        request.json(client).send().await.expect(201)
    };
    let page = said(&repeat().await).await;
    assert!(
        page.contains("client.created") && page.contains("No endpoint listened"),
        "{page}"
    );
    let page = said(&repeat().await).await;
    assert!(page.contains("the first answer was given again") && !page.contains("client.created"));
}

#[tokio::test]
async fn what_the_clock_brings_belongs_to_the_call_that_moved_it_and_tells_both_times() {
    let portal = Portal::new().await;
    let (visitor, token) = owner(&portal).await;
    let api = portal.anonymous();
    let moved = json!({ "by_seconds": 400 * 24 * 60 * 60 });
    let answer = call(&api, &token, ("POST", "/sandbox/clock/advance"), moved)
        .await
        .expect(200);
    let page = visitor.get(&timeline(&answer)).await.expect(200).text;
    assert!(
        page.contains("authority.expired") && page.contains("on the sandbox’s clock"),
        "{page}"
    );
    let trace = create(&api, &token, "Later").await;
    let page = visitor.get(&trace).await.expect(200).text;
    assert!(
        page.contains("client.created") && !page.contains("authority."),
        "{page}"
    );
    assert!(
        page.contains("on the sandbox’s clock") && !page.contains("<span>–</span>"),
        "{page}"
    );
}

#[tokio::test]
async fn a_request_shows_in_its_own_sandbox_alone() {
    let portal = Portal::new().await;
    let (visitor, token) = owner(&portal).await;
    let trace = create(&portal.anonymous(), &token, "Hidden").await;
    let live = format!("{trace}/live");
    visitor.get(&trace).await.expect(200);

    let stranger = Browser::new(&portal);
    let page = stranger.get(&trace).await.expect(404).text;
    assert!(page.contains("Create sandbox") && !page.contains("client.created"));
    stranger.get(&live).await.expect(404);
    let (other, _) = owner(&portal).await;
    let page = other.get(&trace).await.expect(404).text;
    assert!(page.contains("No trace of this request") && !page.contains("client.created"));
    other.get(&live).await.expect(404);
    for id in ["", "x", "req_1", "req_%20", "evt_01K2J8X4M6V0Q3R5T7W9Y1Z2A3"] {
        visitor.get(&format!("/timeline/{id}")).await.expect(404);
    }
}

#[tokio::test]
async fn a_call_that_has_left_the_log_still_shows_what_it_proved_and_changed() {
    let start: Timestamp = "2026-07-01T09:00:00Z".parse().expect("an instant");
    let portal = Portal::with(Clock::fixed(start), |_| {}).await;
    let visitor = Browser::new(&portal);
    let credentials = visitor.create_sandbox().await;
    let api = portal.anonymous();
    let token = async || api.token(&credentials.client_id, &credentials.secret, None).await;
    let before = token().await;
    let list = ("GET", "/v1/clients");
    let proof = timeline(&call(&api, &before, list, Value::Null).await.expect(200));
    portal.clock.advance_millis(1);
    let forgotten = timeline(&call(&api, &before, list, Value::Null).await.expect(200));
    let change = create(&api, &before, "Kept").await;

    portal.clock.advance_millis(8 * 24 * 60 * 60 * 1000);
    call(&api, &token().await, ("GET", "/v1/clients"), Value::Null)
        .await
        .expect(200);
    let gone = "no longer in the log: calls are kept for seven days";
    let checklist = visitor.get("/checklist").await.expect(200).text;
    assert!(checklist.contains(&format!("href=\"{proof}\"")));
    let page = visitor.get(&proof).await.expect(200).text;
    assert!(page.contains(gone) && page.contains("Lists clients"), "{page}");
    let page = visitor.get(&change).await.expect(200).text;
    assert!(page.contains(gone) && page.contains("client.created"), "{page}");
    let page = visitor.get(&forgotten).await.expect(404).text;
    assert!(page.contains("older than the seven days"));
}
