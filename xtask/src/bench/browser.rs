//! What a reader's browser sees: a send from press to answer, and Lighthouse over every page.

use std::{
    collections::BTreeMap,
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context as _, Result, ensure};
use serde::{Deserialize, de::DeserializeOwned};

use super::{
    Stand,
    figures::Latencies,
    portal::Installation,
    table::{Row, Unit},
};
use crate::test::browser::{find_chromium, install_packages};

/// What `measure/send.mjs` prints.
#[derive(Deserialize)]
struct Sends {
    /// From press to answer without what the API took, in milliseconds.
    overheads: Vec<f64>,
}

/// What `measure/lighthouse.mjs` prints.
#[derive(Deserialize)]
struct Audit {
    pages: Vec<Page>,
}

#[derive(Deserialize)]
struct Page {
    path: String,
    /// 0 to 100, by category.
    scores: BTreeMap<String, f64>,
    /// Largest contentful paint, in milliseconds.
    lcp: f64,
    /// Total blocking time, in milliseconds.
    tbt: f64,
}

/// How much longer than the API's own time it takes until an answer stands on the builder's page.
pub(crate) fn send(stand: &Stand) -> Result<Vec<Row>> {
    let Sends { overheads } = measure(stand, "send.mjs")?;
    let seconds = overheads.iter().map(|millis| millis.max(0.0) / 1000.0);
    let overheads = Latencies::new(seconds.map(Duration::from_secs_f64).collect());
    Ok(vec![
        Row::new(
            "send to shown, over the API's own time, p50",
            overheads.percentile(50),
            Unit::Millis,
        )
        .below(5.0)
        .note(format!("p99 {:.1} ms", overheads.percentile(99))),
    ])
}

/// The worst page of each category.
pub(crate) fn lighthouse(stand: &Stand) -> Result<Vec<Row>> {
    let Audit { pages } = measure(stand, "lighthouse.mjs")?;
    let mut worst: BTreeMap<&str, (f64, &str)> = BTreeMap::new();
    for page in &pages {
        for (category, score) in &page.scores {
            let least = worst.entry(category).or_insert((*score, &page.path));
            if *score < least.0 {
                *least = (*score, &page.path);
            }
        }
    }
    let mut rows: Vec<_> = worst
        .into_iter()
        .map(|(category, (score, path))| {
            Row::new(
                format!("Lighthouse, {category}: the worst of {} pages", pages.len()),
                score,
                Unit::Count,
            )
            .at_least(98.0)
            .note(path)
        })
        .collect();
    rows.push(slowest(&pages, "largest contentful paint", |page| page.lcp)?.below(1200.0));
    rows.push(slowest(&pages, "total blocking time", |page| page.tbt)?.at_most(0.0));
    Ok(rows)
}

fn slowest(pages: &[Page], what: &str, of: impl Fn(&Page) -> f64) -> Result<Row> {
    let page = pages.iter().max_by(|one, other| of(one).total_cmp(&of(other)));
    let page = page.context("no page was visited")?;
    let row = Row::new(
        format!("{what} on a throttled phone, the worst"),
        of(page),
        Unit::Millis,
    );
    Ok(row.note(page.path.as_str()))
}

/// Runs a script of `end2end/measure` against a fresh portal and reads what it prints.
fn measure<T: DeserializeOwned>(stand: &Stand, script: &str) -> Result<T> {
    let folder = stand.end2end.join("measure");
    install_packages(&stand.end2end)?;
    install_packages(&folder)?;
    let portal = Installation::new(stand).start()?;
    portal.settle()?;
    let output = Command::new("node")
        .current_dir(&folder)
        .arg(script)
        .env("PORTAL_URL", format!("http://{}", portal.pages))
        .env("CHROMIUM", find_chromium()?)
        .stderr(Stdio::inherit())
        .output()
        .context("could not start node")?;
    ensure!(output.status.success(), "{script} failed ({})", output.status);
    serde_json::from_slice(&output.stdout).with_context(|| format!("{script} printed something else"))
}
