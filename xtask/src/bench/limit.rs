//! The limit: `benches/limit.rs`, what axum and SQLite do on this machine without any of our work.

use std::{net::SocketAddr, process::Command};

use anyhow::Result;

use super::{
    Stand,
    http::Ask,
    running::{Running, free_address},
};

/// The server of the limit, running.
pub(crate) struct Limit {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    _running: Running,
}

impl Limit {
    /// Starts it.
    pub(crate) fn start(stand: &Stand) -> Result<Self> {
        let address = free_address()?;
        let mut running =
            Running::start(Command::new(&stand.binaries.limit).env("LIMIT_ADDR", address.to_string()))?;
        running.wait_until_ready(address, &Self::point().path)?;
        Ok(Self {
            address,
            _running: running,
        })
    }

    /// A read of one row.
    pub(crate) fn point() -> Ask {
        Ask::get(format!("/clients/{:024x}", 42))
    }

    /// A read of 25 rows.
    pub(crate) fn list() -> Ask {
        Ask::get("/clients")
    }
}
