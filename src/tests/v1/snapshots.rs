//! What the API answers on the demo data, kept as files, so that every change of an answer is seen in review.

use crate::harness::Portal;
use contract::{Auth, Method, contract, demo};
use insta::{Settings, assert_json_snapshot, assert_snapshot};
use serde_json::{Value, json};

/// Instants that depend on when the sandbox was made are shown as such; everything else is fixed.
fn settled(mut body: Value) -> Value {
    fn walk(value: &mut Value) {
        match value {
            Value::Object(members) => {
                for (name, member) in members.iter_mut() {
                    let moving = name.ends_with("_at")
                        && member.as_str().is_some_and(|at| !at.ends_with("T00:00:00Z"));
                    if moving || (name == "next_cursor" && member.is_string()) {
                        *member = json!(format!("[{name}]"));
                    } else {
                        walk(member);
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(walk),
            _ => {}
        }
    }
    walk(&mut body);
    body
}

#[tokio::test]
async fn the_demo_data_reads_as_it_always_did() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let paths = [
        ("clients", "/v1/clients".to_owned()),
        (
            "legal_entities",
            format!("/v1/clients/{}/legal-entities", demo::CLIENT),
        ),
        ("accounts", "/v1/accounts?limit=3".to_owned()),
        ("depository", format!("/v1/depositories/{}", demo::DEPOSITORY)),
        (
            "reporting_entities",
            format!("/v1/clients/{}/reporting-entities", demo::CLIENT),
        ),
        ("portfolio", format!("/v1/portfolios/{}", demo::PORTFOLIO)),
        ("custodians", "/v1/custodians".to_owned()),
        ("auth_flows", "/v1/custodian-auth-flows".to_owned()),
        (
            "authorities",
            format!("/v1/legal-entities/{}/custodian-authorities", demo::LEGAL_ENTITY),
        ),
        (
            "authorities_v2",
            format!("/v2/legal-entities/{}/custodian-authorities", demo::LEGAL_ENTITY),
        ),
    ];
    for (name, path) in paths {
        let body = settled(developer.get(&path).await.expect(200).json());
        Settings::clone_current().bind(|| assert_json_snapshot!(name, body));
    }
}

#[tokio::test]
async fn a_refusal_reads_as_it_always_did() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let body = json!({ "name": "", "reference_currency": "EURO", "colour": 1 });
    let mut refused = developer.post("/v1/clients", body).await.expect(422).json();
    for member in ["type", "instance", "request_id"] {
        refused[member] = json!(format!("[{member}]"));
    }
    assert_json_snapshot!("validation_failed", refused);
}

#[test]
fn the_surface_of_the_api_changes_only_on_purpose() {
    let lines: Vec<String> = contract()
        .cards
        .iter()
        .map(|card| {
            let scope = match card.spec.auth {
                Auth::Scope(scope) => scope.as_str(),
                Auth::SandboxToken => "any token",
            };
            let path = card.spec.path;
            let writes = if card.spec.method == Method::Get {
                ""
            } else {
                " (write budget)"
            };
            format!(
                "{} {path} → {} [{scope}] {}{writes}",
                card.spec.method.as_str(),
                card.spec.status,
                card.spec.id
            )
        })
        .collect();
    assert_snapshot!("surface", lines.join("\n"));
}
