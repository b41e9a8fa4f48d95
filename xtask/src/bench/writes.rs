//! Changes of one resource, each with its event, each on disk before it is answered.

use anyhow::{Result, ensure};

use super::{
    Stand,
    figures::median,
    http::Ask,
    portal::Installation,
    table::{Row, Unit},
};

const ROUNDS: usize = 3;

/// `PATCH /v1/clients/{id}` with a name that is new every time.
pub(crate) fn patch(stand: &Stand) -> Result<Vec<Row>> {
    let installation = Installation::new(stand);
    let sandbox = installation.create_sandbox("unlimited")?;
    let portal = installation.start()?;
    let token = portal.token(&sandbox)?;
    let path = format!("/v1/clients/{}", portal.create_clients(&token, 1)?);
    let body = r#"{"name":"Client {turn}"}"#;
    let ask = Ask::with_body("PATCH", &path, "application/json", body).bearer(&token);
    stand.wrk.press(portal.api, &ask, 1)?;
    let mut slices = Vec::new();
    for _ in 0..ROUNDS {
        slices.push(stand.wrk.press(portal.api, &ask, stand.seconds)?);
    }
    let read = portal.ask(&Ask::get(path).bearer(&token), 200)?;
    ensure!(!read.text().contains("{turn}"), "every change was the same");
    portal.stop()?;
    let middle = |number: fn(&super::load::Slice) -> f64| median(slices.iter().map(number).collect());
    let speed = middle(|slice| slice.per_second);
    let (p50, p99) = (middle(|slice| slice.p50), middle(|slice| slice.p99));
    Ok(vec![
        Row::new("PATCH with its event, flushed to disk", speed, Unit::PerSecond)
            .at_least(1500.0)
            .note(format!("p50 {p50:.1} ms, p99 {p99:.1} ms")),
    ])
}
