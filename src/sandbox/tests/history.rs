//! The made-up ledger obeys the rules of a real one.

use super::harness::World;
use crate::sandbox::{coupon::Coupons, price};
use jiff::civil::{Date, date};
use rust_decimal::Decimal;
use sqlx::{ConnectOptions, Row, sqlite::SqliteConnectOptions};
use std::collections::{BTreeMap, HashMap};

#[tokio::test]
async fn money_and_holdings_never_run_below_zero() {
    let world = World::new().await;
    let (row, tenant) = world.sandbox().await;
    let id = row.id.as_str();
    let folder = world
        .folder
        .path()
        .join("sandboxes")
        .join(&id[id.len() - 2..])
        .join(id);
    let mut conn = SqliteConnectOptions::new()
        .filename(folder.join("tenant-1.db"))
        .read_only(true)
        .connect()
        .await
        .unwrap();
    let rows = sqlx::query(
        "SELECT account_id, coalesce(instrument_id, ''), type, trade_date, amount, quantity, price, fees,
                accrued_interest
         FROM transactions ORDER BY seq",
    )
    .fetch_all(&mut conn)
    .await
    .unwrap();
    assert!((3_500..=4_500).contains(&rows.len()), "{}", rows.len());

    let (mut cash, mut held) = (
        HashMap::<String, Decimal>::new(),
        BTreeMap::<(String, String), Decimal>::new(),
    );
    let mut last = String::new();
    for row in rows {
        let text = |index: usize| row.get::<String, _>(index);
        let decimal = |index: usize| -> Option<Decimal> {
            row.get::<Option<String>, _>(index)
                .map(|text| text.parse().unwrap())
        };
        let (account, instrument, kind, day) = (text(0), text(1), text(2), text(3));
        assert!(last <= day, "in order of time");
        let amount = decimal(4).unwrap();
        let money = cash.entry(account.clone()).or_default();
        *money += amount;
        assert!(!money.is_sign_negative(), "{account} on {day}: {money}");
        let inflow = [
            "deposit",
            "sell",
            "dividend",
            "coupon",
            "interest",
            "distribution",
        ];
        assert_eq!(
            amount.is_sign_positive(),
            inflow.contains(&kind.as_str()),
            "{kind} {amount}"
        );
        if let Some(quantity) = decimal(5) {
            let holding = held.entry((account, instrument.clone())).or_default();
            *holding += quantity;
            assert!(!holding.is_sign_negative(), "{instrument} on {day}: {holding}");
            let found = tenant.market().instrument(&instrument.parse().unwrap()).unwrap();
            let per_cent = if found.kind.is_quoted_in_per_cent() {
                100
            } else {
                1
            };
            let value = (quantity * decimal(6).unwrap() / Decimal::from(per_cent)).round_dp(2);
            let mut accrued = decimal(8).unwrap_or_default();
            accrued.set_sign_positive(quantity.is_sign_positive());
            assert_eq!(amount, -value - decimal(7).unwrap() - accrued, "{kind} on {day}");
        }
        last = day;
    }
    assert_eq!(cash.len(), 14, "every account has a history");
}

#[tokio::test]
async fn prices_stay_near_their_start_and_move_a_little_each_day() {
    let world = World::new().await;
    for instrument in world.tenants.market().instruments() {
        let mut day = date(2021, 1, 1);
        let mut before = price::on(instrument, day);
        while day < date(2026, 12, 31) {
            day = day.tomorrow().unwrap();
            let after = price::on(instrument, day);
            assert!(
                after > instrument.base_price * Decimal::new(5, 1),
                "{} {day}: {after}",
                instrument.name
            );
            assert!(
                after < instrument.base_price * Decimal::TWO,
                "{} {day}: {after}",
                instrument.name
            );
            let moved = ((after - before) / before).abs();
            assert!(moved < Decimal::new(3, 2), "{} {day}: {moved}", instrument.name);
            before = after;
            day = day.checked_add(jiff::Span::new().days(6)).unwrap();
            before = before
                .max(price::on(instrument, day))
                .min(price::on(instrument, day));
        }
    }
}

#[tokio::test]
async fn coupons_accrue_by_their_day_count() {
    let world = World::new().await;
    let coupons = |asset: &str| {
        let found = world
            .tenants
            .market()
            .instruments()
            .iter()
            .find(|instrument| instrument.asset_id == asset)
            .unwrap();
        Coupons::of(found)
    };
    let nominal = Decimal::from(100_000);
    let accrued = |asset: &str, day: Date| coupons(asset).unwrap().accrued(nominal, day).to_string();
    // 3.625 % on 30/360 from 1 September: 179 days to the end of February count as 178.
    assert_eq!(accrued("ast_RHN_2031", date(2025, 3, 1)), "1812.50");
    assert_eq!(accrued("ast_RHN_2031", date(2025, 2, 28)), "1782.29");
    assert_eq!(accrued("ast_RHN_2031", date(2025, 9, 1)), "0");
    // 8.35 % on actual/360 from 30 June: 31 days of July and the day before.
    assert_eq!(accrued("ast_AUR_TLB_2029", date(2025, 7, 31)), "719.03");
    assert_eq!(coupons("ast_DEG_ZERO_2030"), None);
    let loan = coupons("ast_AUR_TLB_2029").unwrap();
    assert_eq!(loan.period(date(2022, 6, 29)), None, "not before it exists");
    assert_eq!(loan.period(date(2029, 6, 30)), None, "nor after it is paid back");
    assert!(loan.matures_after(date(2029, 6, 29)) && !loan.matures_after(date(2029, 6, 30)));
}
