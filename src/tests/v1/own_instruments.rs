//! Instruments of a tenant's own: what they take, where they show, and what keeps them.

use super::holdings::walk;
use crate::{
    harness::{Answer, Developer, Portal},
    world::World,
};
use contract::demo;
use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::{Value, json};

fn share(name: &str) -> Value {
    json!({ "type": "stock", "name": name, "currency": "EUR", "class_id": "equity" })
}

fn bond() -> Value {
    json!({
        "type": "bond", "name": "Own 4 % 2031", "currency": "EUR", "class_id": "fixed-income",
        "detailed_class_id": "corporate-bonds", "terms": {
            "coupon_rate": 0.04, "coupon_frequency": "annually", "day_count": "30/360", "dated_date": "2026-01-31",
            "maturity_date": "2031-01-31" },
    })
}

async fn add(developer: &Developer, body: Value) -> String {
    developer.post("/v1/instruments", body).await.expect(201).id()
}

fn pointers(refused: &Answer) -> Vec<Value> {
    let errors = refused.json()["errors"].as_array().cloned().unwrap_or_default();
    errors.into_iter().map(|error| error["pointer"].clone()).collect()
}

#[tokio::test]
async fn an_own_instrument_is_found_like_any_other() {
    let portal = Portal::new().await;
    let (developer, stranger) = (portal.sandbox().await, portal.sandbox().await);
    let mut body = bond();
    body["isin"] = json!("DKZZ12345673");
    body["issuer"] = json!({ "id": "iss_OWN", "name": "Own", "industry": "housing" });
    let created = developer.post("/v1/instruments", body).await.expect(201);
    let path = format!("/v1/instruments/{}", created.id());
    assert!(
        created
            .header("location")
            .is_some_and(|place| place.ends_with(&path))
    );
    let read = developer.get(&path).await.expect(200).json();
    assert_eq!(read, created.json());
    assert_eq!(
        (&read["source"], &read["terms"]["coupon_rate"]),
        (&json!("client"), &json!("0.04"))
    );
    for query in [
        "isin=DKZZ12345673",
        "q=OWN%204",
        "q=zz1234567",
        "type=bond&q=own",
        "class_id=corporate-bonds&q=own",
        "class_id=fixed-income&q=own",
    ] {
        let found = walk(&developer, &format!("/v1/instruments?{query}")).await;
        assert_eq!(found, std::slice::from_ref(&read), "{query}");
        assert!(
            walk(&stranger, &format!("/v1/instruments?{query}"))
                .await
                .is_empty()
        );
    }
    assert!(
        walk(&developer, "/v1/instruments?class_id=cash&q=own")
            .await
            .is_empty()
    );
    stranger.get(&path).await.expect(404);
}

#[tokio::test]
async fn what_does_not_go_together_is_refused_member_by_member() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let with = |members: Value| {
        let mut body = share("A");
        for (name, value) in members.as_object().into_iter().flatten() {
            body[name] = value.clone();
        }
        body
    };
    for (body, pointer) in [
        (with(json!({ "type": "bond" })), "#/terms/coupon_rate"),
        (with(json!({ "terms": { "strike": "10" } })), "#/terms/strike"),
        (with(json!({ "terms": { "colour": "red" } })), "#/terms/colour"),
        (with(json!({ "class_id": "nothing" })), "#/class_id"),
        (with(json!({ "class_id": "equity-large-cap" })), "#/class_id"),
        (
            with(json!({ "detailed_class_id": "options" })),
            "#/detailed_class_id",
        ),
        (with(json!({ "isin": "DKZZ12345670" })), "#/isin"),
        (
            with(json!({ "issuer": { "id": "iss_NRD", "name": "Other", "industry": "other" } })),
            "#/issuer/id",
        ),
        (
            with(
                json!({ "type": "option", "terms": { "underlying_id": "000000000000000000000000", "right": "put",
                                                      "strike": "1", "expiry": "2027-01-01" } }),
            ),
            "#/terms/underlying_id",
        ),
    ] {
        let refused = developer.post("/v1/instruments", body.clone()).await.expect(422);
        assert_eq!(pointers(&refused)[0], pointer, "{body}");
    }
    let mut taken = share("A");
    taken["isin"] = json!("DKZZ00079193");
    let refused = developer.post("/v1/instruments", taken.clone()).await.expect(409);
    assert_eq!(
        (refused.problem().as_str(), pointers(&refused)),
        ("already-exists", vec![json!("#/isin")])
    );
    taken["isin"] = json!("DKZZ12345673");
    developer.post("/v1/instruments", taken.clone()).await.expect(201);
    developer.post("/v1/instruments", taken).await.expect(409);
}

