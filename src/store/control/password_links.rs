//! Links through which somebody sets a password without knowing the one before. Only the hash of a code is kept.

use super::{
    Control, StoreError, Write, one_row, parsed, people::PersonId, sessions::SessionHash,
    workspaces::WorkspaceId,
};
use contract::Timestamp;

/// Whose password a link sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A person's.
    Person(PersonId),
    /// That of the member of staff with this address.
    Staff(String),
}

/// Who made a link, and by what right. The link is good only while they have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Maker {
    /// An admin of the one workspace that the person belongs to.
    Admin {
        /// The workspace.
        workspace: WorkspaceId,
        /// The admin.
        person: PersonId,
        /// Their address.
        email: String,
    },
    /// The member of staff with this address.
    Staff(String),
    /// Whoever operates the server.
    CommandLine,
}

impl Maker {
    /// The maker as people read it.
    fn as_text(&self) -> &str {
        match self {
            Self::Admin { email, .. } | Self::Staff(email) => email,
            Self::CommandLine => "the command line",
        }
    }
}

/// A link to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPasswordLink {
    /// Whose password it sets.
    pub holder: Holder,
    /// Who makes it.
    pub maker: Maker,
    /// When.
    pub created_at: Timestamp,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// One link that nobody has used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordLinkRow {
    /// Whose password it sets.
    pub holder: Holder,
    /// Who made it, as people read it.
    pub made_by: String,
    /// When.
    pub created_at: Timestamp,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct Stored {
    person_id: Option<String>,
    staff_email: Option<String>,
    made_by: String,
    created_at: i64,
    expires_at: i64,
}

impl TryFrom<Stored> for PasswordLinkRow {
    type Error = StoreError;
    fn try_from(row: Stored) -> Result<Self, StoreError> {
        let holder = match (row.person_id, row.staff_email) {
            (Some(id), None) => Holder::Person(parsed("person id", &id)?),
            (None, Some(email)) => Holder::Staff(email),
            _ => return Err(StoreError::Inconsistent("a password link of nobody".to_owned())),
        };
        Ok(Self {
            holder,
            made_by: row.made_by,
            created_at: Timestamp::from_millis(row.created_at),
            expires_at: Timestamp::from_millis(row.expires_at),
        })
    }
}

/// Adds a link under the hash of its code; the holder's other links stop working.
///
/// # Errors
/// When the holder or the maker does not exist.
pub async fn replace(write: &mut Write, code: &SessionHash, new: &NewPasswordLink) -> Result<(), StoreError> {
    forget(write, &new.holder).await?;
    let (person, staff) = columns(&new.holder);
    let (workspace, admin, maker_staff) = match &new.maker {
        Maker::Admin {
            workspace, person, ..
        } => (Some(workspace.as_str()), Some(person.as_str()), None),
        Maker::Staff(email) => (None, None, Some(email.as_str())),
        Maker::CommandLine => (None, None, None),
    };
    let done = sqlx::query(
        "INSERT INTO password_links (token_hash, person_id, staff_email, made_by, created_at, expires_at,
         admin_workspace_id, admin_id, maker_staff_email) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )
    .bind(code.as_bytes())
    .bind(person)
    .bind(staff)
    .bind(new.maker.as_text())
    .bind(new.created_at.as_millis())
    .bind(new.expires_at.as_millis())
    .bind(workspace)
    .bind(admin)
    .bind(maker_staff)
    .execute(write.connection())
    .await?;
    one_row("create password link", done.rows_affected())
}

/// Removes every link of this holder.
///
/// # Errors
/// When the database fails.
pub async fn forget(write: &mut Write, holder: &Holder) -> Result<u64, StoreError> {
    let (person, staff) = columns(holder);
    let done = sqlx::query("DELETE FROM password_links WHERE person_id IS ?1 AND staff_email IS ?2")
        .bind(person)
        .bind(staff)
        .execute(write.connection())
        .await?;
    Ok(done.rows_affected())
}

fn columns(holder: &Holder) -> (Option<&str>, Option<&str>) {
    match holder {
        Holder::Person(id) => (Some(id.as_str()), None),
        Holder::Staff(email) => (None, Some(email)),
    }
}

/// The link with this code's hash, unless it is over or its maker has lost the right to it.
///
/// # Errors
/// When the database fails.
pub async fn get(
    control: &Control,
    code: &SessionHash,
    now: Timestamp,
) -> Result<Option<PasswordLinkRow>, StoreError> {
    sqlx::query_as::<_, Stored>(
        "SELECT person_id, staff_email, made_by, created_at, expires_at FROM good_password_links
         WHERE token_hash = ?1 AND expires_at > ?2",
    )
    .bind(code.as_bytes())
    .bind(now.as_millis())
    .fetch_optional(control.readers())
    .await?
    .map(PasswordLinkRow::try_from)
    .transpose()
}

/// Takes the link with this code's hash, which is then gone; none where it is used, over, or its maker has lost the
/// right to it by the time of this transaction.
///
/// # Errors
/// When the database fails.
pub async fn take(
    write: &mut Write,
    code: &SessionHash,
    now: Timestamp,
) -> Result<Option<PasswordLinkRow>, StoreError> {
    sqlx::query_as::<_, Stored>(
        "DELETE FROM password_links
         WHERE token_hash IN (SELECT token_hash FROM good_password_links WHERE token_hash = ?1 AND expires_at > ?2)
         RETURNING person_id, staff_email, made_by, created_at, expires_at",
    )
    .bind(code.as_bytes())
    .bind(now.as_millis())
    .fetch_optional(write.connection())
    .await?
    .map(PasswordLinkRow::try_from)
    .transpose()
}

/// Removes the links that are over.
///
/// # Errors
/// When the database fails.
pub async fn forget_expired(write: &mut Write, now: Timestamp) -> Result<u64, StoreError> {
    let done = sqlx::query("DELETE FROM password_links WHERE expires_at <= ?1")
        .bind(now.as_millis())
        .execute(write.connection())
        .await?;
    Ok(done.rows_affected())
}
