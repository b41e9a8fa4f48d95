//! Events.

use contract::{
    ProblemCode,
    events::{EventPage, ListEvents},
};
use std::time::Duration;
use tokio::time::Instant;

use super::{call::Call, mount::Operations};
use crate::{
    problem::ApiError,
    sandbox::{
        PageRequest,
        events::{self, Feed},
    },
};

/// A call that waits answers before the deadline of every request ends it.
const LONGEST_WAIT: Duration = Duration::from_secs(29);

/// Serves them.
pub(super) fn mount(all: Operations) -> Operations {
    all.mount::<ListEvents, _, _>(list)
}

async fn list(call: Call<ListEvents>) -> Result<EventPage, ApiError> {
    let page = call.page_request()?;
    let feed = awaited(&call, page).await?;
    if page.after.is_some_and(|after| after < feed.floor) {
        return Err(ApiError::new(
            ProblemCode::CursorExpired,
            "Events that followed this cursor are older than 30 days and no longer kept.",
        ));
    }
    // Without more to come everything up to the head has been looked at, whatever its type.
    let seen = match feed.rows.last().filter(|_| feed.rows.has_more) {
        Some(last) => last,
        None => feed.head,
    };
    Ok(EventPage {
        has_more: feed.rows.has_more,
        next_cursor: call.lasting_cursor(seen),
        data: feed.rows.rows.into_iter().map(|(_, event)| event).collect(),
    })
}

/// What there is, or, where that is nothing, what comes within the time that the call gives. Each commit is a reason to
/// look again; no connection is held meanwhile.
async fn awaited(call: &Call<ListEvents>, page: PageRequest) -> Result<Feed, ApiError> {
    let (context, kind) = (&call.context, call.query.r#type);
    let wait = Duration::from_secs(call.query.wait.unwrap_or_default().into()).min(LONGEST_WAIT);
    let end = Instant::now() + wait;
    let mut changes = context.tenant.changes();
    loop {
        changes.mark_unchanged();
        let feed = events::feed(&mut call.read().await?, kind, context.now, page).await?;
        let is_answer = !feed.rows.rows.is_empty() || page.after.is_some_and(|after| after < feed.floor);
        if is_answer || wait.is_zero() || context.tenant.is_retired() {
            return Ok(feed);
        }
        tokio::select! {
            () = tokio::time::sleep_until(end) => return Ok(feed),
            () = context.api.stopping.cancelled() => return Ok(feed),
            told = changes.changed() => if told.is_err() { return Ok(feed) },
        }
    }
}
