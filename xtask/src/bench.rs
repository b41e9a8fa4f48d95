//! Measures the release build beside what the machine can do at all, and prints a Markdown table.
//!
//! `binaries` compiles, `portal` and `limit` start servers, `load` (wrk) and `pace` (a fixed rate) ask them, `table`
//! prints. Each other module measures one subject and answers rows. To add one: a variant of `Subject`, a module, an
//! arm in `Subject::measure`. A slow number is shown as such and fails nothing; only what cannot be measured does.

mod binaries;
mod browser;
mod figures;
mod flood;
pub(crate) mod http;
mod ledger;
mod limit;
mod load;
mod memory;
mod pace;
mod pages;
pub(crate) mod portal;
mod reads;
pub(crate) mod running;
mod sandboxes;
pub(crate) mod scratch;
mod starts;
mod table;
mod webhooks;
mod weights;
mod writes;

use std::{fs, path::PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::{Args, ValueEnum};

use self::{
    binaries::Binaries,
    load::Wrk,
    scratch::Scratch,
    table::{Row, Table},
};
use crate::workspace::Workspace;

/// What to measure.
#[derive(Args)]
pub(crate) struct Options {
    /// Only these, by name; may be given several times or with commas.
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Subject>,
    /// Also what takes minutes and gigabytes.
    #[arg(long)]
    all: bool,
    /// How long one slice of load lasts.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=60))]
    seconds: u32,
    /// Write the numbers to this file too.
    #[arg(long)]
    json: Option<PathBuf>,
}

/// One thing that is measured.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Subject {
    /// GET of one resource, against the limit.
    Point,
    /// GET of a list of 25, against the limit.
    List,
    /// PATCH of one resource.
    Write,
    /// A page of the docs from memory.
    Docs,
    /// What pages weigh.
    Sizes,
    /// From pressing "Create sandbox" to having one.
    Sandbox,
    /// Access tokens.
    Token,
    /// From starting the server to its being ready.
    Start,
    /// The same with 10,000 sandboxes on disk.
    Start10k,
    /// Resident memory with 64 open tenants.
    Memory,
    /// What flooding one tenant does to another.
    Flood,
    /// How soon and how fast events arrive at receivers.
    Webhooks,
    /// What a million deliveries that wait cost in memory.
    Queue,
    /// Replay, holdings and performance of a large ledger, alone and from a tenant's file, without a server.
    Ledger,
    /// The export of a large ledger in each format.
    Extracts,
    /// From pressing "Send request" to the answer on the page.
    Send,
    /// Lighthouse over every page, as a throttled phone sees it.
    Lighthouse,
}

impl Subject {
    fn name(self) -> String {
        self.to_possible_value()
            .map_or_else(String::new, |value| value.get_name().to_owned())
    }

    fn measure(self, stand: &Stand) -> Result<Vec<Row>> {
        match self {
            Self::Point => reads::point(stand),
            Self::List => reads::list(stand),
            Self::Write => writes::patch(stand),
            Self::Docs => pages::docs(stand),
            Self::Sizes => weights::sizes(stand),
            Self::Sandbox => sandboxes::ready(stand),
            Self::Token => sandboxes::tokens(stand),
            Self::Start => starts::with_few(stand),
            Self::Start10k => starts::with_many(stand),
            Self::Memory => memory::with_open_tenants(stand),
            Self::Flood => flood::beside(stand),
            Self::Webhooks => webhooks::arrive(stand),
            Self::Queue => webhooks::queue::waiting(stand),
            Self::Ledger => ledger::replayed(stand),
            Self::Extracts => ledger::exported(stand),
            Self::Send => browser::send(stand),
            Self::Lighthouse => browser::lighthouse(stand),
        }
    }
}

impl Options {
    fn subjects(&self) -> Vec<Subject> {
        let wanted = |subject: &Subject| {
            if self.only.is_empty() {
                self.all || !matches!(subject, Subject::Start10k | Subject::Lighthouse | Subject::Queue)
            } else {
                self.only.contains(subject)
            }
        };
        Subject::value_variants().iter().copied().filter(wanted).collect()
    }
}

/// What every measurement needs.
struct Stand {
    binaries: Binaries,
    wrk: Wrk,
    scratch: Scratch,
    /// Where the scripts are that drive a browser.
    end2end: PathBuf,
    /// How long one slice of load lasts, in seconds.
    seconds: u32,
}

/// Builds, measures, prints.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let scratch = Scratch::below(&workspace.target)?;
    let wrk = Wrk::find(&scratch)?;
    let binaries = Binaries::build(workspace)?;
    let stand = Stand {
        binaries,
        wrk,
        scratch,
        end2end: workspace.root.join("end2end"),
        seconds: options.seconds,
    };
    let mut table = Table::new(fs::read_to_string("/proc/loadavg").unwrap_or_default());
    let mut failed = Vec::new();
    for subject in options.subjects() {
        let name = subject.name();
        eprintln!("==> {name}");
        match subject.measure(&stand) {
            Ok(rows) => rows.into_iter().for_each(|row| table.add(&name, row)),
            Err(error) => {
                eprintln!("{name} could not be measured: {error:#}");
                failed.push(name);
            }
        }
    }
    println!("\n{table}");
    if let Some(path) = &options.json {
        fs::write(path, table.json()).with_context(|| format!("could not write {}", path.display()))?;
    }
    if !failed.is_empty() {
        bail!("could not be measured: {}", failed.join(", "));
    }
    Ok(())
}
