//! What is refused for a member of its own, each by its pointer.

use super::{Desk, FUND, desk};
use crate::harness::Portal;
use contract::demo;
use serde_json::{Value, json};

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
