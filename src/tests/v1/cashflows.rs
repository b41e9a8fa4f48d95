//! Cashflows over HTTP: promised by terms, posted by transactions, followed without missing a change.

use super::holdings::walk;
use crate::{
    harness::{Developer, Portal},
    world::World,
};
use contract::{Timestamp, demo};
use portal::clock::Clock;
use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const NOW: &str = "2026-07-01T12:00:00Z";

/// A portfolio that can hold a bond of its own: 4 %, half-yearly, from 2026-01-31 to 2027-01-31.
struct Desk {
    developer: Developer,
    world: World,
    bond: String,
}

async fn portal() -> Portal {
    let now = NOW.parse::<Timestamp>().expect("an instant");
    Portal::with(Clock::fixed(now), |_| {}).await
}

impl Desk {
    async fn new(developer: Developer) -> Self {
        let world = World::of(&developer).await;
        let portfolio = format!("/v1/portfolios/{}", world.0["PortfolioId"]);
        let places = json!({ "depository_ids": [world.0["DepositoryId"]] });
        developer.patch(&portfolio, places).await.expect(200);
        let bond = json!({
            "type": "bond", "name": "Own 4 % 2027", "currency": "EUR", "class_id": "fixed-income", "terms": {
                "coupon_rate": "0.04", "coupon_frequency": "semiannually", "day_count": "30/360",
                "dated_date": "2026-01-31", "maturity_date": "2027-01-31" },
        });
        let bond = developer.post("/v1/instruments", bond).await.expect(201).id();
        Self {
            developer,
            world,
            bond,
        }
    }

    /// Enters a transaction about the bond.
    async fn enter(&self, kind: &str, day: &str, members: Value) -> String {
        let mut body = json!({
            "type": kind, "account_id": self.world.0["AccountId"], "depository_id": self.world.0["DepositoryId"],
            "instrument_id": self.bond, "trade_date": day,
        });
        for (name, value) in members.as_object().into_iter().flatten() {
            body[name] = value.clone();
        }
        self.developer
            .post("/v1/transactions", body)
            .await
            .expect(201)
            .id()
    }

    async fn buy(&self, nominal: &str) -> String {
        let bought = json!({ "quantity": nominal, "price": "100", "amount": format!("-{nominal}") });
        self.enter("buy", "2026-03-02", bought).await
    }

    async fn take_back(&self, transaction: &str) {
        let path = format!("/v1/transactions/{transaction}");
        self.developer.delete(&path).await.expect(204);
    }

    fn list(&self, filter: &str) -> String {
        format!(
            "/v1/cashflows?portfolio_id={}&{filter}",
            self.world.0["PortfolioId"]
        )
    }

    /// Type, day, status and amount of each, in order of the days.
    async fn cashflows(&self, filter: &str) -> Vec<[String; 4]> {
        let mut rows: Vec<_> = walk(&self.developer, &self.list(filter)).await;
        rows.sort_by_key(|row| (row["expected_date"].to_string(), row["type"].to_string()));
        rows.iter()
            .map(|row| ["type", "expected_date", "status", "amount"].map(|name| text(&row[name])))
            .collect()
    }

