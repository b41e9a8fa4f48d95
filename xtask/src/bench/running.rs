//! A server that this process started, and stops whatever happens.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    process::{Child, Command},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};

use super::http::{Ask, Connection};
use crate::workspace::{describe, run};

/// How long a server may take to become ready, or to stop, before that counts as a fault.
const PATIENCE: Duration = Duration::from_mins(1);
/// How often it is looked at meanwhile; also how finely readiness is measured.
const GLANCE: Duration = Duration::from_millis(1);

/// A running child process.
pub(crate) struct Running {
    child: Child,
    line: String,
}

impl Running {
    /// Starts it.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let line = describe(command);
        let child = command
            .spawn()
            .with_context(|| format!("could not start `{line}`"))?;
        Ok(Self { child, line })
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until `GET path` answers 200.
    pub(crate) fn wait_until_ready(&mut self, address: SocketAddr, path: &str) -> Result<()> {
        let start = Instant::now();
        let ask = Ask::get(path);
        while start.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait()? {
                bail!("`{}` stopped before it was ready ({status})", self.line);
            }
            let answer = Connection::open(address).and_then(|mut connection| connection.send(&ask));
            if answer.is_ok_and(|answer| answer.status == 200) {
                return Ok(());
            }
            thread::sleep(GLANCE);
        }
        bail!("`{}` was not ready after {} s", self.line, PATIENCE.as_secs());
    }

    /// Asks it to stop and waits until it has.
    pub(crate) fn stop(mut self) -> Result<()> {
        run(Command::new("kill").args(["-TERM", &self.id().to_string()]))?;
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait()? {
                ensure!(
                    status.success(),
                    "`{}` did not stop cleanly ({status})",
                    self.line
                );
                return Ok(());
            }
            thread::sleep(GLANCE);
        }
        bail!("`{}` did not stop within {} s", self.line, PATIENCE.as_secs());
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail when it has stopped already, which is what is wanted.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A loopback address that was free a moment ago.
pub(crate) fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}
