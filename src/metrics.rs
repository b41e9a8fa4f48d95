//! Counters for the operator, in the Prometheus text format.

use prometheus::{
    Encoder, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, Registry, TextEncoder,
};
use std::time::Duration;

/// The metrics of one server.
#[derive(Clone)]
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    durations: HistogramVec,
    /// Tenant databases that are open now.
    pub open_tenants: IntGauge,
}

impl Metrics {
    /// Fresh counters.
    ///
    /// # Errors
    /// When a metric is declared wrongly.
    pub fn new() -> Result<Self, prometheus::Error> {
        let registry = Registry::new();
        let requests = IntCounterVec::new(
            Opts::new("portal_http_requests_total", "Requests by operation and status."),
            &["operation", "status"],
        )?;
        let durations = HistogramVec::new(
            HistogramOpts::new(
                "portal_http_request_duration_seconds",
                "Time to the response head by operation.",
            )
            .buckets(vec![
                0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0,
            ]),
            &["operation"],
        )?;
        let open_tenants = IntGauge::new("portal_open_tenants", "Tenant databases that are open now.")?;
        registry.register(Box::new(requests.clone()))?;
        registry.register(Box::new(durations.clone()))?;
        registry.register(Box::new(open_tenants.clone()))?;
        Ok(Self {
            registry,
            requests,
            durations,
            open_tenants,
        })
    }

    /// Counts one answered request.
    pub fn observe(&self, operation: &str, status: u16, took: Duration) {
        let mut digits = [0; 3];
        let status = three_digits(status, &mut digits);
        self.requests.with_label_values(&[operation, status]).inc();
        self.durations
            .with_label_values(&[operation])
            .observe(took.as_secs_f64());
    }

    /// Everything, as text.
    ///
    /// # Errors
    /// When a metric cannot be encoded.
    pub fn text(&self) -> Result<String, prometheus::Error> {
        let mut bytes = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

fn three_digits(status: u16, digits: &mut [u8; 3]) -> &str {
    for (place, divisor) in [(0, 100), (1, 10), (2, 1)] {
        digits[place] = b'0' + u8::try_from(status / divisor % 10).unwrap_or_default();
    }
    std::str::from_utf8(digits).unwrap_or("000")
}
