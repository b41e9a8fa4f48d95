//! Runs everything that can fail and closes with one line: how much passed, how much failed.

pub(crate) mod browser;
mod judges;
mod tally;

use std::{
    io::{BufRead as _, BufReader},
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context as _, Result, bail};
use clap::{Args, ValueEnum};

use self::tally::Tally;
use crate::{
    lint,
    site::{self, Bundle},
    workspace::{Profile, Workspace, describe, run as run_command},
};

/// What to run.
#[derive(Args)]
pub(crate) struct Options {
    /// Only this part.
    #[arg(long, value_enum)]
    only: Option<Part>,
    /// Skip formatting and lints.
    #[arg(long)]
    no_lint: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    Lint,
    Rust,
    Browser,
    Judges,
}

impl Options {
    fn wants(&self, part: Part) -> bool {
        let skipped = part == Part::Lint && self.no_lint;
        self.only.map_or(!skipped, |only| only == part)
    }
}

/// The test programs, by name. The site is built before, because the server that they start embeds it.
const SUITES: [(&str, &[&str]); 3] = [
    (
        "tests, portal",
        &[
            "test",
            "--package",
            "portal",
            "--package",
            "app",
            "--no-fail-fast",
        ],
    ),
    (
        "tests, contract",
        &[
            "test",
            "--package",
            "contract",
            "--features",
            "schema",
            "--no-fail-fast",
        ],
    ),
    ("tests, xtask", &["test", "--package", "xtask", "--no-fail-fast"]),
];

/// Runs the chosen parts, all of them even if one fails.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let mut report = Report::default();
    if options.wants(Part::Lint) {
        for (name, args) in lint::CHECKS {
            report.step(name, || {
                run_command(&mut workspace.cargo(args)).map(|()| Tally::one_passed())
            });
        }
    }
    let served = options.wants(Part::Browser) || options.wants(Part::Judges);
    let built = (options.wants(Part::Rust) || served)
        && report.step("build, site", || {
            site::build(workspace, Bundle::Small).map(|()| Tally::default())
        });
    if built && options.wants(Part::Rust) {
        for (name, args) in SUITES {
            report.step(name, || run_suite(workspace.cargo(args)));
        }
    }
    if built && served {
        let compile = || workspace.build_portal(Profile::Debug).map(|()| Tally::default());
        let compiled = report.step("build, portal", compile);
        if compiled && options.wants(Part::Browser) {
            report.step("tests, browser", || browser::run(workspace));
        }
        if compiled && options.wants(Part::Judges) {
            report.step("tests, judges", || judges::run(workspace));
        }
    }
    report.close()
}

/// What has happened so far.
#[derive(Default)]
struct Report {
    total: Tally,
    lines: Vec<String>,
}

impl Report {
    /// Runs one step, prints how it went and how long it took, and tells whether it passed.
    fn step(&mut self, name: &str, work: impl FnOnce() -> Result<Tally>) -> bool {
        println!("\n==> {name}");
        let start = Instant::now();
        let tally = work().unwrap_or_else(|error| {
            eprintln!("{error:#}");
            Tally::one_failed()
        });
        let verdict = if tally.failed == 0 { "ok" } else { "FAILED" };
        let line = format!(
            "{name:<20} {verdict:<7} {:>7.1} s  {tally}",
            start.elapsed().as_secs_f32()
        );
        println!("<== {line}");
        self.lines.push(line);
        self.total += tally;
        tally.failed == 0
    }

    fn close(self) -> Result<()> {
        println!("\n{}\n\n{}", self.lines.join("\n"), self.total);
        if self.total.failed > 0 {
            // The line above is the message; an error would print after it.
            std::process::exit(1);
        }
        if self.total.passed == 0 {
            bail!("nothing was tested");
        }
        Ok(())
    }
}

/// Runs `cargo test`, shows its output as it comes, and counts the results in it.
fn run_suite(mut command: Command) -> Result<Tally> {
    let line = describe(&command);
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("could not start `{line}`"))?;
    let mut tally = Tally::default();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines() {
            let line = line?;
            println!("{line}");
            tally += Tally::of_cargo_line(&line);
        }
    }
    let status = child.wait()?;
    if !status.success() && tally.failed == 0 {
        // It did not compile, or a test program crashed before it could count.
        eprintln!("`{line}` failed ({status})");
        tally += Tally::one_failed();
    }
    Ok(tally)
}
