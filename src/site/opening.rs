//! Opens a sandbox: a tenant with demo data, and a client with its secret.

use contract::{sandbox::Plan, text::Name};

use super::{Site, fault::Fault, session::Own};
use crate::{
    ids,
    oauth::credentials::{self, ClientSecret},
    store::control::workspaces::WorkspaceId,
};

/// A sandbox that was just opened.
pub(super) struct Opened {
    /// The sandbox.
    pub(super) own: Own,
    /// The secret of its client, to be shown once.
    pub(super) secret: ClientSecret,
}

/// Opens a sandbox of this name for a workspace.
///
/// # Errors
/// When a database fails; no sandbox is left behind then.
pub(super) async fn open(site: &Site, workspace: &WorkspaceId, name: &str) -> Result<Opened, Fault> {
    let name: Name = name
        .parse()
        .map_err(|_| Fault::Broken(format!("`{name}` is no name for a sandbox")))?;
    let row = site
        .tenants
        .create(name, Plan::Sandbox, Some(workspace.clone()))
        .await?;
    match issue(site, &row).await {
        Ok(opened) => Ok(opened),
        Err(fault) => {
            if let Err(error) = site.tenants.delete(&row.id).await {
                tracing::error!(%error, sandbox = %row.id, "a sandbox without a client is left behind");
            }
            Err(fault)
        }
    }
}

async fn issue(site: &Site, row: &crate::store::control::sandboxes::SandboxRow) -> Result<Opened, Fault> {
    let mut write = site.control.begin().await?;
    let issued = credentials::issue_client(&mut write, &row.id, site.clock.now()).await?;
    write.commit().await?;
    Ok(Opened {
        own: Own {
            row: row.clone(),
            client: issued.client_id,
            scopes: issued.scopes,
        },
        secret: issued.client_secret,
    })
}

/// A name that is short to type, since typing it confirms a deletion.
pub(super) fn new_name() -> String {
    // Without letters and figures that look alike.
    const LETTERS: [char; 16] = [
        '3', '4', '7', '9', 'a', 'c', 'd', 'f', 'h', 'k', 'm', 'n', 'r', 't', 'w', 'x',
    ];
    let tail: String = ids::random::<4>()
        .into_iter()
        .filter_map(|byte| LETTERS.get(usize::from(byte % 16)))
        .collect();
    format!("sandbox-{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_name_is_a_name() {
        let name: Name = new_name().parse().unwrap();
        assert_eq!(name.as_str().len(), "sandbox-0000".len());
    }
}
