//! The rules of inboxes: where they receive, how they answer, how they check what arrives.

use super::{
    DomainError, PageRequest, Rows,
    webhooks::{Installation, secret::TOLERANCE_SECONDS, target::INBOX},
};
use crate::{
    ids,
    store::{
        StoreError,
        tenant::{
            Conn, WriteTx,
            inboxes::{self as store, StoredInbox},
            webhooks,
        },
    },
};
use contract::{
    Timestamp,
    deliveries::HeaderLine,
    ids::{InboxId, SandboxId, WebhookId},
    inboxes::{Inbox, InboxAnswer, InboxMessage, InboxPatch, MOST, NewInbox, Verification},
};

/// How much of a body is kept, in bytes.
const KEPT_BODY: usize = 64 * 1024;

/// What arrived at an inbox.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// The method.
    pub method: String,
    /// The headers.
    pub headers: Vec<HeaderLine>,
    /// The body.
    pub body: Vec<u8>,
}

/// What became of the check of a signature, and whose it is.
pub type Verdict = (Verification, Option<WebhookId>);

/// Whose inboxes these are, and of which installation.
#[derive(Clone, Copy, Debug)]
pub struct Owner<'a> {
    /// The installation.
    pub installation: &'a Installation,
    /// The sandbox.
    pub sandbox: &'a SandboxId,
}

impl Owner<'_> {
    /// Where an inbox receives.
    pub fn url(&self, id: &InboxId) -> String {
        format!("{}{INBOX}{}/{id}", self.installation.rules.api_url, self.sandbox)
    }

    /// An inbox as it is shown.
    ///
    /// # Errors
    /// When the API's own URL is none.
    pub fn shown(&self, stored: StoredInbox) -> Result<Inbox, StoreError> {
        let url = self.url(&stored.id);
        Ok(Inbox {
            url: url
                .parse()
                .map_err(|_| StoreError::Inconsistent(format!("the API's URL makes `{url}`")))?,
            id: stored.id,
            name: stored.name,
            answers: stored.answers,
            received: stored.received,
            created_at: stored.created_at,
        })
    }
}

/// Makes an inbox.
///
/// # Errors
/// [`DomainError::Invalid`] when there are too many.
pub async fn create(tx: &mut WriteTx, owner: Owner<'_>, new: NewInbox) -> Result<Inbox, DomainError> {
    if store::count(tx).await? >= MOST.into() {
        return Err(DomainError::at("", format!("{MOST} inboxes exist already")));
    }
    let now = tx.began_at();
    let inbox = StoredInbox {
        id: ids::prefixed("inb_", now)
            .parse()
            .map_err(|_| StoreError::Inconsistent("a new id is malformed".into()))?,
        name: new.name,
        answers: new.answers,
        received: 0,
        answered: 0,
        created_at: now,
    };
    store::insert(tx, &inbox).await?;
    Ok(owner.shown(inbox)?)
}

/// The inbox with this id, and its number.
///
/// # Errors
/// [`DomainError::NotFound`].
pub async fn get(conn: &mut impl Conn, id: &InboxId) -> Result<(i64, StoredInbox), DomainError> {
    store::find(conn, id).await?.ok_or(DomainError::NotFound)
}

/// A page of the inboxes, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list(
    conn: &mut impl Conn,
    owner: Owner<'_>,
    page: PageRequest,
) -> Result<Rows<Inbox>, DomainError> {
    let found = store::page(conn, page).await?;
    let rows = found
        .rows
        .into_iter()
        .map(|(seq, stored)| Ok((seq, owner.shown(stored)?)))
        .collect::<Result<_, StoreError>>()?;
    Ok(Rows {
        rows,
        has_more: found.has_more,
    })
}

/// Changes how an inbox answers, if it is the version that `expected` recognises.
///
/// # Errors
/// [`DomainError::NotFound`] or [`DomainError::PreconditionFailed`].
pub async fn update(
    tx: &mut WriteTx,
    owner: Owner<'_>,
    (id, patch): (&InboxId, InboxPatch),
    expected: &(dyn Fn(&Inbox) -> bool + Sync),
) -> Result<Inbox, DomainError> {
    let (_, before) = get(tx, id).await?;
    let answers = patch.answers.over(before.answers.clone());
    super::error::require(expected, &owner.shown(before.clone())?)?;
    store::script(tx, id, &answers).await?;
    Ok(owner.shown(StoredInbox { answers, ..before })?)
}

