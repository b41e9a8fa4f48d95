//! Links that set a password: for somebody who forgot theirs, and for a member of staff who has none yet.

use contract::Timestamp;

use super::{Admin, PASSWORD_LINK, People, PeopleError, Staff, password::Password};
use crate::{
    ids,
    store::{
        StoreError,
        control::{
            Write, members,
            password_links::{self, Holder, Maker, NewPasswordLink},
            people::{self, NewPassword, PersonId},
            sessions::{self, SessionHash},
            staff, staff_sessions,
            workspaces::WorkspaceId,
        },
    },
};

/// Whose password a link sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkHolder {
    /// That of the person with this address.
    Person(String),
    /// That of the member of staff with this address.
    Staff(String),
}

impl LinkHolder {
    /// The address.
    pub fn email(&self) -> &str {
        match self {
            Self::Person(email) | Self::Staff(email) => email,
        }
    }
}

/// Makes a link with which a member of staff sets a password, for whoever operates the server, and gives out its code.
///
/// # Errors
/// When there is no such member of staff.
pub async fn staff_link(write: &mut Write, email: &str, now: Timestamp) -> Result<String, StoreError> {
    give_out(write, (Holder::Staff(email.to_owned()), Maker::CommandLine), now).await
}

async fn give_out(
    write: &mut Write,
    (holder, maker): (Holder, Maker),
    now: Timestamp,
) -> Result<String, StoreError> {
    let code = ids::secret("");
    let new = NewPasswordLink {
        holder,
        maker,
        created_at: now,
        expires_at: now.plus_millis(PASSWORD_LINK),
    };
    password_links::replace(write, &SessionHash::of(&code), &new).await?;
    Ok(code)
}

impl People {
    /// Makes a link with which a member of the admin's workspace sets a new password. It ends with the next change of
    /// the member's memberships or role, and with the admin's being one.
    ///
    /// # Errors
    /// When there is no such member, or they belong to another workspace too: an admin of one may not open the door
    /// to the other.
    pub async fn password_link(&self, by: Admin<'_>, person: &PersonId) -> Result<String, PeopleError> {
        let mut write = self.begin_as(by).await?;
        let Admin(admin) = by;
        members::role_of(&mut write, &admin.workspace, person)
            .await?
            .ok_or(PeopleError::NoSuchMember)?;
        if members::memberships(&mut write, person).await? > 1 {
            return Err(PeopleError::Elsewhere);
        }
        let maker = Maker::Admin {
            workspace: admin.workspace.clone(),
            person: admin.person.clone(),
            email: admin.email.clone(),
        };
        self.link(write, person, maker).await
    }

    /// The same by staff, for a member of any workspace. It ends with the next change of the member's memberships or
    /// role, and with the maker's being staff.
    ///
    /// # Errors
    /// When there is no such member.
    pub async fn password_link_by_staff(
        &self,
        by: &Staff,
        (workspace, person): (&WorkspaceId, &PersonId),
    ) -> Result<String, PeopleError> {
        let mut write = self.control.begin().await?;
        members::role_of(&mut write, workspace, person)
            .await?
            .ok_or(PeopleError::NoSuchMember)?;
        self.link(write, person, Maker::Staff(by.email.clone())).await
    }

    async fn link(&self, mut write: Write, person: &PersonId, maker: Maker) -> Result<String, PeopleError> {
        let holder = Holder::Person(person.clone());
        let code = give_out(&mut write, (holder, maker), self.clock.now()).await?;
        write.commit().await?;
        Ok(code)
    }

    /// Whose password the link with this code sets.
    ///
    /// # Errors
    /// When it is used or over.
    pub async fn link_holder(&self, code: &str) -> Result<LinkHolder, PeopleError> {
        let link = password_links::get(&self.control, &SessionHash::of(code), self.clock.now())
            .await?
            .ok_or(PeopleError::LinkGone)?;
        self.named(link.holder).await
    }

    async fn named(&self, holder: Holder) -> Result<LinkHolder, PeopleError> {
        match holder {
            Holder::Staff(email) => Ok(LinkHolder::Staff(email)),
            Holder::Person(id) => people::get(&self.control, &id)
                .await?
                .map(|person| LinkHolder::Person(person.email))
                .ok_or(PeopleError::LinkGone),
        }
    }

    /// Sets the password that a link is for, and ends every session that was begun with the one before.
    ///
    /// # Errors
    /// When the link is good no more, or the password is weak; the link is good again then.
    pub async fn set_password(&self, code: &str, password: &str) -> Result<LinkHolder, PeopleError> {
        let named = self.link_holder(code).await?;
        let password = Password::new(password, named.email())?;
        let hash = self.passwords.hash(password).await?;
        let now = self.clock.now();
        let mut write = self.control.begin().await?;
        let link = password_links::take(&mut write, &SessionHash::of(code), now)
            .await?
            .ok_or(PeopleError::LinkGone)?;
        match &link.holder {
            Holder::Person(id) => {
                let new = NewPassword {
                    hash: &hash,
                    by: Some(&link.made_by),
                };
                people::set_password(&mut write, id, new, now).await?;
                sessions::delete_of_person(&mut write, id).await?;
            }
            Holder::Staff(email) => {
                staff::set_password(&mut write, email, &hash, now).await?;
                staff_sessions::delete_of(&mut write, email).await?;
            }
        }
        write.commit().await?;
        Ok(named)
    }
}
