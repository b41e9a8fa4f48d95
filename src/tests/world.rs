//! One object of each kind, made through the API, so that its ids exist in no other sandbox.

use crate::harness::Developer;
use contract::Card;
use portal::clock::Clock;
use serde_json::{Value, json};
use std::collections::HashMap;

/// Ids of fresh objects by the kind of id (`ClientId`), and of instruments and points by the series (`prices`).
pub(crate) struct World(
    pub HashMap<&'static str, String>,
    HashMap<&'static str, [String; 2]>,
);

/// For each series a type that has it, and its terms.
fn described() -> [(&'static str, &'static str, &'static str, Value); 4] {
    let coupons = json!({
        "coupon_rate": "0.04", "coupon_frequency": "annually", "day_count": "30/360", "dated_date": "2025-01-31",
        "maturity_date": "2035-01-31",
    });
    [
        ("prices", "stock", "equity", json!({})),
        ("net-asset-values", "fund", "equity", json!({})),
        ("interest-rates", "loan", "fixed-income", coupons.clone()),
        ("index-factors", "index_linked_bond", "fixed-income", coupons),
    ]
}

/// The first object of a list, or a new one: of these a sandbox may have few.
async fn first_or_new(developer: &Developer, path: &str, body: Value) -> Value {
    let page = developer.get(&format!("{path}?limit=1")).await.expect(200).json();
    match page["data"].get(0) {
        Some(first) => first.clone(),
        None => developer.post(path, body).await.expect(201).json(),
    }
}

impl World {
    /// Makes one object of each kind.
    pub(crate) async fn of(developer: &Developer) -> Self {
        let make = async |path: String, body: Value| developer.post(&path, body).await.expect(201).id();
        let client = make(
            "/v1/clients".into(),
            json!({ "name": "World", "reference_currency": "EUR" }),
        )
        .await;
        let entity_body = json!({ "name": "Entity", "type": "company", "jurisdiction": "DK" });
        let entity = make(format!("/v1/clients/{client}/legal-entities"), entity_body).await;
        let depository_body = json!({ "custodian_id": "saxo", "name": "Depository" });
        let depository = make(
            format!("/v1/legal-entities/{entity}/depositories"),
            depository_body,
        )
        .await;
        let account_body = json!({ "name": "Account", "currency": "EUR", "depository_ids": [depository] });
        let account = make(format!("/v1/legal-entities/{entity}/accounts"), account_body).await;
        let view_body = json!({ "name": "View", "currency": "EUR" });
        let view = make(format!("/v1/clients/{client}/reporting-entities"), view_body).await;
        let portfolio_body = json!({ "name": "Portfolio", "account_ids": [account] });
        let portfolio = make(
            format!("/v1/reporting-entities/{view}/portfolios"),
            portfolio_body,
        )
        .await;
        let money_body = json!({ "name": "Money", "currency": "EUR" });
        let money = make(format!("/v1/legal-entities/{entity}/accounts"), money_body).await;
        let deposit = json!({
            "type": "deposit", "account_id": money, "trade_date": "2026-06-30", "amount": "1000.00"
        });
        let transaction = make("/v1/transactions".into(), deposit).await;
        let consent = json!({ "custodian_id": "nordea", "auth_flow_id": "nordea-20260630" });
        let authority = make(
            format!("/v1/legal-entities/{entity}/custodian-authorities"),
            consent,
        )
        .await;
        let person =
            json!({ "email": format!("{view}@example.com"), "first_name": "Wilma", "last_name": "World" });
        let user = make(format!("/v1/clients/{client}/users"), person).await;
        let invite = make(format!("/v1/users/{user}/invites"), json!({})).await;
        let order = json!({ "dataset": "holdings", "format": "csv", "purpose": "World" });
        let ordered = developer.post("/v1/extracts", order).await.json();
        // The one of an earlier world may still be under way.
        let extract = ordered["id"].as_str().or(ordered["extract_id"].as_str());
        let extract = extract.expect("an extract").to_owned();
        let nowhere = json!({ "kind": "server_error", "match": { "path": "/v1/nowhere" } });
        developer.delete("/sandbox/faults").await.expect(204);
        let fault = make("/sandbox/faults".into(), nowhere).await;
        let mut series = HashMap::new();
        for (name, kind, class, terms) in described() {
            let body =
                json!({ "type": kind, "name": "Own", "currency": "EUR", "class_id": class, "terms": terms });
            let instrument = make("/v1/instruments".into(), body).await;
            let point = json!({ "date": "2026-01-30", "value": "1" });
            let point = make(format!("/v1/instruments/{instrument}/{name}"), point).await;
            series.insert(name, [instrument, point]);
        }
        let body = json!({ "type": "stock", "name": "Own", "currency": "EUR", "class_id": "equity" });
        let instrument = make("/v1/instruments".into(), body).await;
        let inbox = first_or_new(developer, "/sandbox/inboxes", json!({})).await;
        let listens = json!({ "url": inbox["url"], "event_types": ["webhook.*"] });
        let webhook = first_or_new(developer, "/v1/webhooks", listens).await;
        let webhook = webhook["id"].as_str().expect("an id").to_owned();
        let delivery = developer
            .post(&format!("/v1/webhooks/{webhook}/test"), json!({}))
            .await;
        let delivery = delivery.expect(200).id();
        let kinds = HashMap::from([
            ("FaultId", fault),
            ("InboxId", inbox["id"].as_str().expect("an id").into()),
            ("WebhookId", webhook),
            ("DeliveryId", delivery),
            ("InstrumentId", instrument),
            ("ClientId", client),
            ("LegalEntityId", entity),
            ("DepositoryId", depository),
            ("AccountId", account),
            ("ReportingEntityId", view),
            ("PortfolioId", portfolio),
            ("AuthorityId", authority),
            ("TransactionId", transaction),
            ("ExtractId", extract),
            ("UserId", user),
            ("InviteId", invite),
            ("CustodianId", "nordea".into()),
            ("AuthFlowId", "nordea-20260630".into()),
        ]);
        Self(kinds, series)
    }

    /// The path of an operation on these objects.
    pub(crate) fn path(&self, card: &Card) -> String {
        let of_series = self
            .1
            .iter()
            .find(|(name, _)| card.spec.path.contains(&format!("/{name}")));
        if let Some((_, [instrument, point])) = of_series {
            let path = card.spec.path.replace("{id}", instrument);
            return path.replace("{point_id}", point);
        }
        let parameters = card.path["properties"].as_object().into_iter().flatten();
        parameters.fold(card.spec.path.to_owned(), |path, (name, schema)| {
            let kind = schema["x-id"].as_str().unwrap_or_default();
            let id = self.0.get(kind).map_or("", String::as_str);
            path.replace(&format!("{{{name}}}"), id)
        })
    }

    /// A body that the operation takes on these objects.
    pub(crate) fn body(&self, card: &Card) -> Option<Value> {
        let mut body = card.example.body.clone()?;
        for (member, kind) in [
            ("account_ids", "AccountId"),
            ("depository_ids", "DepositoryId"),
            ("reporting_entity_ids", "ReportingEntityId"),
        ] {
            if let Some(list) = body.get_mut(member) {
                *list = json!([self.0[kind]]);
            }
        }
        if let Some(since) = body.get_mut("since") {
            // A replay goes back 72 hours and no further.
            *since = json!(Clock::system().now().to_string());
        }
        for (member, kind) in [("account_id", "AccountId"), ("depository_id", "DepositoryId")] {
            if let Some(one) = body.get_mut(member) {
                *one = json!(self.0[kind]);
            }
        }
        if let Some(portfolio) = body.pointer_mut("/filters/portfolio_id") {
            *portfolio = json!(self.0["PortfolioId"]);
        }
        if let Some(email) = body.get_mut("email") {
            // Unique, and the user of the docs has it.
            *email = json!("somebody.else@example.com");
        }
        Some(body)
    }
}
