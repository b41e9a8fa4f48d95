//! What nobody uses any more goes: sandboxes after their time, and files that a crash left behind.

use super::Tenants;
use crate::{
    ids,
    sandbox::DomainError,
    store::{
        control::{sandboxes, workspaces},
        tenant::files,
    },
};
use contract::Timestamp;
use std::path::{Path, PathBuf};

const DAY: i64 = 24 * 60 * 60 * 1000;

/// Files younger than this may belong to work under way, also of another process.
const SETTLED: i64 = DAY / 24;

/// How long a sandbox outlives its last use, in milliseconds: 180 days if its workspace is claimed, else 14.
pub const fn kept(claimed: bool) -> i64 {
    if claimed { 180 * DAY } else { 14 * DAY }
}

/// What a sweep removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Sandboxes that nobody had used.
    pub sandboxes: usize,
    /// Files and folders that belonged to no sandbox.
    pub leftovers: usize,
}

impl Tenants {
    /// Removes the sandboxes whose time is over, workspaces that nobody can come back to, and leftovers on disk.
    ///
    /// # Errors
    /// When the disk or the control database fails; what was removed by then is gone.
    pub async fn sweep(&self) -> Result<Swept, DomainError> {
        let shared = &self.shared;
        let now = shared.clock.now();
        let (unclaimed, claimed) = (now.plus_millis(-kept(false)), now.plus_millis(-kept(true)));
        let mut swept = Swept::default();
        for id in sandboxes::unused_since(&shared.control, unclaimed, claimed).await? {
            match self.delete(&id).await {
                Ok(()) => swept.sandboxes += 1,
                Err(DomainError::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        let mut write = shared.control.begin().await?;
        workspaces::forget_empty(&mut write).await?;
        write.commit().await?;
        for (folder, names) in files::folders(&shared.data_dir).await? {
            swept.leftovers += self.tidy(&folder, &names, now).await?;
        }
        Ok(swept)
    }

    /// Removes what does not belong in this folder, or all of it where the sandbox is gone.
    async fn tidy(&self, folder: &Path, names: &[String], now: Timestamp) -> Result<usize, DomainError> {
        let Some(id) = files::sandbox(folder) else {
            return Ok(0);
        };
        match sandboxes::get(&self.shared.control, &id).await? {
            None if settled(id.as_str(), now) => {
                files::remove_folder(folder).await?;
                Ok(1)
            }
            None => Ok(0),
            Some(row) => {
                let epochs = row.updated_at.plus_millis(SETTLED) <= now;
                let left: Vec<PathBuf> = names
                    .iter()
                    .filter(|name| match epoch(name) {
                        Some(epoch) => epochs && epoch < row.epoch,
                        None => name.starts_with("draft-") && settled(name, now),
                    })
                    .map(|name| folder.join(name))
                    .collect();
                for path in &left {
                    files::remove_epoch(path).await;
                }
                Ok(left.len())
            }
        }
    }
}

/// Whether what carries this ULID was begun long enough ago.
fn settled(name: &str, now: Timestamp) -> bool {
    ids::made_at(name).is_some_and(|made| made.plus_millis(SETTLED) <= now)
}

/// The epoch whose file this is.
fn epoch(name: &str) -> Option<u32> {
    name.strip_prefix("tenant-")?.strip_suffix(".db")?.parse().ok()
}
