//! A request that was put together in another sandbox: which of its ids are strangers here, and what could replace them.

use app::{
    link,
    model::{Foreign, Suggestion},
    request::SendRequest,
};
use contract::form::{Form, Input, Kind, Place};
use serde_json::Value;

use super::{Site, send::Purpose, session::Own, suggest};

/// So many ids of one request are looked up.
const MOST: usize = 8;

/// An id in a request, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Named {
    name: String,
    kind: String,
    value: String,
}

impl Site {
    /// The ids of `request` that the sandbox does not have.
    pub(super) async fn strangers(
        &self,
        own: &Own,
        form: &Form,
        request: &SendRequest,
        known: &[Suggestion],
    ) -> Vec<Foreign> {
        let source = self.data_source(own).await;
        let mut strangers = Vec::new();
        for id in ids(form, request).into_iter().take(MOST) {
            let offered: Vec<&Suggestion> = known.iter().filter(|own| own.kind == id.kind).collect();
            if offered.iter().any(|own| own.value == id.value) || !self.is_missing(&source, &id).await {
                continue;
            }
            let choices = offered
                .into_iter()
                .filter_map(|own| {
                    let address = link::shared(&rebound(request, &id.value, &own.value))?;
                    Some((own.clone(), address))
                })
                .collect();
            strangers.push(Foreign {
                name: id.name,
                value: id.value,
                choices,
            });
        }
        strangers
    }

    /// Whether the API says that there is no such object. Where it says anything else, nothing is claimed.
    async fn is_missing(&self, own: &Own, id: &Named) -> bool {
        let Some(operation) = suggest::reader(&id.kind) else {
            return false;
        };
        let request = SendRequest {
            operation: operation.to_owned(),
            path: vec![("id".to_owned(), id.value.clone())],
            ..SendRequest::default()
        };
        let sent = self.sender.send(&self.tokens, own.into(), request, Purpose::Page);
        matches!(sent.await, Ok(sent) if sent.status == 404)
    }
}

/// The ids in a request, each once.
fn ids(form: &Form, request: &SendRequest) -> Vec<Named> {
    let body = request
        .body
        .as_deref()
        .and_then(|body| serde_json::from_str(body).ok());
    let mut found = Vec::new();
    for input in &form.inputs {
        let values = match input.place {
            Place::Path => &request.path,
            Place::Query => &request.query,
            Place::Body => {
                if let Some(value) = body.as_ref().and_then(|body: &Value| body.get(&input.name)) {
                    collect(input, value, &mut found);
                }
                continue;
            }
        };
        for (_, value) in values.iter().filter(|(name, _)| *name == input.name) {
            collect(input, &Value::from(value.as_str()), &mut found);
        }
    }
    found
}

fn collect(input: &Input, value: &Value, found: &mut Vec<Named>) {
    match (&input.kind, value) {
        (_, Value::String(text)) => {
            let Some(kind) = &input.id_kind else { return };
            let named = Named {
                name: input.name.clone(),
                kind: kind.clone(),
                value: text.clone(),
            };
            // A malformed id is a mistake of its own, which the API explains.
            if contract::ids::is_well_formed(kind, text) && !found.contains(&named) {
                found.push(named);
            }
        }
        (Kind::List(_), Value::Array(items)) => {
            for item in items {
                match item {
                    Value::String(_) => collect(input, item, found),
                    _ => members(input, item, found),
                }
            }
        }
        (Kind::Object(_), Value::Object(_)) => members(input, value, found),
        _ => {}
    }
}

fn members(input: &Input, value: &Value, found: &mut Vec<Named>) {
    for member in input.kind.members() {
        if let Some(value) = value.get(&member.name) {
            collect(member, value, found);
        }
    }
}

/// The request with one id in the place of another, wherever that stands.
fn rebound(request: &SendRequest, old: &str, new: &str) -> SendRequest {
    let mut request = request.clone();
    for (_, value) in request.path.iter_mut().chain(&mut request.query) {
        if value == old {
            new.clone_into(value);
        }
    }
    // The rest of the body stays as it was typed.
    request.body = request
        .body
        .map(|body| body.replace(&format!("\"{old}\""), &format!("\"{new}\"")));
    request
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::catalog;
    use contract::demo;

    #[test]
    fn ids_are_found_in_path_and_body_and_replaced_in_both() {
        let form = catalog::form("accounts.create").unwrap();
        let request = SendRequest::example(form);
        let found = ids(form, &request);
        assert!(!found.is_empty(), "{request:?}");
        let other = rebound(&request, &found[0].value, "new");
        assert!(!ids(form, &other).contains(&found[0]));
    }

    #[test]
    fn a_malformed_id_is_nobodys() {
        let form = catalog::form("clients.get").unwrap();
        let mut request = SendRequest::example(form);
        assert_eq!(ids(form, &request)[0].value, demo::CLIENT);
        request.path[0].1 = "oops".to_owned();
        assert_eq!(ids(form, &request), []);
    }
}
