//! Members: who belongs to which workspace, and what they may do in it.

use super::{Control, StoreError, Write, one_row, parsed, people::PersonId, workspaces::WorkspaceId};
use contract::Timestamp;

/// What a member may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Works with the sandbox.
    Member,
    /// Also holds its keys: secrets, members, deletion.
    Admin,
}

impl Role {
    /// The value as it stands in the database and in forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Admin => "admin",
        }
    }
    /// The role of this text.
    pub fn from_text(text: &str) -> Option<Self> {
        Some(match text {
            "member" => Self::Member,
            "admin" => Self::Admin,
            _ => return None,
        })
    }
}

/// One member of a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberRow {
    /// Where.
    pub workspace_id: WorkspaceId,
    /// Who.
    pub person_id: PersonId,
    /// Their address.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// Since when.
    pub joined_at: Timestamp,
    /// Who invited them; none for the one who claimed the workspace.
    pub invited_by: Option<String>,
    /// Who made the link through which their password was set, and when; none where they chose it without one.
    pub password_by: Option<(String, Timestamp)>,
}

#[derive(sqlx::FromRow)]
struct Stored {
    workspace_id: String,
    person_id: String,
    email: String,
    role: String,
    joined_at: i64,
    invited_by: Option<String>,
    password_by: Option<String>,
    password_at: i64,
}

impl TryFrom<Stored> for MemberRow {
    type Error = StoreError;
    fn try_from(row: Stored) -> Result<Self, StoreError> {
        let password_at = Timestamp::from_millis(row.password_at);
        Ok(Self {
            workspace_id: parsed("workspace id", &row.workspace_id)?,
            person_id: parsed("person id", &row.person_id)?,
            email: row.email,
            role: role(&row.role)?,
            joined_at: Timestamp::from_millis(row.joined_at),
            invited_by: row.invited_by,
            password_by: row.password_by.map(|by| (by, password_at)),
        })
    }
}

/// The role that a row names.
pub(super) fn role(text: &str) -> Result<Role, StoreError> {
    Role::from_text(text).ok_or_else(|| StoreError::Inconsistent(format!("role `{text}`")))
}

/// Adds a member; `false` when they are one already.
///
/// # Errors
/// When the workspace or the person does not exist.
pub async fn add(
    write: &mut Write,
    (workspace, person): (&WorkspaceId, &PersonId),
    (role, invited_by): (Role, Option<&str>),
    now: Timestamp,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "INSERT INTO members (workspace_id, person_id, role, joined_at, invited_by) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO NOTHING",
    )
    .bind(workspace.as_str())
    .bind(person.as_str())
    .bind(role.as_str())
    .bind(now.as_millis())
    .bind(invited_by)
    .execute(write.connection())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// This person in this workspace.
///
/// # Errors
/// When the database fails.
pub async fn get(
    control: &Control,
    workspace: &WorkspaceId,
    person: &PersonId,
) -> Result<Option<MemberRow>, StoreError> {
    sqlx::query_as::<_, Stored>(
        "SELECT workspace_id, person_id, email, role, joined_at, invited_by, password_by, password_at
         FROM members JOIN people ON people.id = person_id WHERE workspace_id = ?1 AND person_id = ?2",
    )
    .bind(workspace.as_str())
    .bind(person.as_str())
    .fetch_optional(control.readers())
    .await?
    .map(MemberRow::try_from)
    .transpose()
}

/// Everyone in a workspace, the longest there first.
///
/// # Errors
/// When the database fails.
pub async fn of_workspace(control: &Control, workspace: &WorkspaceId) -> Result<Vec<MemberRow>, StoreError> {
    sqlx::query_as::<_, Stored>(
        "SELECT workspace_id, person_id, email, role, joined_at, invited_by, password_by, password_at
         FROM members JOIN people ON people.id = person_id WHERE workspace_id = ?1 ORDER BY joined_at, person_id",
    )
    .bind(workspace.as_str())
    .fetch_all(control.readers())
    .await?
    .into_iter()
    .map(MemberRow::try_from)
    .collect()
}

/// Every workspace of a person with its name, the latest joined first.
///
/// # Errors
/// When the database fails.
pub async fn of_person(
    control: &Control,
    person: &PersonId,
) -> Result<Vec<(WorkspaceId, String)>, StoreError> {
    let rows: Vec<(String, Option<String>)> = sqlx::query_as(
        "SELECT workspaces.id, workspaces.name FROM members JOIN workspaces ON workspaces.id = workspace_id
         WHERE person_id = ?1 ORDER BY joined_at DESC, workspaces.id DESC",
    )
    .bind(person.as_str())
    .fetch_all(control.readers())
    .await?;
    rows.into_iter()
        .map(|(id, name)| Ok((parsed("workspace id", &id)?, name.unwrap_or_default())))
        .collect()
}

/// How many admins a workspace has, as this transaction sees it.
///
/// # Errors
/// When the database fails.
pub async fn admins(write: &mut Write, workspace: &WorkspaceId) -> Result<i64, StoreError> {
    Ok(
        sqlx::query_scalar("SELECT count(*) FROM members WHERE workspace_id = ?1 AND role = 'admin'")
            .bind(workspace.as_str())
            .fetch_one(write.connection())
            .await?,
    )
}

/// The role of a person in a workspace, as this transaction sees it; none when they are no member.
///
/// # Errors
/// When the database fails.
pub async fn role_of(
    write: &mut Write,
    workspace: &WorkspaceId,
    person: &PersonId,
) -> Result<Option<Role>, StoreError> {
    let text: Option<String> =
        sqlx::query_scalar("SELECT role FROM members WHERE workspace_id = ?1 AND person_id = ?2")
            .bind(workspace.as_str())
            .bind(person.as_str())
            .fetch_optional(write.connection())
            .await?;
    text.as_deref().map(role).transpose()
}

/// In how many workspaces a person is a member, as this transaction sees it.
///
/// # Errors
/// When the database fails.
pub async fn memberships(write: &mut Write, person: &PersonId) -> Result<i64, StoreError> {
    Ok(
        sqlx::query_scalar("SELECT count(*) FROM members WHERE person_id = ?1")
            .bind(person.as_str())
            .fetch_one(write.connection())
            .await?,
    )
}

/// Gives a member another role; `false` when there is no such member.
///
/// # Errors
/// When the database fails.
pub async fn set_role(
    write: &mut Write,
    workspace: &WorkspaceId,
    person: &PersonId,
    role: Role,
) -> Result<bool, StoreError> {
    let done = sqlx::query("UPDATE members SET role = ?3 WHERE workspace_id = ?1 AND person_id = ?2")
        .bind(workspace.as_str())
        .bind(person.as_str())
        .bind(role.as_str())
        .execute(write.connection())
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes a member with their sessions there; `false` when there is no such member.
///
/// # Errors
/// When the database fails.
pub async fn remove(
    write: &mut Write,
    workspace: &WorkspaceId,
    person: &PersonId,
) -> Result<bool, StoreError> {
    // However many browsers they use.
    sqlx::query("DELETE FROM sessions WHERE workspace_id = ?1 AND person_id = ?2")
        .bind(workspace.as_str())
        .bind(person.as_str())
        .execute(write.connection())
        .await?;
    let done = sqlx::query("DELETE FROM members WHERE workspace_id = ?1 AND person_id = ?2")
        .bind(workspace.as_str())
        .bind(person.as_str())
        .execute(write.connection())
        .await?;
    match done.rows_affected() {
        0 => Ok(false),
        rows => one_row("remove member", rows).map(|()| true),
    }
}
