//! The ledger over HTTP: what may be entered, what is refused and why, and what may be taken out again.

use crate::{
    harness::{Answer, Developer, Portal},
    world::World,
};
use contract::demo;
use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::{Value, json};
use std::collections::BTreeSet;

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
#[expect(clippy::too_many_lines, reason = "a table of refusals")]
async fn the_members_of_a_type_are_checked_each_by_its_pointer() {
    let portal = Portal::new().await;
    let desk = desk(&portal).await;
    let (depository, share) = (&desk.depository, demo::SHARE);
    let nobody = "000000000000000000000000";
    let mut no_price = desk.trade("buy", "2026-03-02", "1");
    no_price["price"] = Value::Null;
    let mut paid = desk.trade("buy", "2026-03-02", "1");
    paid["amount"] = json!("10");
    let cases = [
        (desk.trade("buy", "2026-03-02", "-1"), "#/quantity"),
        (desk.trade("sell", "2026-03-02", "1"), "#/quantity"),
        (paid, "#/amount"),
        (no_price, "#/price"),
        (json!({ "type": "deposit", "amount": "-1" }), "#/amount"),
        (json!({ "type": "deposit", "amount": "0" }), "#/amount"),
        (json!({ "type": "withdrawal", "amount": "1" }), "#/amount"),
        (json!({ "type": "deposit" }), "#/amount"),
        (
            json!({ "type": "deposit", "amount": "1", "ratio": "2" }),
            "#/ratio",
        ),
        (
            json!({ "type": "deposit", "amount": "1", "currency": "USD" }),
            "#/currency",
        ),
        (json!({ "type": "deposit", "amount": "1e3" }), "#/amount"),
        (json!({ "type": "deposit", "amount": "0.123456789" }), "#/amount"),
        (json!({ "type": "fee", "amount": "-1" }), "#/category"),
        (
            json!({ "type": "fee", "amount": "-1", "category": "bribe" }),
            "#/category",
        ),
        (json!({ "type": "bonus", "amount": "1" }), "#/type"),
        (
            json!({ "type": "deposit", "amount": "1", "account_id": nobody }),
            "#/account_id",
        ),
        (
            json!({ "type": "deposit", "amount": "1", "trade_date": "2999-01-01" }),
            "#/trade_date",
        ),
        (
            json!({ "type": "deposit", "amount": "1", "trade_date": "1899-12-31" }),
            "#/trade_date",
        ),
        (
            json!({ "type": "deposit", "amount": "1", "value_date": "2026-03-01" }),
            "#/value_date",
        ),
        (json!({ "type": "dividend", "amount": "1" }), "#/instrument_id"),
        (
            json!({ "type": "dividend", "amount": "1", "instrument_id": nobody }),
            "#/instrument_id",
        ),
        (
            json!({ "type": "dividend", "amount": "1", "instrument_id": share, "depository_id": nobody }),
            "#/depository_id",
        ),
        (
            json!({ "type": "dividend", "amount": "1", "instrument_id": share, "depository_id": demo::DEPOSITORY }),
            "#/depository_id",
        ),
        (
            json!({ "type": "transfer", "instrument_id": share, "quantity": "-1" }),
            "#/depository_id",
        ),
        (
            json!({ "type": "transfer", "amount": "-1", "counterparty_account_id": desk.dollars }),
            "#/counterparty_account_id",
        ),
        (
            json!({ "type": "transfer", "amount": "-1", "counterparty_account_id": desk.account }),
            "#/counterparty_account_id",
        ),
        (
            json!({ "type": "fx_trade", "amount": "-1", "counter_account_id": desk.dollars, "counter_amount": "-1" }),
            "#/counter_amount",
        ),
        (
            json!({ "type": "fx_trade", "amount": "-1", "counter_account_id": nobody, "counter_amount": "1" }),
            "#/counter_account_id",
        ),
        (
            json!({
                "type": "redemption", "instrument_id": share, "depository_id": depository, "quantity": "-1",
                "price": "100", "amount": "1",
            }),
            "#/instrument_id",
        ),
        (
            json!({ "type": "corporate_action", "instrument_id": share, "ratio": "0" }),
            "#/ratio",
        ),
        (
            json!({ "type": "capital_call", "instrument_id": share, "amount": "-1" }),
            "#/instrument_id",
        ),
        (
            json!({ "type": "capital_call", "instrument_id": FUND, "amount": "-1", "effect_on_commitment": "1" }),
            "#/effect_on_commitment",
        ),
        (
            json!({ "type": "distribution", "instrument_id": FUND, "amount": "1", "recallable_amount": "2" }),
            "#/recallable_amount",
        ),
        (
            json!({ "type": "deposit", "amount": "1", "lot_ids": [demo::TRANSACTION] }),
            "#/lot_ids",
        ),
    ];
    for (body, pointer) in cases {
        let (found, detail) = Desk::refused(desk.enter(body.clone()).await);
        assert_eq!(found, pointer, "{body}: {detail}");
    }
    let list = format!("/v1/transactions?account_id={}", desk.account);
    assert_eq!(
        desk.developer.get(&list).await.json()["data"],
        json!([]),
        "nothing was kept"
    );
}

