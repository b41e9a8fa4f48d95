//! The ledger over HTTP: what may be entered, what is refused and why, and what may be taken out again.

mod lots;
mod polling;
mod refused;

use crate::{
    harness::{Answer, Developer, Portal},
    world::World,
};
use contract::demo;
use serde_json::{Value, json};

const LOAN: &str = "66a1f0c2d4e5b60718296041";
const FUND: &str = "66a1f0c2d4e5b60718296048";

/// A desk of its own: an account that settles into a depository, and one of money in dollars.
struct Desk {
    developer: Developer,
    entity: String,
    account: String,
    depository: String,
    dollars: String,
}

impl Desk {
    async fn new(developer: Developer, method: &str) -> Self {
        let make = async |path: &str, body: Value| developer.post(path, body).await.expect(201).id();
        let body = json!({ "name": "C", "reference_currency": "EUR", "accounting_method": method });
        let client = make("/v1/clients", body).await;
        let body = json!({ "name": "E", "type": "company", "jurisdiction": "DK" });
        let entity = make(&format!("/v1/clients/{client}/legal-entities"), body).await;
        let body = json!({ "custodian_id": "saxo", "name": "D" });
        let depository = make(&format!("/v1/legal-entities/{entity}/depositories"), body).await;
        let accounts = format!("/v1/legal-entities/{entity}/accounts");
        let body = json!({ "name": "A", "currency": "EUR", "depository_ids": [depository] });
        let account = make(&accounts, body).await;
        let dollars = make(&accounts, json!({ "name": "Dollars", "currency": "USD" })).await;
        Self {
            developer,
            entity,
            account,
            depository,
            dollars,
        }
    }

    /// Enters what `body` says over these defaults.
    async fn enter(&self, body: Value) -> Answer {
        let mut whole = json!({ "account_id": self.account, "trade_date": "2026-03-02" });
        if let (Some(whole), Some(body)) = (whole.as_object_mut(), body.as_object()) {
            whole.extend(body.clone());
        }
        self.developer.post("/v1/transactions", whole).await
    }

    fn trade(&self, kind: &str, day: &str, quantity: &str) -> Value {
        let amount = if kind == "buy" { "-1000" } else { "1000" };
        json!({
            "type": kind, "trade_date": day, "depository_id": self.depository, "instrument_id": demo::SHARE,
            "quantity": quantity, "price": "78.4", "amount": amount,
        })
    }

    async fn buy(&self, day: &str, quantity: &str) -> String {
        self.enter(self.trade("buy", day, quantity))
            .await
            .expect(201)
            .id()
    }

    #[track_caller]
    fn refused(answer: Answer) -> (String, String) {
        let body = answer.expect(422).json();
        let error = &body["errors"][0];
        let text = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
        (text("pointer"), text("detail"))
    }
}

async fn desk(portal: &Portal) -> Desk {
    Desk::new(portal.sandbox().await, "fifo").await
}

#[tokio::test]
async fn every_type_is_accepted_and_reads_back_as_it_was_answered() {
    let portal = Portal::new().await;
    let desk = desk(&portal).await;
    let (depository, share) = (&desk.depository, demo::SHARE);
    desk.buy("2026-01-05", "100").await;
    let loan = json!({
        "type": "buy", "trade_date": "2026-01-05", "depository_id": depository, "instrument_id": LOAN,
        "quantity": "50000", "price": "99", "amount": "-49500", "accrued_interest": "120.5", "fees": 10,
    });
    desk.enter(loan).await.expect(201);
    let bodies = [
        desk.trade("sell", "2026-03-02", "-40"),
        json!({ "type": "deposit", "amount": "1000" }),
        json!({ "type": "withdrawal", "amount": "-12.5", "value_date": "2026-03-04", "comment": "Rent" }),
        json!({ "type": "transfer", "instrument_id": share, "quantity": "-10", "depository_id": depository }),
        json!({ "type": "transfer", "amount": "-5" }),
        json!({ "type": "dividend", "instrument_id": share, "amount": "31.20" }),
        json!({ "type": "coupon", "instrument_id": LOAN, "amount": 88.25, "depository_id": depository }),
        json!({ "type": "interest", "amount": "-0.37" }),
        json!({ "type": "fee", "amount": "-25", "category": "custody" }),
        json!({ "type": "fx_trade", "amount": "-100", "counter_account_id": desk.dollars, "counter_amount": "108.10" }),
        json!({
            "type": "redemption", "instrument_id": LOAN, "depository_id": depository, "quantity": "-20000",
            "price": "100", "amount": "20000",
        }),
        json!({ "type": "corporate_action", "instrument_id": share, "ratio": "2", "depository_id": depository }),
        json!({ "type": "capital_call", "instrument_id": FUND, "amount": "-50000" }),
        json!({
            "type": "distribution", "instrument_id": FUND, "amount": "8000", "recallable_amount": "3000",
            "affects_irr": false,
        }),
    ];
    for body in bodies {
        let made = desk.enter(body.clone()).await.expect(201);
        let path = format!("/v1/transactions/{}", made.id());
        assert!(made.header("location").is_some_and(|url| url.ends_with(&path)));
        let read = desk.developer.get(&path).await.expect(200).json();
        assert_eq!(read, made.json());
        assert_eq!(read["type"], body["type"]);
        assert_eq!(read["currency"], "EUR");
    }
    let fund = format!(
        "/v1/transactions?account_id={}&instrument_id={FUND}",
        desk.account
    );
    let mut page = desk.developer.get(&fund).await.expect(200).json();
    for row in page["data"].as_array_mut().expect("rows") {
        for member in ["id", "account_id", "created_at", "updated_at"] {
            row[member] = json!(format!("[{member}]"));
        }
    }
    insta::assert_json_snapshot!("calls_and_distributions", page);
}

