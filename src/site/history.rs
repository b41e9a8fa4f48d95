//! The last sends of a sandbox: kept after each answer, listed under the builder, opened again in its form.

use app::{model::PastCall, port::Sent, request::SendRequest};

use super::{Site, checklist::moment, session::Own};
use crate::store::log::SendRow;
use contract::Timestamp;

/// The values of a larger request are kept without their body, in bytes of JSON.
const LARGEST: usize = 64 * 1024;

impl Site {
    /// Keeps a send that was answered. That it cannot be kept is no reason to keep its answer from the reader.
    pub(super) async fn keep(&self, own: &Own, request: SendRequest, sent: &Sent, at: Timestamp) {
        if sent.request_id.is_empty() {
            return;
        }
        let Some(values) = values(request) else { return };
        match self.tenant(own).await {
            Ok(tenant) => tenant.log().keep(SendRow {
                request_id: sent.request_id.clone(),
                at,
                operation_id: sent.operation.clone(),
                line: sent.request_line.clone(),
                request: values,
                status: sent.status,
                duration_us: sent.duration_us,
            }),
            Err(fault) => tracing::warn!(?fault, "a send was not kept"),
        }
    }

    /// The last sends, newest first; none where they cannot be read.
    pub(super) async fn history(&self, own: Option<&Own>) -> Vec<PastCall> {
        let Some(own) = own else { return Vec::new() };
        let Ok(tenant) = self.tenant(own).await else {
            return Vec::new();
        };
        let rows = tenant.log().sends().await.unwrap_or_else(|error| {
            tracing::warn!(%error, "the history could not be read");
            Vec::new()
        });
        rows.into_iter().map(past).collect()
    }

    /// The request of a send that is still kept.
    pub(super) async fn sent_before(&self, own: Option<&Own>, request_id: &str) -> Option<SendRequest> {
        let tenant = self.tenant(own?).await.ok()?;
        let row = tenant.log().send(request_id).await.ok()??;
        serde_json::from_str(&row.request).ok()
    }
}

/// The values as they are kept: without secrets, and without a body that is too large.
fn values(request: SendRequest) -> Option<String> {
    let request = request.without_secrets();
    let json = serde_json::to_string(&request).ok()?;
    if json.len() <= LARGEST {
        return Some(json);
    }
    let bare = SendRequest {
        body: None,
        ..request
    };
    serde_json::to_string(&bare)
        .ok()
        .filter(|json| json.len() <= LARGEST)
}

fn past(row: SendRow) -> PastCall {
    PastCall {
        request_id: row.request_id,
        operation: row.operation_id,
        line: row.line,
        status: row.status,
        duration_us: row.duration_us,
        at: moment(row.at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(body: &str) -> String {
        let request = SendRequest {
            operation: "x".to_owned(),
            body: Some(body.to_owned()),
            ..SendRequest::default()
        };
        values(request).unwrap()
    }

    #[test]
    fn a_secret_is_not_kept_and_nothing_else_is_changed() {
        assert!(!kept(r#"{"deep": [{"client_secret": "hush"}]}"#).contains("hush"));
        assert!(!kept(r#"{"password": "hush", broken"#).contains("hush"));
        let request: SendRequest = serde_json::from_str(&kept("{\"a\":  1.50}")).unwrap();
        assert_eq!(request.body.as_deref(), Some("{\"a\":  1.50}"));
    }

    #[test]
    fn a_large_body_is_left_out() {
        let request: SendRequest = serde_json::from_str(&kept(&"x".repeat(LARGEST))).unwrap();
        assert_eq!((request.operation.as_str(), request.body), ("x", None));
    }
}
