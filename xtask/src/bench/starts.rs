//! From starting the process to its first answer that it is ready, on data that exists.

use std::{process::Command, time::Duration};

use anyhow::Result;

use super::{
    Stand,
    figures::{Latencies, millis},
    portal::Installation,
    table::{Row, Unit},
};
use crate::workspace::run;

const ROUNDS: usize = 10;
const FEW: u32 = 10;
const MANY: u32 = 10_000;
/// What two runs of the same thing may differ by.
const NOISE: f64 = 1.1;

/// With a few sandboxes.
pub(crate) fn with_few(stand: &Stand) -> Result<Vec<Row>> {
    let few = filled(stand, FEW)?;
    let times = (0..ROUNDS).map(|_| start(&few)).collect::<Result<_>>()?;
    let times = Latencies::new(times);
    let note = format!("median of {ROUNDS}; slowest {:.0} ms", times.percentile(100));
    Ok(vec![
        Row::new("start to ready", times.percentile(50), Unit::Millis)
            .at_most(500.0)
            .note(note),
    ])
}

/// With 10,000 sandboxes, in turns with a few.
pub(crate) fn with_many(stand: &Stand) -> Result<Vec<Row>> {
    let few = filled(stand, FEW)?;
    eprintln!("    creating {MANY} sandboxes");
    let many = filled(stand, MANY)?;
    // Gigabytes that are still on their way to the disk would slow down every start.
    run(&mut Command::new("sync"))?;
    let (mut with_few, mut with_many) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        with_few.push(start(&few)?);
        with_many.push(start(&many)?);
    }
    let (with_few, with_many) = (Latencies::new(with_few), Latencies::new(with_many));
    let (small, large) = (with_few.percentile(50), with_many.percentile(50));
    Ok(vec![
        Row::new("start to ready with 10,000 sandboxes", large, Unit::Millis).at_most(500.0),
        Row::new("the same, of the start with ten", large / small, Unit::Times)
            .at_most(NOISE)
            .note(format!("{small:.0} ms with ten, in turns, medians of {ROUNDS}")),
    ])
}

/// Data with this many sandboxes that has been served before.
fn filled(stand: &Stand, count: u32) -> Result<Installation<'_>> {
    let installation = Installation::new(stand);
    installation.create_sandboxes("sandbox", count)?;
    let first = installation.start()?;
    eprintln!("    first start with {count}: {:.0} ms", millis(first.started_in));
    first.stop()?;
    Ok(installation)
}

fn start(installation: &Installation<'_>) -> Result<Duration> {
    let portal = installation.start()?;
    let time = portal.started_in;
    portal.stop()?;
    Ok(time)
}