#[tokio::test]
async fn filters_narrow_the_list_on_either_side_of_a_transaction() {
    let portal = Portal::new().await;
    let desk = desk(&portal).await;
    desk.buy("2026-02-02", "100").await;
    let trade = json!({
        "type": "fx_trade", "amount": "-100", "counter_account_id": desk.dollars, "counter_amount": "108.10",
    });
    desk.enter(trade).await.expect(201);
    let count = async |filter: String| {
        let page = desk
            .developer
            .get(&format!("/v1/transactions?{filter}"))
            .await
            .expect(200);
        page.json()["data"].as_array().map_or(0, Vec::len)
    };
    let account = &desk.account;
    assert_eq!(count(format!("account_id={account}")).await, 2);
    assert_eq!(count(format!("account_id={}", desk.dollars)).await, 1);
    assert_eq!(count(format!("depository_id={}", desk.depository)).await, 1);
    assert_eq!(
        count(format!("account_id={account}&instrument_id={}", demo::SHARE)).await,
        1
    );
    assert_eq!(count(format!("account_id={account}&type=fx_trade")).await, 1);
    assert_eq!(
        count(format!("account_id={account}&from=2026-02-02&to=2026-03-01")).await,
        1
    );
    assert_eq!(count(format!("account_id={account}&from=2026-03-02")).await, 1);
    assert_eq!(
        count(format!("account_id={account}&updated_since=2999-01-01T00:00:00Z")).await,
        0
    );
    for bad in [
        "from=2026-2-1",
        "type=bonus",
        "account_id=x",
        "updated_since=yesterday",
    ] {
        desk.developer
            .get(&format!("/v1/transactions?{bad}"))
            .await
            .expect(400);
    }
}

#[tokio::test]
async fn a_reporting_entity_shows_what_is_in_its_portfolios_once() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let world = World::of(&developer).await;
    let list = format!(
        "/v1/reporting-entities/{}/transactions",
        world.0["ReportingEntityId"]
    );
    let count = async || {
        developer.get(&list).await.expect(200).json()["data"]
            .as_array()
            .map(Vec::len)
    };
    assert_eq!(count().await, Some(0));
    let deposit = |account: &str| json!({ "type": "deposit", "account_id": account, "trade_date": "2026-03-02", "amount": "1" });
    developer
        .post("/v1/transactions", deposit(&world.0["AccountId"]))
        .await
        .expect(201);
    let hidden = format!("/v1/legal-entities/{}/accounts", world.0["LegalEntityId"]);
    let body = json!({ "name": "Hidden", "currency": "EUR", "exclude_from_reporting": true });
    let hidden = developer.post(&hidden, body).await.expect(201).id();
    developer
        .post("/v1/transactions", deposit(&hidden))
        .await
        .expect(201);
    let portfolios = format!(
        "/v1/reporting-entities/{}/portfolios",
        world.0["ReportingEntityId"]
    );
    let body = json!({ "name": "Twice", "account_ids": [world.0["AccountId"], hidden] });
    developer.post(&portfolios, body).await.expect(201);
    assert_eq!(count().await, Some(1));
}

#[tokio::test]
async fn the_demo_ledger_reads_as_it_always_did() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let opening = developer
        .get(&format!("/v1/transactions/{}", demo::TRANSACTION))
        .await
        .expect(200)
        .json();
    let card = contract::contract().card("transactions.get").expect("a card");
    assert_eq!(
        Some(opening),
        card.example.reply.clone(),
        "the docs show the very row"
    );
    let path = format!(
        "/v1/reporting-entities/{}/transactions?limit=2&type=coupon",
        demo::REPORTING_ENTITY
    );
    let mut page = developer.get(&path).await.expect(200).json();
    page["next_cursor"] = json!("[next_cursor]");
    insta::assert_json_snapshot!("first_coupons", page);
}
