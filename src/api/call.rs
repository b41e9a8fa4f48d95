//! One authorised, parsed request to an operation, and the ways a handler may answer it.

use axum::http::Uri;
use contract::{Operation, Page, Paged, Reply, Timestamp};
use futures::future::BoxFuture;
use serde::Serialize;
use std::sync::Arc;

use super::{
    conditional::{Condition, Tag},
    cursor::Binding,
    idempotency::RunningGuard,
    state::Api,
};
use crate::{
    ids::RequestId,
    oauth::Caller,
    problem::ApiError,
    sandbox::{DomainError, PageRequest, Rows, webhooks::secret::SecretKey},
    store::{
        StoreError,
        tenant::{Read, Tenant, WriteTx, idempotency},
    },
};

/// One request to `O`: who asks, of which tenant, and with what.
pub struct Call<O: Operation> {
    /// Values of the path template.
    pub path: O::Path,
    /// The query parameters.
    pub query: O::Query,
    /// The body.
    pub body: O::Body,
    /// Everything that is the same for every operation.
    pub context: Context,
}

/// Who asks, of which tenant, when, and under which conditions.
pub struct Context {
    /// The API that the call came in by.
    pub api: Api,
    /// Who asks.
    pub caller: Arc<Caller>,
    /// Whose data it is about. Every query needs it, so none can reach another tenant's.
    pub tenant: Arc<Tenant>,
    /// The sandbox's own now.
    pub now: Timestamp,
    /// The request's id.
    pub request: RequestId,
    /// The request target.
    pub uri: Uri,
    /// `If-Match`.
    pub if_match: Condition,
    /// `Idempotency-Key` and the request's fingerprint.
    pub idempotent: Option<Idempotent>,
    /// Marks the key as running; goes with the change, so that it outlives a client that leaves.
    pub running: Option<RunningGuard>,
}

/// What makes a repeated request recognisable.
#[derive(Clone, Debug)]
pub struct Idempotent {
    /// Whose key it is, and for what.
    pub slot: idempotency::Slot,
    /// The request's fingerprint.
    pub fingerprint: [u8; 32],
}

/// What a change gets inside its transaction.
pub struct Input<O: Operation> {
    /// Values of the path template.
    pub path: O::Path,
    /// The body.
    pub body: O::Body,
    /// The sandbox's own now.
    pub now: Timestamp,
    /// `If-Match`.
    pub if_match: Condition,
    epoch: u32,
}

impl<O: Operation> Input<O> {
    /// Whether `If-Match` names the current version of the object.
    pub fn allows<T: Serialize>(&self, current: &T) -> bool {
        match &self.if_match {
            Condition::Absent | Condition::Any => true,
            condition @ Condition::Tags(_) => {
                serde_json::to_vec(current).is_ok_and(|body| condition.allows(&Tag::of(self.epoch, &body)))
            }
        }
    }
}

impl From<DomainError> for ApiError {
    fn from(error: DomainError) -> Self {
        super::refusal::explain(error)
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        super::refusal::explain_store(&error)
    }
}

impl<O: Operation> Call<O> {
    /// A connection that reads the tenant's data.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn read(&self) -> Result<Read, ApiError> {
        Ok(self.context.tenant.read().await?)
    }

    /// Runs `change` in one transaction of the tenant, together with its idempotency row. It runs to the end even if
    /// the client has gone.
    ///
    /// # Errors
    /// What the change refuses, or when the database fails; nothing is changed then.
    pub async fn write<F>(self, change: F) -> Result<O::Reply, ApiError>
    where
        F: for<'t> FnOnce(&'t mut WriteTx, Input<O>) -> BoxFuture<'t, Result<O::Reply, DomainError>>
            + Send
            + 'static,
    {
        let Self {
            path, body, context, ..
        } = self;
        let (tenant, now) = (context.tenant, context.now);
        let input = Input {
            path,
            body,
            now,
            if_match: context.if_match,
            epoch: tenant.epoch(),
        };
        let idempotent = context.idempotent;
        let key = context.api.installation.key.clone();
        let (at, running) = (context.api.clock.now(), context.running);
        tenant
            .write_for(context.request, move |tx| {
                Box::pin(async move {
                    let _running = running;
                    let reply = change(tx, input).await?;
                    if let Some(idempotent) = idempotent {
                        let mut answer = remember::<O>(&idempotent, &reply, at)?;
                        if let Some(secret) = reply.secret() {
                            answer.body = seal(&key, &answer.body, secret);
                        }
                        idempotency::insert(tx, &idempotent.slot, &answer).await?;
                    }
                    Ok::<_, ApiError>(reply)
                })
            })
            .await
    }
}

