//! Positions over HTTP: a view over the ledger that can be followed without missing a change.

use crate::harness::{Developer, Portal};
use contract::demo;
use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const SHARES: [&str; 3] = [
    "66a1f0c2d4e5b60718296011",
    "66a1f0c2d4e5b60718296012",
    "66a1f0c2d4e5b60718296013",
];

/// A portfolio of its own, with one account that settles into one depository.
struct Desk {
    developer: Developer,
    account: String,
    depository: String,
    portfolio: String,
}

impl Desk {
    async fn new(developer: Developer) -> Self {
        let make = async |path: &str, body: Value| developer.post(path, body).await.expect(201).id();
        let client = make("/v1/clients", json!({ "name": "C", "reference_currency": "EUR" })).await;
        let body = json!({ "name": "E", "type": "company", "jurisdiction": "DK" });
        let entity = make(&format!("/v1/clients/{client}/legal-entities"), body).await;
        let body = json!({ "custodian_id": "saxo", "name": "D" });
        let depository = make(&format!("/v1/legal-entities/{entity}/depositories"), body).await;
        let body = json!({ "name": "A", "currency": "EUR", "depository_ids": [depository] });
        let account = make(&format!("/v1/legal-entities/{entity}/accounts"), body).await;
        let body = json!({ "name": "V", "currency": "EUR" });
        let view = make(&format!("/v1/clients/{client}/reporting-entities"), body).await;
        let body = json!({ "name": "P", "account_ids": [account], "depository_ids": [depository] });
        let portfolio = make(&format!("/v1/reporting-entities/{view}/portfolios"), body).await;
        Self {
            developer,
            account,
            depository,
            portfolio,
        }
    }

    async fn trade(&self, share: &str, quantity: i64) -> String {
        let (kind, amount) = if quantity > 0 {
            ("buy", "-100")
        } else {
            ("sell", "100")
        };
        let body = json!({
            "type": kind, "account_id": self.account, "depository_id": self.depository, "instrument_id": share,
            "trade_date": "2026-03-02", "quantity": quantity, "price": "78.4", "amount": amount,
        });
        self.developer
            .post("/v1/transactions", body)
            .await
            .expect(201)
            .id()
    }

    async fn positions(&self, filter: &str) -> Vec<Value> {
        let path = format!("/v1/positions?portfolio_id={}&{filter}", self.portfolio);
        let page = self.developer.get(&path).await.expect(200).json();
        page["data"].as_array().cloned().unwrap_or_default()
    }
}

#[tokio::test]
async fn a_position_opens_changes_and_closes_under_one_id() {
    let portal = Portal::new().await;
    let desk = Desk::new(portal.sandbox().await).await;
    assert_eq!(desk.positions("status=all").await, [Value::Null; 0]);
    desk.trade(SHARES[0], 100).await;
    let open = desk.positions("").await;
    assert_eq!(open.len(), 1);
    let (id, mark) = (&open[0]["id"], &open[0]["mark_price"]);
    assert_eq!(open[0]["par"], "100.00000000");
    assert_eq!(open[0]["asset_id"], "ast_RHN_EQ");
    assert_eq!(open[0]["industry"], "automotive");
    let worth: f64 = mark.as_str().expect("a price").parse().expect("a number");
    let shown: f64 = open[0]["market_value"]
        .as_str()
        .expect("a value")
        .parse()
        .expect("a number");
    assert!((worth * 100.0 - shown).abs() < 0.01, "{worth} {shown}");

    let sold = desk.trade(SHARES[0], -100).await;
    assert_eq!(desk.positions("").await, [Value::Null; 0]);
    let closed = desk.positions("status=closed").await;
    assert_eq!((&closed[0]["id"], &closed[0]["status"]), (id, &json!("closed")));
    assert_eq!(
        (&closed[0]["par"], &closed[0]["mark_price"]),
        (&json!("0.00000000"), &Value::Null)
    );

    desk.developer
        .delete(&format!("/v1/transactions/{sold}"))
        .await
        .expect(204);
    assert_eq!(&desk.positions("").await[0]["id"], id, "it is open again");
}

#[tokio::test]
async fn what_a_portfolio_takes_in_and_gives_away_opens_and_closes_positions() {
    let portal = Portal::new().await;
    let desk = Desk::new(portal.sandbox().await).await;
    desk.trade(SHARES[0], 100).await;
    let path = format!("/v1/portfolios/{}", desk.portfolio);
    desk.developer
        .patch(&path, json!({ "depository_ids": [] }))
        .await
        .expect(200);
    assert_eq!(desk.positions("status=all").await[0]["status"], "closed");
    let body = json!({ "depository_ids": [desk.depository] });
    desk.developer.patch(&path, body).await.expect(200);
    assert_eq!(desk.positions("status=all").await[0]["status"], "open");
    desk.developer.delete(&path).await.expect(204);
    assert_eq!(desk.positions("status=all").await[0]["status"], "closed");
}

