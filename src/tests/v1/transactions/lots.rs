//! What is refused for what is held: sales, transfers, named lots, and deletions.

use super::{Desk, desk};
use crate::harness::Portal;
use contract::demo;
use serde_json::{Value, json};

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
