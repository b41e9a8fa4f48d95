//! The fault panel of the builder as data.

/// The panel on one operation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FaultPanel {
    /// The operation that the builder shows.
    pub operation: String,
    /// Its method.
    pub method: String,
    /// Its path template.
    pub path: String,
    /// Whether a fault can strike it: sandbox controls are never struck.
    pub can_be_struck: bool,
    /// The faults that wait for calls, oldest first.
    pub waiting: Vec<WaitingFault>,
    /// What came of the last change, and whether it was done.
    pub said: Option<(bool, String)>,
}

/// A fault that waits for calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingFault {
    /// Its id.
    pub id: String,
    /// What it does: `429 rate-limited, Retry-After 3`.
    pub does: String,
    /// Whom it strikes: `GET /v1/clients`, `every call`.
    pub strikes: String,
    /// How many more calls it strikes.
    pub remaining: u16,
}
