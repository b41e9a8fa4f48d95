//! Performance and private markets, over HTTP.

use super::holdings::{figure, walk};
use crate::harness::{Developer, Portal};
use contract::demo;
use rust_decimal::Decimal;
use serde_json::Value;

async fn performance(developer: &Developer, query: &str) -> Value {
    let path = format!(
        "/v1/reporting-entities/{}/performance{query}",
        demo::REPORTING_ENTITY
    );
    developer.get(&path).await.expect(200).json()
}

#[tokio::test]
async fn a_window_has_every_day_and_its_summary_is_its_last() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let whole = performance(&developer, "?from=2025-07-01&to=2026-06-30").await;
    let series = whole["series"].as_array().expect("a series");
    assert_eq!(series.len(), 365);
    let (first, last) = (&series[0], &series[364]);
    assert_eq!(
        (&first["date"], &last["date"]),
        (&"2025-07-01".into(), &"2026-06-30".into())
    );
    assert_eq!(whole["summary"]["total_return"], last["cumulative_twr"]);
    assert!(whole["summary"]["annualised_return"].is_string());
    assert!(whole["summary"]["volatility"].is_string());
    assert!(!figure(&whole["summary"]["max_drawdown"]).is_sign_positive());
    assert!(whole["groups"].is_null());
    let returns: Decimal = series.iter().map(|day| figure(&day["return"])).sum();
    assert!((returns - figure(&last["cumulative_return"])).abs() < Decimal::TWO);
    assert!(series.iter().any(|day| !figure(&day["twr"]).is_zero()));
    let short = performance(&developer, "?from=2026-06-20&to=2026-06-30").await;
    assert!(short["summary"]["annualised_return"].is_null() && short["summary"]["volatility"].is_null());
}

#[tokio::test]
async fn the_change_of_value_is_what_came_in_and_what_was_gained() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let worth = async |day: &str| -> Decimal {
        let path = format!(
            "/v1/reporting-entities/{}/holdings?as_of={day}&limit=100",
            demo::REPORTING_ENTITY
        );
        let rows = walk(&developer, &path).await;
        rows.iter().map(|row| figure(&row["market_value"])).sum()
    };
    let whole = performance(&developer, "?from=2024-01-01&to=2024-12-31").await;
    let series = whole["series"].as_array().expect("a series");
    let came: Decimal = series.iter().map(|day| figure(&day["net_cash_flow"])).sum();
    let gained = figure(&series[series.len() - 1]["cumulative_return"]);
    let change = worth("2024-12-31").await - worth("2023-12-31").await;
    assert!(
        (change - came - gained).abs() < Decimal::from(10),
        "{change} {came} {gained}"
    );
}

#[tokio::test]
async fn groups_are_shown_apart_and_share_the_window() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    for (dimension, member, count) in [
        ("portfolio", "portfolio_id", 3),
        ("depository", "depository_id", 4),
        ("instrument_class", "instrument_class_id", 2),
    ] {
        let query = format!("?from=2026-06-01&to=2026-06-30&group_by={dimension}");
        let whole = performance(&developer, &query).await;
        let groups = whole["groups"].as_array().expect("groups");
        assert_eq!(groups.len(), count, "{dimension}");
        for group in groups {
            assert!(group[member].is_string());
            assert_eq!(group["series"].as_array().expect("a series").len(), 30);
        }
    }
}

#[tokio::test]
async fn a_private_fund_falls_before_it_rises() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let entity = "66a1f0c2d4e5b60718294006";
    let at = async |day: &str| {
        let path = format!("/v1/reporting-entities/{entity}/performance/private-markets?date={day}");
        walk(&developer, &path).await
    };
    let (early, late) = (at("2022-06-30").await, at("2026-06-30").await);
    assert_eq!(late.len(), 4);
    for fund in &late {
        let (dpi, rvpi) = (figure(&fund["dpi"]), figure(&fund["rvpi"]));
        assert!((figure(&fund["tvpi"]) - dpi - rvpi).abs() < Decimal::new(1, 9));
        let commitment = &fund["commitment"];
        let known = figure(&commitment["called"]) + figure(&commitment["uncalled"]);
        assert_eq!(known, figure(&commitment["total"]));
        assert!(figure(&fund["irr"]).is_sign_positive(), "{fund}");
    }
    assert!(
        early.iter().all(|fund| figure(&fund["tvpi"]) < Decimal::ONE),
        "{early:?}"
    );
}
