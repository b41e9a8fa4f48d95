//! How sandboxes are made and deleted.

use super::Tenants;
use crate::{
    ids,
    sandbox::DomainError,
    store::{
        StoreError,
        control::{
            sandboxes::{self, NewSandbox, SandboxRow},
            workspaces::WorkspaceId,
        },
        tenant::files,
    },
};
use contract::{
    Timestamp,
    ids::{MalformedId, SandboxId},
    sandbox::Plan,
    text::Name,
};
use std::path::Path;

impl Tenants {
    /// Makes a sandbox: a copy of the template.
    ///
    /// # Errors
    /// When the disk or the control database does not take it.
    pub async fn create(
        &self,
        name: Name,
        plan: Plan,
        workspace_id: Option<WorkspaceId>,
    ) -> Result<SandboxRow, StoreError> {
        let now = self.shared.clock.now();
        let id: SandboxId = ids::prefixed("sbx_", now)
            .parse()
            .map_err(|error: MalformedId| StoreError::Inconsistent(error.to_string()))?;
        let new = NewSandbox {
            id,
            name,
            plan,
            workspace_id,
        };
        let folder = self.folder(&new.id);
        match self.found(&new, &folder, now).await {
            Ok(row) => Ok(row),
            Err(error) => {
                if let Err(left) = files::remove_folder(&folder).await {
                    tracing::warn!(error = %left, "the files of a sandbox that failed to be made are left");
                }
                Err(error)
            }
        }
    }

    async fn found(&self, new: &NewSandbox, folder: &Path, now: Timestamp) -> Result<SandboxRow, StoreError> {
        let path = files::tenant(folder, 1);
        let mut draft = self.draft(&path).await?;
        draft.assign(&new.id, 1, now).await?;
        let due = draft.finish().await?;
        files::sync(&path).await?;
        let mut write = self.shared.control.begin().await?;
        let row = sandboxes::create(&mut write, new, now).await?;
        sandboxes::set_due(&mut write, &new.id, due).await?;
        write.commit().await?;
        Ok(row)
    }

    /// Deletes a sandbox with its credentials and its files. Calls in flight end on what they have open.
    ///
    /// # Errors
    /// [`DomainError::NotFound`] when there is no such sandbox.
    pub async fn delete(&self, id: &SandboxId) -> Result<(), DomainError> {
        let mut write = self.shared.control.begin().await?;
        let existed = sandboxes::delete(&mut write, id).await?;
        write.commit().await?;
        if !existed {
            return Err(DomainError::NotFound);
        }
        if let Some(tenant) = self.slots().take(id) {
            tenant.retire();
        }
        Ok(files::remove_folder(&self.folder(id)).await?)
    }
}