#[tokio::test]
async fn a_patch_merges_terms_and_issuer_and_heeds_the_version() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let path = format!("/v1/instruments/{}", add(&developer, bond()).await);
    let etag = developer
        .get(&path)
        .await
        .header("etag")
        .expect("a tag")
        .to_owned();
    let missing = developer
        .patch(&path, json!({ "issuer": { "name": "Own" } }))
        .await
        .expect(422);
    assert_eq!(pointers(&missing), ["#/issuer/id", "#/issuer/industry"]);
    let issuer = json!({ "id": "iss_OWN", "name": "Own", "industry": "housing" });
    let terms_too = json!({ "issuer": issuer, "terms": { "coupon_rate": "0.05" }, "ticker": "OWN" });
    let changed = developer.patch(&path, terms_too).await.expect(200).json();
    assert_eq!(changed["terms"]["coupon_rate"], "0.05");
    assert_eq!(changed["terms"]["day_count"], "30/360");
    let changed = developer
        .patch(&path, json!({ "issuer": { "name": "Renamed" }, "ticker": null }))
        .await
        .expect(200)
        .json();
    assert_eq!(
        (
            &changed["issuer"]["name"],
            &changed["issuer"]["id"],
            &changed["ticker"]
        ),
        (&json!("Renamed"), &json!("iss_OWN"), &Value::Null)
    );
    let lacking = developer
        .patch(&path, json!({ "terms": { "coupon_rate": null } }))
        .await
        .expect(422);
    assert_eq!(pointers(&lacking), ["#/terms/coupon_rate"]);
    let late = developer.request("PATCH", &path).header("if-match", &etag);
    late.json(json!({ "name": "Late" })).send().await.expect(412);
    let late = developer.request("DELETE", &path).header("if-match", &etag);
    late.send().await.expect(412);
    developer.delete(&path).await.expect(204);
    developer.delete(&path).await.expect(404);
}

#[tokio::test]
async fn the_platform_s_instruments_are_read_only() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let path = format!("/v1/instruments/{}", demo::INSTRUMENT);
    for refused in [
        developer.patch(&path, json!({ "name": "Mine" })).await,
        developer.delete(&path).await,
    ] {
        assert_eq!(refused.expect(409).problem(), "read-only");
    }
}

#[tokio::test]
async fn an_instrument_stays_while_something_refers_to_it() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let world = World::of(&developer).await;
    let id = add(&developer, share("Held")).await;
    let path = format!("/v1/instruments/{id}");
    let option = json!({
        "type": "option", "name": "Call", "currency": "EUR", "class_id": "derivatives", "terms": {
            "underlying_id": id, "right": "call", "strike": "10", "expiry": "2027-12-17" },
    });
    let option = add(&developer, option).await;
    let point = json!({ "date": "2026-06-30", "value": "12" });
    let point = developer
        .post(&format!("{path}/prices"), point)
        .await
        .expect(201)
        .id();
    let bought = json!({
        "type": "buy", "account_id": world.0["AccountId"], "depository_id": world.0["DepositoryId"],
        "instrument_id": id, "trade_date": "2026-06-30", "quantity": "10", "price": "11", "amount": "-110",
    });
    let bought = developer.post("/v1/transactions", bought).await.expect(201).id();
    let refused = developer.delete(&path).await.expect(409);
    assert_eq!(
        refused.json()["detail"],
        "It still has 1 transaction, 1 point of its own and 1 option on it."
    );
    let fixed = developer
        .patch(&path, json!({ "currency": "DKK" }))
        .await
        .expect(409);
    assert_eq!(fixed.problem(), "in-use");
    for what in [
        format!("/v1/transactions/{bought}"),
        format!("{path}/prices/{point}"),
        format!("/v1/instruments/{option}"),
        path.clone(),
    ] {
        developer.delete(&what).await.expect(204);
    }
    developer.get(&path).await.expect(404);
}

