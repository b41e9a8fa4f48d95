//! A ledger that is entered over HTTP, and the figures that follow it as it grows, changes in its past and shrinks.

use super::holdings::{figure, walk};
use crate::{
    harness::{Developer, Portal},
    world::World,
};
use contract::demo;
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// An account with a depository, seen by a reporting entity of its own.
struct Desk {
    developer: Developer,
    world: World,
}

impl Desk {
    async fn new(developer: Developer) -> Self {
        let world = World::of(&developer).await;
        let portfolio = format!("/v1/portfolios/{}", world.0["PortfolioId"]);
        let places = json!({ "depository_ids": [world.0["DepositoryId"]] });
        developer.patch(&portfolio, places).await.expect(200);
        Self { developer, world }
    }

    async fn pay_in(&self, day: &str, amount: &str) {
        let body = json!({
            "type": "deposit", "account_id": self.world.0["AccountId"], "trade_date": day, "amount": amount,
        });
        self.developer.post("/v1/transactions", body).await.expect(201);
    }

    /// Buys or sells a share: on a day, a quantity, at a price, with fees, for an amount.
    async fn trade(&self, kind: &str, day: &str, [quantity, price, fees, amount]: [&str; 4]) -> String {
        let body = json!({
            "type": kind, "account_id": self.world.0["AccountId"], "depository_id": self.world.0["DepositoryId"],
            "instrument_id": demo::SHARE, "trade_date": day, "quantity": quantity, "price": price, "fees": fees,
            "amount": amount,
        });
        self.developer
            .post("/v1/transactions", body)
            .await
            .expect(201)
            .id()
    }

    fn path(&self, what: &str) -> String {
        format!(
            "/v1/reporting-entities/{}/{what}",
            self.world.0["ReportingEntityId"]
        )
    }

    /// What is held of the share, and the money.
    async fn held(&self) -> (Value, Value) {
        let rows = walk(
            &self.developer,
            &self.path("holdings?as_of=2026-03-10&expand=lots"),
        )
        .await;
        match rows.as_slice() {
            [share, money] => (share.clone(), money.clone()),
            rows => panic!("a share and money, not {rows:?}"),
        }
    }

    async fn holds(&self, quantity: &str, cost: &str, money: &str) {
        let (share, cash) = self.held().await;
        assert_eq!(
            (&share["quantity"], &share["cost_basis"]),
            (&quantity.into(), &cost.into())
        );
        let worth = figure(&share["quantity"]) * figure(&share["price"]);
        assert_eq!(figure(&share["market_value"]), worth.round_dp(2));
        assert_eq!(
            figure(&share["unrealised_pnl"]),
            figure(&share["market_value"]) - figure(&share["cost_basis"])
        );
        assert_eq!(
            (&cash["quantity"], &cash["market_value"]),
            (&money.into(), &money.into())
        );
    }
}

#[tokio::test]
async fn figures_follow_a_ledger_that_grows_at_its_end_and_changes_in_its_past() {
    let portal = Portal::new().await;
    let desk = Desk::new(portal.sandbox().await).await;
    desk.pay_in("2026-03-02", "10000").await;
    desk.trade("buy", "2026-03-03", ["100", "78", "10", "-7810"])
        .await;
    desk.holds("100.00000000", "7810.00", "2190.00").await;
    desk.trade("sell", "2026-03-09", ["-40", "80", "5", "3195"]).await;
    desk.holds("60.00000000", "4686.00", "5385.00").await;
    // Oldest first: the sale now closes forty of these fifty.
    let earlier = desk.trade("buy", "2026-03-02", ["50", "70", "0", "-3500"]).await;
    desk.holds("110.00000000", "8510.00", "1885.00").await;
    let (share, _) = desk.held().await;
    assert_eq!(share["lots"][0]["id"], earlier);
    assert_eq!(share["lots"][0]["quantity"], "10.00000000");
    let path = format!("/v1/transactions/{earlier}");
    desk.developer.delete(&path).await.expect(204);
    desk.holds("60.00000000", "4686.00", "5385.00").await;
}

#[tokio::test]
async fn a_deposit_is_a_flow_and_no_gain() {
    let portal = Portal::new().await;
    let desk = Desk::new(portal.sandbox().await).await;
    desk.pay_in("2026-03-02", "10000").await;
    desk.trade("buy", "2026-03-03", ["100", "78", "10", "-7810"])
        .await;
    desk.pay_in("2026-03-05", "5000").await;
    let path = desk.path("performance?from=2026-03-02&to=2026-03-10");
    let window = desk.developer.get(&path).await.expect(200).json();
    let day = |index: usize| &window["series"][index];
    assert_eq!(
        (&day(0)["net_cash_flow"], &day(0)["return"]),
        (&"10000.00".into(), &"0.00".into())
    );
    assert_eq!(
        (&day(1)["net_cash_flow"], &day(3)["net_cash_flow"]),
        (&"0.00".into(), &"5000.00".into())
    );
    let (share, cash) = desk.held().await;
    let gained = figure(&share["market_value"]) + figure(&cash["market_value"]) - Decimal::from(15_000);
    assert_eq!(figure(&day(8)["cumulative_return"]), gained);
}

#[tokio::test]
async fn a_custodian_hears_of_a_trade_when_it_settles() {
    let portal = Portal::new().await;
    let desk = Desk::new(portal.sandbox().await).await;
    let body = json!({
        "type": "buy", "account_id": desk.world.0["AccountId"], "depository_id": desk.world.0["DepositoryId"],
        "instrument_id": demo::SHARE, "trade_date": "2026-03-03", "value_date": "2026-03-05", "quantity": "100",
        "price": "78", "amount": "-7800",
    });
    desk.developer.post("/v1/transactions", body).await.expect(201);
    let apart = async |day: &str| {
        let owner = &desk.world.0["LegalEntityId"];
        let path = format!("/v1/legal-entities/{owner}/custodian-holdings?date={day}");
        let rows = walk(&desk.developer, &path).await;
        let row = rows
            .iter()
            .find(|row| row["instrument_id"].is_string())
            .expect("the share")
            .clone();
        (row["quantity"].clone(), row["difference"]["quantity"].clone())
    };
    assert_eq!(
        apart("2026-03-04").await,
        ("0.00000000".into(), "-100.00000000".into())
    );
    assert_eq!(
        apart("2026-03-05").await,
        ("100.00000000".into(), "0.00000000".into())
    );
}
