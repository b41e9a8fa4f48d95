//! Points of a tenant's own: they override the platform's of their day, for that tenant alone.

use super::holdings::{figure, walk};
use crate::{
    harness::{Developer, Portal},
    world::World,
};
use contract::{Timestamp, demo};
use portal::clock::Clock;
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// A Thursday.
const NOW: &str = "2026-10-01T12:00:00Z";

fn prices(query: &str) -> String {
    format!("/v1/instruments/{}/prices{query}", demo::SHARE)
}

async fn portal() -> Portal {
    let now = NOW.parse::<Timestamp>().expect("an instant");
    Portal::with(Clock::fixed(now), |_| {}).await
}

async fn add(developer: &Developer, path: &str, day: &str, value: &str) -> String {
    let body = json!({ "date": day, "value": value });
    developer.post(path, body).await.expect(201).id()
}

/// Holds a hundred shares in a portfolio of its own.
async fn hold(developer: &Developer) -> World {
    let world = World::of(developer).await;
    let place = json!({ "depository_ids": [world.0["DepositoryId"]] });
    let portfolio = format!("/v1/portfolios/{}", world.0["PortfolioId"]);
    developer.patch(&portfolio, place).await.expect(200);
    let bought = json!({
        "type": "buy", "account_id": world.0["AccountId"], "depository_id": world.0["DepositoryId"],
        "instrument_id": demo::SHARE, "trade_date": "2026-06-30", "quantity": "100", "price": "78", "amount": "-7800",
    });
    developer.post("/v1/transactions", bought).await.expect(201);
    world
}

async fn position(developer: &Developer, world: &World) -> Value {
    let path = format!("/v1/positions?portfolio_id={}", world.0["PortfolioId"]);
    walk(developer, &path).await.remove(0)
}

/// What was told of changes of the world's positions.
async fn told(developer: &Developer, world: &World) -> Vec<Value> {
    let events = walk_feed(developer).await;
    events
        .into_iter()
        .filter(|event| event["event_type"] == "position.updated")
        .filter(|event| event["data"]["portfolio_id"] == *world.0["PortfolioId"])
        .map(|event| event["data"]["changed_fields"].clone())
        .collect()
}

async fn walk_feed(developer: &Developer) -> Vec<Value> {
    let mut events = Vec::new();
    let mut path = "/v1/events?limit=100".to_owned();
    loop {
        let page = developer.get(&path).await.expect(200).json();
        events.extend(page["data"].as_array().cloned().unwrap_or_default());
        if page["has_more"] == false {
            return events;
        }
        let cursor = page["next_cursor"].as_str().expect("a cursor");
        path = format!("/v1/events?limit=100&cursor={cursor}");
    }
}

#[tokio::test]
async fn an_own_point_hides_the_platform_s_of_its_day_for_this_tenant_alone() {
    let portal = portal().await;
    let (developer, stranger) = (portal.sandbox().await, portal.sandbox().await);
    let window = prices("?from=2026-09-28&to=2026-10-01");
    let before = walk(&developer, &window).await;
    assert_eq!(before.len(), 4);
    let own = add(&developer, &prices(""), "2026-09-29", "99.5").await;
    let weekend = add(&developer, &prices(""), "2026-09-26", "98").await;
    let after = walk(&developer, &window).await;
    assert_eq!(
        (&after[1]["id"], &after[1]["value"], &after[1]["source"]),
        (&json!(own), &json!("99.5"), &json!("manual"))
    );
    assert_eq!(
        (&after[0], &after[2], &after[3]),
        (&before[0], &before[2], &before[3])
    );
    assert_eq!(walk(&stranger, &window).await, before);
    // A day that the platform has no point of gets one; pages of any size show the same.
    let whole = walk(&developer, &prices("?from=2026-09-20")).await;
    assert!(whole.iter().any(|point| point["id"] == *weekend));
    for limit in [1, 2, 3] {
        let path = prices(&format!("?from=2026-09-20&limit={limit}"));
        assert_eq!(walk(&developer, &path).await, whole, "{limit}");
    }
    developer.delete(&prices(&format!("/{own}"))).await.expect(204);
    assert_eq!(walk(&developer, &window).await, before);
    developer.delete(&prices(&format!("/{own}"))).await.expect(404);
}