#[tokio::test]
async fn no_more_can_be_sold_than_is_held_on_that_day_or_needed_later() {
    let portal = Portal::new().await;
    let desk = desk(&portal).await;
    desk.buy("2026-02-02", "100").await;
    let (pointer, detail) = Desk::refused(desk.enter(desk.trade("sell", "2026-03-02", "-100.5")).await);
    assert_eq!(pointer, "#/quantity");
    assert_eq!(detail, "takes 100.5 on 2026-03-02, where 100 are held");
    let (_, detail) = Desk::refused(desk.enter(desk.trade("sell", "2026-02-01", "-1")).await);
    assert_eq!(detail, "takes 1 on 2026-02-01, where 0 are held");

    let later = desk
        .enter(desk.trade("sell", "2026-03-10", "-80"))
        .await
        .expect(201)
        .id();
    let (pointer, detail) = Desk::refused(desk.enter(desk.trade("sell", "2026-03-02", "-30")).await);
    assert_eq!(pointer, "#/quantity");
    let expected = format!("sell {later} takes 80 on 2026-03-10, where 70 are held");
    assert_eq!(
        detail,
        format!("would make a later transaction impossible: {expected}")
    );
    desk.enter(desk.trade("sell", "2026-03-02", "-20"))
        .await
        .expect(201);

    let split = json!({
        "type": "corporate_action", "instrument_id": demo::SHARE, "ratio": "0.5", "trade_date": "2026-03-05",
    });
    assert_eq!(Desk::refused(desk.enter(split).await).0, "#/ratio");
}

#[tokio::test]
async fn a_transfer_carries_lots_to_the_other_depository() {
    let portal = Portal::new().await;
    let desk = desk(&portal).await;
    let path = format!("/v1/legal-entities/{}/depositories", desk.entity);
    let body = json!({ "custodian_id": "saxo", "name": "Other" });
    let other = desk.developer.post(&path, body).await.expect(201).id();
    let account = format!("/v1/accounts/{}", desk.account);
    let body = json!({ "depository_ids": [desk.depository, other] });
    desk.developer.patch(&account, body).await.expect(200);
    desk.buy("2026-02-02", "100").await;
    let sale = |quantity: &str| {
        let mut sale = desk.trade("sell", "2026-04-01", quantity);
        sale["depository_id"] = json!(other);
        sale
    };
    assert_eq!(Desk::refused(desk.enter(sale("-60")).await).0, "#/quantity");
    let transfer = json!({
        "type": "transfer", "instrument_id": demo::SHARE, "quantity": "-60", "depository_id": desk.depository,
        "counterparty_depository_id": other,
    });
    let moved = desk.enter(transfer.clone()).await.expect(201).id();
    desk.enter(sale("-60")).await.expect(201);
    let (_, detail) = Desk::refused(desk.enter(transfer).await);
    assert_eq!(detail, "takes 60 on 2026-03-02, where 40 are held");
    let kept = desk
        .developer
        .delete(&format!("/v1/transactions/{moved}"))
        .await
        .expect(409);
    assert_eq!(kept.problem(), "in-use");
}

#[tokio::test]
async fn a_client_who_accounts_by_specific_id_names_the_lots_it_sells() {
    let portal = Portal::new().await;
    let desk = Desk::new(portal.sandbox().await, "specific_id").await;
    let (old, new) = (
        desk.buy("2026-02-02", "10").await,
        desk.buy("2026-02-03", "5").await,
    );
    let sale = |lots: Value| {
        let mut sale = desk.trade("sell", "2026-03-02", "-6");
        sale["lot_ids"] = lots;
        sale
    };
    for (lots, pointer) in [
        (Value::Null, "#/lot_ids"),
        (json!([]), "#/lot_ids"),
        (json!([demo::TRANSACTION]), "#/lot_ids/0"),
        (json!([old, old]), "#/lot_ids/1"),
        (json!([new]), "#/lot_ids"),
    ] {
        assert_eq!(
            Desk::refused(desk.enter(sale(lots.clone())).await).0,
            pointer,
            "{lots}"
        );
    }
    let sold = desk.enter(sale(json!([new, old]))).await.expect(201).json();
    assert_eq!(sold["lot_ids"], json!([new, old]));
    desk.developer
        .delete(&format!("/v1/transactions/{new}"))
        .await
        .expect(409);
}

