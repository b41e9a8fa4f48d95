//! Membership: who is let into a workspace, what they may do there, and how they leave.

use contract::text::Name;

use super::{Admin, Closing, Credentials, INVITATION, Member, People, PeopleError, email::Email};
use crate::{
    ids,
    store::control::{
        Write,
        invitations::{self, InvitationId, InvitationRow},
        members::{self, Role},
        people::{self, PersonId},
        sessions::SessionHash,
        workspaces::{self, WorkspaceId},
    },
};

impl People {
    /// Makes an invitation and gives out its code, which cannot be had again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn invite(&self, by: Admin<'_>, role: Role, label: &str) -> Result<String, PeopleError> {
        let Admin(member) = by;
        let now = self.clock.now();
        let code = ids::secret("");
        let label = label.trim().parse::<Name>();
        let new = InvitationRow {
            id: InvitationId::generate(now),
            workspace_id: member.workspace.clone(),
            role,
            label: label.map_or_else(|_| "a colleague".to_owned(), |label| label.to_string()),
            invited_by: member.email.clone(),
            created_at: now,
            expires_at: now.plus_millis(INVITATION),
        };
        let mut write = self.begin_as(by).await?;
        invitations::create(&mut write, &SessionHash::of(&code), &new, &member.person).await?;
        write.commit().await?;
        Ok(code)
    }

    /// Makes an invitation's link useless.
    ///
    /// # Errors
    /// When it is no invitation of that workspace.
    pub async fn revoke(&self, by: Admin<'_>, id: &InvitationId) -> Result<(), PeopleError> {
        let mut write = self.begin_as(by).await?;
        if !invitations::revoke(&mut write, &by.0.workspace, id).await? {
            return Err(PeopleError::LinkGone);
        }
        Ok(write.commit().await?)
    }

    /// The invitation behind a code.
    ///
    /// # Errors
    /// When it is used, revoked or over.
    pub async fn invitation(&self, code: &str) -> Result<InvitationRow, PeopleError> {
        invitations::get(&self.control, &SessionHash::of(code), self.clock.now())
            .await?
            .ok_or(PeopleError::LinkGone)
    }

    /// Takes an invitation with an address and a password, for which an account is made where there is none.
    ///
    /// # Errors
    /// When the link is good no more, the address has an account with another password, or the password is weak.
    pub async fn join(
        &self,
        code: &str,
        given: Credentials<'_>,
    ) -> Result<(PersonId, WorkspaceId), PeopleError> {
        self.invitation(code).await?;
        let email: Email = given.email.parse()?;
        let known = self.known_or_new(&email, given).await?;
        let mut write = self.control.begin().await?;
        let person = self.person(&mut write, &email, known).await?;
        let workspace = self.let_in(&mut write, code, &person).await?;
        write.commit().await?;
        Ok((person, workspace))
    }

    /// Takes an invitation as somebody who has signed in.
    ///
    /// # Errors
    /// When the link is good no more, or they are a member there already.
    pub async fn join_as(&self, code: &str, person: &PersonId) -> Result<WorkspaceId, PeopleError> {
        let mut write = self.control.begin().await?;
        let workspace = self.let_in(&mut write, code, person).await?;
        write.commit().await?;
        Ok(workspace)
    }

    async fn let_in(
        &self,
        write: &mut Write,
        code: &str,
        person: &PersonId,
    ) -> Result<WorkspaceId, PeopleError> {
        let now = self.clock.now();
        let taken = invitations::take(write, &SessionHash::of(code), now)
            .await?
            .ok_or(PeopleError::LinkGone)?;
        let place = (&taken.workspace_id, person);
        let added = members::add(write, place, (taken.role, Some(&taken.invited_by)), now).await?;
        if added {
            Ok(taken.workspace_id)
        } else {
            // The transaction goes, so the invitation stays for whom it was meant.
            Err(PeopleError::AlreadyMember)
        }
    }

    /// Gives a member another role.
    ///
    /// # Errors
    /// When there is no such member, or no admin would be left.
    pub async fn set_role(&self, by: Admin<'_>, person: &PersonId, role: Role) -> Result<(), PeopleError> {
        let workspace = &by.0.workspace;
        let mut write = self.begin_as(by).await?;
        if !members::set_role(&mut write, workspace, person, role).await? {
            return Err(PeopleError::NoSuchMember);
        }
        if members::admins(&mut write, workspace).await? == 0 {
            return Err(PeopleError::LastAdmin);
        }
        Ok(write.commit().await?)
    }

    /// Removes a member, whose sessions there end. An account that belongs nowhere any more goes with them.
    ///
    /// # Errors
    /// When there is no such member, or no admin would be left.
    pub async fn remove(&self, by: Admin<'_>, person: &PersonId) -> Result<(), PeopleError> {
        let write = self.begin_as(by).await?;
        Self::take_out(write, &by.0.workspace, person).await
    }

    /// Leaves the workspace.
    ///
    /// # Errors
    /// When no admin would be left.
    pub async fn leave(&self, member: &Member) -> Result<(), PeopleError> {
        let write = self.control.begin().await?;
        Self::take_out(write, &member.workspace, &member.person).await
    }

    /// What closing the workspace takes: an admin who typed its name.
    ///
    /// # Errors
    /// When another name was typed.
    pub async fn closing<'a>(&self, by: Admin<'a>, typed: &str) -> Result<Closing<'a>, PeopleError> {
        let workspace = workspaces::get(&self.control, &by.0.workspace).await?;
        let name = workspace.and_then(|row| row.name).unwrap_or_default();
        if typed.trim() == name {
            Ok(Closing(by))
        } else {
            Err(PeopleError::Unconfirmed(name))
        }
    }

    /// Closes a workspace: its members, sessions, invitations and approvals go, and so do accounts that belong nowhere
    /// any more. Its sandboxes must be gone.
    ///
    /// # Errors
    /// When it still has a sandbox.
    pub async fn close(&self, closing: Closing<'_>) -> Result<(), PeopleError> {
        let Closing(by) = closing;
        let mut write = self.begin_as(by).await?;
        workspaces::delete(&mut write, &by.0.workspace).await?;
        people::forget_strays(&mut write).await?;
        Ok(write.commit().await?)
    }

    async fn take_out(
        mut write: Write,
        workspace: &WorkspaceId,
        person: &PersonId,
    ) -> Result<(), PeopleError> {
        if !members::remove(&mut write, workspace, person).await? {
            return Err(PeopleError::NoSuchMember);
        }
        if members::admins(&mut write, workspace).await? == 0 {
            return Err(PeopleError::LastAdmin);
        }
        people::forget_strays(&mut write).await?;
        Ok(write.commit().await?)
    }
}
