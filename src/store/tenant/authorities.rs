//! The rows of custodian authorities.

use super::{Conn, WriteTx, sealed::Sealed};
use crate::store::{
    PageRequest, Rows, StoreError,
    sqlite::{self, Millis, from_json},
};
use contract::{
    Timestamp,
    authorities::{Authority, AuthorityStatus, UpstreamRevocation},
    ids::{AuthFlowId, AuthorityId, CustodianId, LegalEntityId},
    text::ConsentReference,
};
use serde::Deserialize;

macro_rules! row {
    () => {
        "json_array(seq, id, legal_entity_id, custodian_id, auth_flow_id, status, expires_at, linked_at, revoked_at,
                    upstream_revocation, created_at, updated_at, due_at)"
    };
}

macro_rules! find {
    ($rest:literal) => {
        concat!("SELECT ", row!(), " FROM authorities ", $rest)
    };
}

macro_rules! page {
    ($rest:literal) => {
        concat!(
            "SELECT json_group_array(",
            row!(),
            ") FROM (SELECT * FROM authorities ",
            $rest,
            ")"
        )
    };
}

#[derive(Deserialize)]
struct Row(
    i64,
    AuthorityId,
    LegalEntityId,
    CustodianId,
    AuthFlowId,
    AuthorityStatus,
    Option<Millis>,
    Option<Millis>,
    Option<Millis>,
    Option<UpstreamRevocation>,
    Millis,
    Millis,
    Option<Millis>,
);

impl From<Row> for (i64, Authority) {
    fn from(row: Row) -> Self {
        let Row(
            seq,
            id,
            legal_entity_id,
            custodian_id,
            auth_flow_id,
            status,
            expires_at,
            linked_at,
            revoked_at,
            upstream_revocation,
            created_at,
            updated_at,
            _due_at,
        ) = row;
        let authority = Authority {
            id,
            legal_entity_id,
            custodian_id,
            auth_flow_id,
            status,
            expires_at: expires_at.map(Into::into),
            linked_at: linked_at.map(Into::into),
            revoked_at: revoked_at.map(Into::into),
            upstream_revocation,
            created_at: created_at.into(),
            updated_at: updated_at.into(),
        };
        (seq, authority)
    }
}

/// The authority with this id.
///
/// # Errors
/// When the database fails.
pub async fn find(conn: &mut impl Conn, id: &AuthorityId) -> Result<Option<Authority>, StoreError> {
    let row = sqlx::query(find!("WHERE id = ?1"))
        .bind(id.as_str())
        .fetch_optional(conn.sql())
        .await?;
    row.map(|row| Ok(<(i64, Authority)>::from(from_json::<Row>(&row)?).1))
        .transpose()
}

/// A page of a legal entity's authorities, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn page(
    conn: &mut impl Conn,
    entity: &LegalEntityId,
    page: PageRequest,
) -> Result<Rows<Authority>, StoreError> {
    let found = sqlx::query(page!(
        "WHERE legal_entity_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3"
    ))
    .bind(entity.as_str())
    .bind(page.start())
    .bind(page.probe())
    .fetch_one(conn.sql())
    .await?;
    Ok(Rows::of(page, from_json::<Vec<Row>>(&found)?))
}

/// Adds an authority, which is next due at `due`.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut WriteTx, new: &Authority, due: Option<Timestamp>) -> Result<(), StoreError> {
    let done = sqlx::query(
        "INSERT INTO authorities (id, legal_entity_id, custodian_id, auth_flow_id, status, expires_at, linked_at,
                                  revoked_at, upstream_revocation, due_at, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )
    .bind(new.id.as_str())
    .bind(new.legal_entity_id.as_str())
    .bind(new.custodian_id.as_str())
    .bind(new.auth_flow_id.as_str())
    .bind(new.status.as_str())
    .bind(new.expires_at.map(Timestamp::as_millis))
    .bind(new.linked_at.map(Timestamp::as_millis))
    .bind(new.revoked_at.map(Timestamp::as_millis))
    .bind(new.upstream_revocation.map(UpstreamRevocation::as_str))
    .bind(due.map(Timestamp::as_millis))
    .bind(new.created_at.as_millis())
    .bind(new.updated_at.as_millis())
    .execute(tx.sql())
    .await?;
    sqlite::affected("add an authority", 1, &done)?;
    tx.mark_due_changed();
    Ok(())
}

