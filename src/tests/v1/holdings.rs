//! Holdings and the custodians' own figures, over HTTP.

use crate::harness::{Developer, Portal};
use contract::demo;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Every row of a list.
pub(super) async fn walk(developer: &Developer, path: &str) -> Vec<Value> {
    let mut rows = Vec::new();
    let mut next = path.to_owned();
    loop {
        let page = developer.get(&next).await.expect(200).json();
        rows.extend(page["data"].as_array().expect("rows").iter().cloned());
        let Some(cursor) = page["next_cursor"].as_str() else {
            return rows;
        };
        let joint = if path.contains('?') { '&' } else { '?' };
        next = format!("{path}{joint}cursor={cursor}");
    }
}

pub(super) fn figure(value: &Value) -> Decimal {
    let text = value.as_str().unwrap_or_else(|| panic!("{value} is no figure"));
    text.parse().expect("a decimal")
}

fn sum<'a>(rows: impl IntoIterator<Item = &'a Value>, member: &str) -> Decimal {
    rows.into_iter().map(|row| figure(&row[member])).sum()
}

fn holdings(query: &str) -> String {
    format!(
        "/v1/reporting-entities/{}/holdings?as_of=2026-06-30&limit=100{query}",
        demo::REPORTING_ENTITY
    )
}

/// As many cents as rows: each is rounded alone.
fn about_equal(left: Decimal, right: Decimal, rows: usize) {
    let cents = (left - right).abs() * Decimal::ONE_HUNDRED;
    assert!(cents <= Decimal::from(rows), "{left} and {right}");
}

#[tokio::test]
async fn a_holding_is_its_quantity_at_its_price_and_gains_what_it_is_worth_over_its_cost() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let rows = walk(&developer, &holdings("")).await;
    assert!(rows.len() > 20, "{}", rows.len());
    let mut kinds = BTreeSet::new();
    for row in &rows {
        let gain =
            figure(&row["market_value"]) - figure(&row["accrued_interest"]) - figure(&row["cost_basis"]);
        about_equal(figure(&row["unrealised_pnl"]), gain, 2);
        kinds.insert(row["instrument_class_id"].as_str().expect("a class").to_owned());
        if row["instrument_id"].is_null() {
            assert!(row["account_id"].is_string() && row["price"].is_null());
            let worth = figure(&row["quantity"]) * figure(&row["fx_rate"]);
            about_equal(figure(&row["market_value"]), worth, 2);
        }
        if row["instrument_class_id"] == "equity" {
            let worth = figure(&row["quantity"]) * figure(&row["price"]) * figure(&row["fx_rate"]);
            about_equal(figure(&row["market_value"]), worth, 2);
        }
    }
    assert!(kinds.contains("cash") && kinds.contains("equity") && kinds.contains("fixed-income"));
}

#[tokio::test]
async fn lots_add_up_to_their_holding() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let rows = walk(&developer, &holdings("&expand=lots")).await;
    for row in rows.iter().filter(|row| row["instrument_id"].is_string()) {
        let lots = row["lots"].as_array().expect("lots");
        assert_eq!(sum(lots, "quantity"), figure(&row["quantity"]));
        about_equal(sum(lots, "cost"), figure(&row["cost_basis"]), lots.len());
    }
    let plain = walk(&developer, &holdings("")).await;
    assert!(plain.iter().all(|row| row["lots"].is_null()));
}

#[tokio::test]
async fn groups_add_up_to_the_whole_and_portfolios_count_what_they_share_in_each() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let whole = sum(&walk(&developer, &holdings("")).await, "market_value");
    for group in ["depository", "instrument_class", "instrument_class,depository"] {
        let rows = walk(&developer, &holdings(&format!("&group_by={group}"))).await;
        about_equal(sum(&rows, "market_value"), whole, rows.len());
    }
    let rows = walk(&developer, &holdings("&group_by=portfolio")).await;
    let mut portfolios = BTreeMap::<&str, Vec<&Value>>::new();
    for row in &rows {
        portfolios
            .entry(row["portfolio_id"].as_str().expect("a portfolio"))
            .or_default()
            .push(row);
    }
    assert_eq!(portfolios.len(), 3);
    // The third holds everything that the first two do.
    let everything = sum(
        portfolios["66a1f0c2d4e5b60718295003"].iter().copied(),
        "market_value",
    );
    about_equal(everything, whole, rows.len());
    assert!(sum(&rows, "market_value") > whole);
}

#[tokio::test]
async fn a_walk_in_small_pages_sees_what_one_large_page_shows() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let large = walk(&developer, &holdings("&group_by=depository")).await;
    let small = holdings("&group_by=depository").replace("limit=100", "limit=7");
    assert_eq!(walk(&developer, &small).await, large);
}

