//! Why a rule refuses.

use crate::store::StoreError;
use contract::{FieldError, authorities::AuthorityStatus, ids::ExtractId};

/// Why something was not done. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum DomainError {
    /// No object of this tenant has the id.
    #[error("not found")]
    NotFound,
    /// Members of the body break a rule.
    #[error("invalid: {0:?}")]
    Invalid(Vec<FieldError>),
    /// Something depends on the object.
    #[error("in use: {detail}")]
    InUse {
        /// What depends on it and how much of it, for the caller.
        detail: String,
    },
    /// The object is the platform's.
    #[error("read only: {detail}")]
    ReadOnly {
        /// Whose it is, for the caller.
        detail: &'static str,
    },
    /// A unique member has a value that another object has.
    #[error("{pointer} already exists: {detail}")]
    AlreadyExists {
        /// JSON Pointer to the member.
        pointer: &'static str,
        /// Which object has it, for the caller.
        detail: String,
    },
    /// The state of the object does not allow the move.
    #[error("no way from {from:?} to {to:?}")]
    InvalidTransition {
        /// Where it stands.
        from: AuthorityStatus,
        /// Where it was to go.
        to: AuthorityStatus,
    },
    /// The state of the object does not allow what was asked.
    #[error("wrong state: {detail}")]
    WrongState {
        /// The state, and what it does not allow, for the caller.
        detail: String,
    },
    /// Another extract of the same data set is unfinished.
    #[error("the extract {0} is unfinished")]
    ExtractRunning(ExtractId),
    /// The object is not the version that the caller expects.
    #[error("precondition failed")]
    PreconditionFailed,
    /// A query parameter asks for what there is not.
    #[error("parameter: {0:?}")]
    Parameter(FieldError),
    /// No exchange rate of this currency is known.
    #[error("no rate of {0} is known")]
    RateUnknown(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl DomainError {
    /// One member at `pointer` (without `#`) breaks a rule.
    pub(super) fn at(pointer: impl AsRef<str>, detail: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::at(pointer, detail)])
    }

    /// `Err` with what depends on an object, `Ok` where nothing does: each count with its noun in singular and plural.
    pub(super) fn unless_free(dependants: &[(u32, &str, &str)]) -> Result<(), Self> {
        let mut parts: Vec<String> = dependants
            .iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, one, many)| format!("{count} {}", if *count == 1 { one } else { many }))
            .collect();
        let Some(last) = parts.pop() else {
            return Ok(());
        };
        let detail = if parts.is_empty() {
            last
        } else {
            format!("{} and {last}", parts.join(", "))
        };
        Err(Self::InUse {
            detail: format!("It still has {detail}."),
        })
    }
}

/// `Err` when `expected` does not recognise the object's current version.
pub(super) fn require<T>(expected: &(dyn Fn(&T) -> bool + Sync), current: &T) -> Result<(), DomainError> {
    if expected(current) {
        Ok(())
    } else {
        Err(DomainError::PreconditionFailed)
    }
}

/// `Err` naming each entry of a list of ids that stood in it before.
pub(super) fn require_distinct<T: PartialEq>(pointer: &str, ids: &[T]) -> Result<(), DomainError> {
    let repeated: Vec<FieldError> = ids
        .iter()
        .enumerate()
        .filter(|(index, id)| ids[..*index].contains(id))
        .map(|(index, _)| FieldError::at(format!("{pointer}/{index}"), "is in the list already"))
        .collect();
    if repeated.is_empty() {
        Ok(())
    } else {
        Err(DomainError::Invalid(repeated))
    }
}

/// A step that the stored state must allow; where it does not, the fault is ours.
pub(super) fn require_consistent<T>(step: Result<T, DomainError>) -> Result<T, StoreError> {
    step.map_err(|error| match error {
        DomainError::Store(error) => error,
        error => StoreError::Inconsistent(error.to_string()),
    })
}
