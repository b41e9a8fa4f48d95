//! What one request led to, step by step, as data.

use super::{LoggedCall, Moment};

/// The page of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimelinePage {
    /// The reader has no sandbox.
    Absent,
    /// Nothing is known of a request with this id.
    Unknown(String),
    /// What it led to.
    Known(Box<Timeline>),
}

/// What a request led to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    /// Its id.
    pub request_id: String,
    /// When it arrived.
    pub at: Moment,
    /// The call as it is logged; none when its line is gone.
    pub call: Option<LoggedCall>,
    /// Where it stands in the request log.
    pub log: Option<String>,
    /// The operation: its summary, and where it is documented.
    pub operation: Option<(String, String)>,
    /// What there is to say about the call, a sentence each.
    pub remarks: Vec<String>,
    /// The steps: each event, under it its deliveries, under each of them its attempts.
    pub steps: Vec<Step>,
    /// How many events are not among the steps.
    pub more: u32,
    /// From the call to the last step that is over.
    pub total: Option<String>,
    /// While something is still to come: the mark that the page compares with the server's.
    pub live: Option<String>,
}

/// A step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// When, in real time; none where only the sandbox's clock knows.
    pub at: Option<Instant>,
    /// How long after the step that led to it.
    pub gap: Option<String>,
    /// What happened.
    pub what: What,
}

/// A moment to the millisecond.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Instant {
    /// The moment.
    pub moment: Moment,
    /// Its milliseconds.
    pub millis: u16,
}

/// What happened in a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The API was called, and answered.
    Called {
        /// The request line.
        line: String,
        /// The status of the answer.
        status: u16,
        /// How long it took, in microseconds.
        duration_us: u64,
    },
    /// Something changed, as an event tells.
    Changed {
        /// The event's type.
        kind: String,
        /// The event's id.
        id: String,
        /// What it says, member by member.
        data: Vec<(String, String)>,
        /// When, on the sandbox's own clock where that is ahead.
        sandbox_time: Option<Moment>,
    },
    /// The event goes to an endpoint.
    Queued {
        /// The delivery's id.
        delivery: String,
        /// Where it goes.
        url: String,
        /// Where it stands: `waiting`, `delivered`, `failed`.
        status: String,
    },
    /// The endpoint was called.
    Attempted(Attempted),
    /// It will be called.
    Due {
        /// Which attempt it will be.
        number: u32,
        /// How long until then; none where it is under way or due.
        within: Option<String>,
    },
}

/// An attempt at a delivery.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attempted {
    /// Which, from 1.
    pub number: u32,
    /// Whether somebody asked for it by hand.
    pub manual: bool,
    /// The status of the answer.
    pub status: Option<u16>,
    /// Why it failed: the class and what it means.
    pub error: Option<(String, String)>,
    /// How long it took, in milliseconds.
    pub millis: u32,
}
