//! Why an extract was not made.

use crate::{sandbox::DomainError, store::StoreError};
use std::io;

/// Why an extract was not made.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    /// The server stops, or the sandbox was reset or deleted: it is begun again, or wanted no more.
    #[error("stopped")]
    Stopped,
    /// A figure could not be worked out.
    #[error(transparent)]
    Domain(#[from] DomainError),
    /// The file could not be written.
    #[error("file: {0}")]
    File(#[from] io::Error),
    /// The writing thread panicked.
    #[error("the writing thread panicked")]
    Panicked,
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Domain(error.into())
    }
}

impl Trouble {
    /// What the caller is told.
    pub(super) fn explain(&self) -> String {
        match self {
            Self::Domain(DomainError::RateUnknown(currency)) => {
                format!("No exchange rate of {currency} is known, so what is in it cannot be converted.")
            }
            Self::File(error) if error.kind() == io::ErrorKind::InvalidData => {
                format!("It stopped: {error}.")
            }
            _ => "Something failed on our side. It has been logged under the id of this extract.".to_owned(),
        }
    }

    /// Whether the fault is ours.
    pub(super) fn is_ours(&self) -> bool {
        match self {
            Self::Stopped | Self::Domain(DomainError::RateUnknown(_)) => false,
            Self::File(error) => error.kind() != io::ErrorKind::InvalidData,
            Self::Domain(_) | Self::Panicked => true,
        }
    }
}
