//! The rows of invites.

use super::{Conn, WriteTx, sealed::Sealed};
use crate::store::{
    PageRequest, Rows, StoreError,
    sqlite::{self, Millis, from_json},
};
use contract::{
    Timestamp,
    ids::{InviteId, UserId},
    users::{Invite, InviteState},
};
use serde::Deserialize;

macro_rules! row {
    () => {
        "json_array(seq, id, user_id, expires_at, used_at, cancelled_at, created_at)"
    };
}

#[derive(Deserialize)]
struct Row(
    i64,
    InviteId,
    UserId,
    Millis,
    Option<Millis>,
    Option<Millis>,
    Millis,
);

impl Row {
    fn at(self, now: Timestamp) -> (i64, Invite) {
        let Row(seq, id, user_id, expires_at, used_at, cancelled_at, created_at) = self;
        let (expires_at, created_at) = (Timestamp::from(expires_at), Timestamp::from(created_at));
        let (used_at, cancelled_at) = (used_at.map(Timestamp::from), cancelled_at.map(Timestamp::from));
        let state = match (used_at, cancelled_at) {
            (Some(_), _) => InviteState::Used,
            (None, Some(_)) => InviteState::Cancelled,
            (None, None) if expires_at <= now => InviteState::Expired,
            (None, None) => InviteState::Valid,
        };
        let invite = Invite {
            id,
            user_id,
            state,
            expires_at,
            created_at,
            updated_at: used_at.or(cancelled_at).unwrap_or(created_at),
        };
        (seq, invite)
    }
}

/// This invite of this user, as it stands `now`.
///
/// # Errors
/// When the database fails.
pub async fn find(
    conn: &mut impl Conn,
    now: Timestamp,
    user: &UserId,
    id: &InviteId,
) -> Result<Option<Invite>, StoreError> {
    let row = sqlx::query(concat!(
        "SELECT ",
        row!(),
        " FROM invites WHERE id = ?1 AND user_id = ?2"
    ))
    .bind(id.as_str())
    .bind(user.as_str())
    .fetch_optional(conn.sql())
    .await?;
    row.map(|row| Ok(from_json::<Row>(&row)?.at(now).1)).transpose()
}

/// A page of a user's invites as they stand `now`, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn page(
    conn: &mut impl Conn,
    now: Timestamp,
    user: &UserId,
    page: PageRequest,
) -> Result<Rows<Invite>, StoreError> {
    let found = sqlx::query(concat!(
        "SELECT json_group_array(",
        row!(),
        ") FROM (SELECT * FROM invites WHERE user_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3)"
    ))
    .bind(user.as_str())
    .bind(page.start())
    .bind(page.probe())
    .fetch_one(conn.sql())
    .await?;
    let rows: Vec<_> = from_json::<Vec<Row>>(&found)?
        .into_iter()
        .map(|row| row.at(now))
        .collect();
    Ok(Rows::of(page, rows))
}

/// Adds an invite.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut WriteTx, new: &Invite) -> Result<(), StoreError> {
    let done =
        sqlx::query("INSERT INTO invites (id, user_id, expires_at, created_at) VALUES (?1, ?2, ?3, ?4)")
            .bind(new.id.as_str())
            .bind(new.user_id.as_str())
            .bind(new.expires_at.as_millis())
            .bind(new.created_at.as_millis())
            .execute(tx.sql())
            .await?;
    sqlite::affected("add an invite", 1, &done)
}

/// Cancels the user's open invites; answers whether there was one.
///
/// # Errors
/// When the database fails.
pub async fn cancel_open(tx: &mut WriteTx, now: Timestamp, user: &UserId) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE invites SET cancelled_at = ?2
         WHERE user_id = ?1 AND used_at IS NULL AND cancelled_at IS NULL AND expires_at > ?2",
    )
    .bind(user.as_str())
    .bind(now.as_millis())
    .execute(tx.sql())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Lets the user in by an open invite; answers whether there was one.
///
/// # Errors
/// When the database fails.
pub async fn use_open(tx: &mut WriteTx, now: Timestamp, user: &UserId) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE invites SET used_at = ?2
         WHERE user_id = ?1 AND used_at IS NULL AND cancelled_at IS NULL AND expires_at > ?2",
    )
    .bind(user.as_str())
    .bind(now.as_millis())
    .execute(tx.sql())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Moves every instant of the demo invites by so many milliseconds.
pub(super) async fn shift(tx: &mut WriteTx, by: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE invites SET expires_at = expires_at + ?1, created_at = created_at + ?1")
        .bind(by)
        .execute(tx.sql())
        .await?;
    Ok(())
}
