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
    store::{
        StoreError,
        control::{
            Control,
            api_clients::{self, ClientKey},
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
    /// The visitor's sandbox; none after it was deleted.
    pub(super) sandbox: Option<Own>,
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
    let found = sessions::get(&site.control, &hash, now).await?;
    let renewed = match &found {
        None => site.jar.forget_session(),
        Some(session) if session.last_used_at.plus_millis(NOTED) > now => None,
        Some(session) => {
            renew(&site.control, (&hash, &session.workspace_id), now).await?;
            site.jar.keep_session(&token)
        }
    };
    if let Some(session) = found {
        let sandbox = own_sandbox(&site.control, &session.workspace_id).await?;
        request.extensions_mut().insert(Arc::new(Visitor {
            session: hash,
            workspace: session.workspace_id,
            sandbox,
        }));
    }
    let mut response = next.run(request).await;
    if let Some(cookie) = renewed.filter(|_| !response.headers().contains_key(header::SET_COOKIE)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
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
    let Some(row) = sandboxes::of_workspace(control, workspace)
        .await?
        .into_iter()
        .next()
    else {
        return Ok(None);
    };
    let client = api_clients::of_sandbox(control, &row.id)
        .await?
        .into_iter()
        .next();
    Ok(client.map(|client| Own {
        row,
        client: client.client_id,
        scopes: client.scopes,
    }))
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
