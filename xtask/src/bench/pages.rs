//! How fast a page of the docs is answered.

use anyhow::{Result, ensure};

use super::{
    Stand,
    figures::median,
    http::{Ask, ask_once},
    portal::Installation,
    table::{Row, Unit},
};

const ROUNDS: usize = 3;
const PAGE: &str = "/reference/v1/clients";

/// A page of the docs, as a visitor without a session gets it.
pub(crate) fn docs(stand: &Stand) -> Result<Vec<Row>> {
    let portal = Installation::new(stand).start()?;
    let ask = Ask::get(PAGE).header("Accept-Encoding", "br");
    let answer = ask_once(portal.pages, &ask)?.expect(200)?;
    ensure!(
        answer.header("content-encoding") == Some("br"),
        "{PAGE} was not compressed"
    );
    stand.wrk.press(portal.pages, &ask, 1)?;
    let mut slices = Vec::new();
    for _ in 0..ROUNDS {
        slices.push(stand.wrk.press(portal.pages, &ask, stand.seconds)?);
    }
    let speed = median(slices.iter().map(|slice| slice.per_second).collect());
    let p99 = median(slices.iter().map(|slice| slice.p99).collect());
    Ok(vec![
        Row::new("a docs page from memory", speed, Unit::PerSecond)
            .at_least(10_000.0)
            .note(format!(
                "{PAGE}, {} bytes of brotli, p99 {p99:.1} ms",
                answer.body.len()
            )),
    ])
}
