//! The feed of events, and how far back it goes.

use super::{DomainError, PageRequest};
use crate::store::tenant::{Conn, events as store};
use contract::{
    Timestamp,
    events::{EventType, KEPT_DAYS},
};

pub use store::Feed;

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

/// The events of this type, or of all, behind `page`, that are still kept `now`.
///
/// # Errors
/// When the database fails.
pub async fn feed(
    conn: &mut impl Conn,
    kind: Option<EventType>,
    now: Timestamp,
    page: PageRequest,
) -> Result<Feed, DomainError> {
    let since = now.plus_millis(-KEPT_DAYS * DAY_MILLIS);
    Ok(store::feed(conn, kind, since, page).await?)
}
