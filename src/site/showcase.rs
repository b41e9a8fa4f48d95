//! The shared sandbox behind the home page: real, read only, and nobody's.
//!
//! It belongs to a session whose token only this server can work out, so that it is found again after a restart and by
//! other processes on the same data folder.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use contract::ScopeSet;
use tokio::sync::Mutex;

use super::{
    Site,
    fault::Fault,
    opening,
    session::{self, Own},
};
use crate::store::control::{
    server_secrets,
    sessions::{self, SessionHash},
};

/// What it is called.
const NAME: &str = "Home page";

/// Its session does not end, in milliseconds.
const FOR_EVER: i64 = 100 * 366 * 24 * 60 * 60 * 1000;

/// The shared sandbox, once it was asked for.
#[derive(Debug, Default)]
pub(super) struct Showcase(Mutex<Option<Own>>);

impl Showcase {
    /// The shared sandbox; it is made when it is first asked for.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(super) async fn get(&self, site: &Site) -> Result<Own, Fault> {
        let mut known = self.0.lock().await;
        if let Some(own) = &*known {
            return Ok(own.clone());
        }
        let own = find_or_open(site).await?;
        *known = Some(own.clone());
        Ok(own)
    }

    /// Looks for it again next time: it was deleted.
    pub(super) async fn forget(&self) {
        *self.0.lock().await = None;
    }
}

async fn find_or_open(site: &Site) -> Result<Own, Fault> {
    let token = server_secrets::get_or_create(&site.control, "showcase").await?;
    let session = SessionHash::of(&URL_SAFE_NO_PAD.encode(token));
    let now = site.clock.now();
    let workspace = match sessions::get(&site.control, &session, now).await? {
        Some(known) => known.workspace_id,
        None => session::insert(&site.control, &session, now, now.plus_millis(FOR_EVER)).await?,
    };
    let own = match session::own_sandbox(&site.control, &workspace).await? {
        Some(own) => own,
        None => opening::open(site, &workspace, NAME).await?.own,
    };
    Ok(Own {
        scopes: reads_only(&own.scopes),
        ..own
    })
}

fn reads_only(scopes: &ScopeSet) -> ScopeSet {
    scopes
        .iter()
        .filter(|scope| scope.as_str().ends_with(":read"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_can_be_changed_with_it() {
        let scopes = reads_only(&ScopeSet::all()).to_string();
        assert!(
            scopes.contains("clients:read") && !scopes.contains("write"),
            "{scopes}"
        );
    }
}