#[tokio::test]
async fn a_point_that_cannot_be_is_refused() {
    let portal = portal().await;
    let developer = portal.sandbox().await;
    let post = async |path: &str, body: Value| developer.post(path, body).await;
    add(&developer, &prices(""), "2026-09-29", "99.5").await;
    let body = json!({ "date": "2026-09-29", "value": "99.6", "source": "custodian" });
    let taken = post(&prices(""), body).await.expect(409);
    assert_eq!(
        (taken.problem().as_str(), &taken.json()["errors"][0]["pointer"]),
        ("already-exists", &json!("#/date"))
    );
    for (body, pointer) in [
        (json!({ "date": "2026-10-02", "value": "1" }), "#/date"),
        (json!({ "date": "1899-12-31", "value": "1" }), "#/date"),
        (json!({ "date": "2026-09-30", "value": "-1" }), "#/value"),
        (
            json!({ "date": "2026-09-30", "value": "1.00000000001" }),
            "#/value",
        ),
        (
            json!({ "date": "2026-09-30", "value": "1", "source": "reference" }),
            "#/source",
        ),
    ] {
        let refused = post(&prices(""), body.clone()).await.expect(422);
        assert_eq!(refused.json()["errors"][0]["pointer"], pointer, "{body}");
    }
    let none = format!("/v1/instruments/{}/net-asset-values", demo::SHARE);
    let refused = post(&none, json!({ "date": "2026-09-30", "value": "1" }))
        .await
        .expect(422);
    assert_eq!(
        refused.json()["errors"][0]["detail"],
        "a `stock` has no net asset values"
    );
    let published = walk(&developer, &prices("?from=2026-09-30&to=2026-09-30")).await;
    let path = prices(&format!("/{}", published[0]["id"].as_str().expect("an id")));
    assert_eq!(developer.delete(&path).await.expect(409).problem(), "read-only");
    let elsewhere = format!("/v1/instruments/{}/prices", demo::INSTRUMENT);
    let own = add(&developer, &elsewhere, "2026-09-30", "1").await;
    developer.delete(&prices(&format!("/{own}"))).await.expect(404);
}

#[tokio::test]
async fn figures_follow_own_points_and_positions_tell_of_those_that_count_today() {
    let portal = portal().await;
    let (developer, stranger) = (portal.sandbox().await, portal.sandbox().await);
    let world = hold(&developer).await;
    let before = position(&developer, &world).await;
    // The latest point of today is the mark.
    let today = add(&developer, &prices(""), "2026-10-01", "123.45").await;
    let marked = position(&developer, &world).await;
    assert_eq!(
        (&marked["mark_price"], &marked["market_value"]),
        (&json!("123.45000000"), &json!("12345.00"))
    );
    let fields = json!(["mark_price", "market_value"]);
    assert_eq!(told(&developer, &world).await, std::slice::from_ref(&fields));
    // An earlier one changes history and no mark.
    add(&developer, &prices(""), "2026-09-29", "100").await;
    assert_eq!(told(&developer, &world).await.len(), 1);
    let held = format!(
        "/v1/reporting-entities/{}/holdings?as_of=2026-09-29",
        world.0["ReportingEntityId"]
    );
    let row = walk(&developer, &held).await.remove(0);
    assert_eq!(
        (&row["price"], &row["market_value"]),
        (&json!("100.00000000"), &json!("10000.00"))
    );
    // The platform's holds again.
    developer.delete(&prices(&format!("/{today}"))).await.expect(204);
    let again = position(&developer, &world).await;
    assert_eq!(again["mark_price"], before["mark_price"]);
    assert_eq!(told(&developer, &world).await, [fields.clone(), fields]);
    let theirs = hold(&stranger).await;
    assert_eq!(
        position(&stranger, &theirs).await["mark_price"],
        before["mark_price"]
    );
}

#[tokio::test]
async fn an_own_index_factor_scales_what_is_held_of_a_linked_bond() {
    let portal = portal().await;
    let developer = portal.sandbox().await;
    let world = hold(&developer).await;
    let bought = json!({
        "type": "buy", "account_id": world.0["AccountId"], "depository_id": world.0["DepositoryId"],
        "instrument_id": demo::LINKED_BOND, "trade_date": "2026-06-30", "quantity": "10000", "price": "100",
        "amount": "-10000",
    });
    developer.post("/v1/transactions", bought).await.expect(201);
    let worth = async || {
        let path = format!("/v1/reporting-entities/{}/holdings", world.0["ReportingEntityId"]);
        let rows = walk(&developer, &path).await;
        let bond = rows.iter().find(|row| row["instrument_id"] == demo::LINKED_BOND);
        let bond = bond.expect("the bond");
        figure(&bond["market_value"]) - figure(&bond["accrued_interest"])
    };
    let path = format!("/v1/instruments/{}/index-factors", demo::LINKED_BOND);
    add(&developer, &path, "2026-10-01", "1").await;
    let plain = worth().await;
    let factors = walk(&developer, &format!("{path}?from=2026-10-01")).await;
    let own = factors[0]["id"].as_str().expect("an id");
    developer.delete(&format!("{path}/{own}")).await.expect(204);
    add(&developer, &path, "2026-10-01", "1.5").await;
    assert_eq!(worth().await, (plain * Decimal::new(15, 1)).round_dp(2));
    assert_eq!(
        told(&developer, &world).await.last(),
        Some(&json!(["market_value", "accrued_interest"]))
    );
}

#[tokio::test]
async fn own_points_are_still_there_after_a_restart_and_in_the_next_year() {
    let portal = portal().await;
    let developer = portal.sandbox().await;
    let world = hold(&developer).await;
    add(&developer, &prices(""), "2026-10-01", "123.45").await;
    let held = format!(
        "/v1/reporting-entities/{}/holdings?as_of=2026-10-01",
        world.0["ReportingEntityId"]
    );
    let before = walk(&developer, &held).await;
    assert_eq!(before[0]["price"], "123.45000000");
    let ahead = json!({ "by_seconds": 120 * 86_400 });
    developer.post("/sandbox/clock/advance", ahead).await.expect(200);
    assert_eq!(walk(&developer, &held).await, before);
    let portal = portal.restart().await;
    assert_eq!(walk(&developer, &held).await, before);
    drop(portal);
}
