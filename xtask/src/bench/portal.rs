//! The portal, running on data of its own, and the sandboxes in it.

use std::{
    fs::{self, File},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Deserializer, Value};

use super::{
    Stand,
    http::{Answer, Ask, Connection, ask_once},
    running::{Running, free_address},
    scratch::Scratch,
};
use crate::workspace::describe;

/// How many lines of a server's log an error shows.
const LOG_LINES: usize = 20;

/// How many seconds a portal may take to come to rest.
const SETTLES: u32 = 120;
/// What a portal at rest does in a second, in ticks.
const IDLE: u64 = 2;

/// A data folder and the program that serves it.
pub(crate) struct Installation<'a> {
    program: &'a Path,
    data: PathBuf,
    log: PathBuf,
}

/// A running portal.
pub(crate) struct Portal {
    /// Where the pages are.
    pub(crate) pages: SocketAddr,
    /// Where the API is.
    pub(crate) api: SocketAddr,
    /// From the start of the process to its first answer that it is ready.
    pub(crate) started_in: Duration,
    running: Running,
}

/// A sandbox that the command line made.
pub(crate) struct Credentials {
    client_id: String,
    client_secret: String,
}

impl<'a> Installation<'a> {
    /// An empty one of what is measured.
    pub(super) fn new(stand: &'a Stand) -> Self {
        Self::of(&stand.binaries.portal, &stand.scratch)
    }

    /// An empty one of `program`.
    pub(crate) fn of(program: &'a Path, scratch: &Scratch) -> Self {
        Self {
            program,
            data: scratch.fresh("data"),
            log: scratch.fresh("portal.log"),
        }
    }

    /// Starts the server and waits until it is ready.
    pub(crate) fn start(&self) -> Result<Portal> {
        self.start_with(&[])
    }

    /// The same with more arguments.
    pub(crate) fn start_with(&self, args: &[&str]) -> Result<Portal> {
        let (pages, api) = (free_address()?, free_address()?);
        let log = File::options().create(true).append(true).open(&self.log)?;
        let mut command = self.command("serve");
        command
            .args([
                "--portal-addr",
                &pages.to_string(),
                "--api-addr",
                &api.to_string(),
            ])
            .args(args);
        // As it runs in production: with its log, in JSON, to a file.
        command.stdout(log.try_clone()?).stderr(log);
        let start = Instant::now();
        let mut running = Running::start(&mut command)?;
        running
            .wait_until_ready(api, "/readyz")
            .with_context(|| self.end_of_log())?;
        Ok(Portal {
            pages,
            api,
            started_in: start.elapsed(),
            running,
        })
    }

    /// Makes `count` sandboxes of this plan.
    pub(crate) fn create_sandboxes(&self, plan: &str, count: u32) -> Result<Vec<Credentials>> {
        let mut command = self.command("sandbox");
        command.args([
            "create",
            "--name",
            "Bench",
            "--plan",
            plan,
            "--count",
            &count.to_string(),
            "--json",
        ]);
        let output = command.stderr(Stdio::inherit()).output()?;
        ensure!(
            output.status.success(),
            "`{}` failed ({})",
            describe(&command),
            output.status
        );
        let made: Vec<_> = Deserializer::from_slice(&output.stdout)
            .into_iter()
            .map(|value| Credentials::read(&value?))
            .collect::<Result<_>>()?;
        ensure!(
            made.len() == count as usize,
            "{count} sandboxes were asked for and {} made",
            made.len()
        );
        Ok(made)
    }

    /// Makes one sandbox of this plan.
    pub(crate) fn create_sandbox(&self, plan: &str) -> Result<Credentials> {
        self.create_sandboxes(plan, 1)?
            .pop()
            .context("no sandbox was made")
    }

    fn command(&self, subcommand: &str) -> Command {
        let mut command = Command::new(self.program);
        command.arg(subcommand).arg("--data-dir").arg(&self.data);
        command
    }

