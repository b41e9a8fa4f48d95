//! What a hundred endpoints notice of one among them that takes calls and never answers.

use std::{net::TcpListener, thread};

use anyhow::Result;

use super::{
    super::{
        figures::median,
        portal::{Credentials, Installation, Portal},
        table::{Row, Unit},
    },
    fast, listen,
};

/// As many endpoints as a sandbox may have.
pub(super) const ENDPOINTS: usize = 100;
/// How many events each gets.
const EVENTS: usize = 60;
const ROUNDS: u32 = 3;

/// The sandboxes that are measured: one of each pair has a dead endpoint.
pub(super) fn sandboxes(installation: &Installation<'_>) -> Result<Vec<Credentials>> {
    installation.create_sandboxes("unlimited", 2 * ROUNDS)
}

/// Deliveries to the living, with the dead one among them and without, in turns.
pub(super) fn beside(portal: &Portal, sandboxes: &[Credentials]) -> Result<Row> {
    let dead = silent()?;
    let (mut alone, mut ratios) = (Vec::new(), Vec::new());
    for pair in sandboxes.chunks(2) {
        let [without, with] = pair else { continue };
        let living = ENDPOINTS - 1;
        let before = fast(portal, &portal.token(without)?, (living, EVENTS))?;
        let token = portal.token(with)?;
        listen(portal, &token, &dead)?;
        ratios.push(fast(portal, &token, (living, EVENTS))? / before);
        alone.push(before);
    }
    let alone = Unit::PerSecond.show(median(alone));
    Ok(Row::new(
        format!("deliveries to {} endpoints beside a dead one", ENDPOINTS - 1),
        median(ratios),
        Unit::Times,
    )
    .at_least(0.9)
    .note(format!("of {alone} without it")))
}

/// The URL of a receiver that takes calls and never answers.
pub(super) fn silent() -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}/", listener.local_addr()?);
    // Ends with the process.
    thread::spawn(move || {
        let calls = listener.incoming().flatten();
        // Holding them keeps them open.
        calls.collect::<Vec<_>>()
    });
    Ok(url)
}
