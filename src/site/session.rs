//! Who is reading: the visitor behind a session's cookie.

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderValue, header, request::Parts},
    middleware::Next,
    response::Response,
};
use contract::Timestamp;
use std::{convert::Infallible, sync::Arc};

use super::{Site, cookie, fault::Fault};
use crate::{
    ids,
    people::{Admin, Member, PeopleError},
    store::{
        StoreError,
        control::{
            Control,
            api_clients::ClientKey,
            members,
            people::PersonId,
            sandboxes::{self, SandboxRow},
            sessions::{self, SessionHash, SessionRow},
            workspaces::{self, WorkspaceId},
        },
    },
};

/// A session that was used within this many milliseconds is not noted again.
const NOTED: i64 = 24 * 60 * 60 * 1000;

/// A visitor with a session.
#[derive(Clone, Debug)]
pub(super) struct Visitor {
    /// The session.
    pub(super) session: SessionHash,
    /// The visitor's workspace.
    pub(super) workspace: WorkspaceId,
    /// Who signed in to it; none while nobody has claimed it.
    pub(super) member: Option<Member>,
    /// The visitor's sandbox; none after it was deleted.
    pub(super) sandbox: Option<Own>,
}

impl Visitor {
    /// The visitor as an admin; none where nobody has claimed the workspace, which is then all the visitor's.
    ///
    /// # Errors
    /// When the visitor is a member without an admin's rights.
    pub(super) fn admin(&self) -> Result<Option<Admin<'_>>, PeopleError> {
        self.member.as_ref().map(Member::as_admin).transpose()
    }
}

/// A visitor's own sandbox.
#[derive(Clone, Debug)]
pub(super) struct Own {
    /// The sandbox.
    pub(super) row: SandboxRow,
    /// The client that was made with it.
    pub(super) client: ClientKey,
    /// What that client's tokens may do.
    pub(super) scopes: contract::ScopeSet,
}

/// Whoever sent the request: a visitor with a session, or anyone.
#[derive(Clone, Debug, Default)]
pub(super) struct Guest(Option<Arc<Visitor>>);

impl Guest {
    /// The visitor, if there is a session.
    pub(super) fn visitor(&self) -> Option<&Visitor> {
        self.0.as_deref()
    }

    /// The visitor's sandbox, if there is one.
    pub(super) fn sandbox(&self) -> Option<&Own> {
        self.visitor()?.sandbox.as_ref()
    }
}

impl<S: Sync> FromRequestParts<S> for Guest {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(parts.extensions.get::<Arc<Visitor>>().cloned()))
    }
}

