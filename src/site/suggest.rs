//! Real ids for the builder's fields, read from the API's own lists.

use app::{
    model::Suggestion,
    request::{Pairs, SendRequest},
};
use contract::form::{Form, Input};
use futures::future::BoxFuture;
use quick_cache::sync::Cache;
use serde_json::Value;
use std::{collections::BTreeSet, sync::Arc, time::Duration};

use super::{Site, send::Purpose, session::Own};
use crate::store::control::api_clients::ClientKey;
use contract::Timestamp;

/// What was read is good for so long, in milliseconds, unless the reader changes something.
const GOOD: i64 = 60_000;

/// A page does not wait longer than this for its suggestions.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// So many parents are looked into where a list belongs to a parent.
const PARENTS: usize = 3;

/// So many objects are offered per list.
const OFFERED: &str = "25";

type Known = Arc<[Suggestion]>;

/// Which list holds the ids of a kind.
struct List {
    kind: &'static str,
    operation: &'static str,
    /// The kind of id in the list's path.
    parent: Option<&'static str>,
}

const LISTS: [List; 19] = [
    List {
        kind: "ClientId",
        operation: "clients.list",
        parent: None,
    },
    List {
        kind: "LegalEntityId",
        operation: "legal_entities.list",
        parent: Some("ClientId"),
    },
    List {
        kind: "AccountId",
        operation: "accounts.list",
        parent: None,
    },
    List {
        kind: "DepositoryId",
        operation: "depositories.list",
        parent: None,
    },
    List {
        kind: "ReportingEntityId",
        operation: "reporting_entities.list",
        parent: Some("ClientId"),
    },
    List {
        kind: "PortfolioId",
        operation: "portfolios.list",
        parent: Some("ReportingEntityId"),
    },
    List {
        kind: "CustodianId",
        operation: "custodians.list",
        parent: None,
    },
    List {
        kind: "AuthFlowId",
        operation: "auth_flows.list",
        parent: None,
    },
    List {
        kind: "AuthorityId",
        operation: "authorities.list",
        parent: Some("LegalEntityId"),
    },
    List {
        kind: "InstrumentId",
        operation: "instruments.list",
        parent: None,
    },
    List {
        kind: "InstrumentClassId",
        operation: "instrument_classes.list",
        parent: None,
    },
    List {
        kind: "TransactionId",
        operation: "transactions.list",
        parent: None,
    },
    List {
        kind: "UserId",
        operation: "users.list",
        parent: Some("ClientId"),
    },
    List {
        kind: "InviteId",
        operation: "invites.list",
        parent: Some("UserId"),
    },
    List {
        kind: "ExtractId",
        operation: "extracts.list",
        parent: None,
    },
    List {
        kind: "FaultId",
        operation: "sandbox.faults.list",
        parent: None,
    },
    List {
        kind: "WebhookId",
        operation: "webhooks.list",
        parent: None,
    },
    List {
        kind: "DeliveryId",
        operation: "deliveries.list",
        parent: Some("WebhookId"),
    },
    List {
        kind: "InboxId",
        operation: "sandbox.inboxes.list",
        parent: None,
    },
];

/// The operation that reads one object of this kind, if its list stands under a path of its own.
pub(super) fn reader(kind: &str) -> Option<&'static str> {
    let list = LISTS.iter().find(|list| list.kind == kind)?;
    let group = list.operation.strip_suffix(".list")?;
    let form = super::catalog::form(&format!("{group}.get"))?;
    (form.path.matches('{').count() == 1).then_some(form.operation.as_str())
}

