//! A receiver that takes calls and never answers costs the others nothing.

use super::{client, deliveries, endpoint, failures::raw};
use crate::{harness::Portal, receiver::Receiver};
use contract::webhooks::MOST;
use serde_json::json;
use std::collections::HashMap;

const EVENTS: usize = 2;

#[tokio::test]
async fn a_dead_endpoint_among_a_hundred_holds_up_none_of_the_others() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let dead = format!("http://{}/", raw(b"", false).await);
    let dead = endpoint(&developer, &dead, &["client.*"]).await;
    let receiver = Receiver::new().await;
    let others = usize::from(MOST) - 1;
    for number in 0..others {
        let url = format!("{}/{number}", receiver.url());
        endpoint(&developer, &url, &["client.*"]).await;
    }
    for _ in 0..EVENTS {
        client(&developer).await;
    }
    let arrived = receiver.until(others * EVENTS).await;
    let open = deliveries(&developer, &dead, |rows| rows.len() == EVENTS).await;
    for row in open {
        assert_eq!(
            (&row["status"], &row["attempts_made"]),
            (&json!("waiting"), &json!(0)),
            "its attempts have not even ended"
        );
    }
    let mut heard: HashMap<&str, usize> = HashMap::new();
    for one in &arrived {
        *heard.entry(one.header("webhook-id")).or_default() += 1;
    }
    assert_eq!(heard.into_values().collect::<Vec<_>>(), [others; EVENTS]);
}
