//! People: who can sign in, and the hash of what they sign in with.

pub use super::names::PersonId;

use super::{Control, StoreError, Write, one_row, parsed};
use contract::Timestamp;

/// One person.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonRow {
    /// Stable id.
    pub id: PersonId,
    /// Their address, in lower case.
    pub email: String,
    /// The hash of their password, in the PHC string format.
    pub password: String,
    /// When that password was set.
    pub password_at: Timestamp,
    /// Who made the link through which it was set, if there was one.
    pub password_by: Option<String>,
}

impl std::fmt::Debug for PersonRow {
    /// Without the hash, which must not reach a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PersonRow")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// A password as it is kept, and how it came there.
#[derive(Clone, Copy)]
pub struct NewPassword<'a> {
    /// The hash, in the PHC string format.
    pub hash: &'a str,
    /// Who made the link through which it is set, if there is one.
    pub by: Option<&'a str>,
}

#[derive(sqlx::FromRow)]
struct Stored {
    id: String,
    email: String,
    password: String,
    password_at: i64,
    password_by: Option<String>,
}

impl TryFrom<Stored> for PersonRow {
    type Error = StoreError;
    fn try_from(row: Stored) -> Result<Self, StoreError> {
        Ok(Self {
            id: parsed("person id", &row.id)?,
            email: row.email,
            password: row.password,
            password_at: Timestamp::from_millis(row.password_at),
            password_by: row.password_by,
        })
    }
}

/// Adds a person; none where somebody has that address already.
///
/// # Errors
/// When the database fails.
pub async fn create(
    write: &mut Write,
    email: &str,
    password: &str,
    now: Timestamp,
) -> Result<Option<PersonId>, StoreError> {
    let id = PersonId::generate(now);
    let done = sqlx::query(
        "INSERT INTO people (id, email, password, password_at, created_at) VALUES (?1, ?2, ?3, ?4, ?4)
         ON CONFLICT (email) DO NOTHING",
    )
    .bind(id.as_str())
    .bind(email)
    .bind(password)
    .bind(now.as_millis())
    .execute(write.connection())
    .await?;
    Ok((done.rows_affected() == 1).then_some(id))
}

/// The person with this id.
///
/// # Errors
/// When the database fails.
pub async fn get(control: &Control, id: &PersonId) -> Result<Option<PersonRow>, StoreError> {
    sqlx::query_as::<_, Stored>(
        "SELECT id, email, password, password_at, password_by FROM people WHERE id = ?1",
    )
    .bind(id.as_str())
    .fetch_optional(control.readers())
    .await?
    .map(PersonRow::try_from)
    .transpose()
}

/// The person with this address.
///
/// # Errors
/// When the database fails.
pub async fn by_email(control: &Control, email: &str) -> Result<Option<PersonRow>, StoreError> {
    sqlx::query_as::<_, Stored>(
        "SELECT id, email, password, password_at, password_by FROM people WHERE email = ?1",
    )
    .bind(email)
    .fetch_optional(control.readers())
    .await?
    .map(PersonRow::try_from)
    .transpose()
}

/// Gives a person another password.
///
/// # Errors
/// When there is no such person.
pub async fn set_password(
    write: &mut Write,
    id: &PersonId,
    new: NewPassword<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let done =
        sqlx::query("UPDATE people SET password = ?2, password_at = ?3, password_by = ?4 WHERE id = ?1")
            .bind(id.as_str())
            .bind(new.hash)
            .bind(now.as_millis())
            .bind(new.by)
            .execute(write.connection())
            .await?;
    one_row("set password", done.rows_affected())
}

/// Removes the people who are members of nothing any more.
///
/// # Errors
/// When the database fails.
pub async fn forget_strays(write: &mut Write) -> Result<u64, StoreError> {
    let done = sqlx::query(
        "DELETE FROM people WHERE NOT EXISTS (SELECT 1 FROM members WHERE members.person_id = people.id)",
    )
    .execute(write.connection())
    .await?;
    Ok(done.rows_affected())
}