#[tokio::test]
async fn an_own_bond_is_held_valued_and_shown_as_a_position() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let world = World::of(&developer).await;
    let place = json!({ "depository_ids": [world.0["DepositoryId"]] });
    let portfolio = format!("/v1/portfolios/{}", world.0["PortfolioId"]);
    developer.patch(&portfolio, place).await.expect(200);
    let mut body = bond();
    body["issuer"] = json!({ "id": "iss_OWN", "name": "Own", "industry": "housing" });
    let id = add(&developer, body).await;
    let bought = json!({
        "type": "buy", "account_id": world.0["AccountId"], "depository_id": world.0["DepositoryId"],
        "instrument_id": id, "trade_date": "2026-01-31", "quantity": "10000", "price": "99", "amount": "-9900",
    });
    developer.post("/v1/transactions", bought).await.expect(201);
    let entity = &world.0["ReportingEntityId"];
    let held = async |day: &str| {
        let path = format!("/v1/reporting-entities/{entity}/holdings?as_of={day}");
        walk(&developer, &path)
            .await
            .into_iter()
            .find(|row| row["instrument_id"] == *id)
    };
    // Without a point of its own, the last trade says what it is worth.
    let row = held("2026-04-30").await.expect("the bond");
    assert_eq!(
        (&row["price"], &row["accrued_interest"], &row["market_value"]),
        (&json!("99.00000000"), &json!("100.00"), &json!("10000.00"))
    );
    let point = json!({ "date": "2026-03-31", "value": "101.5" });
    developer
        .post(&format!("/v1/instruments/{id}/prices"), point)
        .await
        .expect(201);
    let row = held("2026-04-30").await.expect("the bond");
    assert_eq!(
        (&row["price"], &row["price_date"], &row["market_value"]),
        (&json!("101.50000000"), &json!("2026-03-31"), &json!("10250.00"))
    );
    let list = format!("/v1/positions?portfolio_id={}", world.0["PortfolioId"]);
    let positions = walk(&developer, &format!("{list}&industry=housing")).await;
    assert_eq!(positions.len(), 1);
    assert_eq!(
        (
            &positions[0]["issuer_id"],
            &positions[0]["asset_id"],
            &positions[0]["par"]
        ),
        (
            &json!("iss_OWN"),
            &json!(format!("ast_{id}")),
            &json!("10000.00000000")
        )
    );
    // New terms value what is held anew, and positions tell so.
    let since = positions[0]["updated_at"]
        .as_str()
        .expect("an instant")
        .to_owned();
    developer
        .patch(
            &format!("/v1/instruments/{id}"),
            json!({ "name": "Renamed", "terms": { "coupon_rate": "0.08" } }),
        )
        .await
        .expect(200);
    let row = held("2026-04-30").await.expect("the bond");
    assert_eq!(row["accrued_interest"], "200.00");
    let changed = walk(&developer, &format!("{list}&status=all&updated_since={since}")).await;
    assert!(changed.iter().any(|row| row["asset_name"] == "Renamed"));
}

/// What happens between two pages of a walk: an instrument is added, or one that was seen or not goes away.
async fn walk_amid(developer: &Developer, limit: u8, steps: Vec<(bool, usize)>) -> Result<(), TestCaseError> {
    let mut there = Vec::new();
    for number in 0..6 {
        there.push(add(developer, share(&format!("Row {number}"))).await);
    }
    let mut gone = Vec::new();
    let (mut seen, mut steps) = (Vec::new(), steps.into_iter());
    let list = format!("/v1/instruments?type=stock&limit={limit}");
    let mut path = Some(list.clone());
    while let Some(next) = path {
        let page = developer.get(&next).await.expect(200).json();
        let rows = page["data"].as_array().cloned().unwrap_or_default();
        prop_assert!(rows.len() <= usize::from(limit));
        seen.extend(
            rows.iter()
                .map(|row| row["id"].as_str().unwrap_or_default().to_owned()),
        );
        match steps.next() {
            Some((true, _)) => _ = add(developer, share("Late")).await,
            Some((false, victim)) if there.len() > 1 => {
                let victim = there.swap_remove(victim % there.len());
                developer
                    .delete(&format!("/v1/instruments/{victim}"))
                    .await
                    .expect(204);
                gone.push(victim);
            }
            _ => {}
        }
        path = page["next_cursor"]
            .as_str()
            .map(|cursor| format!("{list}&cursor={cursor}"));
    }
    let mut distinct = seen.clone();
    distinct.sort();
    distinct.dedup();
    prop_assert_eq!(distinct.len(), seen.len(), "none is met twice");
    prop_assert!(there.iter().all(|id| seen.contains(id)), "none is missed");
    prop_assert!(seen.contains(&demo::SHARE.to_owned()));
    Ok(())
}

#[test]
fn a_walk_over_both_kinds_meets_each_once_whatever_happens_meanwhile() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let portal = runtime.block_on(Portal::new());
    let steps = prop::collection::vec((any::<bool>(), 0..6_usize), 0..8);
    TestRunner::new(ProptestConfig::with_cases(6))
        .run(&(3_u8..12, steps), |(limit, steps)| {
            runtime.block_on(async {
                let developer = portal.sandbox().await;
                walk_amid(&developer, limit, steps).await
            })
        })
        .expect("nothing is missed or repeated");
}
