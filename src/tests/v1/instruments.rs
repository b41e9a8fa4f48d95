//! Instruments, their classes and their time series.

use crate::harness::{Developer, Portal};
use contract::{Timestamp, demo};
use portal::clock::Clock;
use serde_json::Value;

fn rows(answer: &Value) -> &[Value] {
    answer["data"].as_array().map_or(&[], Vec::as_slice)
}

async fn ids(developer: &Developer, path: &str) -> Vec<String> {
    let (mut all, mut next) = (Vec::new(), path.to_owned());
    loop {
        let page = developer.get(&next).await.expect(200).json();
        all.extend(
            rows(&page)
                .iter()
                .map(|row| row["id"].as_str().unwrap_or_default().to_owned()),
        );
        let Some(cursor) = page["next_cursor"].as_str() else {
            return all;
        };
        let joint = if path.contains('?') { '&' } else { '?' };
        next = format!("{path}{joint}cursor={cursor}");
    }
}

#[tokio::test]
async fn filters_add_up_and_a_walk_meets_every_instrument_once() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let all = ids(&developer, "/v1/instruments?limit=7").await;
    let mut distinct = all.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!((all.len(), distinct.len()), (64, 64));
    for (query, count) in [
        ("q=aurelia", 1),
        ("q=NRDH", 1),
        ("q=DKZZ00079193", 1),
        ("isin=DKZZ00079193", 1),
        ("isin=DKZZ", 0),
        ("type=loan", 7),
        ("type=loan&q=aurelia", 1),
        ("type=stock&q=aurelia", 0),
        ("class_id=leveraged-loans", 7),
        ("class_id=derivatives&type=option", 3),
        ("class_id=nothing", 0),
        ("q=strandvejen", 1),
        ("class_id=equity-small-cap&q=ejendomme", 1),
    ] {
        let found = ids(&developer, &format!("/v1/instruments?{query}")).await;
        assert_eq!(found.len(), count, "{query}");
    }
    let refused = developer.get("/v1/instruments?type=boat").await.expect(400);
    assert_eq!(refused.problem(), "invalid-parameter");
}

#[tokio::test]
async fn the_loan_of_the_docs_is_what_they_say() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let loan = developer
        .get(&format!("/v1/instruments/{}", demo::LOAN))
        .await
        .expect(200);
    insta::assert_json_snapshot!(loan.json(), { ".created_at" => "[at]", ".updated_at" => "[at]" });
    developer
        .get("/v1/instruments/000000000000000000000000")
        .await
        .expect(404);
}

#[tokio::test]
async fn classes_stand_under_classes_that_exist() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let classes = developer
        .get("/v1/instrument-classes?limit=100")
        .await
        .expect(200)
        .json();
    let known: Vec<&Value> = rows(&classes).iter().map(|class| &class["id"]).collect();
    for class in rows(&classes) {
        assert!(
            class["parent_id"].is_null() || known.contains(&&class["parent_id"]),
            "{class}"
        );
    }
}

#[tokio::test]
async fn a_series_ends_with_the_sandbox_s_today_and_goes_on_with_its_clock() {
    // A Thursday.
    let now = "2026-10-01T12:00:00Z".parse::<Timestamp>().expect("an instant");
    let portal = Portal::with(Clock::fixed(now), |_| {}).await;
    let developer = portal.sandbox().await;
    let path = format!(
        "/v1/instruments/{}/prices?from=2026-09-28&to=2030-01-01",
        demo::INSTRUMENT
    );
    let days = async || {
        let page = developer.get(&path).await.expect(200).json();
        let days = rows(&page)
            .iter()
            .map(|point| point["date"].as_str().unwrap_or_default().to_owned());
        days.collect::<Vec<_>>()
    };
    assert_eq!(
        days().await,
        ["2026-09-28", "2026-09-29", "2026-09-30", "2026-10-01"]
    );
    let advance = serde_json::json!({ "by_seconds": 86_400 });
    developer
        .post("/sandbox/clock/advance", advance)
        .await
        .expect(200);
    assert_eq!(days().await.last().map(String::as_str), Some("2026-10-02"));
}

#[tokio::test]
async fn five_years_of_points_are_walked_without_a_gap_and_each_has_one_id() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    for (id, series) in [
        (demo::INSTRUMENT, "prices"),
        (demo::FUND, "net-asset-values"),
        (demo::LOAN, "interest-rates"),
        (demo::LINKED_BOND, "index-factors"),
    ] {
        let path = format!("/v1/instruments/{id}/{series}?limit=100&from=2021-01-01&to=2025-12-31");
        let mut walked = ids(&developer, &path).await;
        let count = walked.len();
        walked.sort();
        walked.dedup();
        assert_eq!(walked.len(), count, "{series}");
        assert!(
            count
                >= if series.ends_with('s') && count < 1_000 {
                    60
                } else {
                    1_300
                },
            "{series}: {count}"
        );
    }
    let none = ids(
        &developer,
        &format!("/v1/instruments/{}/index-factors", demo::INSTRUMENT),
    )
    .await;
    assert!(none.is_empty(), "a share has no index factor");
}
