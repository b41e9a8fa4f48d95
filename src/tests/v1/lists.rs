//! Walks: no row that exists throughout is repeated or skipped, whatever happens meanwhile.

use crate::harness::{Developer, Portal};
use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::{Value, json};
use std::collections::BTreeSet;

async fn create(developer: &Developer, name: &str) -> String {
    developer
        .post(
            "/v1/clients",
            json!({ "name": name, "reference_currency": "EUR" }),
        )
        .await
        .expect(201)
        .id()
}

fn ids(page: &Value) -> Vec<String> {
    page["data"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| row["id"].as_str().expect("an id").to_owned())
        .collect()
}

/// What happens between two pages of a walk.
#[derive(Clone, Debug)]
enum Meanwhile {
    Insert,
    DeleteSeen,
    DeleteUnseen,
    Rename,
}

fn meanwhile() -> impl Strategy<Value = Meanwhile> {
    prop_oneof![
        Just(Meanwhile::Insert),
        Just(Meanwhile::DeleteSeen),
        Just(Meanwhile::DeleteUnseen),
        Just(Meanwhile::Rename)
    ]
}

async fn walk_amid(developer: &Developer, limit: u8, steps: Vec<Meanwhile>) -> Result<(), TestCaseError> {
    let mut throughout: BTreeSet<String> = BTreeSet::new();
    for number in 0..12 {
        throughout.insert(create(developer, &format!("Row {number}")).await);
    }
    let mut steps = steps.into_iter();
    let (mut seen, mut path) = (Vec::new(), format!("/v1/clients?limit={limit}"));
    loop {
        let page = developer.get(&path).await.expect(200).json();
        prop_assert!(
            page["data"]
                .as_array()
                .is_some_and(|rows| rows.len() <= usize::from(limit))
        );
        seen.extend(ids(&page));
        match steps.next() {
            Some(Meanwhile::Insert) => _ = create(developer, "Late").await,
            Some(Meanwhile::Rename) => {
                let some = throughout.first().expect("a row").clone();
                developer
                    .patch(&format!("/v1/clients/{some}"), json!({ "name": "Renamed" }))
                    .await
                    .expect(200);
            }
            Some(step @ (Meanwhile::DeleteSeen | Meanwhile::DeleteUnseen)) => {
                let want_seen = matches!(step, Meanwhile::DeleteSeen);
                let victim = throughout
                    .iter()
                    .find(|id| seen.contains(*id) == want_seen)
                    .cloned();
                if let Some(victim) = victim {
                    developer
                        .delete(&format!("/v1/clients/{victim}"))
                        .await
                        .expect(204);
                    throughout.remove(&victim);
                }
            }
            None => {}
        }
        let Some(cursor) = page["next_cursor"].as_str() else {
            break;
        };
        prop_assert_eq!(&page["has_more"], &json!(true));
        path = format!("/v1/clients?limit={limit}&cursor={cursor}");
    }
    let unique: BTreeSet<_> = seen.iter().cloned().collect();
    prop_assert_eq!(unique.len(), seen.len(), "a row came twice");
    prop_assert!(throughout.is_subset(&unique), "a row was skipped");
    Ok(())
}

#[test]
fn a_walk_misses_and_repeats_nothing_amid_inserts_and_deletes() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let portal = runtime.block_on(Portal::new());
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 24,
        ..ProptestConfig::default()
    });
    let inputs = (1_u8..9, prop::collection::vec(meanwhile(), 0..10));
    runner
        .run(&inputs, |(limit, steps)| {
            runtime.block_on(async { walk_amid(&portal.sandbox().await, limit, steps).await })
        })
        .expect("no walk fails");
}

#[tokio::test]
async fn the_next_page_is_linked_under_the_configured_url() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let page = developer
        .request("GET", "/v1/clients?limit=1")
        .header("host", "evil.example")
        .send()
        .await
        .expect(200);
    let cursor = page.json()["next_cursor"].as_str().expect("a cursor").to_owned();
    let link = format!(
        "<{}/v1/clients?limit=1&cursor={cursor}>; rel=\"next\"",
        portal.server.api_url
    );
    assert_eq!(page.header("link"), Some(&*link));
    let last = developer.get("/v1/clients?limit=100").await.expect(200);
    assert_eq!(
        (
            last.header("link"),
            &last.json()["next_cursor"],
            &last.json()["has_more"]
        ),
        (None, &json!(null), &json!(false))
    );
}

#[tokio::test]
async fn a_cursor_opens_only_the_list_that_it_came_from() {
    let portal = Portal::new().await;
    let (developer, other) = (portal.sandbox().await, portal.sandbox().await);
    let page = developer.get("/v1/clients?limit=1").await.expect(200).json();
    let cursor = page["next_cursor"].as_str().expect("a cursor");
    let paths = ["/v1/accounts", "/v1/depositories", "/v1/custodians"];
    for path in paths {
        assert_eq!(
            developer
                .get(&format!("{path}?cursor={cursor}"))
                .await
                .expect(400)
                .problem(),
            "invalid-cursor"
        );
    }
    let clients = format!("/v1/clients?cursor={cursor}");
    assert_eq!(other.get(&clients).await.expect(400).problem(), "invalid-cursor");
    developer.get(&clients).await.expect(200);
    developer
        .request("POST", "/sandbox/reset")
        .send()
        .await
        .expect(200);
    assert_eq!(
        developer.get(&clients).await.expect(400).problem(),
        "invalid-cursor"
    );
}

#[tokio::test]
async fn a_cursor_expires_after_a_day() {
    let clock = portal::clock::Clock::fixed(contract::Timestamp::from_millis(1_790_000_000_000));
    let portal = Portal::with(clock, |_| {}).await;
    let developer = portal.sandbox().await;
    let page = developer.get("/v1/clients?limit=1").await.expect(200).json();
    let path = format!(
        "/v1/clients?cursor={}",
        page["next_cursor"].as_str().expect("a cursor")
    );
    portal.clock.advance_millis(25 * 60 * 60 * 1000);
    let fresh = developer
        .client
        .token(&developer.client_id, &developer.client_secret, None)
        .await;
    let developer = Developer {
        token: fresh,
        ..developer
    };
    assert_eq!(developer.get(&path).await.expect(400).problem(), "cursor-expired");
}