    /// The types of the events about cashflows of this portfolio, and the days.
    async fn told(&self) -> Vec<[String; 2]> {
        let (mut told, mut path) = (Vec::new(), "/v1/events?limit=100".to_owned());
        loop {
            let page = self.developer.get(&path).await.expect(200).json();
            for event in page["data"].as_array().into_iter().flatten() {
                let kind = text(&event["event_type"]);
                let ours = event["data"]["portfolio_id"] == *self.world.0["PortfolioId"];
                if ours && kind.starts_with("cashflow.") {
                    told.push([kind, text(&event["data"]["expected_date"])]);
                }
            }
            if page["has_more"] == false {
                return told;
            }
            path = format!("/v1/events?limit=100&cursor={}", text(&page["next_cursor"]));
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or("null").to_owned()
}

fn rows<const N: usize>(rows: [[&str; 4]; N]) -> Vec<[String; 4]> {
    rows.map(|row| row.map(str::to_owned)).to_vec()
}

#[tokio::test]
async fn what_is_held_promises_what_its_terms_say() {
    let portal = portal().await;
    let desk = Desk::new(portal.sandbox().await).await;
    assert!(desk.cashflows("status=all").await.is_empty());
    desk.buy("10000").await;
    let promised = rows([
        ["coupon", "2026-07-31", "expected", "200.00"],
        ["coupon", "2027-01-31", "expected", "200.00"],
        ["principal", "2027-01-31", "expected", "10000.00"],
    ]);
    assert_eq!(desk.cashflows("").await, promised);
    desk.buy("5000").await;
    assert_eq!(desk.cashflows("").await[0][3], "300.00");
    assert_eq!(desk.cashflows("to=2026-12-31").await.len(), 1);
    assert_eq!(desk.cashflows("from=2027-01-31").await.len(), 2);
    let expected: Vec<_> = desk.told().await.into_iter().map(|[kind, _]| kind).collect();
    assert_eq!(
        expected, ["cashflow.expected"; 3],
        "more of the same promises nothing new"
    );
}

#[tokio::test]
async fn a_payment_posts_what_was_expected_under_the_same_id() {
    let portal = portal().await;
    let desk = Desk::new(portal.sandbox().await).await;
    desk.buy("10000").await;
    let expected = walk(&desk.developer, &desk.list("to=2026-12-31")).await.remove(0);
    let ahead = json!({ "by_seconds": 40 * 86_400 });
    desk.developer
        .post("/sandbox/clock/advance", ahead)
        .await
        .expect(200);
    assert_eq!(
        desk.cashflows("to=2026-12-31").await,
        rows([["coupon", "2026-07-31", "expected", "200.00"]]),
        "what has not come is overdue"
    );
    let late = desk
        .enter("coupon", "2026-08-06", json!({ "amount": "199" }))
        .await;
    let posted = walk(&desk.developer, &desk.list("status=posted")).await;
    assert_eq!(posted[0]["expected_date"], Value::Null, "six days are too many");
    desk.take_back(&late).await;
    let paid = desk
        .enter("coupon", "2026-08-05", json!({ "amount": "199.5" }))
        .await;
    let posted = walk(&desk.developer, &desk.list("status=posted")).await;
    assert_eq!(
        [
            &posted[0]["id"],
            &posted[0]["posted_date"],
            &posted[0]["amount"],
            &posted[0]["transaction_id"]
        ],
        [
            &expected["id"],
            &json!("2026-08-05"),
            &json!("199.50"),
            &json!(paid)
        ]
    );
    desk.take_back(&paid).await;
    let again = walk(&desk.developer, &desk.list("to=2026-12-31")).await.remove(0);
    assert_eq!(
        (&again["id"], &again["status"]),
        (&expected["id"], &json!("expected"))
    );
    let told = desk.told().await;
    let coupon: Vec<_> = told
        .iter()
        .filter(|[_, day]| day == "2026-07-31")
        .map(|[kind, _]| kind)
        .collect();
    // That it was expected at first is no longer kept after forty days.
    assert_eq!(coupon, ["cashflow.posted", "cashflow.expected"]);
    let other: Vec<_> = told
        .iter()
        .filter(|[_, day]| day == "null")
        .map(|[kind, _]| kind)
        .collect();
    assert_eq!(other, ["cashflow.posted", "cashflow.cancelled"]);
}

#[tokio::test]
async fn a_position_that_is_closed_first_cancels_what_it_promised() {
    let portal = portal().await;
    let desk = Desk::new(portal.sandbox().await).await;
    desk.buy("10000").await;
    let sale = json!({ "quantity": "-10000", "price": "100", "amount": "10000" });
    let sold = desk.enter("sell", "2026-06-15", sale).await;
    assert_eq!(
        desk.cashflows("status=all").await,
        rows([
            ["coupon", "2026-07-31", "cancelled", "0.00"],
            ["coupon", "2027-01-31", "cancelled", "0.00"],
            ["principal", "2027-01-31", "cancelled", "0.00"],
        ])
    );
    desk.take_back(&sold).await;
    assert_eq!(desk.cashflows("status=expected").await.len(), 3);
    let kinds: Vec<_> = desk.told().await.into_iter().map(|[kind, _]| kind).collect();
    let (expected, cancelled) = ("cashflow.expected", "cashflow.cancelled");
    assert_eq!(
        kinds,
        [
            expected, expected, expected, cancelled, cancelled, cancelled, expected, expected, expected
        ]
    );
    // A portfolio that lets go of the place keeps telling what became of its payments.
    let portfolio = format!("/v1/portfolios/{}", desk.world.0["PortfolioId"]);
    desk.developer
        .patch(&portfolio, json!({ "account_ids": [], "depository_ids": [] }))
        .await
        .expect(200);
    let left = desk.cashflows("status=all").await;
    assert_eq!((left.len(), left[0][2].as_str()), (3, "cancelled"));
}

#[tokio::test]
async fn what_no_terms_promise_is_posted_all_the_same() {
    let portal = portal().await;
    let desk = Desk::new(portal.sandbox().await).await;
    let dividend = json!({
        "type": "dividend", "account_id": desk.world.0["AccountId"], "instrument_id": demo::SHARE,
        "trade_date": "2026-05-11", "amount": "83.2",
    });
    let paid = desk
        .developer
        .post("/v1/transactions", dividend)
        .await
        .expect(201)
        .id();
    assert_eq!(
        desk.cashflows("status=posted").await,
        rows([["dividend", "null", "posted", "83.20"]])
    );
    assert_eq!(desk.cashflows("status=posted&from=2026-05-12").await.len(), 0);
    desk.take_back(&paid).await;
    assert_eq!(
        desk.cashflows("status=all").await,
        rows([["dividend", "null", "cancelled", "0.00"]])
    );
    for bad in ["status=half", "portfolio_id=x", "updated_since=now", "from=soon"] {
        desk.developer
            .get(&format!("/v1/cashflows?{bad}"))
            .await
            .expect(400);
    }
}

/// What happens between two pages.
#[derive(Clone, Copy, Debug)]
enum Step {
    Buy,
    SellAll,
    Coupon,
    TakeBack,
}

impl Desk {
    async fn step(&self, step: Step, entered: &mut Vec<String>) {
        match step {
            Step::Buy => entered.push(self.buy("1000").await),
            Step::SellAll => {
                let path = format!("/v1/positions?portfolio_id={}", self.world.0["PortfolioId"]);
                let held = walk(&self.developer, &path).await;
                if let Some(position) = held.first() {
                    let par = text(&position["par"]);
                    let sale = json!({ "quantity": format!("-{par}"), "price": "100", "amount": par });
                    entered.push(self.enter("sell", "2026-06-15", sale).await);
                }
            }
            Step::Coupon => entered.push(
                self.enter("coupon", "2026-06-30", json!({ "amount": "20" }))
                    .await,
            ),
            Step::TakeBack => {
                if let Some(last) = entered.pop() {
                    self.take_back(&last).await;
                }
            }
        }
    }
}

/// Follows the desk's cashflows as an integration does, while the ledger changes between pages; what it knows in the
/// end is what there is.
async fn follow(desk: &Desk, limit: u8, steps: Vec<Step>) -> Result<(), TestCaseError> {
    let mut entered = vec![desk.buy("10000").await];
    let mut steps = steps.into_iter();
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    let mut since = String::from("2000-01-01T00:00:00Z");
    let mut quiet = false;
    let state = |row: &Value| format!("{} {}", row["status"], row["amount"]);
    while !quiet {
        quiet = true;
        let list = desk.list(&format!("status=all&limit={limit}&updated_since={since}"));
        let mut path = Some(list.clone());
        while let Some(next) = path {
            let page = desk.developer.get(&next).await.expect(200).json();
            for row in page["data"].as_array().into_iter().flatten() {
                known.insert(row["id"].to_string(), state(row));
                let at = row["updated_at"].as_str().unwrap_or_default();
                if at > since.as_str() {
                    at.clone_into(&mut since);
                }
            }
            if let Some(step) = steps.next() {
                quiet = false;
                desk.step(step, &mut entered).await;
            }
            path = page["next_cursor"]
                .as_str()
                .map(|cursor| format!("{list}&cursor={cursor}"));
        }
    }
    let there = walk(&desk.developer, &desk.list("status=all")).await;
    let there: BTreeMap<String, String> = there
        .iter()
        .map(|row| (row["id"].to_string(), state(row)))
        .collect();
    prop_assert_eq!(known, there);
    Ok(())
}

#[test]
fn following_by_the_latest_instant_misses_no_change_of_a_payment() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let portal = runtime.block_on(portal());
    let step = prop_oneof![
        Just(Step::Buy),
        Just(Step::SellAll),
        Just(Step::Coupon),
        Just(Step::TakeBack)
    ];
    TestRunner::new(ProptestConfig::with_cases(8))
        .run(&(1_u8..4, prop::collection::vec(step, 0..8)), |(limit, steps)| {
            runtime.block_on(async {
                let desk = Desk::new(portal.sandbox().await).await;
                follow(&desk, limit, steps).await
            })
        })
        .expect("nothing is missed");
}

#[tokio::test]
async fn the_demo_office_is_paid_and_expects_to_be() {
    let portal = portal().await;
    let developer = portal.sandbox().await;
    let count = async |filter: &str| {
        walk(&developer, &format!("/v1/cashflows?limit=100&{filter}"))
            .await
            .len()
    };
    let all = count("status=all").await;
    let parts = [
        count("status=expected").await,
        count("status=posted").await,
        count("status=cancelled").await,
    ];
    assert_eq!(parts.iter().sum::<usize>(), all);
    assert!(parts[0] > 20 && parts[1] > 100, "{parts:?}");
}
