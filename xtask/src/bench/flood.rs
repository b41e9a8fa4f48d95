//! What one tenant notices of another that asks for far more than its budget.

use std::thread;

use anyhow::{Result, anyhow};

use super::{
    Stand,
    figures::{Latencies, median},
    http::Ask,
    pace::Pace,
    portal::{Installation, Portal},
    table::{Row, Unit},
};

const ROUNDS: usize = 3;
/// The steady tenant's rate; with the shortest slice p99 still has values above it.
const STEADY: u32 = 200;
/// 50 times the 120 reads a minute of a sandbox.
const FLOOD: u32 = 100;

/// A steady tenant alone and beside a flood, in turns.
pub(crate) fn beside(stand: &Stand) -> Result<Vec<Row>> {
    let installation = Installation::new(stand);
    let (loud, steady) = (
        installation.create_sandbox("sandbox")?,
        installation.create_sandbox("unlimited")?,
    );
    let portal = installation.start()?;
    let list = |token: &str| Ask::get("/v1/clients").bearer(token);
    let (loud, steady) = (list(&portal.token(&loud)?), list(&portal.token(&steady)?));
    let tenants = Tenants {
        stand,
        portal: &portal,
        steady,
        loud,
    };
    let (mut alone, mut beside, mut hard) = (Vec::new(), Vec::new(), Vec::new());
    tenants.steady()?;
    for _ in 0..ROUNDS {
        alone.push(tenants.steady()?.percentile(99));
        beside.push(tenants.during(|| tenants.pace(&tenants.loud, FLOOD, &[200, 429]).keep().map(drop))?);
        hard.push(tenants.during(|| tenants.everything())?);
    }
    let ratio = |flooded: &[f64]| {
        median(
            flooded
                .iter()
                .zip(&alone)
                .map(|(flooded, alone)| flooded / alone)
                .collect(),
        )
    };
    let (mild, severe) = (ratio(&beside), ratio(&hard));
    let (alone, beside, hard) = (median(alone.clone()), median(beside), median(hard));
    Ok(vec![
        Row::new(
            "another tenant's p99 beside a flood of 50 times the budget",
            mild,
            Unit::Times,
        )
        .below(1.3)
        .note(format!(
            "{alone:.2} ms alone, {beside:.2} ms beside, at {STEADY}/s, medians of {ROUNDS} turns"
        )),
        Row::new("the same beside all that wrk can send", severe, Unit::Times)
            .note(format!("{hard:.2} ms; wrk takes its share of the cores too")),
    ])
}

/// One that floods and one that does not.
struct Tenants<'a> {
    stand: &'a Stand,
    portal: &'a Portal,
    steady: Ask,
    loud: Ask,
}

impl Tenants<'_> {
    fn pace<'a>(&self, ask: &'a Ask, per_second: u32, statuses: &'a [u16]) -> Pace<'a> {
        Pace {
            address: self.portal.api,
            ask,
            per_second,
            seconds: self.stand.seconds,
            statuses,
        }
    }

    fn steady(&self) -> Result<Latencies> {
        self.pace(&self.steady, STEADY, &[200]).keep()
    }

    /// The steady tenant's p99, in milliseconds, while `flood` runs for as long.
    fn during(&self, flood: impl FnOnce() -> Result<()> + Send) -> Result<f64> {
        thread::scope(|scope| {
            let flood = scope.spawn(flood);
            let latencies = self.steady()?;
            flood
                .join()
                .map_err(|_| anyhow!("the flood's thread panicked"))??;
            Ok(latencies.percentile(99))
        })
    }

    fn everything(&self) -> Result<()> {
        self.stand
            .wrk
            .flood(self.portal.api, &self.loud, self.stand.seconds)
            .map(drop)
    }
}
