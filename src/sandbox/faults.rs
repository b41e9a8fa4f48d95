//! Faults: what a developer plants, and which of them strikes a call.

use super::DomainError;
use crate::{
    ids,
    store::{
        PageRequest, StoreError,
        tenant::{Tenant, WriteTx, faults},
    },
};
use contract::{
    Method, Timestamp,
    faults::{Fault, FaultKind, FaultMatch, NewFault},
    ids::FaultId,
};

/// How many faults may wait at a time.
pub const MOST: u16 = 100;
/// How long a call hangs whose fault does not say.
const HANG_MILLIS: u32 = 29_000;

/// Plants a fault. `now` is real time.
///
/// # Errors
/// [`DomainError::Invalid`] when a member does not go with the kind, or too many faults wait already.
pub async fn create(tx: &mut WriteTx, new: NewFault, now: Timestamp) -> Result<Fault, DomainError> {
    if new.kind == FaultKind::Latency && new.delay_ms.is_none() {
        return Err(DomainError::at("/delay_ms", "is required for latency"));
    }
    let waiting = faults::page(tx, PageRequest::first(MOST)).await?.rows.len();
    if waiting >= usize::from(MOST) {
        return Err(DomainError::at("", format!("{MOST} faults wait already")));
    }
    let retries = matches!(new.kind, FaultKind::RateLimited | FaultKind::Timeout);
    let holds = matches!(new.kind, FaultKind::Latency | FaultKind::Timeout);
    let fault = Fault {
        id: ids::prefixed("flt_", now)
            .parse()
            .map_err(|_| StoreError::Inconsistent("a new id is malformed".into()))?,
        kind: new.kind,
        r#match: new.r#match,
        remaining: new.times.unwrap_or(1),
        delay_ms: holds.then(|| new.delay_ms.unwrap_or(HANG_MILLIS)),
        retry_after: retries.then(|| new.retry_after.unwrap_or(1)),
        created_at: now,
    };
    faults::insert(tx, &fault).await?;
    Ok(fault)
}

/// Takes a fault away.
///
/// # Errors
/// [`DomainError::NotFound`].
pub async fn delete(tx: &mut WriteTx, id: &FaultId) -> Result<(), DomainError> {
    if faults::find(tx, id).await?.is_none() {
        return Err(DomainError::NotFound);
    }
    Ok(faults::delete(tx, id).await?)
}

/// A call as faults see it.
#[derive(Clone, Debug)]
pub struct Struck {
    /// Its method.
    pub method: Method,
    /// The path of its operation.
    pub template: &'static str,
    /// The path that it was sent to.
    pub path: String,
}

/// The oldest fault that matches the call, counted as spent on it.
///
/// # Errors
/// When the store fails.
pub async fn strike(tenant: &Tenant, call: Struck) -> Result<Option<Fault>, StoreError> {
    if !tenant.has_faults() {
        return Ok(None);
    }
    tenant
        .write(move |tx| {
            Box::pin(async move {
                let waiting = faults::page(tx, PageRequest::first(MOST)).await?.rows;
                let struck = waiting
                    .into_iter()
                    .map(|(_, fault)| fault)
                    .find(|fault| matches(&fault.r#match, &call));
                if let Some(fault) = &struck {
                    faults::spend(tx, fault).await?;
                }
                Ok(struck)
            })
        })
        .await
}

fn matches(wanted: &FaultMatch, call: &Struck) -> bool {
    let method = wanted.method.is_none_or(|method| method == call.method);
    let path = wanted
        .path
        .as_deref()
        .is_none_or(|path| match path.strip_suffix('*') {
            Some(start) => call.path.starts_with(start),
            None => path == call.template || path == call.path,
        });
    method && path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(method: Option<Method>, path: Option<&str>) -> FaultMatch {
        FaultMatch {
            method,
            path: path.map(str::to_owned),
        }
    }

    #[test]
    fn a_call_is_matched_by_method_template_path_or_beginning() {
        let call = Struck {
            method: Method::Get,
            template: "/v1/clients/{id}",
            path: "/v1/clients/66a1f0c2d4e5b60718290001".to_owned(),
        };
        let path = call.path.clone();
        for (method, path, strikes) in [
            (None, None, true),
            (Some(Method::Get), None, true),
            (Some(Method::Post), None, false),
            (None, Some("/v1/clients/{id}"), true),
            (None, Some(&*path), true),
            (None, Some("/v1/*"), true),
            (None, Some("*"), true),
            (None, Some("/v2/*"), false),
            (None, Some("/v1/clients"), false),
        ] {
            assert_eq!(
                matches(&wanted(method, path), &call),
                strikes,
                "{method:?} {path:?}"
            );
        }
    }
}
