//! The ledger's worked cases, entered through the API as a client would, and their figures read back from it.
//!
//! The figures were made by an independent implementation. Exchange rates are the platform's, so of the case in several
//! currencies only what does not depend on them is compared.

use super::holdings::{figure, walk};
use crate::harness::{Developer, Portal};
use futures::{StreamExt, stream};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// So many points are sent at once.
const AT_ONCE: usize = 8;

/// A case, and the ids that its names got.
struct Case {
    developer: Developer,
    file: Value,
    ids: HashMap<String, String>,
    view: String,
}

fn list<'f>(file: &'f Value, member: &str) -> &'f [Value] {
    file[member].as_array().map_or(&[], Vec::as_slice)
}

/// The case in the shape that all of them but the private fund's have.
fn read(text: &str) -> Value {
    let mut file: Value = serde_json::from_str(text).expect("a case");
    if let Some(commitment) = file.get("commitment").cloned() {
        file["accounts"] = json!([{ "id": "a1", "currency": "EUR" }]);
        file["instruments"] = json!([{ "id": "f1", "type": "private_market_fund", "currency": "EUR",
                                       "terms": { "commitment": commitment } }]);
        file["prices"] = json!({ "f1": file["navs"] });
        file["reporting_currency"] = json!("EUR");
        file["accounting_method"] = json!("fifo");
    }
    file
}

impl Case {
    async fn enter(developer: Developer, text: &str) -> Self {
        let mut case = Self {
            developer,
            file: read(text),
            ids: HashMap::new(),
            view: String::new(),
        };
        case.places().await;
        case.instruments().await;
        case.transactions().await;
        case
    }

    async fn make(&self, path: &str, body: Value) -> String {
        self.developer.post(path, body).await.expect(201).id()
    }

    async fn places(&mut self) {
        let currency = self.file["reporting_currency"].clone();
        let client = json!({
            "name": "C", "reference_currency": currency, "accounting_method": self.file["accounting_method"],
        });
        let client = self.make("/v1/clients", client).await;
        let entity = json!({ "name": "E", "type": "company", "jurisdiction": "DK" });
        let entity = self
            .make(&format!("/v1/clients/{client}/legal-entities"), entity)
            .await;
        let mut depositories = Vec::new();
        for name in list(&self.file, "depositories").to_vec() {
            let body = json!({ "custodian_id": "saxo", "name": name });
            let id = self
                .make(&format!("/v1/legal-entities/{entity}/depositories"), body)
                .await;
            self.ids
                .insert(name.as_str().unwrap_or_default().to_owned(), id.clone());
            depositories.push(id);
        }
        let mut accounts = Vec::new();
        for account in list(&self.file, "accounts").to_vec() {
            let body = json!({ "name": account["id"], "currency": account["currency"], "depository_ids": depositories });
            let id = self
                .make(&format!("/v1/legal-entities/{entity}/accounts"), body)
                .await;
            self.name(&account, id.clone());
            accounts.push(id);
        }
        let view = json!({ "name": "V", "currency": currency });
        self.view = self
            .make(&format!("/v1/clients/{client}/reporting-entities"), view)
            .await;
        let portfolio = json!({ "name": "P", "account_ids": accounts, "depository_ids": depositories });
        self.make(
            &format!("/v1/reporting-entities/{}/portfolios", self.view),
            portfolio,
        )
        .await;
    }

    fn name(&mut self, row: &Value, id: String) {
        let name = row["id"].as_str().unwrap_or_default().to_owned();
        self.ids.insert(name, id);
    }

    async fn instruments(&mut self) {
        for instrument in list(&self.file, "instruments").to_vec() {
            let mut body = instrument.clone();
            body["name"] = instrument["id"].clone();
            body["class_id"] = json!("equity");
            if body["currency"].is_null() {
                body["currency"] = json!("EUR");
            }
            if let Some(members) = body.as_object_mut() {
                members.remove("id");
            }
            let id = self.make("/v1/instruments", body).await;
            let series = if instrument["type"] == "private_market_fund" {
                "net-asset-values"
            } else {
                "prices"
            };
            let path = format!("/v1/instruments/{id}/{series}");
            let points = &self.file["prices"][instrument["id"].as_str().unwrap_or_default()];
            let sent = points.as_array().into_iter().flatten().map(|point| {
                let (developer, path) = (&self.developer, &path);
                async move { developer.post(path, point.clone()).await.expect(201) }
            });
            _ = stream::iter(sent)
                .buffer_unordered(AT_ONCE)
                .collect::<Vec<_>>()
                .await;
            self.name(&instrument, id);
        }
    }

    async fn transactions(&mut self) {
        for row in list(&self.file, "transactions").to_vec() {
            // What a split is of needs an account only to have a currency.
            let mut members = Map::from_iter([("account_id".to_owned(), self.id(&json!("a1")))]);
            let given = row
                .as_object()
                .into_iter()
                .flatten()
                .filter(|(name, _)| *name != "id")
                .map(|(name, value)| {
                    let value = match value {
                        Value::Array(names) => names.iter().map(|name| self.id(name)).collect(),
                        value if name.ends_with("_id") => self.id(value),
                        value => value.clone(),
                    };
                    (name.clone(), value)
                });
            members.extend(given);
            let id = self.make("/v1/transactions", Value::Object(members)).await;
            self.name(&row, id);
        }
    }

    /// The id that something of the file got.
    fn id(&self, name: &Value) -> Value {
        let known = name.as_str().and_then(|name| self.ids.get(name));
        json!(known.unwrap_or_else(|| panic!("{name} is not in the case")))
    }