    fn end_of_log(&self) -> String {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<_> = text.lines().collect();
        let end = &lines[lines.len().saturating_sub(LOG_LINES)..];
        format!("the portal's log ends with:\n{}", end.join("\n"))
    }
}

impl Portal {
    /// An access token.
    pub(crate) fn token(&self, credentials: &Credentials) -> Result<String> {
        let answer = ask_once(self.api, &credentials.token_request())?.expect(200)?;
        text_of(&serde_json::from_slice(&answer.body)?, "access_token")
    }

    /// One answer of the API that must be of this status.
    pub(crate) fn ask(&self, ask: &Ask, status: u16) -> Result<Answer> {
        ask_once(self.api, ask)?.expect(status)
    }

    /// Makes this many clients and answers the id of the last.
    pub(crate) fn create_clients(&self, token: &str, count: u32) -> Result<String> {
        let mut connection = Connection::open(self.api)?;
        let mut id = String::new();
        for number in 0..count {
            let body = format!(r#"{{"name":"Client {number}","reference_currency":"EUR"}}"#);
            let ask = Ask::with_body("POST", "/v1/clients", "application/json", body).bearer(token);
            let answer = connection.send(&ask)?.expect(201)?;
            id = text_of(&serde_json::from_slice(&answer.body)?, "id")?;
        }
        Ok(id)
    }

    /// A number from `/metrics`, the sum over its labels.
    pub(crate) fn metric(&self, name: &str) -> Result<f64> {
        let text = self.ask(&Ask::get("/metrics"), 200)?.text();
        let lines = text.lines().filter(|line| line.starts_with(name));
        let values: Vec<f64> = lines
            .filter_map(|line| line.rsplit(' ').next()?.parse().ok())
            .collect();
        ensure!(!values.is_empty(), "/metrics names no {name}");
        Ok(values.iter().sum())
    }

    /// The process id.
    pub(crate) fn id(&self) -> u32 {
        self.running.id()
    }

    /// Waits until it has nothing left to do of its own: after a start it draws the docs.
    pub(crate) fn settle(&self) -> Result<()> {
        let mut before = worked(self.id())?;
        for _ in 0..SETTLES {
            thread::sleep(Duration::from_secs(1));
            let now = worked(self.id())?;
            if now - before <= IDLE {
                return Ok(());
            }
            before = now;
        }
        bail!("the portal is still at work after {SETTLES} seconds")
    }

    /// Stops it in good order.
    pub(crate) fn stop(self) -> Result<()> {
        self.running.stop()
    }
}

/// How long a process has been at work, in ticks of a hundredth of a second.
fn worked(process: u32) -> Result<u64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).context("work is read from /proc")?;
    ticks(&stat).context("/proc names no times")
}

fn ticks(stat: &str) -> Option<u64> {
    // The name of the program may hold blanks; twelve fields stand between it and the times.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut times = fields.split_whitespace().skip(11);
    let mut next = || times.next()?.parse::<u64>().ok();
    Some(next()? + next()?)
}

impl Credentials {
    fn read(value: &Value) -> Result<Self> {
        Ok(Self {
            client_id: text_of(value, "client_id")?,
            client_secret: text_of(value, "client_secret")?,
        })
    }

    /// The request for an access token.
    pub(crate) fn token_request(&self) -> Ask {
        let Self {
            client_id,
            client_secret,
        } = self;
        // Neither holds a character that a form would escape.
        let body =
            format!("grant_type=client_credentials&client_id={client_id}&client_secret={client_secret}");
        Ask::with_body("POST", "/oauth/token", "application/x-www-form-urlencoded", body)
    }
}

fn text_of(value: &Value, name: &str) -> Result<String> {
    let text = value.get(name).and_then(Value::as_str);
    Ok(text.with_context(|| format!("no {name} in {value}"))?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_times_of_a_program_with_blanks_in_its_name_are_found() {
        let stat = "4711 (a (portal) b) S 1 4711 4711 0 -1 4194560 9 0 0 0 31 11 0 0 20 0 5 0 1";
        assert_eq!(ticks(stat), Some(42));
    }
}
