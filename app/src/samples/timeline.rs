//! A timeline with every kind of step, one of which little is left, and one of nothing.

use super::data;
use crate::model::{
    LoggedCall, Moment, Timeline, TimelinePage,
    timeline::{Attempted, Instant, Step, What},
};

const ID: &str = "req_01K0Q7W6F4M2X9R3T5B8N1C7D2";

fn step(time: &str, gap: Option<&str>, what: What) -> Step {
    let moment = Moment::from_rfc3339(&format!("2026-05-23T{time}.007Z"));
    Step {
        at: Some(Instant { moment, millis: 7 }),
        gap: gap.map(str::to_owned),
        what,
    }
}

fn queued(status: &str) -> What {
    What::Queued {
        delivery: format!("dlv_{status}"),
        url: "https://hooks.nordlys.example/aleta".into(),
        status: status.into(),
    }
}

fn attempted(number: u32, status: Option<u16>, error: Option<&str>) -> What {
    What::Attempted(Attempted {
        number,
        manual: number > 1,
        status,
        error: error.map(|class| (class.to_owned(), "The answer was not 2xx.".to_owned())),
        millis: 12,
    })
}

fn changed(kind: &str, sandbox_time: Option<Moment>) -> What {
    What::Changed {
        kind: kind.into(),
        id: "evt_01kdvqe000m3v9c2t8w1y5h4zr".into(),
        data: vec![("changed_fields".into(), "name, reference_currency".into())],
        sandbox_time,
    }
}

/// A request with all that it led to, of which something is still to come.
pub(super) fn known() -> TimelinePage {
    let call = LoggedCall {
        request_id: ID.into(),
        method: "PATCH".into(),
        path: "/v1/clients/66a1f0c2d4e5b60718290001".into(),
        status: 200,
        problem: None,
        ..data::call()
    };
    let line = format!("{} {}", call.method, call.path);
    let due = What::Due {
        number: 3,
        within: Some("4 min 58 s".into()),
    };
    let steps = vec![
        step(
            "14:02:11",
            None,
            What::Called {
                line,
                status: 200,
                duration_us: 4_180,
            },
        ),
        step("14:02:11", Some("+2 ms"), changed("client.updated", None)),
        step("14:02:11", Some("+2 ms"), queued("waiting")),
        step("14:02:11", Some("+3 ms"), attempted(1, Some(503), Some("status"))),
        step("14:02:16", Some("+5.0 s"), attempted(2, None, Some("connect"))),
        step("14:07:16", None, due),
        step("14:02:11", Some("+2 ms"), queued("delivered")),
        step("14:02:11", Some("+4 ms"), attempted(1, Some(204), None)),
        Step {
            at: None,
            gap: None,
            what: changed("authority.expired", Some(call.at.clone())),
        },
    ];
    TimelinePage::Known(Box::new(Timeline {
        request_id: ID.into(),
        at: call.at.clone(),
        operation: call.operation.clone(),
        log: Some(format!("/logs?before=8#{ID}")),
        call: Some(call),
        remarks: vec!["A fault that you planted struck it.".into()],
        steps,
        more: 12,
        total: Some("+5.1 s".into()),
        live: Some("2.3.1".into()),
    }))
}

/// A request whose line in the log is gone.
pub(super) fn gone() -> TimelinePage {
    TimelinePage::Known(Box::new(Timeline {
        request_id: ID.into(),
        at: data::call().at,
        operation: data::call().operation,
        remarks: vec!["The call itself is no longer in the log: calls are kept for seven days.".into()],
        ..Timeline::default()
    }))
}

/// A request of which nothing is known.
pub(super) fn unknown() -> TimelinePage {
    TimelinePage::Unknown(ID.into())
}