/// Writes an authority over, which is next due at `due`.
///
/// # Errors
/// When the database fails or there is no such authority.
pub async fn update(
    tx: &mut WriteTx,
    authority: &Authority,
    due: Option<Timestamp>,
) -> Result<(), StoreError> {
    let done = sqlx::query(
        "UPDATE authorities SET status = ?2, expires_at = ?3, linked_at = ?4, revoked_at = ?5,
                                upstream_revocation = ?6, due_at = ?7, updated_at = ?8
         WHERE id = ?1",
    )
    .bind(authority.id.as_str())
    .bind(authority.status.as_str())
    .bind(authority.expires_at.map(Timestamp::as_millis))
    .bind(authority.linked_at.map(Timestamp::as_millis))
    .bind(authority.revoked_at.map(Timestamp::as_millis))
    .bind(authority.upstream_revocation.map(UpstreamRevocation::as_str))
    .bind(due.map(Timestamp::as_millis))
    .bind(authority.updated_at.as_millis())
    .execute(tx.sql())
    .await?;
    sqlite::affected("change an authority", 1, &done)?;
    tx.mark_due_changed();
    Ok(())
}

/// Keeps what the custodian's consent flow returned.
///
/// # Errors
/// When the database fails or there is no such authority.
pub async fn set_consent(
    tx: &mut WriteTx,
    id: &AuthorityId,
    consent: &ConsentReference,
) -> Result<(), StoreError> {
    let done = sqlx::query("UPDATE authorities SET consent_reference = ?2 WHERE id = ?1")
        .bind(id.as_str())
        .bind(consent.as_str())
        .execute(tx.sql())
        .await?;
    sqlite::affected("keep a consent", 1, &done)
}

/// The authority that is the first to be due at `now` or before, and when it is; none when nothing is.
///
/// # Errors
/// When the database fails.
pub async fn first_due(
    conn: &mut impl Conn,
    now: Timestamp,
) -> Result<Option<(Timestamp, Authority)>, StoreError> {
    let row = sqlx::query(find!(
        "WHERE due_at IS NOT NULL AND due_at <= ?1 ORDER BY due_at, seq LIMIT 1"
    ))
    .bind(now.as_millis())
    .fetch_optional(conn.sql())
    .await?;
    row.map(|row| {
        let row: Row = from_json(&row)?;
        let due = row
            .12
            .ok_or_else(|| StoreError::Inconsistent("what is due has no date".into()))?;
        Ok((due.into(), <(i64, Authority)>::from(row).1))
    })
    .transpose()
}

/// The next instant, in domain time, at which an authority changes by itself.
pub(super) async fn next_due(conn: &mut impl Conn) -> Result<Option<Timestamp>, StoreError> {
    let due: Option<i64> = sqlx::query_scalar("SELECT min(due_at) FROM authorities WHERE due_at IS NOT NULL")
        .fetch_one(conn.sql())
        .await?;
    Ok(due.map(Timestamp::from_millis))
}

/// Moves every instant of every authority by `millis`.
pub(super) async fn shift(tx: &mut WriteTx, millis: i64) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE authorities SET expires_at = expires_at + ?1, linked_at = linked_at + ?1,
                                revoked_at = revoked_at + ?1, due_at = due_at + ?1, created_at = created_at + ?1,
                                updated_at = updated_at + ?1",
    )
    .bind(millis)
    .execute(tx.sql())
    .await?;
    tx.mark_due_changed();
    Ok(())
}
