//! As many requests as a server answers: wrk with two threads and sixteen connections.

use std::{
    collections::BTreeMap,
    fs,
    net::SocketAddr,
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, ensure};

use super::{http::Ask, scratch::Scratch};
use crate::workspace::run;

/// The load generator.
pub(crate) struct Wrk {
    script: PathBuf,
}

/// What one slice of load saw.
pub(crate) struct Slice {
    /// Answers per second.
    pub(crate) per_second: f64,
    /// Half of the answers came within so many milliseconds.
    pub(crate) p50: f64,
    /// 99 of 100 answers came within so many milliseconds.
    pub(crate) p99: f64,
    /// How many answers had a status of 400 or more.
    pub(crate) refused: f64,
}

impl Wrk {
    /// Finds wrk, or installs it where apt-get may.
    pub(crate) fn find(scratch: &Scratch) -> Result<Self> {
        if !is_installed() {
            eprintln!("wrk is not installed; trying apt-get");
            let installed =
                run(Command::new("apt-get").args(["install", "--yes", "--no-install-recommends", "wrk"]));
            ensure!(
                installed.is_ok() && is_installed(),
                "wrk is missing and could not be installed; on Debian: sudo apt-get install wrk"
            );
        }
        let script = scratch.fresh("load.lua");
        fs::write(&script, include_str!("load.lua"))?;
        Ok(Self { script })
    }

    /// Sends `ask` for so many seconds; an answer of 400 or more is a failure.
    pub(crate) fn press(&self, address: SocketAddr, ask: &Ask, seconds: u32) -> Result<Slice> {
        let slice = self.flood(address, ask, seconds)?;
        ensure!(
            slice.refused == 0.0,
            "{} {}: {} answers were refusals",
            ask.method,
            ask.path,
            slice.refused
        );
        Ok(slice)
    }

    /// Sends `ask` for so many seconds, whatever comes back.
    pub(crate) fn flood(&self, address: SocketAddr, ask: &Ask, seconds: u32) -> Result<Slice> {
        let mut command = Command::new("wrk");
        command.args(["--threads", "2", "--connections", "16", "--latency", "--duration"]);
        command
            .arg(format!("{seconds}s"))
            .arg("--script")
            .arg(&self.script);
        command
            .arg(format!("http://{address}{}", ask.path))
            .args(["--", ask.method, &ask.body]);
        for (name, value) in &ask.headers {
            command.args([name, value.as_str()]);
        }
        let output = command
            .stderr(Stdio::inherit())
            .output()
            .context("could not start wrk")?;
        ensure!(output.status.success(), "wrk failed ({})", output.status);
        Slice::read(&String::from_utf8_lossy(&output.stdout))
    }
}

fn is_installed() -> bool {
    // Asked for its version it prints it and fails.
    Command::new("wrk")
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok()
}

impl Slice {
    fn read(text: &str) -> Result<Self> {
        let line = text.lines().find_map(|line| line.strip_prefix("load "));
        let line = line.with_context(|| format!("wrk printed no result:\n{text}"))?;
        let pairs: BTreeMap<_, _> = line.split(' ').filter_map(|pair| pair.split_once('=')).collect();
        let number = |name: &str| -> Result<f64> {
            let text = pairs
                .get(name)
                .with_context(|| format!("no {name} in {line:?}"))?;
            Ok(text.parse()?)
        };
        ensure!(
            number("socket")? == 0.0,
            "{} requests had no answer",
            number("socket")?
        );
        ensure!(number("requests")? > 0.0, "nothing was answered");
        Ok(Self {
            per_second: number("requests")? / number("micros")? * 1e6,
            p50: number("p50")? / 1000.0,
            p99: number("p99")? / 1000.0,
            refused: number("status")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_is_read_and_a_lost_request_is_a_fault() {
        let text =
            "Running 2s test\n\nload requests=3000 micros=1500000 p50=900 p99=2500 status=1 socket=0\n";
        let slice = Slice::read(text).unwrap();
        let seen = [slice.per_second, slice.p50, slice.p99, slice.refused];
        assert!(
            seen.iter()
                .zip([2000.0, 0.9, 2.5, 1.0])
                .all(|(seen, expected)| (seen - expected).abs() < 1e-9)
        );
        assert!(Slice::read(&text.replace("socket=0", "socket=1")).is_err());
        assert!(Slice::read("wrk: unable to connect").is_err());
    }
}
