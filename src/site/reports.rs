//! Where browsers report what the Content-Security-Policy stopped. Every report is a fault of ours, or an attack.

use axum::{body::Bytes, extract::State, http::StatusCode};
use serde_json::Value;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Site, address::Address, respond::Final};

/// The path that the policy names.
pub(super) const PATH: &str = "/csp-report";

/// Reports of one address that are read in a minute.
pub(super) const PER_MINUTE: u32 = 20;

/// The largest report, in bytes.
pub(super) const LARGEST: usize = 16 * 1024;

/// A longer text is cut before it is logged.
const LONGEST: usize = 200;

/// How many reports came.
#[derive(Debug, Default)]
pub(super) struct Reports(AtomicU64);

impl Reports {
    /// How many came since the start.
    pub(super) fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// `POST /csp-report`: counts and logs.
pub(super) async fn report(
    State(site): State<Site>,
    address: Address,
    body: Bytes,
) -> (axum::Extension<Final>, StatusCode) {
    let may = site.report_throttle.take(address.network(), site.clock.now());
    if may.is_err() {
        return (axum::Extension(Final), StatusCode::TOO_MANY_REQUESTS);
    }
    site.reports.0.fetch_add(1, Ordering::Relaxed);
    let report: Value = serde_json::from_slice(&body).unwrap_or_default();
    let report = &report["csp-report"];
    let text = |name: &str| cut(report[name].as_str().unwrap_or_default());
    tracing::warn!(
        document = text("document-uri"),
        directive = text("violated-directive"),
        blocked = text("blocked-uri"),
        source = text("source-file"),
        "the content security policy stopped something"
    );
    (axum::Extension(Final), StatusCode::NO_CONTENT)
}

/// At most [`LONGEST`] characters, none of which could forge a line of the log.
fn cut(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_cannot_flood_or_forge_the_log() {
        assert_eq!(cut("a\r\nb"), "ab");
        assert_eq!(cut(&"é".repeat(1000)).chars().count(), LONGEST);
    }
}