/// Looks the visitor up where a request carries a session, and renews a session that is in use.
pub(super) async fn recognise(
    State(site): State<Site>,
    mut request: Request,
    next: Next,
) -> Result<Response, Fault> {
    let Some(token) = site.jar.session(request.headers()).map(str::to_owned) else {
        return Ok(next.run(request).await);
    };
    let now = site.clock.now();
    let hash = SessionHash::of(&token);
    let found = find(&site.control, &hash, now).await?;
    let renewed = match found.as_ref().map(|(session, _)| session) {
        None => site.jar.forget_session(),
        Some(session) if session.last_used_at.plus_millis(NOTED) > now => None,
        Some(session) => {
            renew(&site.control, (&hash, &session.workspace_id), now).await?;
            site.jar.keep_session(&token)
        }
    };
    if let Some((session, member)) = found {
        let sandbox = own_sandbox(&site.control, &session.workspace_id).await?;
        request.extensions_mut().insert(Arc::new(Visitor {
            session: hash,
            workspace: session.workspace_id,
            member,
            sandbox,
        }));
    }
    let mut response = next.run(request).await;
    if let Some(cookie) = renewed.filter(|_| !response.headers().contains_key(header::SET_COOKIE)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// The session, with whoever signed in; none for somebody who is no member any more.
async fn find(
    control: &Control,
    hash: &SessionHash,
    now: Timestamp,
) -> Result<Option<(SessionRow, Option<Member>)>, StoreError> {
    let Some(session) = sessions::get(control, hash, now).await? else {
        return Ok(None);
    };
    let Some(person) = &session.person_id else {
        return Ok(Some((session, None)));
    };
    let row = members::get(control, &session.workspace_id, person).await?;
    Ok(row.map(|row| {
        let member = Member {
            workspace: row.workspace_id,
            person: row.person_id,
            email: row.email,
            role: row.role,
        };
        (session, Some(member))
    }))
}

async fn renew(
    control: &Control,
    (hash, workspace): (&SessionHash, &WorkspaceId),
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut write = control.begin().await?;
    sessions::touch(&mut write, hash, now, end(now)).await?;
    workspaces::touch(&mut write, workspace, now, 0).await?;
    write.commit().await
}

fn end(now: Timestamp) -> Timestamp {
    now.plus_millis(cookie::SESSION_SECONDS * 1000)
}

/// The sandbox of a workspace, with its client.
///
/// # Errors
/// When the database fails.
pub(super) async fn own_sandbox(
    control: &Control,
    workspace: &WorkspaceId,
) -> Result<Option<Own>, StoreError> {
    let found = sandboxes::of_workspace(control, workspace).await?;
    Ok(found.map(|(row, client, scopes)| Own { row, client, scopes }))
}

/// A session that was just begun.
#[derive(Debug)]
pub(super) struct Begun {
    /// Its hash.
    pub(super) session: SessionHash,
    /// Its workspace.
    pub(super) workspace: WorkspaceId,
    /// `Set-Cookie` that keeps it.
    pub(super) cookie: Option<HeaderValue>,
}

/// Begins a session with a workspace of its own.
///
/// # Errors
/// When the database fails.
pub(super) async fn begin(site: &Site) -> Result<Begun, StoreError> {
    let now = site.clock.now();
    let token = ids::secret("");
    let session = SessionHash::of(&token);
    let workspace = insert(&site.control, &session, now, end(now)).await?;
    let cookie = site.jar.keep_session(&token);
    Ok(Begun {
        session,
        workspace,
        cookie,
    })
}

/// Begins the session of somebody who proved who they are. The browser's session before it, if it had one, ends: a
/// token that somebody else may have put there opens nothing.
///
/// # Errors
/// When the database fails.
pub(super) async fn rotate(
    site: &Site,
    guest: &Guest,
    (workspace, person): (&WorkspaceId, &PersonId),
) -> Result<Begun, StoreError> {
    let now = site.clock.now();
    let token = ids::secret("");
    let session = SessionHash::of(&token);
    let row = SessionRow {
        workspace_id: workspace.clone(),
        person_id: Some(person.clone()),
        csrf: String::new(),
        created_at: now,
        last_used_at: now,
        expires_at: end(now),
    };
    let mut write = site.control.begin().await?;
    if let Some(visitor) = guest.visitor() {
        sessions::delete(&mut write, &visitor.session).await?;
    }
    sessions::create(&mut write, &session, &row).await?;
    workspaces::touch(&mut write, workspace, now, 0).await?;
    write.commit().await?;
    Ok(Begun {
        session,
        workspace: workspace.clone(),
        cookie: site.jar.keep_session(&token),
    })
}

/// Adds a workspace and a session in it.
///
/// # Errors
/// When the database fails.
pub(super) async fn insert(
    control: &Control,
    session: &SessionHash,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<WorkspaceId, StoreError> {
    let mut write = control.begin().await?;
    let workspace = workspaces::create(&mut write, now).await?;
    let row = SessionRow {
        workspace_id: workspace.id.clone(),
        person_id: None,
        // Forms carry no token: see `origin`.
        csrf: String::new(),
        created_at: now,
        last_used_at: now,
        expires_at,
    };
    sessions::create(&mut write, session, &row).await?;
    write.commit().await?;
    Ok(workspace.id)
}