/// A body as it may lie in a file: its secret sealed.
fn seal(key: &SecretKey, body: &[u8], secret: &str) -> Vec<u8> {
    String::from_utf8_lossy(body)
        .replace(secret, &key.seal(secret))
        .into_bytes()
}

/// The idempotency row of a reply.
///
/// # Errors
/// When the reply cannot be serialised.
pub fn remember<O: Operation>(
    idempotent: &Idempotent,
    reply: &O::Reply,
    at: Timestamp,
) -> Result<idempotency::Stored, ApiError> {
    Ok(idempotency::Stored {
        fingerprint: idempotent.fingerprint.to_vec(),
        status: O::SPEC.status,
        headers: serde_json::json!({ "location": reply.location() }).to_string(),
        body: if reply.is_empty() {
            Vec::new()
        } else {
            serde_json::to_vec(reply).map_err(ApiError::internal)?
        },
        created_at: at,
    })
}

impl<O: Operation<Query: Paged>> Call<O> {
    /// Where the page that is asked for begins, and how long it may be.
    ///
    /// # Errors
    /// `invalid-cursor` or `cursor-expired`.
    pub fn page_request(&self) -> Result<PageRequest, ApiError> {
        let context = &self.context;
        let after =
            match self.query.cursor() {
                None => None,
                Some(text) => Some(context.with_binding(|binding| {
                    context.api.cursors.open(binding, text, context.api.clock.now())
                })?),
            };
        Ok(PageRequest {
            after,
            limit: self.query.limit().unwrap_or(contract::page::DEFAULT_LIMIT).into(),
        })
    }

    /// The cursor of the place behind the row at `after`, in a list that is followed rather than walked: good for 30
    /// days.
    pub fn lasting_cursor(&self, after: i64) -> String {
        let api = &self.context.api;
        self.context
            .with_binding(|binding| api.cursors.seal_for_long(binding, after, api.clock.now()))
    }

    /// The page of these rows.
    pub fn page<T>(&self, rows: Rows<T>) -> Page<T> {
        let context = &self.context;
        let last = rows.rows.last().map(|(seq, _)| *seq).filter(|_| rows.has_more);
        let next_cursor = last.map(|after| {
            context.with_binding(|binding| context.api.cursors.seal(binding, after, context.api.clock.now()))
        });
        Page {
            data: rows.rows.into_iter().map(|(_, row)| row).collect(),
            has_more: rows.has_more,
            next_cursor,
        }
    }
}

/// Rows of a list that is worked out whole, each with the key that it keeps.
pub type Keyed<const LENGTH: usize, T> = Vec<([u8; LENGTH], T)>;

impl<O: Operation<Query: Paged>> Call<O> {
    /// The page that is asked for out of all rows, which are in order of their keys.
    ///
    /// # Errors
    /// `invalid-cursor` or `cursor-expired`.
    pub fn page_of<const LENGTH: usize, T>(&self, all: Keyed<LENGTH, T>) -> Result<Page<T>, ApiError> {
        let (context, cursors) = (&self.context, &self.context.api.cursors);
        let now = context.api.clock.now();
        let after: Option<[u8; LENGTH]> = match self.query.cursor() {
            None => None,
            Some(text) => Some(context.with_binding(|binding| cursors.open_key(binding, text, now))?),
        };
        let limit = usize::from(self.query.limit().unwrap_or(contract::page::DEFAULT_LIMIT));
        let mut rest = all.into_iter().filter(|(key, _)| Some(*key) > after);
        let rows: Vec<_> = rest.by_ref().take(limit).collect();
        let has_more = rest.next().is_some();
        let last = rows.last().map(|(key, _)| *key).filter(|_| has_more);
        Ok(Page {
            has_more,
            next_cursor: last.map(|key| context.with_binding(|binding| cursors.seal_key(binding, &key, now))),
            data: rows.into_iter().map(|(_, row)| row).collect(),
        })
    }
}

impl Context {
    /// Calls `with` with what a cursor of this list is bound to.
    fn with_binding<T>(&self, with: impl FnOnce(&Binding<'_>) -> T) -> T {
        let mut filters: Vec<_> = form_urlencoded::parse(self.uri.query().unwrap_or_default().as_bytes())
            .filter(|(name, _)| !matches!(&**name, "cursor" | "limit" | "wait"))
            .collect();
        filters.sort();
        let filters = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(filters)
            .finish();
        with(&Binding {
            sandbox: self.tenant.sandbox_id(),
            epoch: self.tenant.epoch(),
            path: self.uri.path(),
            filters: &filters,
        })
    }
}
