//! An extract belongs to the call that asked for it: what tells of its end, and who is told.

use super::{
    super::webhooks::{add_inbox, between, until},
    Portal, call, owner, timeline,
};
use portal::clock::Clock;
use serde_json::json;

const ORDER: (&str, &str) = ("POST", "/v1/extracts");
const WHOLE: &str = "From the call to the last answer";

fn order(dataset: &str) -> serde_json::Value {
    json!({ "dataset": dataset, "format": "csv", "purpose": "Reconciliation" })
}

#[tokio::test]
async fn the_end_of_an_extract_is_traced_to_the_call_that_asked_for_it() {
    let portal = Portal::new().await;
    let (visitor, token) = owner(&portal).await;
    add_inbox(&visitor).await;
    let api = portal.anonymous();
    let (mut traces, mut calls) = (Vec::new(), Vec::new());
    for dataset in ["positions", "transactions"] {
        let answer = call(&api, &token, ORDER, order(dataset)).await.expect(202);
        traces.push(timeline(&answer));
        calls.push(answer.id());
    }
    for (trace, extract) in traces.iter().zip(&calls) {
        let page = until(&portal, &visitor, trace, WHOLE).await;
        assert_eq!(
            page.matches("<code>extract.completed</code>").count(),
            1,
            "{page}"
        );
        assert!(
            page.contains(extract.as_str()) && page.contains("200 in "),
            "{page}"
        );
        assert!(
            !page.contains("<span>–</span>") && !page.contains("on the sandbox’s clock"),
            "both clocks are at the same instant: {page}"
        );
        let delivery = between(&page, "href=\"/webhooks/deliveries/", "\"").expect("a delivery");
        let delivery = visitor.get(&format!("/webhooks/deliveries/{delivery}")).await;
        assert!(delivery.expect(200).text.contains(&format!("href=\"{trace}\"")));
    }
}

#[tokio::test]
async fn an_extract_that_waits_is_said_to_and_keeps_its_cause_through_a_restart() {
    let portal = Portal::with(Clock::system(), |config| config.extracts_at_once = 0).await;
    let (visitor, token) = owner(&portal).await;
    add_inbox(&visitor).await;
    let api = portal.anonymous();
    let answer = call(&api, &token, ORDER, order("holdings")).await.expect(202);
    let trace = timeline(&answer);
    let page = visitor.get(&trace).await.expect(200).text;
    assert!(page.contains("The extract is still being made."), "{page}");
    assert!(page.contains(&format!("data-live=\"{trace}/live\"")), "{page}");
    let refused = call(&api, &token, ORDER, order("holdings")).await.expect(409);
    let page = visitor.get(&timeline(&refused)).await.expect(200).text;
    assert!(page.contains("It was refused, so it changed nothing."), "{page}");

    let portal = portal.restart().await;
    let page = until(&portal, &visitor, &trace, WHOLE).await;
    assert!(page.contains("<code>extract.completed</code>"), "{page}");
    assert!(
        !page.contains("still being made") && !page.contains("data-live"),
        "{page}"
    );
    let page = visitor.get(&timeline(&refused)).await.expect(200).text;
    assert!(!page.contains("extract.completed"), "{page}");
}

#[tokio::test]
async fn what_the_clock_brings_meanwhile_does_not_move_the_end_of_an_extract() {
    let portal = Portal::with(Clock::system(), |config| config.extracts_at_once = 0).await;
    let (visitor, token) = owner(&portal).await;
    add_inbox(&visitor).await;
    let api = portal.anonymous();
    let answer = call(&api, &token, ORDER, order("holdings")).await.expect(202);
    let moved = json!({ "by_seconds": 400 * 24 * 60 * 60 });
    let moving = call(&api, &token, ("POST", "/sandbox/clock/advance"), moved).await;
    let portal = portal.restart().await;
    let page = until(&portal, &visitor, &timeline(&answer), WHOLE).await;
    assert!(
        page.contains("on the sandbox’s clock") && !page.contains("<span>–</span>"),
        "real time is known, and the other one told beside it: {page}"
    );
    assert!(!page.contains("authority."), "{page}");
    let page = visitor.get(&timeline(&moving.expect(200))).await.expect(200).text;
    assert!(
        page.contains("authority.expired") && !page.contains("extract."),
        "{page}"
    );
    assert!(!page.contains("<span>–</span>"), "{page}");
}
