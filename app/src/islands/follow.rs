//! From an id in an answer to the request that reads the object it names.

use crate::{link, model::OperationLink};
use contract::Method;

/// Where a click on `value` under `key` leads, if an operation reads such an object.
pub(super) fn follow(operations: &[OperationLink], path: &str, key: &str, value: &str) -> Option<String> {
    if value.is_empty() || value.len() > 64 {
        return None;
    }
    let track = path.split('/').nth(1)?;
    let noun = match key {
        "id" => None,
        _ => Some(key.strip_suffix("_ids").or(key.strip_suffix("_id"))?),
    };
    let target = match noun {
        None | Some("parent") => own(path),
        Some(noun) => {
            let noun = noun.strip_prefix("parent_").unwrap_or(noun);
            format!("/{track}/{}", plural(noun))
        }
    };
    let alone = format!("{target}/{{id}}");
    // `auth_flow_id` is served under `/custodian-auth-flows`.
    let longer = alone.replacen(&format!("/{track}/"), &format!("/{track}/custodian-"), 1);
    let reads = |wanted: &str| {
        operations
            .iter()
            .find(|operation| operation.method == Method::Get && operation.path == wanted)
    };
    reads(&alone)
        .or_else(|| reads(&longer))
        .map(|operation| link::builder_with(&operation.id, "path.id", value))
}

/// The collection that a path's own objects stand in: `/v1/clients/{id}/legal-entities` answers with legal entities.
fn own(path: &str) -> String {
    let mut segments: Vec<&str> = path.split('/').collect();
    while segments.last().is_some_and(|last| last.starts_with('{')) {
        segments.pop();
    }
    let track = segments.get(1).copied().unwrap_or_default();
    format!("/{track}/{}", segments.last().copied().unwrap_or_default())
}

fn plural(noun: &str) -> String {
    let noun = noun.replace('_', "-");
    match noun.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operations() -> Vec<OperationLink> {
        [
            ("clients.get", "/v1/clients/{id}"),
            ("legal_entities.get", "/v1/legal-entities/{id}"),
            ("auth_flows.get", "/v1/custodian-auth-flows/{id}"),
        ]
        .map(|(id, path)| OperationLink {
            id: id.into(),
            method: Method::Get,
            path: path.into(),
            summary: String::new(),
            group: String::new(),
        })
        .to_vec()
    }

    #[test]
    fn an_id_leads_to_the_operation_that_reads_it() {
        let at = |path: &str, key: &str| follow(&operations(), path, key, "x/1");
        let clients = Some("/builder?operation=clients.get&path.id=x%2F1".to_owned());
        assert_eq!(at("/v1/clients", "id"), clients);
        assert_eq!(at("/v1/clients/{id}", "parent_id"), clients);
        assert_eq!(at("/v1/legal-entities/{id}", "client_id"), clients);
        let entities = Some("/builder?operation=legal_entities.get&path.id=x%2F1".to_owned());
        assert_eq!(at("/v1/clients/{id}/legal-entities", "id"), entities);
        assert_eq!(at("/v1/legal-entities/{id}", "parent_legal_entity_id"), entities);
        let flows = Some("/builder?operation=auth_flows.get&path.id=x%2F1".to_owned());
        assert_eq!(at("/v1/custodians", "auth_flow_id"), flows);
        assert_eq!(at("/v1/clients", "name"), None);
        assert_eq!(at("/v1/clients", "request_id"), None);
    }
}
