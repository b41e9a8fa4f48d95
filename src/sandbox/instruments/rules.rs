//! What must hold of an instrument of the tenant's own.

use super::{find, published::issuer, store, terms};
use crate::{
    sandbox::DomainError,
    store::tenant::{Conn, WriteTx},
};
use contract::{FieldError, instruments::Instrument};

/// Whether an instrument may be as it is.
///
/// # Errors
/// [`DomainError::Invalid`], naming each member that is at fault, or [`DomainError::AlreadyExists`].
pub(super) async fn check(tx: &mut WriteTx, instrument: &Instrument) -> Result<(), DomainError> {
    let mut faults = terms::faults(instrument);
    faults.extend(classes_fault(tx, instrument));
    faults.extend(issuer_fault(tx, instrument)?);
    if let Some(id) = &instrument.terms.underlying_id {
        let detail = match find(tx, id).await? {
            None => Some("no such instrument"),
            Some(_) if *id == instrument.id => Some("is the option itself"),
            Some(_) => None,
        };
        faults.extend(detail.map(|detail| terms::fault("underlying_id", detail)));
    }
    if !faults.is_empty() {
        return Err(DomainError::Invalid(faults));
    }
    require_unique(tx, instrument).await
}

fn classes_fault(tx: &WriteTx, instrument: &Instrument) -> Option<FieldError> {
    let class = |id: &str| tx.market().classes().iter().find(|class| class.id == id);
    let Some(found) = class(instrument.class_id.as_str()) else {
        return Some(FieldError::at("/class_id", "no such class"));
    };
    if let Some(parent) = &found.parent_id {
        let detail = format!("stands under `{parent}`: give it as `detailed_class_id`");
        return Some(FieldError::at("/class_id", detail));
    }
    let detailed = instrument.detailed_class_id.as_ref()?;
    let is_under = class(detailed.as_str())
        .is_some_and(|found| found.parent_id.as_deref() == Some(instrument.class_id.as_str()));
    (!is_under).then(|| FieldError::at("/detailed_class_id", "no such class under `class_id`"))
}

/// The platform's issuers have the platform's names.
fn issuer_fault(tx: &WriteTx, instrument: &Instrument) -> Result<Option<FieldError>, DomainError> {
    let Some(given) = &instrument.issuer else {
        return Ok(None);
    };
    let Some(known) = tx.market().issuer(given.id.as_str()) else {
        return Ok(None);
    };
    let known = issuer(known)?;
    Ok((known != *given).then(|| {
        let detail = format!("is the platform's `{}`, in `{}`", known.name, known.industry);
        FieldError::at("/issuer/id", detail)
    }))
}

async fn require_unique(tx: &mut WriteTx, instrument: &Instrument) -> Result<(), DomainError> {
    let Some(isin) = &instrument.isin else {
        return Ok(());
    };
    let published = tx.market().instruments();
    let published = published.iter().find(|known| known.isin.as_ref() == Some(isin));
    let other = match published {
        Some(known) => Some(known.id.clone()),
        None => store::with_isin(tx, isin).await?,
    };
    match other {
        Some(other) if other != instrument.id => Err(DomainError::AlreadyExists {
            pointer: "/isin",
            detail: format!("Instrument {other} has this isin."),
        }),
        _ => Ok(()),
    }
}