#[tokio::test]
async fn positions_are_what_holdings_say_of_the_portfolio() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let rows = async |path: String| {
        let page = developer.get(&path).await.expect(200).json();
        page["data"].as_array().cloned().unwrap_or_default()
    };
    let path = format!(
        "/v1/reporting-entities/{}/holdings?group_by=portfolio&limit=100",
        demo::REPORTING_ENTITY
    );
    let held: BTreeMap<String, Value> = rows(path)
        .await
        .into_iter()
        .filter(|row| row["portfolio_id"] == demo::PORTFOLIO && row["instrument_id"].is_string())
        .map(|row| (row["instrument_id"].to_string(), row["quantity"].clone()))
        .collect();
    let path = format!("/v1/positions?portfolio_id={}&limit=100", demo::PORTFOLIO);
    let par: BTreeMap<String, Value> = rows(path)
        .await
        .into_iter()
        .map(|row| (row["instrument_id"].to_string(), row["par"].clone()))
        .collect();
    assert!(par.len() > 5);
    assert_eq!(par, held);
}

#[tokio::test]
async fn each_change_of_what_is_held_is_told_with_what_changed() {
    let portal = Portal::new().await;
    let desk = Desk::new(portal.sandbox().await).await;
    desk.trade(SHARES[0], 100).await;
    desk.trade(SHARES[0], 50).await;
    let path = format!("/v1/portfolios/{}", desk.portfolio);
    for depositories in [json!([]), json!([desk.depository])] {
        let body = json!({ "depository_ids": depositories });
        desk.developer.patch(&path, body).await.expect(200);
    }
    let sold = desk.trade(SHARES[0], -150).await;
    let refused = json!({ "type": "sell", "account_id": desk.account, "depository_id": desk.depository,
        "instrument_id": SHARES[0], "trade_date": "2026-03-02", "quantity": "-1", "price": "1", "amount": "1" });
    desk.developer.post("/v1/transactions", refused).await.expect(422);
    desk.developer
        .delete(&format!("/v1/transactions/{sold}"))
        .await
        .expect(204);
    let position = &desk.positions("").await[0];
    let mut told = Vec::new();
    for kind in ["opened", "updated", "closed"] {
        let page = format!("/v1/events?limit=100&type=position.{kind}");
        let page = desk.developer.get(&page).await.expect(200).json();
        let events = page["data"].as_array().cloned().unwrap_or_default();
        let ours = events
            .iter()
            .filter(|event| event["data"]["portfolio_id"] == *desk.portfolio);
        for event in ours {
            assert_eq!(event["data"]["position_id"], position["id"]);
            assert_eq!(
                (&event["data"]["issuer_id"], &event["data"]["asset_id"]),
                (&json!("iss_RHN"), &json!("ast_RHN_EQ"))
            );
            let fields = event["data"]["changed_fields"].as_array().map_or(0, Vec::len);
            told.push((kind, fields));
        }
    }
    // Opened by the first purchase, the depository that came back, and the sale that was taken back.
    let expected = [
        ("opened", 4),
        ("opened", 4),
        ("opened", 4),
        ("updated", 2),
        ("closed", 4),
        ("closed", 4),
    ];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn positions_can_be_narrowed_to_an_industry() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let page = developer
        .get("/v1/positions?industry=packaging")
        .await
        .expect(200)
        .json();
    let rows = page["data"].as_array().cloned().unwrap_or_default();
    assert!(!rows.is_empty());
    for row in &rows {
        assert_eq!(
            (&row["issuer_id"], &row["asset_id"]),
            (&json!("iss_AUR"), &json!("ast_AUR_TLB_2029"))
        );
    }
    for bad in ["status=half", "portfolio_id=x", "updated_since=now", "industry="] {
        developer.get(&format!("/v1/positions?{bad}")).await.expect(400);
    }
}

/// Follows the desk's positions as an integration does, while trades happen between pages; what it knows in the end
/// is what there is.
async fn follow(desk: &Desk, limit: u8, trades: Vec<(usize, bool)>) -> Result<(), TestCaseError> {
    for share in SHARES {
        desk.trade(share, 1000).await;
    }
    let mut trades = trades.into_iter();
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    let mut since = String::from("2000-01-01T00:00:00Z");
    let mut quiet = false;
    while !quiet {
        quiet = true;
        let list = format!(
            "/v1/positions?portfolio_id={}&status=all&limit={limit}&updated_since={since}",
            desk.portfolio
        );
        let mut path = Some(list.clone());
        while let Some(next) = path {
            let page = desk.developer.get(&next).await.expect(200).json();
            for row in page["data"].as_array().into_iter().flatten() {
                known.insert(row["id"].to_string(), row["par"].to_string());
                let at = row["updated_at"].as_str().unwrap_or_default();
                if at > since.as_str() {
                    at.clone_into(&mut since);
                }
            }
            if let Some((share, buys)) = trades.next() {
                quiet = false;
                desk.trade(SHARES[share], if buys { 7 } else { -3 }).await;
            }
            path = page["next_cursor"]
                .as_str()
                .map(|cursor| format!("{list}&cursor={cursor}"));
        }
    }
    let there: BTreeMap<String, String> = desk
        .positions("status=all")
        .await
        .iter()
        .map(|row| (row["id"].to_string(), row["par"].to_string()))
        .collect();
    prop_assert_eq!(known, there);
    Ok(())
}

#[test]
fn following_by_the_latest_instant_misses_no_change() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let portal = runtime.block_on(Portal::new());
    let trades = prop::collection::vec((0..SHARES.len(), any::<bool>()), 0..8);
    TestRunner::new(ProptestConfig::with_cases(6))
        .run(&(1_u8..4, trades), |(limit, trades)| {
            runtime.block_on(async {
                let desk = Desk::new(portal.sandbox().await).await;
                follow(&desk, limit, trades).await
            })
        })
        .expect("nothing is missed");
}