/// What was read lately, by client and kind.
pub(super) struct Suggestions(Cache<(ClientKey, &'static str), (Timestamp, Known)>);

impl Default for Suggestions {
    fn default() -> Self {
        Self(Cache::new(5_000))
    }
}

impl Suggestions {
    /// Forgets what is known of a client's objects.
    pub(super) fn forget(&self, client: &ClientKey) {
        for list in &LISTS {
            self.0.remove(&(client.clone(), list.kind));
        }
    }
}

impl Site {
    /// Ids for the fields of `form`. A sandbox that was never called holds what the shared one holds, so it is not
    /// called for this either: its request log shows the reader's own calls from the first line on.
    pub(super) async fn suggestions_for(&self, own: Option<&Own>, form: &Form) -> Vec<Suggestion> {
        let Some(own) = own else { return Vec::new() };
        let mut kinds = BTreeSet::new();
        for input in &form.inputs {
            wanted(input, &mut kinds);
        }
        let reading = async {
            let source = self.data_source(own).await;
            let mut found = Vec::new();
            for kind in kinds {
                found.extend(self.suggestions_of(&source, kind).await.iter().cloned());
            }
            found
        };
        tokio::time::timeout(PATIENCE, reading).await.unwrap_or_default()
    }

    fn suggestions_of<'a>(&'a self, own: &'a Own, kind: &'static str) -> BoxFuture<'a, Known> {
        Box::pin(async move {
            let now = self.clock.now();
            let key = (own.client.clone(), kind);
            if let Some((until, known)) = self.suggestions.0.get(&key)
                && until > now
            {
                return known;
            }
            let found: Known = self.read_list(own, kind).await.into();
            self.suggestions
                .0
                .insert(key, (now.plus_millis(GOOD), Arc::clone(&found)));
            found
        })
    }

    async fn read_list(&self, own: &Own, kind: &'static str) -> Vec<Suggestion> {
        let Some(list) = LISTS.iter().find(|list| list.kind == kind) else {
            return Vec::new();
        };
        let Some(parent) = list.parent else {
            return self.call_list(own, list, Pairs::new()).await;
        };
        let parents = self.suggestions_of(own, parent).await;
        let mut found = Vec::new();
        for parent in parents.iter().take(PARENTS) {
            let path = vec![("id".to_owned(), parent.value.clone())];
            found.extend(self.call_list(own, list, path).await);
        }
        found
    }

    async fn call_list(&self, own: &Own, list: &List, path: Pairs) -> Vec<Suggestion> {
        let request = SendRequest {
            operation: list.operation.to_owned(),
            path,
            query: vec![("limit".to_owned(), OFFERED.to_owned())],
            ..SendRequest::default()
        };
        match self
            .sender
            .send(&self.tokens, own.into(), request, Purpose::Page)
            .await
        {
            Ok(sent) if sent.status == 200 => offered(list.kind, &sent.body),
            Ok(sent) => {
                tracing::debug!(operation = list.operation, sent.status, "no suggestions");
                Vec::new()
            }
            Err(error) => {
                tracing::debug!(operation = list.operation, %error, "no suggestions");
                Vec::new()
            }
        }
    }
}

/// The kinds of id that an input takes, at any depth.
fn wanted(input: &Input, kinds: &mut BTreeSet<&'static str>) {
    let known = LISTS
        .iter()
        .find(|list| Some(list.kind) == input.id_kind.as_deref());
    kinds.extend(known.map(|list| list.kind));
    for member in input.kind.members() {
        wanted(member, kinds);
    }
}

fn offered(kind: &str, body: &str) -> Vec<Suggestion> {
    let page: Value = serde_json::from_str(body).unwrap_or_default();
    let objects = page["data"].as_array().map(Vec::as_slice).unwrap_or_default();
    objects
        .iter()
        .filter_map(|object| {
            Some(Suggestion {
                kind: kind.to_owned(),
                value: object["id"].as_str()?.to_owned(),
                label: label(object),
            })
        })
        .collect()
}

/// What people call an object: its name or address; of a consent whose it is and where it stands, of a transaction
/// what it is and when, of a fault what it does, of an invite what it is good for.
fn label(object: &Value) -> String {
    let text = |name: &str| object[name].as_str();
    match (
        text("name").or(text("email")),
        text("custodian_id"),
        text("status").or(text("kind")).or(text("state")),
    ) {
        (Some(name), ..) => name.to_owned(),
        (None, Some(custodian), Some(state)) => format!("{custodian}, {state}"),
        (None, None, Some(kind)) => kind.to_owned(),
        _ => match (text("type"), text("trade_date")) {
            (Some(kind), Some(day)) => format!("{kind}, {day}"),
            _ => String::new(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::catalog;

    #[test]
    fn every_kind_of_id_that_a_form_takes_is_offered() {
        // A point belongs to one series of one instrument, whose list shows it: a click on its id uses it.
        let by_click = "PointId";
        let mut missing = BTreeSet::new();
        let mut look = |input: &Input| {
            if let Some(kind) = &input.id_kind
                && kind != by_click
                && !LISTS.iter().any(|list| list.kind == kind)
            {
                missing.insert(kind.clone());
            }
        };
        catalog::forms()
            .iter()
            .flat_map(|form| &form.inputs)
            .for_each(&mut look);
        assert!(missing.is_empty(), "no list for {missing:?}");
    }

    #[test]
    fn every_list_is_an_operation_with_at_most_one_parent() {
        for list in &LISTS {
            let form = catalog::form(list.operation).unwrap_or_else(|| panic!("{}", list.operation));
            assert_eq!(
                form.path.contains("{id}"),
                list.parent.is_some(),
                "{}",
                list.operation
            );
        }
    }

    #[test]
    fn objects_are_offered_under_the_name_people_use() {
        let body =
            r#"{"data":[{"id":"a","name":"Holding"},{"id":"b","custodian_id":"nordea","status":"active"}]}"#;
        let labels: Vec<_> = offered("X", body)
            .into_iter()
            .map(|s| (s.value, s.label))
            .collect();
        assert_eq!(
            labels,
            [
                ("a".into(), "Holding".into()),
                ("b".into(), "nordea, active".into())
            ]
        );
        assert!(offered("X", "not JSON").is_empty());
    }
}
