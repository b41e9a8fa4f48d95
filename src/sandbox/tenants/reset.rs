//! A sandbox's return to the demo data: a new file beside the old one, and one commit that decides between them.

use super::Tenants;
use crate::{
    ids,
    sandbox::DomainError,
    store::{
        StoreError,
        control::sandboxes::{self, SandboxRow},
        tenant::{WriteTx, files},
    },
};
use contract::{Timestamp, ids::SandboxId};
use futures::future::BoxFuture;
use std::path::Path;

impl Tenants {
    /// Starts the sandbox's next epoch with the demo data. `prepare` runs on the new file, with the sandbox as it will
    /// be, before anyone can see it; it runs again when another reset comes first. Calls in flight end on the old data
    /// or see the new, never a mixture.
    ///
    /// # Errors
    /// [`DomainError::NotFound`] when there is no such sandbox, and what `prepare` answers.
    pub async fn reset<P>(&self, id: &SandboxId, prepare: P) -> Result<SandboxRow, DomainError>
    where
        P: for<'t> Fn(&'t mut WriteTx, &'t SandboxRow) -> BoxFuture<'t, Result<(), StoreError>> + Send + Sync,
    {
        loop {
            let now = self.shared.clock.now();
            let before = self.row(id).await?;
            let next = SandboxRow {
                epoch: before.epoch + 1,
                updated_at: now,
                ..before.clone()
            };
            let folder = self.folder(id);
            let draft = folder.join(ids::prefixed("draft-", now));
            let due = self.write_draft(&draft, &next, &prepare).await;
            let committed = match due {
                Ok(due) => self.commit_reset(&draft, &folder, &next, due).await,
                Err(error) => Err(error.into()),
            };
            if !matches!(committed, Ok(true)) {
                files::remove(&draft).await;
            }
            if committed? {
                self.swap(id, &files::tenant(&folder, before.epoch)).await;
                return Ok(next);
            }
        }
    }

    async fn write_draft<P>(
        &self,
        path: &Path,
        next: &SandboxRow,
        prepare: &P,
    ) -> Result<Option<Timestamp>, StoreError>
    where
        P: for<'t> Fn(&'t mut WriteTx, &'t SandboxRow) -> BoxFuture<'t, Result<(), StoreError>> + Send + Sync,
    {
        let mut draft = self.draft(path).await?;
        draft.assign(&next.id, next.epoch, next.updated_at).await?;
        prepare(draft.tx(), next).await?;
        let due = draft.finish().await?;
        files::sync(path).await?;
        Ok(due)
    }

    /// Puts the draft in its place and commits the new epoch; `false` when another reset came first.
    async fn commit_reset(
        &self,
        draft: &Path,
        folder: &Path,
        next: &SandboxRow,
        due: Option<Timestamp>,
    ) -> Result<bool, DomainError> {
        let mut write = self.shared.control.begin().await?;
        match sandboxes::bump_epoch(&mut write, &next.id, next.updated_at).await? {
            None => return Err(DomainError::NotFound),
            Some(epoch) if epoch != next.epoch => return Ok(false),
            Some(_) => {}
        }
        sandboxes::set_due(&mut write, &next.id, due).await?;
        sandboxes::set_work(&mut write, &next.id, false).await?;
        sandboxes::set_deliveries_due(&mut write, &next.id, None).await?;
        // Under the control database's write lock, so nobody else puts a file here. The name has to be on disk before
        // the epoch is: after a crash the epoch's file exists.
        files::rename(draft, &files::tenant(folder, next.epoch)).await?;
        write.commit().await?;
        Ok(true)
    }

    /// Lets new calls see the new epoch; the old file goes once nobody uses it.
    async fn swap(&self, id: &SandboxId, old: &Path) {
        let (_, past) = self.slots().renew(id);
        match past {
            Some(tenant) => tenant.retire(),
            None => files::remove_epoch(old).await,
        }
    }
}
