//! Rehearsals that export something.

use app::model::RehearsedCall;
use futures::future::join_all;
use serde_json::Value;
use std::time::Duration;

use super::{
    Trouble,
    calls::{call, made, post},
};
use crate::site::{Site, send::Call};

const EXTRACTS: &str = "/v1/extracts";

const ORDER: &str = r#"{"dataset": "positions", "format": "csv", "purpose": "Rehearsal"}"#;

/// So often an extract is looked at until its file is there, and so long it is waited in between.
const LOOKS: usize = 40;
const PAUSE: Duration = Duration::from_millis(100);

/// Asks for the same data set twice at once.
pub(super) async fn twice(site: &Site, token: &str) -> Result<Vec<RehearsedCall>, Trouble> {
    let order = post(EXTRACTS, token, ORDER);
    let rivals = (0..2).map(|_| made(site, "The same order, meanwhile", &order));
    let mut calls: Vec<RehearsedCall> = join_all(rivals).await.into_iter().collect::<Result<_, _>>()?;
    // The one that was taken first; where an earlier extract is still under way, neither is.
    calls.sort_by_key(|call| call.sent.status);
    if calls.last().is_none_or(|call| call.sent.status != 409) {
        return Err(Trouble::Missed(
            "Each extract was finished before the next order came, or the budget of writes is spent. Try again in a \
             minute.",
        ));
    }
    if let Some(first) = calls.first_mut().filter(|call| call.sent.status == 202) {
        "The order that was taken".clone_into(&mut first.caption);
    }
    Ok(calls)
}

/// Exports something, and asks for bytes that the file does not have.
pub(super) async fn behind_the_end(site: &Site, token: &str) -> Result<Vec<RehearsedCall>, Trouble> {
    let ordered = made(site, "Positions are exported", &post(EXTRACTS, token, ORDER)).await?;
    let answer: Value = serde_json::from_str(&ordered.sent.body).unwrap_or_default();
    // One that is under way already does as well.
    let id = answer["id"].as_str().or(answer["extract_id"].as_str());
    let Some(id) = id else {
        return Err(Trouble::Missed(
            "The extract was refused; the call below says why.",
        ));
    };
    let look = call("GET", &format!("{EXTRACTS}/{id}"), token);
    for _ in 0..LOOKS {
        let sent = site.sender.make(&look).await?;
        let extract: Value = serde_json::from_str(&sent.body).unwrap_or_default();
        let link = extract["download_url"].as_str();
        if let Some(target) = link.and_then(|link| link.strip_prefix(&*site.config.api_url)) {
            let range = made(site, "Bytes behind its end", &behind(target)).await?;
            return Ok(vec![ordered, range]);
        }
        tokio::time::sleep(PAUSE).await;
    }
    Err(Trouble::Missed(
        "The extract is not finished yet. Try again in a moment.",
    ))
}

fn behind(target: &str) -> Call {
    Call {
        method: "GET",
        target: target.to_owned(),
        headers: vec![("range".to_owned(), "bytes=999999999999-".to_owned())],
        body: None,
    }
}
