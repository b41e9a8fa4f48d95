//! What a million deliveries that wait cost the server in memory.

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::{
    super::{
        Stand,
        http::{Ask, Connection},
        memory::resident,
        portal::Installation,
        table::{Row, Unit},
    },
    dead::{self, ENDPOINTS},
    fire, listen,
};

/// Times the endpoints, that makes a million.
const EVENTS: usize = 10_000;
/// How often memory is looked at meanwhile.
const GLANCE: usize = 500;

/// A hundred endpoints that take calls and never answer, and ten thousand events for each.
pub(crate) fn waiting(stand: &Stand) -> Result<Vec<Row>> {
    let installation = Installation::new(stand);
    let sandbox = installation.create_sandbox("unlimited")?;
    let portal = installation.start()?;
    let token = portal.token(&sandbox)?;
    portal.settle()?;
    let receiver = dead::silent()?;
    for _ in 0..ENDPOINTS {
        listen(&portal, &token, &receiver)?;
    }
    let ask = fire(&token);
    let mut connection = Connection::open(portal.api)?;
    connection.send(&ask)?.expect(200)?;
    let before = resident(portal.id())?;
    let mut most = before;
    for number in 1..EVENTS {
        connection.send(&ask)?.expect(200)?;
        if number % GLANCE == 0 {
            most = most.max(resident(portal.id())?);
        }
    }
    let page = portal.ask(&Ask::get("/v1/webhooks?limit=1").bearer(&token), 200)?;
    let page: Value = serde_json::from_slice(&page.body)?;
    let id = page["data"][0]["id"].as_str().context("no endpoint")?;
    let path = format!("/v1/webhooks/{id}/deliveries?status=delivered");
    let page: Value = serde_json::from_slice(&portal.ask(&Ask::get(path).bearer(&token), 200)?.body)?;
    ensure!(
        page["data"].as_array().is_some_and(Vec::is_empty),
        "something was delivered to a receiver that never answers"
    );
    most = most.max(resident(portal.id())?);
    let mebibytes = |megabytes: f64| megabytes * 1e6 / f64::from(1 << 20);
    Ok(vec![
        Row::new(
            "1,000,000 queued deliveries",
            mebibytes(most - before),
            Unit::Mebibytes,
        )
        .below(100.0)
        .note(format!(
            "{:.0} MiB before, {:.0} at most",
            mebibytes(before),
            mebibytes(most)
        )),
    ])
}
