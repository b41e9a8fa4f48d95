//! Accounts: claiming a workspace, signing in, changing a password.

use contract::text::Name;
use std::net::IpAddr;

use super::{Member, People, PeopleError, Staff, email::Email, password::Password};
use crate::store::control::{
    Write,
    members::{self, Role},
    password_links::{self, Holder},
    people::{self, NewPassword, PersonId},
    sessions, staff,
    workspaces::{self, WorkspaceId},
};

/// What somebody typed to prove who they are, and where from.
#[derive(Clone, Copy, Debug)]
pub struct Credentials<'a> {
    /// The address.
    pub email: &'a str,
    /// The password.
    pub password: &'a str,
    /// The network address that it came from.
    pub from: IpAddr,
}

/// Somebody whose account is known, or will be made with a hash.
pub(super) enum Known {
    /// They have an account, and this was its password.
    Person(PersonId),
    /// They have none; the hash of the password for it.
    Stranger(String),
}

impl People {
    /// Claims a workspace under a name: from then on it belongs to this person, who is its admin.
    ///
    /// # Errors
    /// When the address has an account with another password, the password is weak, or somebody was quicker.
    pub async fn claim(
        &self,
        workspace: &WorkspaceId,
        name: &str,
        given: Credentials<'_>,
    ) -> Result<PersonId, PeopleError> {
        let name: Name = name.trim().parse().map_err(|_| PeopleError::Name)?;
        let email: Email = given.email.parse()?;
        let known = self.known_or_new(&email, given).await?;
        let now = self.clock.now();
        let mut write = self.control.begin().await?;
        if !workspaces::claim(&mut write, workspace, name.as_str(), now).await? {
            return Err(PeopleError::Claimed);
        }
        let person = self.person(&mut write, &email, known).await?;
        members::add(&mut write, (workspace, &person), (Role::Admin, None), now).await?;
        sessions::delete_nameless(&mut write, workspace).await?;
        write.commit().await?;
        Ok(person)
    }

    /// Whose address and password these are, with the workspace that they joined last.
    ///
    /// # Errors
    /// When nobody has both; it does not say which is wrong, nor by how long it takes.
    pub async fn sign_in(&self, given: Credentials<'_>) -> Result<(PersonId, WorkspaceId), PeopleError> {
        let email: Email = given.email.parse()?;
        self.attempt(given.from, email.as_str(), self.clock.now())?;
        let found = people::by_email(&self.control, email.as_str()).await?;
        let (id, hash) = found.map(|person| (person.id, person.password)).unzip();
        if !self
            .passwords
            .verify(Password::given(given.password), hash)
            .await?
        {
            return Err(PeopleError::Wrong);
        }
        let id = id.ok_or(PeopleError::Wrong)?;
        self.at_account.forget(&email.to_string());
        let workspaces = members::of_person(&self.control, &id).await?;
        let (workspace, _) = workspaces.into_iter().next().ok_or(PeopleError::Wrong)?;
        Ok((id, workspace))
    }

    /// Whose of staff address and password these are.
    ///
    /// # Errors
    /// As [`People::sign_in`].
    pub async fn sign_in_staff(&self, given: Credentials<'_>) -> Result<Staff, PeopleError> {
        let email: Email = given.email.parse()?;
        let account = format!("staff {email}");
        self.attempt(given.from, &account, self.clock.now())?;
        let found = staff::get(&self.control, email.as_str()).await?;
        let hash = found.and_then(|row| row.password);
        if !self
            .passwords
            .verify(Password::given(given.password), hash)
            .await?
        {
            return Err(PeopleError::Wrong);
        }
        self.at_account.forget(&account);
        Ok(Staff {
            email: email.to_string(),
        })
    }

    /// Replaces a password by whoever knows it, and ends every session of theirs.
    ///
    /// # Errors
    /// When the current one is wrong or the new one weak.
    pub async fn change_password(
        &self,
        member: &Member,
        (current, new): (&str, &str),
        from: IpAddr,
    ) -> Result<(), PeopleError> {
        let new = Password::new(new, &member.email)?;
        self.attempt(from, &member.email, self.clock.now())?;
        let found = people::get(&self.control, &member.person).await?;
        let hash = found.map(|person| person.password);
        if !self.passwords.verify(Password::given(current), hash).await? {
            return Err(PeopleError::WrongCurrent);
        }
        self.at_account.forget(&member.email);
        let hash = self.passwords.hash(new).await?;
        let mut write = self.control.begin().await?;
        let new = NewPassword {
            hash: &hash,
            by: None,
        };
        people::set_password(&mut write, &member.person, new, self.clock.now()).await?;
        // Whoever holds one could undo the change.
        password_links::forget(&mut write, &Holder::Person(member.person.clone())).await?;
        sessions::delete_of_person(&mut write, &member.person).await?;
        Ok(write.commit().await?)
    }

    /// Ends every session of a person.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sign_out_everywhere(&self, member: &Member) -> Result<(), PeopleError> {
        let mut write = self.control.begin().await?;
        sessions::delete_of_person(&mut write, &member.person).await?;
        Ok(write.commit().await?)
    }

    /// Checks the password of an account, or hashes the one for an account that is yet to be made.
    pub(super) async fn known_or_new(
        &self,
        email: &Email,
        given: Credentials<'_>,
    ) -> Result<Known, PeopleError> {
        self.attempt(given.from, email.as_str(), self.clock.now())?;
        let Some(person) = people::by_email(&self.control, email.as_str()).await? else {
            let password = Password::new(given.password, email.as_str())?;
            let hash = self.passwords.hash(password).await?;
            // Nothing was guessed at: there is no account yet.
            self.at_account.forget(&email.to_string());
            return Ok(Known::Stranger(hash));
        };
        let password = Password::given(given.password);
        if !self.passwords.verify(password, Some(person.password)).await? {
            return Err(PeopleError::Taken);
        }
        self.at_account.forget(&email.to_string());
        Ok(Known::Person(person.id))
    }

    /// The person, whose account is made where they have none.
    pub(super) async fn person(
        &self,
        write: &mut Write,
        email: &Email,
        known: Known,
    ) -> Result<PersonId, PeopleError> {
        match known {
            Known::Person(id) => Ok(id),
            Known::Stranger(hash) => people::create(write, email.as_str(), &hash, self.clock.now())
                .await?
                .ok_or(PeopleError::Taken),
        }
    }
}