#[tokio::test]
async fn another_currency_converts_amounts_and_leaves_quantities() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let euros = walk(&developer, &holdings("")).await;
    let dollars = walk(&developer, &holdings("&currency=USD")).await;
    assert_eq!(euros.len(), dollars.len());
    let ratios: BTreeSet<String> = euros
        .iter()
        .zip(&dollars)
        .map(|(euro, dollar)| {
            assert_eq!(euro["quantity"], dollar["quantity"]);
            assert_eq!(dollar["currency"], "USD");
            (figure(&dollar["fx_rate"]) / figure(&euro["fx_rate"]))
                .round_dp(6)
                .normalize()
                .to_string()
        })
        .collect();
    assert_eq!(ratios.len(), 1, "{ratios:?}");
    let yen = walk(&developer, &holdings("&currency=JPY")).await;
    assert!(
        yen.iter()
            .all(|row| !row["market_value"].as_str().unwrap_or(".").contains('.'))
    );
}

#[tokio::test]
async fn a_query_that_cannot_be_answered_says_which_parameter_is_wrong() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let entity = demo::REPORTING_ENTITY;
    let view = format!("/v1/reporting-entities/{entity}");
    let owner = format!("/v1/legal-entities/{}", demo::LEGAL_ENTITY);
    for (path, parameter) in [
        (format!("{view}/holdings?as_of=2999-01-01"), "as_of"),
        (format!("{view}/holdings?as_of=2026-02-30"), "as_of"),
        (format!("{view}/holdings?currency=EURO"), "currency"),
        (format!("{view}/holdings?group_by=account"), "group_by"),
        (
            format!("{view}/holdings?group_by=portfolio,portfolio"),
            "group_by",
        ),
        (format!("{view}/holdings?expand=prices"), "expand"),
        (format!("{owner}/custodian-holdings?date=2999-01-01"), "date"),
        (format!("{view}/performance?to=2999-01-01"), "to"),
        (
            format!("{view}/performance?from=2026-02-02&to=2026-02-01"),
            "from",
        ),
        (
            format!("{view}/performance?from=2010-01-01&to=2026-01-01"),
            "from",
        ),
        (
            format!("{view}/performance?group_by=portfolio,depository"),
            "group_by",
        ),
        (
            format!("{view}/performance/private-markets?date=2999-01-01"),
            "date",
        ),
    ] {
        let refused = developer.get(&path).await.expect(400);
        assert_eq!(refused.problem(), "invalid-parameter", "{path}");
        assert_eq!(refused.json()["errors"][0]["parameter"], parameter, "{path}");
    }
    let unknown = developer
        .get(&format!("{view}/holdings?currency=ISK"))
        .await
        .expect(409);
    assert_eq!(unknown.problem(), "rate-unknown");
    assert!(unknown.json()["detail"].as_str().expect("words").contains("ISK"));
}

#[tokio::test]
async fn what_has_not_changed_is_answered_with_304_and_what_has_is_not() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let path = holdings("");
    let first = developer.get(&path).await.expect(200);
    let tag = first.header("etag").expect("a tag").to_owned();
    let again = |path: String, tag: String| {
        let request = developer.request("GET", &path).header("if-none-match", &tag);
        async move { request.send().await }
    };
    again(path.clone(), tag.clone()).await.expect(304);
    let portfolio = format!("/v1/portfolios/{}", demo::PORTFOLIO);
    developer
        .patch(&portfolio, json!({ "name": "Renamed" }))
        .await
        .expect(200);
    again(path.clone(), tag.clone()).await.expect(304);
    let everything = "/v1/portfolios/66a1f0c2d4e5b60718295003";
    developer
        .patch(everything, json!({ "account_ids": [] }))
        .await
        .expect(200);
    again(path, tag).await.expect(200);
}

#[tokio::test]
async fn what_is_excluded_from_reporting_does_not_count() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    // The demo's one excluded account has money in no portfolio; put it into one.
    let portfolio = format!("/v1/portfolios/{}", demo::PORTFOLIO);
    let before = walk(&developer, &holdings("")).await;
    let with_excluded = json!({ "account_ids": [demo::ACCOUNT, "66a1f0c2d4e5b60718292007"] });
    developer.patch(&portfolio, with_excluded).await.expect(200);
    assert_eq!(walk(&developer, &holdings("")).await, before);
}

#[tokio::test]
async fn custodians_agree_with_the_ledger_but_for_the_trades_that_went_astray() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let path = format!(
        "/v1/legal-entities/{}/custodian-holdings?date=2026-07-31&limit=100",
        demo::LEGAL_ENTITY
    );
    let rows = walk(&developer, &path).await;
    assert!(rows.len() > 10, "{}", rows.len());
    let (apart, agreed): (Vec<_>, Vec<_>) = rows
        .iter()
        .partition(|row| !figure(&row["difference"]["quantity"]).is_zero());
    assert!(agreed.len() > 8);
    // One purchase never reached Nordea: units are missing there, and the money for them is still there.
    assert_eq!(apart.len(), 2, "{apart:?}");
    assert!(apart.iter().all(|row| row["custodian_id"] == "nordea"));
    let missing = apart
        .iter()
        .find(|row| row["instrument_id"].is_string())
        .expect("units");
    let unspent = apart
        .iter()
        .find(|row| row["instrument_id"].is_null())
        .expect("money");
    assert!(figure(&missing["difference"]["quantity"]).is_sign_negative());
    assert!(figure(&missing["difference"]["market_value"]).is_sign_negative());
    assert!(figure(&unspent["difference"]["quantity"]).is_sign_positive());
}