/// Deletes an inbox with what it keeps, if it is the version that `expected` recognises.
///
/// # Errors
/// [`DomainError::NotFound`] or [`DomainError::PreconditionFailed`].
pub async fn delete(
    tx: &mut WriteTx,
    owner: Owner<'_>,
    id: &InboxId,
    expected: &(dyn Fn(&Inbox) -> bool + Sync),
) -> Result<(), DomainError> {
    let (_, inbox) = get(tx, id).await?;
    super::error::require(expected, &owner.shown(inbox)?)?;
    Ok(store::delete(tx, id).await?)
}

/// A page of what has arrived at an inbox, oldest first.
///
/// # Errors
/// [`DomainError::NotFound`] when there is no such inbox.
pub async fn messages(
    conn: &mut impl Conn,
    id: &InboxId,
    page: PageRequest,
) -> Result<Rows<InboxMessage>, DomainError> {
    let (seq, _) = get(conn, id).await?;
    Ok(store::messages(conn, seq, page).await?)
}

/// Checks the signature of what arrived against the endpoints that point at the inbox. `now` is real time.
///
/// # Errors
/// When the database fails.
pub async fn verify(
    conn: &mut impl Conn,
    owner: Owner<'_>,
    (id, arrived): (&InboxId, &Arrived),
    now: Timestamp,
) -> Result<Verdict, DomainError> {
    let header = |name| HeaderLine::value_of(&arrived.headers, name);
    let endpoints = webhooks::keyed(conn, Some(&owner.url(id))).await?;
    if endpoints.is_empty() {
        return Ok((Verification::NoEndpoint, None));
    }
    let (Some(message), Some(timestamp), Some(signature)) = (
        header("webhook-id"),
        header("webhook-timestamp"),
        header("webhook-signature"),
    ) else {
        return Ok((Verification::Unsigned, None));
    };
    let signed = (message, timestamp, arrived.body.as_slice());
    let found = endpoints.into_iter().find(|(webhook, _, salts)| {
        let secrets = owner
            .installation
            .key
            .signing(owner.sandbox, webhook, (salts, now));
        secrets.iter().any(|secret| secret.has_signed(signature, signed))
    });
    let is_near = timestamp
        .parse::<i64>()
        .is_ok_and(|at| at.abs_diff(now.as_seconds()) <= TOLERANCE_SECONDS.unsigned_abs());
    Ok(match found {
        None => (Verification::Mismatch, None),
        Some((webhook, ..)) if is_near => (Verification::Valid, Some(webhook)),
        Some((webhook, ..)) => (Verification::Stale, Some(webhook)),
    })
}

/// Keeps what arrived, and answers how to answer.
///
/// # Errors
/// [`DomainError::NotFound`] when there is no such inbox.
pub async fn receive(
    tx: &mut WriteTx,
    id: &InboxId,
    arrived: Arrived,
    (verification, webhook_id): Verdict,
) -> Result<InboxAnswer, DomainError> {
    let (seq, inbox) = get(tx, id).await?;
    let place = usize::try_from(inbox.answered).unwrap_or(usize::MAX);
    let answer = inbox.answers.get(place).or(inbox.answers.last());
    let answer = answer.cloned().unwrap_or(InboxAnswer {
        status: 200,
        delay_ms: None,
        retry_after: None,
        body: None,
    });
    let now = tx.began_at();
    let kept = arrived.body.get(..KEPT_BODY).unwrap_or(&arrived.body);
    let message = InboxMessage {
        id: ids::prefixed("ibm_", now)
            .parse()
            .map_err(|_| StoreError::Inconsistent("a new id is malformed".into()))?,
        received_at: now,
        method: arrived.method,
        headers: arrived.headers,
        body: String::from_utf8_lossy(kept).into_owned(),
        verification,
        webhook_id,
        answered_status: answer.status,
    };
    store::receive(tx, seq, &message).await?;
    Ok(answer)
}
