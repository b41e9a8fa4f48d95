//! Requests at a fixed rate, to compare latencies: a server that gets slower is not asked less.

use std::{
    net::SocketAddr,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, anyhow, ensure};

use super::{
    figures::Latencies,
    http::{Ask, Connection},
};

/// How many connections share the rate.
const CONNECTIONS: u32 = 4;

/// What to send, how often.
pub(crate) struct Pace<'a> {
    pub(crate) address: SocketAddr,
    pub(crate) ask: &'a Ask,
    pub(crate) per_second: u32,
    pub(crate) seconds: u32,
    /// The statuses that may come back.
    pub(crate) statuses: &'a [u16],
}

impl Pace<'_> {
    /// Keeps the pace and answers how long each request took.
    pub(crate) fn keep(&self) -> Result<Latencies> {
        let start = Instant::now();
        thread::scope(|scope| {
            let lanes: Vec<_> = (0..CONNECTIONS)
                .map(|lane| scope.spawn(move || self.walk(lane, start)))
                .collect();
            let mut all = Vec::new();
            for lane in lanes {
                all.extend(
                    lane.join()
                        .map_err(|_| anyhow!("a connection's thread panicked"))??,
                );
            }
            Ok(Latencies::new(all))
        })
    }

    /// Every fourth request, over one connection.
    fn walk(&self, lane: u32, start: Instant) -> Result<Vec<Duration>> {
        let mut connection = Connection::open(self.address)?;
        let mut latencies = Vec::new();
        for turn in (lane..self.per_second * self.seconds).step_by(CONNECTIONS as usize) {
            let due = start + Duration::from_secs(1) * turn / self.per_second;
            let early = due.saturating_duration_since(Instant::now());
            thread::sleep(early);
            // A request that waits for the one before it is late, and that is the server's doing. One that this
            // thread woke up too late for is not.
            let sent = if early.is_zero() { due } else { Instant::now() };
            let answer = connection.send(self.ask)?;
            latencies.push(sent.elapsed());
            ensure!(
                self.statuses.contains(&answer.status),
                "{}: status {}",
                self.ask.path,
                answer.status
            );
        }
        Ok(latencies)
    }
}
