//! Why the server could not start.

use std::{io, net::SocketAddr, path::PathBuf};

use crate::{store::StoreError, webhooks};

/// The server could not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// An address is taken or not ours.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// The data folder cannot be made.
    #[error("cannot make {}: {source}", path.display())]
    DataDir {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A database cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The signals that stop the server cannot be listened for.
    #[error("cannot listen for signals: {0}")]
    Signals(io::Error),
    /// The signing keys cannot be read or made.
    #[error("signing keys: {0}")]
    Keys(String),
    /// A metric is declared wrongly.
    #[error(transparent)]
    Metrics(#[from] prometheus::Error),
    /// The builder's HTTP client cannot be made.
    #[cfg(feature = "site")]
    #[error("the builder's HTTP client: {0}")]
    Builder(#[from] reqwest::Error),
    /// The HTTP client of webhooks cannot be made.
    #[error(transparent)]
    Webhooks(#[from] webhooks::ClientError),
    /// The docs have faults.
    #[error("the docs have faults:\n{0}")]
    Docs(String),
}