#[tokio::test]
async fn what_a_later_transaction_needs_cannot_be_deleted() {
    let portal = Portal::new().await;
    let desk = desk(&portal).await;
    let bought = desk.buy("2026-02-02", "100").await;
    let sold = desk
        .enter(desk.trade("sell", "2026-03-02", "-60"))
        .await
        .expect(201)
        .id();
    let path = |id: &str| format!("/v1/transactions/{id}");
    let kept = desk.developer.delete(&path(&bought)).await.expect(409);
    assert_eq!(kept.problem(), "in-use");
    let detail =
        format!("A later transaction depends on it: sell {sold} takes 60 on 2026-03-02, where 0 are held.");
    assert_eq!(kept.json()["detail"], detail);
    let tag = desk
        .developer
        .get(&path(&sold))
        .await
        .header("etag")
        .map(str::to_owned);
    let stale = desk
        .developer
        .request("DELETE", &path(&sold))
        .header("if-match", "\"other\"");
    stale.send().await.expect(412);
    let fresh = desk.developer.request("DELETE", &path(&sold));
    fresh
        .header("if-match", tag.expect("a tag"))
        .send()
        .await
        .expect(204);
    desk.developer.delete(&path(&bought)).await.expect(204);
    desk.developer.delete(&path(&bought)).await.expect(404);
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

/// What happens between two pages.
#[derive(Clone, Debug)]
enum Meanwhile {
    Enter,
    DeleteSeen,
    DeleteUnseen,
}

/// What a walk has seen, and what there was to see.
#[derive(Default)]
struct Walk {
    seen: BTreeSet<String>,
    entered: BTreeSet<String>,
    gone: BTreeSet<String>,
}

impl Walk {
    async fn meanwhile(&mut self, desk: &Desk, step: &Meanwhile) {
        let victim = match step {
            Meanwhile::Enter => None,
            Meanwhile::DeleteSeen => self.seen.difference(&self.gone).next().cloned(),
            Meanwhile::DeleteUnseen => {
                let mut unseen = self.entered.difference(&self.seen);
                unseen.find(|id| !self.gone.contains(*id)).cloned()
            }
        };
        if let Some(id) = victim {
            let path = format!("/v1/transactions/{id}");
            desk.developer.delete(&path).await.expect(204);
            self.gone.insert(id);
        }
        for _ in 0..2 {
            let body = json!({ "type": "deposit", "amount": "1" });
            self.entered.insert(desk.enter(body).await.expect(201).id());
        }
    }

    fn missed(&self) -> Vec<&String> {
        let unseen = self.entered.difference(&self.seen);
        unseen.filter(|id| !self.gone.contains(*id)).collect()
    }
}

async fn poll_amid(desk: &Desk, limit: u8, steps: Vec<Meanwhile>) -> Result<(), TestCaseError> {
    let mut walk = Walk::default();
    let mut since = String::from("2000-01-01T00:00:00Z");
    let mut steps = steps.into_iter();
    let mut quiet = false;
    while !quiet {
        quiet = true;
        let list = format!(
            "/v1/transactions?account_id={}&limit={limit}&updated_since={since}",
            desk.account
        );
        let mut path = Some(list.clone());
        while let Some(next) = path {
            let page = desk.developer.get(&next).await.expect(200).json();
            for row in page["data"].as_array().into_iter().flatten() {
                walk.seen
                    .insert(row["id"].as_str().unwrap_or_default().to_owned());
                row["updated_at"]
                    .as_str()
                    .unwrap_or_default()
                    .clone_into(&mut since);
            }
            if let Some(step) = steps.next() {
                quiet = false;
                walk.meanwhile(desk, &step).await;
            }
            path = page["next_cursor"]
                .as_str()
                .map(|cursor| format!("{list}&cursor={cursor}"));
        }
    }
    prop_assert!(walk.missed().is_empty(), "missed {:?}", walk.missed());
    Ok(())
}

#[test]
fn polling_by_the_latest_instant_misses_nothing_that_is_entered_meanwhile() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let portal = runtime.block_on(Portal::new());
    let step = prop_oneof![
        Just(Meanwhile::Enter),
        Just(Meanwhile::DeleteSeen),
        Just(Meanwhile::DeleteUnseen)
    ];
    let cases = ProptestConfig::with_cases(6);
    TestRunner::new(cases)
        .run(&(1_u8..5, prop::collection::vec(step, 0..8)), |(limit, steps)| {
            runtime.block_on(async { poll_amid(&desk(&portal).await, limit, steps).await })
        })
        .expect("nothing is missed");
}
