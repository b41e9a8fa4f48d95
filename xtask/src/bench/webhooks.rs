//! How soon and how fast events arrive at receivers.

mod dead;
pub(crate) mod queue;

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, anyhow, ensure};
use serde_json::{Value, json};

use super::{
    Stand,
    figures::Latencies,
    http::{Ask, Connection},
    portal::{Installation, Portal},
    table::{Row, Unit},
};

/// Events a second while latency is measured.
const RATE: u32 = 200;
/// How many connections share the rate.
const LANES: u32 = 4;
/// How many endpoints get each event while speed is measured.
const ENDPOINTS: usize = 50;
/// How many events they get.
const EVENTS: usize = 400;
/// What is late by more than this will not come.
const PATIENCE: Duration = Duration::from_mins(2);

/// From the call that causes an event to its first byte at a receiver, and deliveries a second to many endpoints.
pub(crate) fn arrive(stand: &Stand) -> Result<Vec<Row>> {
    let installation = Installation::new(stand);
    let (few, many) = (
        installation.create_sandbox("unlimited")?,
        installation.create_sandbox("unlimited")?,
    );
    let pairs = dead::sandboxes(&installation)?;
    let portal = installation.start()?;
    let latencies = soon(&portal, &portal.token(&few)?, stand.seconds)?;
    let speed = fast(&portal, &portal.token(&many)?, (ENDPOINTS, EVENTS))?;
    let beside = dead::beside(&portal, &pairs)?;
    portal.stop()?;
    let (p50, p99) = (latencies.percentile(50), latencies.percentile(99));
    Ok(vec![
        Row::new(
            "from a call to its event's first byte at a receiver, p50",
            p50,
            Unit::Millis,
        )
        .below(20.0)
        .note(format!("at {RATE} events/s, the call itself included")),
        Row::new("the same, p99", p99, Unit::Millis).below(100.0),
        Row::new(
            format!("deliveries to {ENDPOINTS} endpoints"),
            speed,
            Unit::PerSecond,
        )
        .at_least(1000.0),
        beside,
    ])
}

fn fire(token: &str) -> Ask {
    let body = r#"{"event_type":"client.created"}"#;
    Ask::with_body("POST", "/sandbox/events", "application/json", body).bearer(token)
}

fn listen(portal: &Portal, token: &str, url: &str) -> Result<()> {
    let body = json!({ "url": url, "event_types": ["client.created"] }).to_string();
    let ask = Ask::with_body("POST", "/v1/webhooks", "application/json", body).bearer(token);
    portal.ask(&ask, 201).map(drop)
}

fn soon(portal: &Portal, token: &str, seconds: u32) -> Result<Latencies> {
    let receiver = Receiver::start()?;
    listen(portal, token, &format!("http://{}/", receiver.address))?;
    let (ask, start) = (fire(token), Instant::now());
    let sent: HashMap<String, Instant> = thread::scope(|scope| {
        let lanes: Vec<_> = (0..LANES)
            .map(|lane| {
                let ask = &ask;
                scope.spawn(move || walk(portal.api, ask, (lane, seconds), start))
            })
            .collect();
        let mut all = HashMap::new();
        for lane in lanes {
            all.extend(
                lane.join()
                    .map_err(|_| anyhow!("a connection's thread panicked"))??,
            );
        }
        Ok::<_, anyhow::Error>(all)
    })?;
    let arrived = receiver.until(sent.len())?;
    let late = |(id, at): &(String, Instant)| Some(at.saturating_duration_since(*sent.get(id)?));
    Ok(Latencies::new(arrived.iter().filter_map(late).collect()))
}

/// One lane's share of the events; when each was sent, by its id.
fn walk(
    api: SocketAddr,
    ask: &Ask,
    (lane, seconds): (u32, u32),
    start: Instant,
) -> Result<Vec<(String, Instant)>> {
    let mut connection = Connection::open(api)?;
    let mut sent = Vec::new();
    for turn in (lane..RATE * seconds).step_by(LANES as usize) {
        let due = start + Duration::from_secs(1) * turn / RATE;
        thread::sleep(due.saturating_duration_since(Instant::now()));
        let at = Instant::now();
        let answer = connection.send(ask)?.expect(200)?;
        let event: Value = serde_json::from_slice(&answer.body)?;
        sent.push((event["event_id"].as_str().context("no event_id")?.to_owned(), at));
    }
    Ok(sent)
}

/// Deliveries a second of so many events to so many endpoints.
fn fast(portal: &Portal, token: &str, (endpoints, events): (usize, usize)) -> Result<f64> {
    let receiver = Receiver::start()?;
    for number in 0..endpoints {
        listen(portal, token, &format!("http://{}/{number}", receiver.address))?;
    }
    let ask = fire(token);
    let mut connection = Connection::open(portal.api)?;
    for _ in 0..events {
        connection.send(&ask)?.expect(200)?;
    }
    let arrived = receiver.until(events * endpoints)?;
    let first = arrived
        .iter()
        .map(|(_, at)| *at)
        .min()
        .context("nothing arrived")?;
    let last = arrived
        .iter()
        .map(|(_, at)| *at)
        .max()
        .context("nothing arrived")?;
    let number = u32::try_from(arrived.len())?;
    Ok(f64::from(number) / last.duration_since(first).as_secs_f64())
}

/// A receiver that notes when each message began to arrive.
struct Receiver {
    address: SocketAddr,
    arrived: Arc<Mutex<Vec<(String, Instant)>>>,
}

impl Receiver {
    fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let receiver = Self {
            address: listener.local_addr()?,
            arrived: Arc::default(),
        };
        let arrived = Arc::clone(&receiver.arrived);
        // Ends with the process.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let arrived = Arc::clone(&arrived);
                thread::spawn(move || serve(stream, &arrived));
            }
        });
        Ok(receiver)
    }

    /// What has arrived, once it is so much.
    fn until(&self, number: usize) -> Result<Vec<(String, Instant)>> {
        let start = Instant::now();
        loop {
            let arrived = self
                .arrived
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone();
            if arrived.len() >= number {
                return Ok(arrived);
            }
            ensure!(
                start.elapsed() < PATIENCE,
                "{} of {number} deliveries arrived",
                arrived.len()
            );
            thread::sleep(Duration::from_millis(50));
        }
    }
}

fn serve(stream: TcpStream, arrived: &Mutex<Vec<(String, Instant)>>) {
    let mut stream = BufReader::new(stream);
    while let Ok(Some(message)) = read(&mut stream) {
        arrived
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(message);
        if stream
            .get_mut()
            .write_all(b"HTTP/1.1 204 No Content\r\n\r\n")
            .is_err()
        {
            return;
        }
    }
}

/// The next message on a connection: its id, and when its first byte was there.
fn read(stream: &mut BufReader<TcpStream>) -> Result<Option<(String, Instant)>> {
    if stream.fill_buf()?.is_empty() {
        return Ok(None);
    }
    let at = Instant::now();
    let (mut id, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        match line.trim_end().split_once(": ") {
            Some(("webhook-id", value)) => value.clone_into(&mut id),
            Some(("content-length", value)) => length = value.parse()?,
            None if line.trim_end().is_empty() => break,
            Some(_) | None => {}
        }
    }
    stream.read_exact(&mut vec![0; length])?;
    Ok(Some((id, at)))
}