    fn expected(&self, member: &str) -> &[Value] {
        list(&self.file["expected"], member)
    }

    fn path(&self, what: &str) -> String {
        format!("/v1/reporting-entities/{}/{what}", self.view)
    }

    /// Every figure of the case.
    async fn reproduce(&self) {
        for expected in self.expected("holdings") {
            self.holdings(expected, &|row| row).await;
        }
        for expected in self.expected("performance") {
            self.performance(expected).await;
        }
        for expected in self.expected("private_markets") {
            self.private_markets(expected).await;
        }
    }

    /// Compares what `keep` leaves of each row.
    async fn holdings(&self, expected: &Value, keep: &dyn Fn(Value) -> Value) {
        let (as_of, currency) = (text(&expected["as_of"]), text(&expected["currency"]));
        let path = self.path(&format!(
            "holdings?as_of={as_of}&currency={currency}&expand=lots&group_by=depository"
        ));
        let mut answered: Vec<Value> = walk(&self.developer, &path).await;
        answered.sort_by_key(key);
        let mut wanted: Vec<Value> = list(expected, "holdings")
            .iter()
            .map(|row| self.named(row))
            .collect();
        wanted.sort_by_key(key);
        assert_eq!(answered.len(), wanted.len(), "{} at {as_of}", self.file["name"]);
        for (row, wanted) in answered.iter().zip(wanted) {
            let wanted = keep(wanted);
            assert_eq!(
                as_far_as(row, &wanted),
                wanted,
                "{} at {as_of}",
                self.file["name"]
            );
        }
    }

    /// The row of the file with the ids that its names got.
    fn named(&self, row: &Value) -> Value {
        let mut row = row.clone();
        for member in ["instrument_id", "depository_id", "account_id"] {
            if !row[member].is_null() {
                row[member] = self.id(&row[member]);
            } else if let Some(members) = row.as_object_mut() {
                members.remove(member);
            }
        }
        row
    }

    async fn performance(&self, expected: &Value) {
        let (from, to) = (text(&expected["from"]), text(&expected["to"]));
        let path = self.path(&format!(
            "performance?from={from}&to={to}&currency={}",
            text(&expected["currency"])
        ));
        let answered = self.developer.get(&path).await.expect(200).json();
        assert_eq!(list(&answered, "series").len(), list(expected, "series").len());
        for (day, wanted) in list(&answered, "series").iter().zip(list(expected, "series")) {
            assert_eq!(day, wanted, "{}", self.file["name"]);
        }
        assert_eq!(answered["summary"], expected["summary"], "{}", self.file["name"]);
    }

    async fn private_markets(&self, expected: &Value) {
        let day = text(&expected["date"]);
        let path = self.path(&format!("performance/private-markets?date={day}"));
        let funds = walk(&self.developer, &path).await;
        assert_eq!(funds.len(), 1);
        let mut wanted = expected.clone();
        let irr = wanted["irr"].take();
        if let Some(members) = wanted.as_object_mut() {
            members.remove("irr");
        }
        assert_eq!(as_far_as(&funds[0], &wanted), wanted, "at {day}");
        if irr.is_null() {
            assert_eq!(funds[0]["irr"], Value::Null, "at {day}");
        } else {
            let distance = (figure(&funds[0]["irr"]) - figure(&irr)).abs();
            assert!(distance <= Decimal::new(1, 8), "{distance} at {day}");
        }
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn key(row: &Value) -> [String; 3] {
    ["instrument_id", "depository_id", "account_id"].map(|member| text(&row[member]).to_owned())
}

/// The members of `row` that `wanted` has, in objects and lists inside of it as well.
fn as_far_as(row: &Value, wanted: &Value) -> Value {
    match (row, wanted) {
        (Value::Object(_), Value::Object(members)) => members
            .iter()
            .map(|(name, wanted)| (name.clone(), as_far_as(&row[name], wanted)))
            .collect(),
        (Value::Array(rows), Value::Array(wanted)) if rows.len() == wanted.len() => {
            let pairs = rows.iter().zip(wanted);
            pairs.map(|(row, wanted)| as_far_as(row, wanted)).collect()
        }
        (row, _) => row.clone(),
    }
}

macro_rules! reproduced {
    ($($name:ident),*) => {$(
        #[tokio::test]
        async fn $name() {
            let portal = Portal::new().await;
            let text = include_str!(concat!("../../ledger/tests/vectors/", stringify!($name), ".json"));
            Case::enter(portal.sandbox().await, text).await.reproduce().await;
        }
    )*};
}

reproduced!(
    bond_accrual,
    equity_average,
    equity_fifo,
    equity_specific_id,
    private_fund
);

#[tokio::test]
async fn multi_currency_as_far_as_no_rate_is_in_it() {
    let portal = Portal::new().await;
    let text = include_str!("../../ledger/tests/vectors/multi_currency.json");
    let case = Case::enter(portal.sandbox().await, text).await;
    assert!(!case.expected("holdings").is_empty());
    let keep = |mut row: Value| {
        let members = row.as_object_mut().expect("a row");
        for rated in [
            "accrued_interest",
            "market_value",
            "cost_basis",
            "unrealised_pnl",
            "fx_rate",
        ] {
            members.remove(rated);
        }
        for lot in members
            .get_mut("lots")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            lot.as_object_mut().expect("a lot").remove("cost");
        }
        row
    };
    for expected in case.expected("holdings") {
        case.holdings(expected, &keep).await;
    }
}
