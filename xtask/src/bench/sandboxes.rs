//! How long a visitor waits for a sandbox, and how many access tokens there are in a second.

use std::{net::Ipv4Addr, thread, time::Instant};

use anyhow::{Result, anyhow};

use super::{
    Stand,
    figures::Latencies,
    http::{Ask, Connection},
    portal::{Credentials, Installation, Portal},
    table::{Row, Unit},
};

const CREATED: u8 = 20;
/// So many clients, each asking for so many tokens, stay within what one client and one address may ask for at once.
const CLIENTS: u32 = 6;
const TOKENS: u32 = 90;

/// `POST /sandbox`, as the button of the page sends it.
pub(crate) fn ready(stand: &Stand) -> Result<Vec<Row>> {
    // Behind a proxy with TLS the portal believes what that says of the visitor's address, so that the rounds count as
    // visitors of their own and not as one that creates too many.
    let portal = Installation::new(stand).start_with(&["--portal-url", "https://portal.example"])?;
    let mut times = Vec::new();
    for round in 0..CREATED {
        let visitor = Ipv4Addr::new(192, 0, 2, round + 1);
        let ask = Ask::with_body(
            "POST",
            "/sandbox",
            "application/x-www-form-urlencoded",
            "name=Bench",
        )
        .header("Sec-Fetch-Site", "same-origin")
        .header("Origin", "https://portal.example")
        .header("X-Forwarded-For", visitor.to_string());
        let mut connection = Connection::open(portal.pages)?;
        let start = Instant::now();
        let answer = connection.send(&ask)?;
        times.push(start.elapsed());
        answer.expect(303)?;
    }
    let times = Latencies::new(times);
    let note = format!("slowest of {CREATED}; p50 {:.1} ms", times.percentile(50));
    Ok(vec![
        Row::new("sandbox ready", times.percentile(100), Unit::Millis)
            .at_most(100.0)
            .note(note),
    ])
}

/// `POST /oauth/token`, for information.
pub(crate) fn tokens(stand: &Stand) -> Result<Vec<Row>> {
    let installation = Installation::new(stand);
    let sandboxes = installation.create_sandboxes("unlimited", CLIENTS)?;
    let portal = installation.start()?;
    let start = Instant::now();
    let latencies = thread::scope(|scope| {
        let clients: Vec<_> = sandboxes
            .iter()
            .map(|sandbox| scope.spawn(|| ask_for_tokens(&portal, sandbox)))
            .collect();
        let mut all = Vec::new();
        for client in clients {
            all.extend(
                client
                    .join()
                    .map_err(|_| anyhow!("a client's thread panicked"))??,
            );
        }
        Ok::<_, anyhow::Error>(Latencies::new(all))
    })?;
    let speed = f64::from(CLIENTS * TOKENS) / start.elapsed().as_secs_f64();
    let note = format!(
        "by secret, {CLIENTS} clients at once; p99 {:.1} ms",
        latencies.percentile(99)
    );
    Ok(vec![Row::new("access tokens", speed, Unit::PerSecond).note(note)])
}

fn ask_for_tokens(portal: &Portal, sandbox: &Credentials) -> Result<Vec<std::time::Duration>> {
    let mut connection = Connection::open(portal.api)?;
    let ask = sandbox.token_request();
    let mut times = Vec::new();
    for _ in 0..TOKENS {
        let start = Instant::now();
        let answer = connection.send(&ask)?;
        times.push(start.elapsed());
        answer.expect(200)?;
    }
    Ok(times)
}
